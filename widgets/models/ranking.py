"""Owns the order of keyed rows: (sort key, arrival), for all rows of a table whether they are shown or not.

Must not know Qt. Being asked for the whole order is rare (the officer sorts or filters), being told of changes is not:
so changes are only noted, and the order is brought up to date when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

EDIT_SHARE = 16
"""Fewer changes than one in this many rows are put in their places one by one; more are sorted with the rest."""


class Entry(Generic[K, R]):
    """A row and where it stands: `rank` is the sort key it was placed by, which a newer `row` may have left behind."""

    __slots__ = ("dropped", "key", "rank", "row", "serial", "shown")

    def __init__(self, key: K, row: R, serial: int) -> None:
        self.key = key
        self.row = row
        self.serial = serial
        self.rank: Any = None
        self.shown = False
        self.dropped = False


_by_rank = attrgetter("rank")
_row = attrgetter("row")


def _place(entry: Entry[Any, Any]) -> tuple[Any, int]:
    return entry.rank, entry.serial


def index_for(order: list[Entry[K, R]], rank: Any, serial: int) -> int:
    """Where an entry with this place stands or would stand in an order."""
    return bisect_left(order, (rank, serial), key=_place)


def index_of(order: list[Entry[K, R]], entry: Entry[K, R]) -> int:
    """Where an entry stands; -1 when it does not stand where its rank says."""
    index = index_for(order, entry.rank, entry.serial)
    return index if index < len(order) and order[index] is entry else -1


def is_few(changes: int, of: int) -> bool:
    return changes * EDIT_SHARE <= of


@dataclass(slots=True)
class Work(Generic[K, R]):
    """A batch sorted out by what it does to the shown rows; `come` and `moved` carry the rank that they go by."""

    gone: list[Entry[K, R]] = field(default_factory=list)
    come: list[tuple[Entry[K, R], Any]] = field(default_factory=list)
    moved: list[tuple[Entry[K, R], Any]] = field(default_factory=list)
    same: list[Entry[K, R]] = field(default_factory=list)

    @property
    def structural(self) -> int:
        return len(self.gone) + len(self.come) + len(self.moved)


def sorted_out(
    pending: Iterable[Entry[K, R]], sort_key: Callable[[R], Any], passes: Callable[[R], bool]
) -> Work[K, R]:
    """What a batch of changed entries does, given the order and the filter in force."""
    work = Work[K, R]()
    for entry in pending:
        if entry.dropped or not passes(entry.row):
            if entry.shown:
                work.gone.append(entry)
            continue
        rank = sort_key(entry.row)
        if not entry.shown:
            work.come.append((entry, rank))
        elif rank != entry.rank:
            work.moved.append((entry, rank))
        else:
            work.same.append(entry)
    return work


class Ranking(Generic[K, R]):
    """The rows by key and, on request, in order."""

    def __init__(self, sort_key: Callable[[R], Any]) -> None:
        self.entries: dict[K, Entry[K, R]] = {}
        self.sort_key = sort_key
        self._serial = 0
        self._ranked: list[Entry[K, R]] | None = None
        self._stale: set[Entry[K, R]] = set()

    def put(self, key: K, row: R) -> Entry[K, R]:
        entry = self.entries.get(key)
        if entry is None:
            self._serial += 1
            entry = self.entries[key] = Entry(key, row, self._serial)
        else:
            entry.row = row
        self._note(entry)
        return entry

    def drop(self, key: K) -> Entry[K, R] | None:
        """The dropped entry, None when the key was unknown."""
        entry = self.entries.pop(key, None)
        if entry is not None:
            entry.dropped = True
            self._note(entry)
        return entry

    def _note(self, entry: Entry[K, R]) -> None:
        """Past the point where mending pays, the order is given up, so that nothing dropped is kept for it."""
        if self._ranked is None:
            return
        self._stale.add(entry)
        if not is_few(len(self._stale), len(self.entries)):
            self._give_up()

    def _give_up(self) -> None:
        self._ranked = None
        self._stale.clear()

    def rank_by(self, sort_key: Callable[[R], Any]) -> None:
        self.sort_key = sort_key
        self._give_up()

    def in_order(self) -> list[Entry[K, R]]:
        """All entries with their present ranks, ascending. The list is the ranking's own: copy it to keep it."""
        if self._ranked is None:
            self._ranked = self._sorted_anew()
        elif self._stale:
            self._ranked = self._mended(self._ranked)
        self._stale.clear()
        return self._ranked

    def _sorted_anew(self) -> list[Entry[K, R]]:
        """Sorting is stable and the dictionary is in order of arrival, so equal ranks come out by arrival."""
        order = list(self.entries.values())
        for entry, rank in zip(order, map(self.sort_key, map(_row, order)), strict=True):
            entry.rank = rank
        order.sort(key=_by_rank)
        return order

    def _mended(self, ranked: list[Entry[K, R]]) -> list[Entry[K, R]]:
        stale = self._stale
        order = [entry for entry in ranked if entry not in stale]
        self.place(order, ((entry, self.sort_key(entry.row)) for entry in stale if not entry.dropped))
        return order

    @staticmethod
    def place(order: list[Entry[K, R]], placed: Iterable[tuple[Entry[K, R], Any]]) -> None:
        """Puts entries with their new ranks into an order in which they do not stand."""
        for entry, rank in placed:
            entry.rank = rank
            order.insert(index_for(order, rank, entry.serial), entry)
