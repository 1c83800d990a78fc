"""Owns which columns of a table are shown at a width and how wide they are. Must not know the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHeaderView, QTableView

from app.i18n import language
from widgets.models.columns import Column
from widgets.style import tokens

NEEDED = 1
"""Columns up to this rank stay, if only just, where the stretching one is not yet comfortable."""


class ColumnFit:
    """Columns by need: the least needed go when not even their least width is left; one stretches over the rest.

    Widths that the officer drew are kept, per column and in logical px at text scale 1.
    """

    def __init__(self, view: QTableView, columns: Sequence[Column[Any]]) -> None:
        self._view = view
        self._header = view.horizontalHeader()
        self._columns = tuple(columns)
        self._stretch = next(number for number, column in enumerate(columns) if column.stretch)
        self._widths: dict[str, float] = {}
        self._fitting = False
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._header.sectionResized.connect(self._drawn)
        self._header.sectionMoved.connect(lambda *_: self.fit())

    def fit(self) -> None:
        """Lays the columns out in the present width."""
        if self._fitting:
            return
        self._fitting = True
        try:
            self._lay_out(self._view.viewport().width())
        finally:
            self._fitting = False

    @property
    def stretch(self) -> int:
        """The number of the column that stretches."""
        return self._stretch

    def shown(self) -> list[str]:
        """Ids of the shown columns, from left to right."""
        visual = (self._header.logicalIndex(place) for place in range(len(self._columns)))
        return [self._columns[number].id for number in visual if not self._header.isSectionHidden(number)]

    def _lay_out(self, width_px: int) -> None:
        """The stretching column comes to its comfortable width before others are wider than they must be."""
        stretch = self._columns[self._stretch]
        left_px = width_px - self._least_px(stretch)
        comfort_px = self._wanted_px(stretch) - self._least_px(stretch)
        kept_px = self._needed(left_px)
        fits = True
        for number, column in self._by_need():
            least_px = self._least_px(column)
            owed_px = sum(kept_px.values()) - kept_px.pop(number, 0)
            spare_px = left_px - comfort_px - owed_px
            fits = fits and (column.rank == 0 or least_px <= (left_px if column.rank <= NEEDED else spare_px))
            self._header.setSectionHidden(number, not fits)
            if fits:
                wanted_px = self._width_px(column)
                given_px = wanted_px if column.rank == 0 else min(wanted_px, max(spare_px, least_px))
                self._header.resizeSection(number, given_px)
                left_px -= given_px
        self._header.resizeSection(self._stretch, self._least_px(stretch) + max(0, left_px))

    def _needed(self, room_px: int) -> dict[int, int]:
        """The needed columns that have room beside each other and the least that each of them takes of it."""
        kept_px: dict[int, int] = {}
        for number, column in self._by_need():
            takes_px = self._least_px(column) if column.rank else self._width_px(column)
            room_px -= takes_px
            if column.rank > NEEDED or (column.rank and room_px < 0):
                break
            kept_px[number] = takes_px
        return kept_px

    def _by_need(self) -> list[tuple[int, Column[Any]]]:
        others = [(n, column) for n, column in enumerate(self._columns) if n != self._stretch]
        return sorted(others, key=lambda numbered: numbered[1].rank)

    def _least_px(self, column: Column[Any]) -> int:
        return tokens().px(column.narrowest_px(english=language() == "en"))

    def _wanted_px(self, column: Column[Any]) -> int:
        return tokens().px(column.comfort_px(english=language() == "en"))

    def _width_px(self, column: Column[Any]) -> int:
        """As wide as the officer drew it, else as it wants to be."""
        drawn = self._widths.get(column.id)
        return self._wanted_px(column) if drawn is None else max(self._least_px(column), tokens().px(drawn))

    def _drawn(self, number: int, old_px: int, new_px: int) -> None:
        """The officer drew a border. Beside the stretching column, it is the next column that gives or takes."""
        if self._fitting or old_px == 0 or new_px == 0:
            return
        if number == self._stretch:
            number, new_px = self._next_to_stretch(), old_px - new_px
            if number < 0:
                return
            new_px += self._width_px(self._columns[number])
        self._widths[self._columns[number].id] = new_px / tokens().scale
        self.fit()

    def _next_to_stretch(self) -> int:
        after = range(self._header.visualIndex(self._stretch) + 1, len(self._columns))
        numbers = (self._header.logicalIndex(place) for place in after)
        return next((number for number in numbers if not self._header.isSectionHidden(number)), -1)

    def state(self) -> dict[str, Any]:
        """Drawn widths and the order of the columns, as plain data."""
        visual = (self._header.logicalIndex(place) for place in range(len(self._columns)))
        return {"widths": dict(self._widths), "columns": [self._columns[number].id for number in visual]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """As `state` gave it; unknown columns are ignored."""
        known = {column.id: number for number, column in enumerate(self._columns)}
        widths = state.get("widths", {})
        self._widths = {name: float(px) for name, px in widths.items() if name in known}
        named = [known[name] for name in state.get("columns", ()) if name in known]
        for place, number in enumerate(named):
            self._header.moveSection(self._header.visualIndex(number), place)
        self.fit()
