"""Owns the list of units that were sent to an incident: how far each is, and calling one back.

Must not choose or send. A refusal is told inside this list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPoint, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from app.domain.field_clocks import overdue, stage
from app.domain.incident import Incident
from app.i18n import has_text, tr
from app.projections.case_timeline import DECLINED
from widgets.actions import RECALL, Action, Target, Words, perform, target_of
from widgets.bridge import Bridge
from widgets.models.dispatch_progress import ProgressModel, ProgressRow
from widgets.models.unit_board import number_tail
from widgets.panels.recall_bar import RecallBar
from widgets.panels.table_view import KeyedTableView
from widgets.panels.unit_cells import IsStale, progress_delegate
from widgets.panels.unit_menu import action_for, unit_menu
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import follow_look, tokens

if TYPE_CHECKING:
    from app.domain.unit import Unit
    from app.projections.case_timeline import TimelineLine

ROWS_LEAST: Final = 2
ROWS_MOST: Final = 6
CLEARED: Final = "timeline.incident.unit_cleared"


class SentUnits(QWidget):
    """Hidden while nobody was sent. `unit_picked` carries the unit that the officer looks at."""

    unit_picked = Signal(str)
    learned = Signal()
    """It is known now why units have left."""

    def __init__(self, bridge: Bridge, call_sign: Callable[[Unit], str], is_stale: IsStale) -> None:
        super().__init__()
        self.bridge, self.call_sign = bridge, call_sign
        self._incident = ""
        self._left: dict[str, tuple[str, int]] = {}
        self.progress = ProgressModel()
        self.progress.setParent(self)
        self.view = KeyedTableView(self.progress)
        self.view.horizontalHeader().hide()
        self.view.setItemDelegate(progress_delegate(self.view, is_stale))
        self.view.on_key = self._on_key
        self.title = QLabel()
        self.title.setProperty("tone", "second")
        self.refusal, self.recall_bar = RefusalBar(tr("common.dismiss")), RecallBar()
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_xs)
        for part in (self.title, self.view, self.refusal, self.recall_bar):
            column.addWidget(part)

    def _connect(self) -> None:
        self.view.picked.connect(self.unit_picked)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.clicked.connect(self._clicked)
        self.recall_bar.recall_wanted.connect(self._recall)
        self.recall_bar.closed.connect(self.view.setFocus)
        follow_look(self, self._fit_height)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def show_incident(self, incident: Incident | None) -> None:
        """The units of this incident; None shows nobody."""
        key = incident.id if incident is not None else ""
        if key != self._incident:
            self._incident, self._left = key, {}
            self.refusal.dismiss()
            self.recall_bar.dismiss()
        self._put(incident)
        if incident is not None and set(incident.attended) - set(incident.units) - self._left.keys():
            self.bridge.fetch(self.bridge.app.timeline(incident.id), lambda lines: self._learn(key, lines))

    def _put(self, incident: Incident | None) -> None:
        rows = {} if incident is None else self._rows(incident)
        self.progress.replace_all(rows)
        at_work = sum(row.step >= 0 for row in rows.values())
        self.title.setText(tr("dispatch.assigned", count=at_work))
        self.setVisible(bool(rows))
        self._fit_height()

    def _rows(self, incident: Incident) -> dict[str, ProgressRow]:
        known, limits, now = self.bridge.desk.units, self.bridge.app.field_limits, self.bridge.clock.now()
        rows = {}
        for key in incident.attended:
            unit = known.get(key)
            task = unit.assignment(incident.id) if unit is not None else None
            if unit is not None and task is not None:
                sign = self.call_sign(unit)
                late = overdue(task, incident, limits, now)
                awaited = late.awaited if late is not None else None
                rows[key] = ProgressRow(unit, sign, stage(task), task.since_at, late=awaited)
                self._left.pop(key, None)
            elif unit is not None:
                why, at = self._no(unit, incident) or self._left.get(key) or _unknown(unit)
                rows[key] = ProgressRow(unit, self.call_sign(unit), None, at, why)
        return rows

    def _no(self, unit: Unit, incident: Incident) -> tuple[str, int] | None:
        """What it said when it would not go; the desk has that at hand."""
        decline = unit.decline(incident.id)
        if decline is None:
            return None
        key = "dispatch.left.declined_why" if decline.reason else "dispatch.left.declined"
        self._left[unit.id] = tr(key, reason=decline.reason), decline.at
        return self._left[unit.id]

    def _learn(self, incident: str, lines: Iterable[TimelineLine]) -> None:
        """Why units have left is in the story of the incident, not in its state."""
        if incident != self._incident:
            return
        for line in lines:
            if line.text_key in (CLEARED, DECLINED):
                self._left[str(line.facts["unit"])] = (_why_left(line), line.at)
        self._put(self.bridge.desk.incidents.get(incident))
        self.learned.emit()

    def why_left(self, unit: str) -> str:
        """Why a unit that was sent to the shown incident has left it; "" for every other."""
        return self._left.get(unit, ("", 0))[0]

    def _fit_height(self) -> None:
        look, shown = tokens(), self.progress.shown_count
        frame_px = 2 * look.size_focus_ring
        self.view.setMinimumHeight(min(shown, ROWS_LEAST) * look.size_row + frame_px)
        self.view.setMaximumHeight(min(shown, ROWS_MOST) * look.size_row + frame_px)

    def tick(self, now_ms: int) -> None:
        """A second has passed."""
        incident = self.bridge.desk.incidents.get(self._incident)
        if incident is not None:
            rows = self._rows(incident)
            self.progress.put({key: row for key, row in rows.items() if self.progress.get(key) != row})
        self.progress.set_now(now_ms)

    # -- acting --------------------------------------------------------------------------------------------------------

    def _on_key(self, event: QKeyEvent) -> bool:
        unit, action = self.view.current_key, action_for(event)
        if unit is None or action is None:
            return False
        self.act(unit, action)
        return True

    def _clicked(self, index: QModelIndex) -> None:
        if self.progress.columns[index.column()].id == "recall":
            self.ask_recall(self.progress.key_at(index.row()))

    def ask_recall(self, unit: str) -> None:
        """Opens the line that asks why; a unit that has left cannot be recalled."""
        row, incident = self.progress.get(unit), self.bridge.desk.incidents.get(self._incident)
        if row is not None and row.step >= 0 and incident is not None:
            self.recall_bar.open_for(unit, row.call_sign, incident.id, number_tail(incident.number))

    def act(self, unit: str, action: Action) -> None:
        """Does an action with a unit on the shown incident; a recall asks first."""
        target = target_of(self.bridge.desk, self._incident, unit)
        if not action.enabled(target):
            return
        if action is RECALL:
            self.ask_recall(unit)
        else:
            self._perform(action, target, Words())

    def _recall(self, unit: str, incident: str, reason: str) -> None:
        self._perform(RECALL, target_of(self.bridge.desk, incident, unit), Words(reason=reason))

    def _perform(self, action: Action, target: Target, words: Words) -> None:
        who = self.call_sign(target.unit) if target.unit is not None else ""

        def answered(sentence: str | None) -> None:
            if sentence is None:
                self.refusal.dismiss()
            else:
                self.refusal.show_refusal(who, action.title(), sentence)

        perform(self.bridge, action, target, words, answered)

    def _open_menu(self, unit: str, at: QPoint) -> None:
        menu = self.menu_for(unit)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, unit: str) -> QMenu:
        """What can be said of a sent unit from its row."""
        target = target_of(self.bridge.desk, self._incident, unit)
        return unit_menu(self, target, lambda action: self.act(unit, action))

    def retranslate(self) -> None:
        """The language has changed; the panel puts the rows anew."""
        self._left.clear()
        self.recall_bar.retranslate()
        self.progress.retranslate()


def _why_left(line: TimelineLine) -> str:
    """Known reasons have a word; any other text is what an officer or the unit wrote."""
    reason: Any = line.facts.get("reason") or ("declined" if line.text_key == DECLINED else "unknown")
    if has_text(f"dispatch.left.{reason}"):
        return tr(f"dispatch.left.{reason}")
    by_unit = line.text_key == DECLINED
    return tr("dispatch.left.declined_why" if by_unit else "dispatch.left.recalled", reason=reason)


def _unknown(unit: Unit) -> tuple[str, int]:
    return tr("dispatch.left.unknown"), unit.since_at
