"""Owns the unit board: every unit with what it does, since when, for which incident, and how fresh its position is.

Must not decide which status may follow which: commands go to the bridge, and refusals come back to the board.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.commands import RecallFromPost, RecallUnit, SetUnitStatus
from app.domain.duty import posts_of
from app.domain.instants import Instant
from app.domain.unit import OUT_OF_SERVICE, Unit
from app.i18n import language, tr
from widgets.actions import RECALL, Action, Words, target_of
from widgets.bridge import Bridge
from widgets.distress import Distress
from widgets.models.field_link import alert_of, busy
from widgets.models.grouped_table import HEAD
from widgets.models.unit_board import GROUPINGS, UnitBoardModel, UnitFilter, UnitRows, number_tail
from widgets.panels.board_grouping import GroupingFile
from widgets.panels.list_panel import ListPanel
from widgets.panels.pairing_sheet import pair_phone
from widgets.panels.recall_bar import RecallBar
from widgets.panels.shift_head import AskLine
from widgets.panels.unit_cells import unit_delegate
from widgets.panels.unit_filter import UnitFilterBar
from widgets.panels.unit_menu import action_for, duty_for, may_go, may_recall, unit_menu

POSITIONS_MS: Final = 500
"""New fixes are put on the board at most this often: the column shows whole seconds."""


class UnitBoardPanel(ListPanel):
    """`select(id)` follows another panel without an echo; `unit_activated` asks to see a unit on the map."""

    unit_selected = Signal(str)
    unit_activated = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, remember: bool = False) -> None:
        self.board = UnitBoardModel(bridge.app.shift_limits)
        super().__init__(bridge, self.board, "unit_board", parent)
        self.board.setParent(self)
        self._waiting: set[str] = set()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(POSITIONS_MS)
        self._rows, self._distress = self._make_rows(), Distress(bridge, self)
        self.filter_bar, self.recall_bar, self.line = UnitFilterBar(), RecallBar(), AskLine()
        self._grouping = GroupingFile(bridge, self, self._tell_not_kept, remember=remember)
        self.column.insertWidget(0, self.filter_bar)
        self.column.addWidget(self.recall_bar)
        self.column.addWidget(self.line)
        self.view.setItemDelegate(unit_delegate(self.view, self._is_stale))
        self._connect()
        self.begin()
        self._group_by(self._grouping.value)

    def _connect(self) -> None:
        self.bridge.units_changed.connect(self._put)
        self.bridge.positions_changed.connect(self._fixes_came)
        self._distress.changed.connect(self._put)
        self._due.timeout.connect(self._put_waiting)
        self.filter_bar.changed.connect(self._filter_changed)
        self.filter_bar.left_for_list.connect(self._go_to_list)
        self.filter_bar.grouping_wanted.connect(self.group_by)
        self.line.given.connect(self._out_of_service)
        self.line.left.connect(self.view.setFocus)
        self.board.counts_changed.connect(self.board.open_new_groups)
        self.bridge.shifts_changed.connect(lambda _keys: self.load() if self.is_restored else None)
        turn = QShortcut(QKeySequence("Ctrl+G"), self)
        turn.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        turn.activated.connect(self._next_grouping)
        self.view.picked.connect(lambda key: None if key.startswith(HEAD) else self.unit_selected.emit(key))
        self.view.opened.connect(self._opened)
        self.view.clicked.connect(lambda index: self._turn_head(self.board.key_at(index.row())))
        self.view.menu_wanted.connect(
            lambda key, at: None if key.startswith(HEAD) else self._open_menu(key, at)
        )
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
        limits, now = self.bridge.app.field_limits, self.bridge.clock.now()
        alerts = {unit.id: alert_of(desk, unit, limits, now, self._distress.units) for unit in units}
        rows = self._rows.of(units, numbers, fix_at, posts_of(desk.duty, now), alerts)
        self.board.put({key: row for key, row in rows.items() if self.board.get(key) != row})
        self.filter_bar.count(self.board.rows())

    def on_tick(self) -> None:
        """What has become overdue by time alone."""
        if self.is_restored:
            self._put(list(busy(self.bridge.desk)))

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

    def hideEvent(self, event: Any) -> None:
        self._grouping.close()
        super().hideEvent(event)

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
        unit, action, duty = self.view.current_key, action_for(event), duty_for(event)
        if unit is not None and unit.startswith(HEAD):
            return self._head_key(unit, event.key())
        if unit is not None and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._leave_group(unit, event.key())
        if unit is not None and duty is not None:
            self.ask_duty(unit, duty)
            return True
        if unit is not None and event.key() == Qt.Key.Key_P:
            self.pair(unit)
            return True
        if unit is None or action is None:
            return False
        self.act(unit, action)
        return True

    def act(self, unit: str, action: Action) -> None:
        """Does an action with a unit on its newest incident, which is the one the board shows; a recall asks first."""
        target = target_of(self.bridge.desk, None, unit)
        if action is RECALL and may_recall(target):
            self.ask_recall(unit)
        elif action.enabled(target) and action.command is not None:
            self.submit(action.command(target, Words()), self._name(unit), action.title())
        else:
            self.refusal.show_refusal(self._name(unit), action.title(), tr(f"field.not.{action.id}"))

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, key: str) -> QMenu:
        """What can be said of a unit from its row."""
        target = target_of(self.bridge.desk, None, key)
        menu = unit_menu(
            self,
            target,
            lambda action: self.act(key, action),
            lambda duty: self.ask_duty(key, duty),
            lambda: self.pair(key),
        )
        first = menu.actions()[0]
        show = menu.addAction(tr("unit_board.show_on_map"))
        show.triggered.connect(lambda _checked=False: self.unit_activated.emit(key))
        menu.insertAction(first, show)
        menu.insertSeparator(first)
        return menu

    def pair(self, unit: str) -> None:
        """Opens the sheet that pairs phones with a unit, before the shift sends anybody."""
        pair_phone(self.bridge, self, unit, self._name(unit))

    def ask_duty(self, key: str, duty: str) -> None:
        """Signs a unit off, or asks why it is out of service; who is at work ends that first."""
        unit = self.bridge.desk.units.get(key)
        if unit is None:
            return
        if not may_go(unit, duty):
            self._say_why_it_stays(unit, duty)
        elif duty == OUT_OF_SERVICE:
            self.line.ask(key, f"{self._name(key)} · {tr('unit_board.out.placeholder')}")
        else:
            self.set_status(key, duty)

    def _say_why_it_stays(self, unit: Unit, duty: str) -> None:
        """At work, or as it is wanted already."""
        numbers = [self.bridge.desk.incidents[one.incident].number for one in unit.assignments]
        status = tr(f"terms.unit_status.{duty}")
        why = (
            tr("unit_board.not.at_work", numbers=" ".join(map(number_tail, numbers)))
            if numbers
            else tr("unit_board.not.already", status=status)
        )
        self.refusal.show_refusal(self._name(unit.id), tr("unit_board.set.what", status=status), why)

    def _out_of_service(self, key: str, reason: str) -> None:
        self.view.setFocus()
        what = tr("unit_board.set.what", status=tr(f"terms.unit_status.{OUT_OF_SERVICE}"))
        self.submit(SetUnitStatus(key, OUT_OF_SERVICE, None, reason), self._name(key), what)

    def set_status(self, key: str, status: str) -> None:
        """Says for a unit what it does now."""
        unit = self.bridge.desk.units[key]
        what = tr("unit_board.set.what", status=tr(f"terms.unit_status.{status}"))
        self.submit(SetUnitStatus(key, status, unit.incident), self._name(key), what)

    # -- groups --------------------------------------------------------------------------------------------------------

    def group_by(self, grouping: str) -> None:
        """Puts the board together by one of GROUPINGS, now and at the next start."""
        self._grouping.keep(grouping)
        self._group_by(grouping)

    def _group_by(self, grouping: str) -> None:
        key = self.view.current_key
        self.board.group_by(grouping)
        self.filter_bar.show_grouping(grouping)
        self.view.show_key(key if key is not None and not key.startswith(HEAD) else None)

    def _next_grouping(self) -> None:
        place = GROUPINGS.index(self._grouping.value)
        self.group_by(GROUPINGS[(place + 1) % len(GROUPINGS)])

    def _opened(self, key: str) -> None:
        if not self._turn_head(key):
            self.unit_activated.emit(key)

    def _turn_head(self, key: str | None) -> bool:
        """Opens a closed group and closes an open one."""
        head = (
            self.board.head_at(self.board.row_of(key)) if key is not None and key.startswith(HEAD) else None
        )
        if head is None:
            return False
        self.board.open_groups([head.value], is_open=not head.is_open)
        return True

    def _head_key(self, key: str, pressed: int) -> bool:
        if pressed not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        self.board.open_groups([key.removeprefix(HEAD)], is_open=pressed == Qt.Key.Key_Right)
        return True

    def _leave_group(self, key: str, pressed: int) -> bool:
        """Left, from a unit, to the head of its group."""
        row = self.board.get(key)
        if self.board.grouping is None or row is None or pressed != Qt.Key.Key_Left:
            return False
        self.view.selectRow(self.board.row_of(f"{HEAD}{self.board.grouping.of(row)}"))
        return True

    def _tell_not_kept(self, why: str) -> None:
        self.refusal.show_refusal(tr("console.dock.units"), tr("unit_board.by.not_saved"), why)

    def ask_recall(self, key: str) -> None:
        """Opens the line that asks why; who is on no incident and on no way to a post cannot be recalled."""
        unit = self.bridge.desk.units[key]
        if unit.post_order is not None:
            self.recall_bar.open_for(key, self._name(key), "", tr("post.place"))
            return
        incident = self.bridge.desk.incidents.get(unit.incident or "")
        if incident is not None:
            self.recall_bar.open_for(key, self._name(key), incident.id, number_tail(incident.number))

    def _recall(self, unit: str, incident: str, reason: str) -> None:
        command = RecallUnit(incident, unit, reason) if incident else RecallFromPost(unit, reason)
        self.submit(command, self._name(unit), RECALL.title())

    def _name(self, key: str) -> str:
        row = self.board.get(key)
        return row.call_sign if row is not None else key

    def retranslate(self) -> None:
        """The language has changed: call signs and grids have other names now."""
        self._rows = self._make_rows()
        self.filter_bar.retranslate()
        self.recall_bar.retranslate()
        super().retranslate()
