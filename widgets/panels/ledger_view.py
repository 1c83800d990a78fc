"""Owns how the ledger's table is read: the columns that the officer has chosen, and what is copied of them.

Must not know what the columns say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QTableView

from widgets.models.grouped_table import GroupedTableModel
from widgets.models.ledger_columns import COLUMNS
from widgets.panels.table_columns import ColumnFit
from widgets.panels.table_view import KeyedTableView, as_cell

STRETCHING: Final = ("key", "title")
"""The first of these that is shown takes what the others leave."""
_IDS: Final = tuple(column.id for column in COLUMNS)


class ChosenFit(ColumnFit):
    """The chosen columns, all of them: as narrow as they can be before the table is scrolled sideways."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view, COLUMNS)
        self._chosen: frozenset[str] = frozenset(_IDS)

    def choose(self, ids: Iterable[str]) -> None:
        """Shows these columns in this order; with none of them known it stays as it is."""
        wanted = [name for name in ids if name in _IDS]
        if not wanted:
            return
        self._chosen = frozenset(wanted)
        self._stretch = _IDS.index(next((name for name in STRETCHING if name in wanted), wanted[-1]))
        self._fitting = True
        for place, name in enumerate(wanted):
            self._header.moveSection(self._header.visualIndex(_IDS.index(name)), place)
        self._fitting = False
        self.fit()

    def forget_widths(self) -> None:
        """Every column as wide as it was made."""
        self._widths.clear()
        self.fit()

    def state(self) -> dict[str, Any]:
        return super().state() | {"shown": self.shown()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """As `state` gave it; unknown columns are ignored."""
        super().restore({"widths": state.get("widths", {})})
        self.choose(state.get("shown", ()))

    def _lay_out(self, width_px: int) -> None:
        columns = self._columns
        shown = [n for n, column in enumerate(columns) if column.id in self._chosen and n != self._stretch]
        wanted = {n: self._width_px(columns[n]) for n in shown}
        least_px = self._least_px(columns[self._stretch])
        spare = {n: max(0, wanted[n] - self._least_px(columns[n])) for n in shown}
        over_px = min(max(0, sum(wanted.values()) + least_px - width_px), sum(spare.values()))
        whole_px = max(1, sum(spare.values()))
        for number, column in enumerate(columns):
            self._header.setSectionHidden(number, column.id not in self._chosen)
        left_px = width_px
        for number in shown:
            given_px = wanted[number] - ceil(over_px * spare[number] / whole_px)
            self._header.resizeSection(number, given_px)
            left_px -= given_px
        self._header.resizeSection(self._stretch, max(least_px, left_px))


class LedgerView(KeyedTableView):
    """`columns_wanted` carries where the head was clicked for its menu."""

    columns_wanted = Signal(QPoint)

    def __init__(self, model: GroupedTableModel[Any]) -> None:
        self._groups = model
        super().__init__(model)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.columns_wanted.emit(header.mapToGlobal(at)))

    def make_fit(self) -> ChosenFit:
        self.chosen_fit = ChosenFit(self)
        return self.chosen_fit

    def row_as_text(self, row: int) -> str:
        """The shown columns, from left to right; a head is one cell."""
        head = self._groups.head_at(row)
        if head is not None:
            return as_cell(self._groups.head_words(head))
        shown, now = self.table.row_at(row), self.table.now
        columns = (COLUMNS[_IDS.index(name)] for name in self.fit.shown())
        return "\t".join(as_cell(column.text(shown, now)) for column in columns)
