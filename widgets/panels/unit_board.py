"""Owns the unit board: every unit with what it does, since when, for which incident, and how fresh its position is.

Must not decide which status may follow which: commands go to the bridge, and refusals come back to the board.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.commands import RecallUnit, SetUnitStatus
from app.domain.instants import Instant
from app.i18n import language, tr
from widgets.actions import RECALL, Action, Words, target_of
from widgets.bridge import Bridge
from widgets.models.unit_board import UnitBoardModel, UnitFilter, UnitRows, number_tail
from widgets.panels.list_panel import ListPanel
from widgets.panels.recall_bar import RecallBar
from widgets.panels.unit_cells import unit_delegate
from widgets.panels.unit_filter import UnitFilterBar
from widgets.panels.unit_menu import action_for, unit_menu

POSITIONS_MS: Final = 500
"""New fixes are put on the board at most this often: the column shows whole seconds."""


class UnitBoardPanel(ListPanel):
    """`select(id)` follows another panel without an echo; `unit_activated` asks to see a unit on the map."""

    unit_selected = Signal(str)
    unit_activated = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.board = UnitBoardModel()
        super().__init__(bridge, self.board, "unit_board", parent)
        self.board.setParent(self)
        self._waiting: set[str] = set()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(POSITIONS_MS)
        self._rows = self._make_rows()
        self.filter_bar, self.recall_bar = UnitFilterBar(), RecallBar()
        self.column.insertWidget(0, self.filter_bar)
        self.column.addWidget(self.recall_bar)
        self.view.setItemDelegate(unit_delegate(self.view, self._is_stale))
        self._connect()
        self.begin()

    def _connect(self) -> None:
        self.bridge.units_changed.connect(self._put)
        self.bridge.positions_changed.connect(self._fixes_came)
        self._due.timeout.connect(self._put_waiting)
        self.filter_bar.changed.connect(self._filter_changed)
        self.filter_bar.left_for_list.connect(self._go_to_list)
        self.view.picked.connect(self.unit_selected)
        self.view.opened.connect(self.unit_activated)
        self.view.menu_wanted.connect(self._open_menu)
        self.state.action_triggered.connect(self.filter_bar.clear)
        self.recall_bar.recall_wanted.connect(self._recall)
        self.recall_bar.closed.connect(self.view.setFocus)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_filter)

    def _is_stale(self, unit: str, now: Instant) -> bool:
        return self.is_restored and self.bridge.positions.is_stale(unit, now)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _make_rows(self) -> UnitRows:
        english, district = language() == "en", self.bridge.district
        grids = {grid.code: grid.name_en if english else grid.name_zh for grid in district.grids}
        signs = {u.id: u.call_sign_en if english else u.call_sign_zh for u in district.units}
        return UnitRows(signs, {unit.id: grids.get(unit.grid, "") for unit in district.units})

    def load(self) -> None:
        self._put(self.bridge.desk.units)

    def _put(self, keys: Iterable[str]) -> None:
        if not self.is_restored:
            return
        desk, fixes = self.bridge.desk, self.bridge.positions.fixes
        units = [desk.units[key] for key in keys if key in desk.units]
        tasks = {task.incident for unit in units for task in unit.assignments}
        numbers = {key: desk.incidents[key].number for key in tasks if key in desk.incidents}
        fix_at = {unit.id: fixes[unit.id].at for unit in units if unit.id in fixes}
        rows = self._rows.of(units, numbers, fix_at)
        self.board.put({key: row for key, row in rows.items() if self.board.get(key) != row})
        self.filter_bar.count(self.board.rows())

    def _fixes_came(self, fixes: Iterable[str]) -> None:
        self._waiting.update(fixes)
        if self.isVisible() and not self._due.isActive():
            self._due.start()

    def _put_waiting(self) -> None:
        waiting, self._waiting = self._waiting, set()
        self._put(waiting)

    def showEvent(self, event: Any) -> None:
        self._put_waiting()
        super().showEvent(event)

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def select(self, unit: str | None) -> None:
        """Another panel has chosen this unit."""
        self.view.show_key(unit or None)

    def focus_filter(self) -> None:
        self.filter_bar.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.edit.selectAll()

    def _filter_changed(self, wanted: UnitFilter) -> None:
        self.board.apply_filter(wanted)

    def _go_to_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.current_key is None and self.board.shown_count:
            self.view.selectRow(0)

    def show_empty(self) -> None:
        if self.board.total and self.board.filter.narrows:
            hint = tr("unit_board.filtered.hint", total=f"{self.board.total:,}")
            self.state.show_empty(tr("unit_board.filtered.title"), hint, tr("unit_board.filtered.action"))
        else:
            super().show_empty()

    # -- keys and menu -------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_F:
            self.focus_filter()
            return True
        unit, action = self.view.current_key, action_for(event)
        if unit is None or action is None:
            return False
        self.act(unit, action)
        return True

    def act(self, unit: str, action: Action) -> None:
        """Does an action with a unit on its newest incident, which is the one the board shows; a recall asks first."""
        target = target_of(self.bridge.desk, None, unit)
        if not action.enabled(target):
            return
        if action is RECALL:
            self.ask_recall(unit)
        elif action.command is not None:
            self.submit(action.command(target, Words()), self._name(unit), action.title())

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, key: str) -> QMenu:
        """What can be said of a unit from its row."""
        target = target_of(self.bridge.desk, None, key)
        menu = unit_menu(
            self, target, lambda action: self.act(key, action), lambda duty: self.set_status(key, duty)
        )
        first = menu.actions()[0]
        show = menu.addAction(tr("unit_board.show_on_map"))
        show.triggered.connect(lambda _checked=False: self.unit_activated.emit(key))
        menu.insertAction(first, show)
        menu.insertSeparator(first)
        return menu

    def set_status(self, key: str, status: str) -> None:
        """Says for a unit what it does now."""
        unit = self.bridge.desk.units[key]
        what = tr("unit_board.set.what", status=tr(f"terms.unit_status.{status}"))
        self.submit(SetUnitStatus(key, status, unit.incident), self._name(key), what)

    def ask_recall(self, key: str) -> None:
        """Opens the line that asks why; who is on no incident cannot be recalled."""
        unit = self.bridge.desk.units[key]
        incident = self.bridge.desk.incidents.get(unit.incident or "")
        if incident is not None:
            self.recall_bar.open_for(key, self._name(key), incident.id, number_tail(incident.number))

    def _recall(self, unit: str, incident: str, reason: str) -> None:
        self.submit(RecallUnit(incident, unit, reason), self._name(unit), RECALL.title())

    def _name(self, key: str) -> str:
        row = self.board.get(key)
        return row.call_sign if row is not None else key

    def retranslate(self) -> None:
        """The language has changed: call signs and grids have other names now."""
        self._rows = self._make_rows()
        self.filter_bar.retranslate()
        self.recall_bar.retranslate()
        super().retranslate()
