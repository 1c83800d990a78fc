"""Owns one table of keyed rows: put and dropped by key, kept in order, filtered, held still while it is read.

Must not know what a row is, where it comes from or how it is painted.

The order is (sort key of the sorted column, arrival of the key). A small batch is told to Qt row by row; a larger one
is "append, permute, cut": new rows at the end, one layoutChanged that puts all where they belong, what is gone cut off
the end. Both keep selection, current row and scroll position, because persistent indexes follow their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.instants import Instant
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.ranking import Entry, Ranking, Work, index_for, index_of, is_few, sorted_out
from widgets.parts.plain_tip import plain_tip

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

Index = QModelIndex | QPersistentModelIndex

ROW_SIGNALS_MOST = 8
"""Structural changes that are told row by row; from here on one layout change is cheaper for the view (measured)."""
REPAINT_SINGLY_MOST = 64
"""Changed rows that are painted one by one; for more the whole table is."""

WHOLE_LEAST = 256
"""A batch of more rows than this, and than half the table, is not sorted out: everything is arranged anew."""

_ALIGNMENT = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}
_NOWHERE = QModelIndex()


def _passes_all(_row: Any) -> bool:
    return True


class KeyedTableModel(QAbstractTableModel, Generic[K, R]):
    """Rows by key, in order. `sort(column, order)` is Qt's own call; keys and rows are the caller's."""

    counts_changed = Signal()
    """`shown_count` or `total` may have changed."""
    waiting_changed = Signal()
    """`waiting` has changed: rows that arrived while the table was held."""
    rearranged = Signal()
    """The officer changed filter or order; rows were not merely added."""

    def __init__(self, columns: Sequence[Column[R]], sorted_by: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._column_of = {column.id: number for number, column in enumerate(self.columns)}
        self._sorted_by = sorted_by
        self._descending = False
        self._ranking: Ranking[K, R] = Ranking(self.columns[self._column_of[sorted_by]].sort_key)
        self._entries = self._ranking.entries
        self._passes: Callable[[R], bool] = _passes_all
        self._mask: Callable[[list[R]], Iterable[object]] | None = None
        self._order: list[Entry[K, R]] = []
        self._pending: dict[Entry[K, R], None] = {}
        self._waiting: dict[K, None] = {}
        self._held = False
        self._now: Instant = 0

    # -- rows in and out ---------------------------------------------------------------------------------------------

    def put(self, rows: Mapping[K, R]) -> None:
        """Takes new and changed rows in. While held, shown rows change where they stand and new ones wait."""
        for key, row in rows.items():
            self._pending[self._ranking.put(key, row)] = None
        if self._held:
            self._repaint([self._entries[key] for key in rows])
            self._count_waiting(rows)
        else:
            self._settle()
        self.counts_changed.emit()

    def drop(self, keys: Iterable[K]) -> None:
        """Forgets rows; unknown keys are ignored. While held, they stand there until the release."""
        for key in keys:
            entry = self._ranking.drop(key)
            if entry is not None:
                self._pending[entry] = None
                self._forget_waiting(key)
        if not self._held:
            self._settle()
        self.counts_changed.emit()

    def replace_all(self, rows: Mapping[K, R]) -> None:
        """Puts these rows and drops every other one."""
        self.drop([key for key in self._entries if key not in rows])
        self.put(rows)

    # -- holding still -----------------------------------------------------------------------------------------------

    @property
    def held(self) -> bool:
        return self._held

    @property
    def waiting(self) -> tuple[K, ...]:
        """Keys that arrived while held and will be shown on release, first come first."""
        return tuple(self._waiting)

    def hold(self) -> None:
        """From now on nothing moves: the list is being read."""
        self._held = True

    def release(self) -> None:
        """Everything goes where it belongs."""
        if not self._held:
            return
        self._held = False
        if self._pending:
            self._settle()
        self._clear_waiting()

    # -- order and filter --------------------------------------------------------------------------------------------

    @property
    def sorted_by(self) -> str:
        return self._sorted_by

    @property
    def descending(self) -> bool:
        return self._descending

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Orders by a column; the officer asked, so a hold does not defer it."""
        chosen, descending = self.columns[column], order == Qt.SortOrder.DescendingOrder
        if (chosen.id, descending) == (self._sorted_by, self._descending):
            return
        if chosen.id != self._sorted_by:
            self._ranking.rank_by(chosen.sort_key)
        self._sorted_by = chosen.id
        self._arrange_anew(descending, filter_stands=not self._pending)

    def set_filter(
        self,
        passes: Callable[[R], bool] | None,
        mask: Callable[[list[R]], Iterable[object]] | None = None,
        *,
        narrower: bool = False,
    ) -> None:
        """Shows only rows for which `passes` answers True; None shows all.

        `mask` answers the same for many rows at once, one truth value each: a call per row is what a filter over
        100,000 rows spends its time on. With a `narrower` filter than the last one only what is shown is asked.
        """
        self._passes = passes or _passes_all
        self._mask = mask
        self._arrange_anew(self._descending, among_shown=narrower and not self._pending)

    def _arrange_anew(
        self, descending: bool, *, filter_stands: bool = False, among_shown: bool = False
    ) -> None:
        self._pending.clear()
        if filter_stands and self._order:
            self._permute(self._shown_in_order(), [], descending)
        else:
            self._rearrange(self._wanted_in_order(among_shown=among_shown), descending)
        self._clear_waiting()
        self.counts_changed.emit()
        self.rearranged.emit()

    def _wanted_in_order(self, *, among_shown: bool = False) -> list[Entry[K, R]]:
        order = self._order if among_shown else self._ranking.in_order()
        if self._passes is _passes_all:
            return order.copy()
        if self._mask is not None:
            return list(compress(order, self._mask([entry.row for entry in order])))
        passes = self._passes
        return [entry for entry in order if passes(entry.row)]

    def _shown_in_order(self) -> list[Entry[K, R]]:
        order = self._ranking.in_order()
        return order.copy() if len(self._order) == len(order) else [entry for entry in order if entry.shown]

    # -- looking up --------------------------------------------------------------------------------------------------

    @property
    def shown_count(self) -> int:
        return len(self._order)

    @property
    def total(self) -> int:
        return len(self._entries)

    def keys(self) -> list[K]:
        """The shown keys from top to bottom."""
        order = reversed(self._order) if self._descending else self._order
        return [entry.key for entry in order]

    def rows(self) -> list[R]:
        """Every row, shown or not, in order of arrival."""
        return [entry.row for entry in self._entries.values()]

    def row_of(self, key: K) -> int:
        """The row in which a key is shown, -1 when it is not."""
        entry = self._entries.get(key)
        return self._flip(index_of(self._order, entry)) if entry is not None and entry.shown else -1

    def key_at(self, row: int) -> K:
        return self._entry_at(row).key

    def row_at(self, row: int) -> R:
        return self._entry_at(row).row

    def get(self, key: K) -> R | None:
        """The newest row of a key, shown or not."""
        entry = self._entries.get(key)
        return None if entry is None else entry.row

    def column_number(self, column_id: str) -> int:
        return self._column_of[column_id]

    # -- time and language -------------------------------------------------------------------------------------------

    @property
    def now(self) -> Instant:
        return self._now

    def set_now(self, now_ms: Instant, rows: range | None = None) -> None:
        """The clock has moved on: the ticking columns of `rows` (those in view) are painted anew."""
        self._now = now_ms
        if rows is None:
            rows = range(len(self._order))
        first, last = rows.start, min(rows.stop, len(self._order)) - 1
        if last < first:
            return
        for number, column in enumerate(self.columns):
            if column.ticks:
                self.dataChanged.emit(self.index(first, number), self.index(last, number))

    def retranslate(self) -> None:
        """The language has changed: every title and text is asked for again."""
        last = len(self.columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, last))

    # -- Qt's side ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._entry_at(index.row()).row
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row, self._now)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip((column.tooltip or column.text)(row, self._now))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[column.align] | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(column.title_key) if column.in_header else ""
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr(column.title_key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[column.align] | Qt.AlignmentFlag.AlignVCenter
        return None

    # -- settling a batch --------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Brings every pending entry to where it belongs, with as few signals as the batch allows."""
        pending, self._pending = self._pending, {}
        if len(pending) > max(WHOLE_LEAST, len(self._order) // 2):
            self._rearrange(self._wanted_in_order(), self._descending)
            self._repaint(list(pending))
            return
        work = sorted_out(pending, self._ranking.sort_key, self._passes)
        if work.structural <= ROW_SIGNALS_MOST:
            self._settle_singly(work)
        elif is_few(work.structural, len(self._order)):
            self._settle_at_once(work)
        else:
            self._rearrange(self._wanted_in_order(), self._descending)
        self._repaint([*work.same, *(entry for entry, _ in work.moved)])

    def _settle_singly(self, work: Work[K, R]) -> None:
        for entry in work.gone:
            self._remove(entry)
        for entry, rank in work.moved:
            self._move(entry, rank)
        for entry, rank in work.come:
            self._insert(entry, rank)

    def _settle_at_once(self, work: Work[K, R]) -> None:
        order = self._order.copy()
        leaving = [*work.gone, *(entry for entry, _ in work.moved)]
        for index in sorted((index_of(order, entry) for entry in leaving), reverse=True):
            del order[index]
        Ranking.place(order, [*work.moved, *work.come])
        self._append([entry for entry, _ in work.come])
        self._permute(order, work.gone, self._descending)
        self._cut(order, work.gone)

    # -- append, permute, cut ----------------------------------------------------------------------------------------

    def _rearrange(self, order: list[Entry[K, R]], descending: bool) -> None:
        """Shows exactly `order`, whatever was shown before."""
        if not self._order:
            self._descending = descending
            self._append(order)
            return
        before, after = set(self._order), set(order)
        leaving = list(before - after)
        self._append(list(after - before))
        self._permute(order, leaving, descending)
        self._cut(order, leaving)

    def _append(self, come: list[Entry[K, R]]) -> None:
        """At the bottom of the table, which is the front of the order when it runs downwards."""
        if not come:
            return
        count = len(self._order)
        self.beginInsertRows(_NOWHERE, count, count + len(come) - 1)
        self._order = come + self._order if self._descending else self._order + come
        for entry in come:
            entry.shown = True
        self.endInsertRows()

    def _permute(self, order: list[Entry[K, R]], leaving: list[Entry[K, R]], descending: bool) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        standing = [self._entry_at(index.row()) for index in before]
        self._order = leaving + order if descending else order + leaving
        self._descending = descending
        rows = self._rows_of(standing, order, leaving)
        after = [self.index(row, index.column()) for row, index in zip(rows, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _rows_of(
        self, standing: list[Entry[K, R]], order: list[Entry[K, R]], leaving: list[Entry[K, R]]
    ) -> list[int]:
        """A leaving entry may carry the rank of another column: it is never looked for in the new order."""
        in_front, behind = (len(leaving), 0) if self._descending else (0, len(order))
        gone, rows = set(leaving), {}
        for entry in set(standing):
            place = behind + leaving.index(entry) if entry in gone else in_front + index_of(order, entry)
            rows[entry] = self._flip(place)
        return [rows[entry] for entry in standing]

    def _cut(self, order: list[Entry[K, R]], leaving: list[Entry[K, R]]) -> None:
        if not leaving:
            return
        self.beginRemoveRows(_NOWHERE, len(order), len(order) + len(leaving) - 1)
        self._order = order
        for entry in leaving:
            entry.shown = False
        self.endRemoveRows()

    # -- one row at a time -------------------------------------------------------------------------------------------

    def _remove(self, entry: Entry[K, R]) -> None:
        index = index_of(self._order, entry)
        row = self._flip(index)
        self.beginRemoveRows(_NOWHERE, row, row)
        del self._order[index]
        entry.shown = False
        self.endRemoveRows()

    def _insert(self, entry: Entry[K, R], rank: Any) -> None:
        index = index_for(self._order, rank, entry.serial)
        row = len(self._order) - index if self._descending else index
        self.beginInsertRows(_NOWHERE, row, row)
        entry.rank, entry.shown = rank, True
        self._order.insert(index, entry)
        self.endInsertRows()

    def _move(self, entry: Entry[K, R], rank: Any) -> None:
        """Qt names the row before which the moved one goes as if it still stood in its old place."""
        old = index_of(self._order, entry)
        new = index_for(self._order, rank, entry.serial)
        new -= new > old
        if new == old:
            entry.rank = rank
            return
        source, target = self._flip(old), self._flip(new)
        self.beginMoveRows(_NOWHERE, source, source, _NOWHERE, target + (target > source))
        del self._order[old]
        entry.rank = rank
        self._order.insert(new, entry)
        self.endMoveRows()

    def _repaint(self, entries: list[Entry[K, R]]) -> None:
        last = len(self.columns) - 1
        if len(entries) > REPAINT_SINGLY_MOST and self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, last))
            return
        for entry in entries:
            if entry.shown:
                row = self._flip(index_of(self._order, entry))
                self.dataChanged.emit(self.index(row, 0), self.index(row, last))

    # -- places ------------------------------------------------------------------------------------------------------

    def _entry_at(self, row: int) -> Entry[K, R]:
        return self._order[self._flip(row)]

    def _flip(self, index: int) -> int:
        """Index of the order to row and back: the order always ascends, the rows may not. -1 stays -1."""
        return len(self._order) - 1 - index if self._descending and index >= 0 else index

    # -- counting what waits -----------------------------------------------------------------------------------------

    def _count_waiting(self, keys: Iterable[K]) -> None:
        before = len(self._waiting)
        for key in keys:
            entry = self._entries[key]
            if entry.shown or not self._passes(entry.row):
                self._waiting.pop(key, None)
            else:
                self._waiting[key] = None
        if len(self._waiting) != before:
            self.waiting_changed.emit()

    def _forget_waiting(self, key: K) -> None:
        if key in self._waiting:
            del self._waiting[key]
            self.waiting_changed.emit()

    def _clear_waiting(self) -> None:
        if self._waiting:
            self._waiting.clear()
            self.waiting_changed.emit()
