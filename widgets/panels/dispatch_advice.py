"""Owns what stands above the candidates: alarm level, what the card asks for, what is short, what is left uncovered.

Must not recommend and must not send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.models.dispatch_advice import card_text, cover_text, cover_tip, move_text, shortfall_text
from widgets.models.dispatch_waiting import soon_text
from widgets.panels.dispatch_move_up import MoveUpButton
from widgets.panels.dispatch_tasks import DispatchTasks
from widgets.panels.list_panel import head_margins
from widgets.parts.clamped_label import ClampedLabel
from widgets.parts.row_list import Row, RowList
from widgets.style import tokens

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage
    from app.dispatch.recommendation import Recommendation

LEVELS: Final = (1, 2, 3)


class LevelChooser(QWidget):
    """Three buttons, one of them down. `chosen` carries a level that was pressed."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for level in LEVELS:
            button = QToolButton()
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, level)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def show_level(self, level: int) -> None:
        self._group.button(level).setChecked(True)

    def button(self, level: int) -> QToolButton:
        found = self._group.button(level)
        assert isinstance(found, QToolButton)
        return found

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(tr("dispatch.level.label"))
        for level in LEVELS:
            button = self.button(level)
            button.setText(tr("dispatch.level.short", level=level))
            button.setToolTip(tr("dispatch.level.tip", level=level))
            button.setAccessibleName(tr("dispatch.level", level=level))


class AdviceHead(QWidget):
    """Hidden until there is a recommendation. `level_chosen` carries an alarm level, `unit_picked` who should move."""

    level_chosen = Signal(int)
    unit_picked = Signal(str)
    move_up_ordered = Signal(object)
    """A MoveUp that the officer wants."""

    def __init__(self, call_sign: Callable[[str], str]) -> None:
        super().__init__()
        self._call_sign = call_sign
        self._grids: Mapping[str, str] = {}
        self._found: Recommendation | None = None
        self._cover: Coverage | None = None
        self.levels, self.lines = LevelChooser(), RowList()
        self.card = ClampedLabel("", "row")
        self.move_up = MoveUpButton(call_sign)
        self.tasks = DispatchTasks()
        column, head = QVBoxLayout(self), QHBoxLayout()
        left, _, right, _ = head_margins()
        head.setContentsMargins(left, 0, right, 0)
        head.setSpacing(tokens().space_s)
        head.addWidget(self.card, 1)
        head.addWidget(self.levels)
        column.setContentsMargins(0, 0, 0, tokens().space_xs)
        column.setSpacing(tokens().space_xs)
        column.addLayout(head)
        column.addWidget(self.lines)
        column.addWidget(self.move_up)
        column.addWidget(self.tasks)
        self.levels.chosen.connect(self.level_chosen)
        self.lines.picked.connect(self.unit_picked)
        self.move_up.ordered.connect(self.move_up_ordered)
        self.hide()

    def show_advice(self, found: Recommendation | None) -> None:
        """None hides everything; what is left uncovered follows."""
        self._found = found
        if found is None:
            self._cover = None
        self._show()

    def show_cover(self, cover: Coverage | None) -> None:
        self._cover = cover
        self._show()

    def _show(self) -> None:
        found = self._found
        self.setVisible(found is not None)
        self.tasks.show_response(found.response if found is not None else None)
        if found is not None:
            self.levels.show_level(found.response.level)
            self.card.set_text(card_text(found))
            self.lines.set_rows([*self._gaps(found), *self._soon(found), *self._covers()])
            self.move_up.show_move(self._cover.move_up if self._cover is not None else None, self._grids)

    def _gaps(self, found: Recommendation) -> list[Row]:
        return [Row("", shortfall_text(gap), tone="warn") for gap in found.shortfalls]

    def _soon(self, found: Recommendation) -> list[Row]:
        return [Row(one.unit_id, soon_text(one, self._call_sign)) for one in found.soon]

    def _covers(self) -> list[Row]:
        cover = self._cover
        if cover is None or not cover.grids:
            return []
        tip = cover_tip(cover, self._grids)
        rows = [Row("", cover_text(cover), tone="warn" if cover.lost else "second", tip=tip)]
        if cover.move_up is not None:
            text = move_text(cover.move_up, self._call_sign(cover.move_up.unit), self._grids)
            rows.append(Row(cover.move_up.unit, text))
        return rows

    def retranslate(self, grids: Mapping[str, str]) -> None:
        """The language has changed; `grids` are names by code."""
        self._grids = grids
        self.levels.retranslate()
        self._show()
