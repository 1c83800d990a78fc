"""Owns the columns of one kind of point: place, look and urgency by slot, and which slots changed lately.

Must not paint or know the screen. A slot keeps its number for as long as its key is there; columns grow by doubling.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Slots = npt.NDArray[np.int64]

_LOG_LENGTH = 8_192


class Mark(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def look(self) -> Hashable: ...
    @property
    def order(self) -> int: ...


M = TypeVar("M", bound=Mark)


class PointLayer(Generic[M]):
    """Points of one kind.

    `x_m`, `y_m`: metres on the plane; `alive`: whether a slot is taken; `look`: number of what it looks like, in step
    with `looks`, one mark of each look; `order`: the lower, the sooner it is named.
    """

    def __init__(self, capacity: int = 64) -> None:
        self.visible = True
        self.x_m = np.zeros(capacity)
        self.y_m = np.zeros(capacity)
        self.alive = np.zeros(capacity, dtype=bool)
        self.look = np.zeros(capacity, dtype=np.int32)
        self.order = np.zeros(capacity, dtype=np.int64)
        self.marks: list[M | None] = [None] * capacity
        self.looks: list[M] = []
        self.revision = 0
        self.membership = 0
        self._look_numbers: dict[Hashable, int] = {}
        self._log: list[int] = []
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
        elif self.x_m[slot] != x_m or self.y_m[slot] != y_m:
            self.moved()
        self.x_m[slot], self.y_m[slot] = x_m, y_m
        if self.marks[slot] != mark:
            self.marks[slot] = mark
            self.look[slot], self.order[slot] = self._look_number(mark), mark.order
            self._note(slot)
        return slot

    def renew(self, slots: Sequence[int], marks: Sequence[M]) -> None:
        """Other marks of the same things; whoever calls sets their places and says that they were moved."""
        for slot, mark in zip(slots, marks, strict=True):
            self.marks[slot] = mark
        self.look[slots] = [self._look_number(mark) for mark in marks]
        self.order[slots] = [mark.order for mark in marks]

    def drop(self, key: str) -> int | None:
        """Take a mark away; the slot that became free, None when it was not there."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self.alive[slot] = False
            self.marks[slot] = None
            self._free.append(slot)
            self.membership += 1
            self._note(slot)
        return slot

    def clear(self) -> None:
        for key in list(self._slots):
            self.drop(key)

    def changed_since(self, revision: int) -> list[int] | None:
        """The slots that were put or dropped since a revision; None when that is no longer known."""
        count = self.revision - revision
        if count > len(self._log):
            return None
        return self._log[len(self._log) - count :]

    def moved(self) -> None:
        """Places were changed: whoever follows the changes has to look at everything."""
        self.revision += 1
        self._log.clear()

    def _note(self, slot: int) -> None:
        self.revision += 1
        self._log.append(slot)
        if len(self._log) > _LOG_LENGTH:
            del self._log[: _LOG_LENGTH // 2]

    def _look_number(self, mark: M) -> int:
        look = mark.look
        number = self._look_numbers.get(look)
        if number is None:
            number = self._look_numbers[look] = len(self.looks)
            self.looks.append(mark)
        return number

    def _take_slot(self, key: str) -> int:
        if not self._free:
            self._grow()
        slot = self._free.pop()
        self._slots[key] = slot
        self.alive[slot] = True
        self.membership += 1
        return slot

    def _grow(self) -> None:
        old = len(self.alive)
        for name in ("x_m", "y_m", "alive", "look", "order"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros_like(column)]))
        self.marks.extend([None] * old)
        self._free.extend(range(old * 2 - 1, old - 1, -1))
