"""Owns the filter of the unit board: a search line, chips by status with their counts, kinds. Must not filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.models.unit_board import GROUPINGS, GROUPS, Group, UnitFilter, UnitRow
from widgets.panels.list_panel import head_margins
from widgets.panels.queue_filter import FilterEdit
from widgets.parts.symbols import UNIT_KINDS, symbol_pixmap
from widgets.style import follow_look, icon, tokens


class UnitFilterBar(QWidget):
    """`changed` carries a UnitFilter. A pressed chip narrows; with none pressed all are shown."""

    changed = Signal(object)
    grouping_wanted = Signal(str)
    left_for_list = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wanted = UnitFilter()
        self._counts: Counter[Group] = Counter()
        self.edit = FilterEdit()
        self.chips: dict[Group, QToolButton] = {group: _chip() for group in GROUPS}
        self.kind_button = QToolButton()
        self.kind_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.menu = QMenu(self)
        self.kinds: dict[str, QAction] = {kind: self._kind_action(kind) for kind in UNIT_KINDS}
        self.group_button = QToolButton()
        self.group_menu = QMenu(self)
        self._grouping = ""
        for grouping in GROUPINGS:
            action = self.group_menu.addAction("")
            action.setObjectName(grouping)
            action.triggered.connect(lambda _checked=False, name=grouping: self.grouping_wanted.emit(name))
        self._lay_out()
        self._connect()
        self._dress()

    def _kind_action(self, kind: str) -> QAction:
        action = self.menu.addAction("")
        action.setCheckable(True)
        action.toggled.connect(self._narrow)
        action.setObjectName(kind)
        return action

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        top = QHBoxLayout()
        top.setSpacing(look.space_xs)
        top.addWidget(self.edit, 1)
        top.addWidget(self.group_button)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(look.space_xs)
        for chip in self.chips.values():
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.kind_button)
        column.addLayout(row)

    def _connect(self) -> None:
        self.edit.textChanged.connect(lambda text: self._want(replace(self._wanted, text=text)))
        self.edit.left_for_list.connect(self.left_for_list)
        for chip in self.chips.values():
            chip.toggled.connect(self._narrow)
        self.kind_button.clicked.connect(self._open_menu)
        self.group_button.clicked.connect(
            lambda: self.group_menu.popup(
                self.group_button.mapToGlobal(QPoint(0, self.group_button.height()))
            )
        )
        follow_look(self, self._dress)

    def _dress(self) -> None:
        look = tokens()
        self.kind_button.setIcon(icon("chevron-down"))
        self.kind_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        for kind, action in self.kinds.items():
            pixmap = symbol_pixmap(
                f"unit/{kind}", look.size_symbol, self.devicePixelRatioF(), look.unit, "hollow"
            )
            action.setIcon(QIcon(pixmap))

    def _open_menu(self) -> None:
        self.menu.popup(self.kind_button.mapToGlobal(QPoint(0, self.kind_button.height())))

    def _narrow(self) -> None:
        groups = frozenset(group for group, chip in self.chips.items() if chip.isChecked())
        kinds = frozenset(kind for kind, action in self.kinds.items() if action.isChecked())
        self._want(replace(self._wanted, groups=groups, kinds=kinds))

    def _want(self, wanted: UnitFilter) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._name_kinds()
            self.changed.emit(wanted)

    def clear(self) -> None:
        """Back to every unit."""
        self.edit.clear()
        for chip in self.chips.values():
            chip.setChecked(False)
        for action in self.kinds.values():
            action.setChecked(False)

    def count(self, rows: Iterable[UnitRow]) -> None:
        """How many units are in each group, whatever the filter shows."""
        counts: Counter[Group] = Counter(row.group for row in rows)
        if counts != self._counts:
            self._counts = counts
            self._name_chips()

    def _name_chips(self) -> None:
        for group, chip in self.chips.items():
            name = tr(f"unit_board.group.{group}")
            chip.setText(tr("unit_board.group.count", name=name, count=self._counts[group]))
            chip.setToolTip(tr("unit_board.group.tip", name=name))

    def show_grouping(self, grouping: str) -> None:
        """Says by what the board is put together."""
        self._grouping = grouping
        name = tr(f"unit_board.by.{grouping or 'none'}")
        self.group_button.setText(tr("unit_board.by", name=name))
        self.group_button.setToolTip(tr("unit_board.by.tip"))
        for action in self.group_menu.actions():
            action.setText(tr(f"unit_board.by.{action.objectName() or 'none'}"))

    def _name_kinds(self) -> None:
        kinds = self._wanted.kinds
        if len(kinds) == 1:
            text = tr(f"terms.unit_kind.{next(iter(kinds))}")
        else:
            text = tr("unit_board.kind.some", count=len(kinds)) if kinds else tr("unit_board.kind.all")
        self.kind_button.setText(text)

    def retranslate(self) -> None:
        """The language has changed."""
        self.edit.setPlaceholderText(tr("unit_board.filter.placeholder"))
        self.edit.setToolTip(tr("unit_board.filter.tip"))
        self.edit.setAccessibleName(tr("unit_board.filter.tip"))
        self.kind_button.setToolTip(tr("unit_board.kind.tip"))
        for kind, action in self.kinds.items():
            action.setText(tr(f"terms.unit_kind.{kind}"))
        self.show_grouping(self._grouping)
        self._name_chips()
        self._name_kinds()


def _chip() -> QToolButton:
    chip = QToolButton()
    chip.setCheckable(True)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
