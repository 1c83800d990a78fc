"""Owns what stands on the map, and the newest-wins mailbox of units. Must not paint or know the screen."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from widgets.map.fan import Fan
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.motion import Motion
from widgets.map.point_layer import M, PointLayer, Slots
from widgets.map.projection import Projection


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
        self.fan = Fan(self.units, self.incidents)
        self.selected: tuple[str, str] = ("", "")
        """What was looked at last, of any kind."""
        self.chosen_incident = ""
        """Whom the officer works on; it stays while he looks at something else."""
        self.clustered = np.zeros(0, dtype=bool)
        """By slot of the incidents: which are in a cluster and have no symbol of their own."""
        self.clustered_revision = 0

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
            layer.moved()
        for slot in np.flatnonzero(self.units.alive).tolist():
            self.motion.place(slot, float(self.units.x_m[slot]), float(self.units.y_m[slot]))

    def put_still(self, layer: PointLayer[M], marks: Iterable[M]) -> None:
        """Set marks that do not move by themselves."""
        for mark in marks:
            layer.put(mark, *self.projection.to_metres(mark.lat, mark.lon))

    def select(self, kind: str, key: str) -> bool:
        """Look at something; whether that is anything new. The chosen incident stays until there is another or none."""
        before = self.selected, self.chosen_incident
        self.selected = (kind, key) if key else ("", "")
        if kind == "incident":
            self.chosen_incident = key
        return before != (self.selected, self.chosen_incident)

    def set_clustered(self, clustered: npt.NDArray[np.bool_]) -> None:
        """By slot of the incidents."""
        if clustered.shape != self.clustered.shape or bool((clustered != self.clustered).any()):
            self.clustered, self.clustered_revision = clustered, self.clustered_revision + 1

    def by_themselves(self, slots: Slots) -> Slots:
        """Those of these incidents that have a symbol of their own."""
        if not self.clustered.any():
            return slots
        known = slots[slots < len(self.clustered)]
        return np.concatenate([known[~self.clustered[known]], slots[slots >= len(self.clustered)]])

    def deliver(self, now_s: float, *, animate: bool) -> bool:
        """Bring waiting units onto the map and carry the moving ones on; whether anything was done."""
        marks = self.mailbox.take()
        if marks:
            self._deliver(marks, now_s)
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

    def _deliver(self, marks: list[UnitMark], now_s: float) -> None:
        """All at once: a city's thousands of fixes a second are a few numpy steps a frame."""
        moved: list[UnitMark] = []
        slots: list[int] = []
        for mark in marks:
            slot = self.units.slot(mark.key)
            if slot is None:
                x_m, y_m = self.projection.to_metres(mark.lat, mark.lon)
                self.motion.place(self.units.put(mark, x_m, y_m), x_m, y_m)
            else:
                moved.append(mark)
                slots.append(slot)
        if not moved:
            return
        at = np.array(slots, dtype=np.int64)
        x, y = self.projection.plane(np.array([(mark.lon, mark.lat) for mark in moved])).T
        self.motion.fix(at, x, y, now_s)
        self.units.renew(slots, moved)
        self.units.x_m[at], self.units.y_m[at] = self.motion.shown(at, now_s)
        self.units.moved()


def _place(layer: PointLayer[Any], slot: int) -> tuple[float, float]:
    return float(layer.x_m[slot]), float(layer.y_m[slot])
