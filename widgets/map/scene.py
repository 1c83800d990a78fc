"""Owns what stands on the map: numpy columns of points by key, and the newest-wins mailbox of units.

Must not paint or know the screen. A slot keeps its number for as long as its key is there; columns grow by doubling.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.motion import Motion
from widgets.map.projection import Projection

Floats = npt.NDArray[np.float64]


class Mark(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


M = TypeVar("M", bound=Mark)


class PointLayer(Generic[M]):
    """Points of one kind.

    `x_m`, `y_m`: metres on the plane; `alive`: whether a slot is taken; `sprite`: what to draw.
    """

    def __init__(self, capacity: int = 64) -> None:
        self.visible = True
        self.x_m = np.zeros(capacity)
        self.y_m = np.zeros(capacity)
        self.alive = np.zeros(capacity, dtype=bool)
        self.sprite = np.full(capacity, -1, dtype=np.int32)
        self.marks: list[M | None] = [None] * capacity
        self.revision = 0
        self._slots: dict[str, int] = {}
        self._free = list(range(capacity - 1, -1, -1))

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: str) -> bool:
        return key in self._slots

    def keys(self) -> Iterable[str]:
        return self._slots.keys()

    def items(self) -> Iterator[tuple[int, M]]:
        """Every taken slot with its mark."""
        for slot in self._slots.values():
            mark = self.marks[slot]
            if mark is not None:
                yield slot, mark

    def slot(self, key: str) -> int | None:
        return self._slots.get(key)

    def mark(self, key: str) -> M | None:
        slot = self._slots.get(key)
        return None if slot is None else self.marks[slot]

    def put(self, mark: M, x_m: float, y_m: float) -> int:
        """Set a mark and its place; the slot it stands in."""
        slot = self._slots.get(mark.key)
        if slot is None:
            slot = self._take_slot(mark.key)
        self.x_m[slot], self.y_m[slot] = x_m, y_m
        if self.marks[slot] != mark:
            self.marks[slot] = mark
            self.sprite[slot] = -1
            self.revision += 1
        return slot

    def drop(self, key: str) -> int | None:
        """Take a mark away; the slot that became free, None when it was not there."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self.alive[slot] = False
            self.marks[slot] = None
            self._free.append(slot)
            self.revision += 1
        return slot

    def clear(self) -> None:
        for key in list(self._slots):
            self.drop(key)

    def forget_sprites(self) -> None:
        """Ask for every symbol again: another theme, scale or resolution."""
        self.sprite[:] = -1

    def _take_slot(self, key: str) -> int:
        if not self._free:
            self._grow()
        slot = self._free.pop()
        self._slots[key] = slot
        self.alive[slot] = True
        return slot

    def _grow(self) -> None:
        old = len(self.alive)
        self.x_m, self.y_m = np.resize(self.x_m, old * 2), np.resize(self.y_m, old * 2)
        self.alive = np.concatenate([self.alive, np.zeros(old, dtype=bool)])
        self.sprite = np.concatenate([self.sprite, np.full(old, -1, dtype=np.int32)])
        self.marks.extend([None] * old)
        self._free.extend(range(old * 2 - 1, old - 1, -1))


class Mailbox:
    """The newest mark of each unit since the last frame; a fix that is older than one already seen is left out."""

    def __init__(self) -> None:
        self._waiting: dict[str, UnitMark] = {}
        self._newest_at: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, mark: UnitMark) -> None:
        if mark.fix_at is not None:
            if mark.fix_at < self._newest_at.get(mark.key, mark.fix_at):
                return
            self._newest_at[mark.key] = mark.fix_at
        self._waiting[mark.key] = mark

    def drop(self, key: str) -> None:
        """Forget a unit altogether, so that it may come back with any fix."""
        self._waiting.pop(key, None)
        self._newest_at.pop(key, None)

    def take(self) -> list[UnitMark]:
        """What is waiting, which is then no longer waiting."""
        marks = list(self._waiting.values())
        self._waiting.clear()
        return marks


class Scene:
    """Everything on one map that is not ground. Positions follow the projection that was set last."""

    def __init__(self) -> None:
        self.projection = Projection.at(0.0, 0.0)
        self.units: PointLayer[UnitMark] = PointLayer()
        self.incidents: PointLayer[IncidentMark] = PointLayer()
        self.cameras: PointLayer[CameraMark] = PointLayer()
        self.motion = Motion()
        self.mailbox = Mailbox()
        self.links: tuple[tuple[str, str], ...] = ()
        self.selected: tuple[str, str] = ("", "")

    def layer(self, kind: str) -> PointLayer[Any] | None:
        """The layer of a kind of mark; None for what is no point layer (place, grid)."""
        layers: dict[str, PointLayer[Any]] = {
            "unit": self.units,
            "incident": self.incidents,
            "camera": self.cameras,
        }
        return layers.get(kind)

    def project(self, projection: Projection) -> None:
        """Move everything to another plane."""
        self.projection = projection
        for layer in (self.incidents, self.cameras, self.units):
            for slot, mark in layer.items():
                layer.x_m[slot], layer.y_m[slot] = projection.to_metres(mark.lat, mark.lon)
        for slot in np.flatnonzero(self.units.alive).tolist():
            self.motion.place(slot, float(self.units.x_m[slot]), float(self.units.y_m[slot]))

    def put_still(self, layer: PointLayer[M], marks: Iterable[M]) -> None:
        """Set marks that do not move by themselves."""
        for mark in marks:
            layer.put(mark, *self.projection.to_metres(mark.lat, mark.lon))

    def deliver(self, now_s: float, *, animate: bool) -> bool:
        """Bring waiting units onto the map and carry the moving ones on; whether anything was done."""
        marks = self.mailbox.take()
        for mark in marks:
            self._deliver(mark, now_s)
        if not animate:
            self.motion.settle(self.units.x_m, self.units.y_m)
        return self.motion.advance(now_s, self.units.x_m, self.units.y_m) or bool(marks)

    def drop_unit(self, key: str) -> None:
        self.mailbox.drop(key)
        slot = self.units.drop(key)
        if slot is not None:
            self.motion.drop(slot)

    def linked(self) -> list[tuple[float, float, float, float]]:
        """Metres x, y of unit and incident of every link whose ends are both on the map."""
        ends = []
        for unit, incident in self.links:
            a, b = self.units.slot(unit), self.incidents.slot(incident)
            if a is not None and b is not None:
                ends.append((*_place(self.units, a), *_place(self.incidents, b)))
        return ends

    def _deliver(self, mark: UnitMark, now_s: float) -> None:
        x_m, y_m = self.projection.to_metres(mark.lat, mark.lon)
        slot = self.units.slot(mark.key)
        if slot is None:
            self.motion.place(self.units.put(mark, x_m, y_m), x_m, y_m)
            return
        self.motion.fix(slot, x_m, y_m, now_s)
        self.units.put(mark, *self.motion.shown(slot, now_s))


def _place(layer: PointLayer[Any], slot: int) -> tuple[float, float]:
    return float(layer.x_m[slot]), float(layer.y_m[slot])
