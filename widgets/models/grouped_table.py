"""Owns a keyed table that can stand in groups: a head for each, its members under it while it is open.

Must not know what a row is. Ungrouped it is a `KeyedTableModel` like any other. Grouped, every change arranges all of
it anew (who feeds it gathers changes), and heads are rows of their own: `head_at` tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel
from widgets.models.ranking import Entry

R = TypeVar("R")

_row = attrgetter("row")

HEAD = "group/"
"""Before a group's value, as the key of its head."""


@dataclass(frozen=True, slots=True)
class GroupHead:
    """The head of a group. `figures` are the caller's, made of the members that pass the filter."""

    value: str
    name: str
    count: int
    is_open: bool
    figures: Any = None

    @property
    def key(self) -> str:
        return f"{HEAD}{self.value}"


@dataclass(frozen=True, slots=True)
class Grouping(Generic[R]):
    """`of` gives the value by which a row is put together with others, `named` what that is called, `figures` what its
    head says of the members."""

    id: str
    of: Callable[[R], str]
    named: Callable[[str], str]
    figures: Callable[[list[R]], Any]


class GroupedTableModel(KeyedTableModel[str, R]):
    """Rows by id, grouped or not."""

    def __init__(self, columns: Sequence[Column[R]], sorted_by: str, parent: QObject | None = None) -> None:
        super().__init__(columns, sorted_by, parent)
        self.grouping: Grouping[R] | None = None
        self.head_words: Callable[[GroupHead], str] = lambda head: head.name
        self._heads: dict[str, Entry[str, R]] = {}
        self._opened: frozenset[str] = frozenset()
        self._gathered_heads: list[GroupHead] = []
        self._members: dict[str, list[Entry[str, R]]] = {}
        self._passing: list[Entry[str, R]] | None = None
        self._places: dict[Entry[str, R], int] | None = None
        self._members_descend = False
        self._has_heads = False
        """Heads are among the rows, be it only until they have been cut off."""

    # -- grouping ----------------------------------------------------------------------------------------------------

    def set_grouping(self, grouping: Grouping[R] | None) -> None:
        """Puts the rows together; None takes the groups away. Which groups are open is kept."""
        if grouping is None and self.grouping is None:
            return
        descending = self._members_descend = self.descending
        if grouping is None or self.grouping is None or grouping.id != self.grouping.id:
            self._opened = frozenset()
            self._heads, self._members, self._gathered_heads = {}, {}, []
        self.grouping = grouping
        self._places = self._passing = None
        self._has_heads = True
        self._arrange_anew(descending)
        self._has_heads = grouping is not None

    def open_groups(self, values: Iterable[str], *, is_open: bool) -> None:
        """Shows or hides the members of these groups."""
        before = self._opened
        self._opened = before.union(values) if is_open else before.difference(values)
        if self._opened != before and self.grouping is not None:
            self._lay_out()
            self.rearranged.emit()

    def groups(self) -> list[GroupHead]:
        """The heads from top to bottom."""
        heads = (self.head_at(row) for row in range(self.rowCount())) if self.grouping else ()
        return [head for head in heads if head is not None]

    def head_at(self, row: int) -> GroupHead | None:
        """The head that stands in a row, None for a member."""
        shown: object = self.row_at(row)
        return shown if isinstance(shown, GroupHead) else None

    def passing_rows(self) -> list[R]:
        """What passes the filter, in the order in which it is or would be shown, closed groups included."""
        entries = self._order if self._passing is None else self._passing
        turned = reversed(entries) if self._passing is None and self._descending else entries
        return [entry.row for entry in turned]

    @property
    def passing_count(self) -> int:
        return len(self._order if self._passing is None else self._passing)

    # -- instead of what an ungrouped table does -----------------------------------------------------------------------

    @property
    def descending(self) -> bool:
        return self._members_descend if self.grouping is not None else self._descending

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if self.grouping is None:
            super().sort(column, order)
            return
        chosen, descending = self.columns[column], order == Qt.SortOrder.DescendingOrder
        if (chosen.id, descending) != (self._sorted_by, self._members_descend):
            if chosen.id != self._sorted_by:
                self._ranking.rank_by(chosen.sort_key)
            self._sorted_by = chosen.id
            self._members_descend = descending
            self._arrange_anew(descending)

    def _arrange_anew(
        self, descending: bool, *, filter_stands: bool = False, among_shown: bool = False
    ) -> None:
        if self.grouping is None:
            super()._arrange_anew(descending, filter_stands=filter_stands, among_shown=among_shown)
            return
        self._pending.clear()
        self._regroup(self.grouping)
        self._clear_waiting()
        self.counts_changed.emit()
        self.rearranged.emit()

    def _settle(self) -> None:
        if self.grouping is None:
            super()._settle()
            return
        changed = [entry for entry in self._pending if not entry.dropped]
        self._pending.clear()
        self._regroup(self.grouping)
        self._repaint(changed)

    def row_of(self, key: str) -> int:
        if not self._has_heads:
            return super().row_of(key)
        entry = self._entries.get(key)
        return self._place_of().get(entry, -1) if entry is not None else self._row_of_head(key)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        head = self.head_at(index.row()) if self._has_heads and index.isValid() else None
        if head is None:
            return super().data(index, role)
        says = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self.head_words(head) if role in says else None

    # -- arranging -----------------------------------------------------------------------------------------------------

    def _regroup(self, grouping: Grouping[R]) -> None:
        passing = self._wanted_in_order()
        if self._members_descend:
            passing.reverse()
        self._gathered_heads, self._members = self._gathered(passing, grouping)
        of_heads = (self._members[head.value] for head in self._gathered_heads)
        self._passing = list(chain.from_iterable(of_heads))
        self._lay_out()

    def _lay_out(self) -> None:
        """The heads, and the members of those that are open."""
        order: list[Entry[str, R]] = []
        for head in self._gathered_heads:
            is_open = head.value in self._opened
            order.append(self._entry_of(replace(head, is_open=is_open)))
            if is_open:
                order += self._members[head.value]
        self._places = None
        self._rearrange(order, descending=False)

    def _gathered(
        self, passing: list[Entry[str, R]], grouping: Grouping[R]
    ) -> tuple[list[GroupHead], dict[str, list[Entry[str, R]]]]:
        """The heads, the largest group first, and who belongs to which."""
        members: dict[str, list[Entry[str, R]]] = {}
        for value, entry in zip(map(grouping.of, map(_row, passing)), passing, strict=True):
            if value in members:
                members[value].append(entry)
            else:
                members[value] = [entry]
        heads = [
            GroupHead(
                value,
                grouping.named(value),
                len(entries),
                is_open=False,
                figures=grouping.figures(list(map(_row, entries))),
            )
            for value, entries in members.items()
        ]
        heads.sort(key=lambda head: (-head.count, head.name))
        return heads, members

    def _entry_of(self, head: GroupHead) -> Entry[str, R]:
        """The same entry for the same group, so that it stays current and selected."""
        entry = self._heads.get(head.value)
        if entry is None:
            entry = self._heads[head.value] = Entry(head.key, head, 0)  # type: ignore[arg-type]
        entry.row = head  # type: ignore[assignment]
        return entry

    def _row_of_head(self, key: str) -> int:
        entry = self._heads.get(key.removeprefix(HEAD)) if key.startswith(HEAD) else None
        return self._place_of().get(entry, -1) if entry is not None else -1

    def _place_of(self) -> dict[Entry[str, R], int]:
        if self.grouping is None or self._places is None:
            self._places = {entry: self._flip(place) for place, entry in enumerate(self._order)}
        return self._places

    def _rows_of(
        self, standing: list[Entry[str, R]], order: list[Entry[str, R]], leaving: list[Entry[str, R]]
    ) -> list[int]:
        """By going through them: heads have no rank, and members stand by group first."""
        if not self._has_heads:
            return super()._rows_of(standing, order, leaving)
        placed = chain(leaving, order) if self._descending else chain(order, leaving)
        wanted = set(standing)
        places = {entry: place for place, entry in enumerate(placed) if entry in wanted} if wanted else {}
        return [self._flip(places[entry]) for entry in standing]

    def _repaint(self, entries: list[Entry[str, R]]) -> None:
        if self.grouping is None:
            super()._repaint(entries)
        elif self._order:
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, last))
