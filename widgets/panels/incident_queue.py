"""Owns the incident queue: what waits, in the order in which it should be taken, and the first things to do with it.

Must not decide what may be done: commands go to the bridge, and refusals come back to where the officer acted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.commands import AcceptIncident, MergeIncident
from app.domain.incident import REPORTED, Incident
from app.i18n import language, tr
from app.service.presence import Present
from widgets.actions import INCIDENT_ACTIONS, action_for_key, tail
from widgets.bridge import Bridge
from widgets.models.incident_queue import IncidentQueueModel, QueueFilter, QueueRows, merge_targets
from widgets.panels.list_panel import ListPanel
from widgets.panels.merge_bar import MergeBar
from widgets.panels.queue_cells import queue_delegate
from widgets.panels.queue_filter import QueueFilterBar
from widgets.panels.taken_over import TakenOver
from widgets.parts.age_text import format_age

LOAD_ROWS = 200


class IncidentQueuePanel(ListPanel):
    """The left dock. `retranslate()` renews its texts; `select(id)` follows another panel without an echo."""

    selected = Signal(str)
    activated = Signal(str)
    dispatch_requested = Signal(str)
    note_requested = Signal(str)
    action_requested = Signal(str, object)
    """Incident and the Action that the card carries out on it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.queue = IncidentQueueModel()
        super().__init__(bridge, self.queue, "queue", parent)
        self.queue.setParent(self)
        self._read: set[str] = set()
        self._ended: list[str] = []
        self._awaited = ""
        self._changed_at = bridge.clock.now()
        self._rows = self._make_rows()
        self.filter_bar, self.merge_bar = QueueFilterBar(), MergeBar()
        self.column.insertWidget(0, self.filter_bar)
        self.column.addWidget(self.merge_bar)
        self.delegate = queue_delegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.taken_over = TakenOver(bridge, self)
        self.view.priority_of = lambda row: row.incident.priority
        self._connect()
        self.begin()

    def _connect(self) -> None:
        self.bridge.incidents_changed.connect(self._incidents_changed)
        self.bridge.duplicates_changed.connect(self._marks_changed)
        self.bridge.presence_changed.connect(self._marks_changed)
        self.taken_over.told.connect(self.refusal.show_refusal)
        self.filter_bar.changed.connect(self._filter_changed)
        self.filter_bar.left_for_list.connect(self._go_to_list)
        self.queue.counts_changed.connect(self._show_count)
        self.queue.rearranged.connect(self._show_count)
        for news in (self.queue.counts_changed, self.queue.waiting_changed, self.queue.rearranged):
            news.connect(self._select_awaited)
        self.view.picked.connect(self._picked)
        self.view.opened.connect(self.activated)
        self.view.menu_wanted.connect(self._open_menu)
        self.state.action_triggered.connect(self.filter_bar.clear)
        self.merge_bar.merge_wanted.connect(self._merge)
        self.merge_bar.closed.connect(self.view.setFocus)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_filter)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _make_rows(self) -> QueueRows:
        chinese = language() == "zh_CN"
        district = self.bridge.district
        grids = {grid.code: grid.name_zh if chinese else grid.name_en for grid in district.grids}
        units = {unit.id: f"{unit.call_sign_zh} {unit.call_sign_en}" for unit in district.units}
        own_desk = self.bridge.app.config.desk
        return QueueRows(
            self.bridge.app.limits, grids, units, self._same_as, self._others, own_desk, self.bridge.said
        )

    def _others(self, incident: str) -> tuple[Present, ...]:
        presence = self.bridge.app.presence
        return presence.others(incident) if presence is not None else ()

    def _same_as(self, incident: str) -> str:
        duplicates = self.bridge.app.duplicates
        other = duplicates.first_of(incident) if duplicates is not None else ""
        return tail(self.bridge.desk.incidents[other].number) if other else ""

    def load(self) -> None:
        """What is open at once; what has ended follows, a few rows a turn of the loop."""
        known = self.bridge.desk.incidents
        self.taken_over.begin()
        self.queue.replace_all(self._rows.of((i for i in known.values() if i.is_open), self._read))
        self._ended = [key for key, incident in known.items() if not incident.is_open]
        self._load_ended()

    def _load_ended(self) -> None:
        keys, self._ended = self._ended[-LOAD_ROWS:], self._ended[:-LOAD_ROWS]
        known = self.bridge.desk.incidents
        self.queue.put(self._rows.of((known[key] for key in keys), self._read))
        if self._ended:
            QTimer.singleShot(0, self, self._load_ended)

    def _incidents_changed(self, keys: Iterable[str]) -> None:
        self._changed_at = self.bridge.clock.now()
        known = self.bridge.desk.incidents
        sent_back = {key for key in keys if self._is_sent_back(known[key])}
        self._read -= sent_back
        rows = self._rows.of((known[key] for key in keys), self._read)
        fresh = [
            key
            for key, row in rows.items()
            if row.emphasised and (key in sent_back or self.queue.get(key) is None)
        ]
        self.queue.put(rows)
        self.delegate.pulse.start(key for key in fresh if self.queue.row_of(key) >= 0)

    def _is_sent_back(self, incident: Incident) -> bool:
        """Since the row was painted, and not under the officer's eyes: it is looked at again as if it were new."""
        row = self.queue.get(incident.id)
        is_news = row is not None and incident.returned > row.incident.returned
        return is_news and incident.id != self.view.current_key

    def _marks_changed(self, keys: Iterable[str]) -> None:
        known = self.bridge.desk.incidents
        self.queue.put(
            self._rows.of((known[key] for key in keys if self.queue.get(key) is not None), self._read)
        )

    def _renew(self, incident: str) -> None:
        known = self.bridge.desk.incidents.get(incident)
        if known is not None:
            self.queue.put(self._rows.of((known,), self._read))

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def select(self, incident: str | None) -> None:
        """Another panel has chosen this incident; one that the list does not show yet is marked when it does."""
        self._awaited = incident if incident and self.queue.row_of(incident) < 0 else ""
        self.view.show_key(incident or None)
        self.merge_bar.look_at(incident or "")
        if incident:
            self._mark_read(incident)

    def _select_awaited(self) -> None:
        if self._awaited and self.queue.row_of(self._awaited) >= 0:
            self.select(self._awaited)

    def _picked(self, incident: str) -> None:
        self.merge_bar.look_at(incident)
        self._mark_read(incident)
        self.selected.emit(incident)

    def _mark_read(self, incident: str) -> None:
        if incident not in self._read:
            self._read.add(incident)
            self._renew(incident)

    # -- filter and count ----------------------------------------------------------------------------------------------

    def focus_filter(self) -> None:
        self.filter_bar.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.edit.selectAll()

    def _filter_changed(self, wanted: QueueFilter) -> None:
        self.queue.apply_filter(wanted)

    def _go_to_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.current_key is None and self.queue.shown_count:
            self.view.selectRow(0)

    def _show_count(self) -> None:
        age = format_age((self.queue.now - self._changed_at) / 1000)
        self.filter_bar.show_count(self.queue.shown_count, self.queue.total, age)

    def on_tick(self) -> None:
        self._show_count()

    def show_empty(self) -> None:
        wanted = self.queue.filter
        if self.queue.total and (wanted.narrows or not wanted.open_only):
            hint = tr("queue.filtered.hint", total=f"{self.queue.total:,}")
            self.state.show_empty(tr("queue.filtered.title"), hint, tr("queue.filtered.action"))
        else:
            super().show_empty()

    # -- keys and menu -------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            return self._ask_for(f"Shift+{QKeySequence(event.key()).toString()}")
        if modifiers:
            return False
        own = {Qt.Key.Key_F: self.focus_filter, Qt.Key.Key_S: self.filter_bar.open_menu}.get(
            Qt.Key(event.key())
        )
        if own is not None:
            own()
            return True
        incident = self.view.current_key
        if incident is None:
            return False
        act = self._keys().get(event.key())
        if act is not None:
            act(incident)
            return True
        return self._ask_for(QKeySequence(event.key()).toString())

    def _ask_for(self, key: str) -> bool:
        """An action of the card by its key, for the incident that is looked at."""
        incident, action = self.view.current_key, action_for_key(INCIDENT_ACTIONS, key)
        if incident is None or action is None:
            return False
        self.action_requested.emit(incident, action)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A queue with nothing to show has keys too: those of its filter."""
        if not self.on_key(event):
            super().keyPressEvent(event)

    def _keys(self) -> dict[int, Callable[[str], None]]:
        return {
            Qt.Key.Key_A: lambda _incident: self.accept_selected(),
            Qt.Key.Key_D: self.dispatch_requested.emit,
            Qt.Key.Key_N: self.note_requested.emit,
            Qt.Key.Key_M: self.ask_merge,
        }

    def accept_selected(self) -> None:
        """Accepts every selected incident."""
        for key in self.view.selected_keys():
            row = self.queue.get(key)
            number = row.incident.number if row is not None else key
            self.submit(AcceptIncident(key), number, tr("queue.act.accept"))

    def ask_merge(self, key: str) -> None:
        """Opens the line that asks into which other incident this one goes."""
        incident = self.bridge.desk.incidents[key]
        duplicates = self.bridge.app.duplicates
        likely = [found.incident for found in duplicates.of(key)] if duplicates is not None else []
        suspect = next(iter(likely), "")
        targets = merge_targets(self.bridge.desk, incident, likely)
        self.merge_bar.open_for(incident, [self.bridge.said(target) for target in targets], suspect)

    def _merge(self, key: str, into: str) -> None:
        incident = self.bridge.desk.incidents[key]
        self.submit(MergeIncident(key, into), incident.number, tr("terms.act.merge"))

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, key: str) -> QMenu:
        """What can be done with an incident from its row."""
        incident = self.bridge.desk.incidents[key]
        menu = QMenu(self)
        accept = self._add(menu, "queue.act.accept", "A", self.accept_selected)
        accept.setEnabled(incident.status == REPORTED)
        for name, shortcut, act in (
            ("dispatch", "D", lambda: self.dispatch_requested.emit(key)),
            ("note", "N", lambda: self.note_requested.emit(key)),
            ("merge", "M", lambda: self.ask_merge(key)),
        ):
            action = self._add(menu, f"queue.act.{name}", shortcut, act)
            action.setEnabled(incident.is_open or name == "note")
        menu.addSeparator()
        self._add(menu, "queue.act.copy_number", "", lambda: _copy(incident))
        self._add(menu, "queue.act.copy_rows", "Ctrl+C", self.view.copy_selected)
        return menu

    @staticmethod
    def _add(menu: QMenu, key: str, shortcut: str, act: Callable[[], Any]) -> QAction:
        """The key is written beside the words; it is the list that listens to it."""
        action = menu.addAction(f"{tr(key)}\t{shortcut}" if shortcut else tr(key))
        action.triggered.connect(lambda _checked=False: act())
        return action

    def retranslate(self) -> None:
        """The language has changed: names of grids and types are other ones now."""
        self._rows = self._make_rows()
        self.filter_bar.retranslate()
        self.merge_bar.retranslate()
        super().retranslate()
        self._show_count()


def _copy(incident: Incident) -> None:
    QGuiApplication.clipboard().setText(incident.number)
