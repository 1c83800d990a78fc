"""Owns the incident card: everything about one incident, its next step, and the ways to act on it.

Must not decide what may be done: commands go to the bridge, refusals come back to where the officer acted.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.i18n import tr
from app.projections.case_timeline import TimelineLine
from widgets.actions import DISPATCH, INCIDENT_ACTIONS, NOTE, Action, Target, Words, perform, target_of
from widgets.actions import action_for_key as for_key
from widgets.bridge import Bridge
from widgets.panels.case_bar import CaseBar
from widgets.panels.case_choices import choices_for, resolved
from widgets.panels.case_facts import CaseFacts
from widgets.panels.case_head import CaseHead
from widgets.panels.case_marks import CaseMarks
from widgets.panels.case_reporter import CaseReporter
from widgets.panels.case_sheet import ActionSheet
from widgets.panels.case_timeline import CaseTimeline, StoryLine
from widgets.panels.case_units import CaseUnits
from widgets.panels.case_words import Names, actor_text, late_text, moment_text, story_text
from widgets.panels.duplicate_bar import DuplicateBar
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import tokens


class CasePanel(QWidget):
    """The right dock. `show_incident(id)` follows the selection; "" or None shows that nothing is chosen."""

    dispatch_requested = Signal(str)
    unit_selected = Signal(str)
    incident_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._incident = ""
        self._failure = ""
        self._notes: dict[str, str] = {}
        self._story: list[TimelineLine] | None = None
        self._story_asked = 0
        self._names = Names(bridge)
        offset_min = bridge.district.utc_offset_min
        self.state, self.refusal = EmptyState(), RefusalBar(tr("common.dismiss"))
        self.head, self.facts = CaseHead(bridge.app.limits, offset_min), CaseFacts()
        self.reporter = CaseReporter(bridge, self.facts)
        self.units, self.timeline = CaseUnits(), CaseTimeline()
        self.marks, self.duplicate = CaseMarks(), DuplicateBar(bridge)
        self.note, self.sheet, self.bar = QLineEdit(), ActionSheet(), CaseBar()
        self._units_title, self._story_title = QLabel(), QLabel()
        self.setProperty("panel", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()
        self.retranslate()

    # -- making ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.pages, self.card = QStackedWidget(), QWidget()
        self.pages.addWidget(self.state)
        self.pages.addWidget(self.card)
        outer.addWidget(self.pages)
        look = tokens()
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, look.space_m, 0, look.space_s)
        column.setSpacing(look.space_s)
        column.addWidget(_inset(self.head))
        column.addWidget(_inset(self.marks))
        column.addWidget(self._lay_out_reading(), 1)
        self._bar_place = _inset(self.bar)
        for widget in (self.refusal, self.sheet, self._bar_place):
            column.addWidget(widget)

    def _lay_out_reading(self) -> QScrollArea:
        """What is read: facts, units, note line and story, in one column that scrolls."""
        look = tokens()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(look.space_m, look.space_s, look.space_m, look.space_s)
        column.setSpacing(look.space_s)
        column.addWidget(self.duplicate)
        column.addWidget(self.facts)
        for title, content in ((self._units_title, self.units), (self._story_title, self.note)):
            title.setProperty("tone", "second")
            title.setProperty("strong", True)
            column.addSpacing(look.space_xs)
            column.addWidget(title)
            column.addWidget(content)
        column.addWidget(self.timeline)
        column.addStretch(1)
        self.reading = QScrollArea()
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reading.setWidget(inner)
        for ground in (inner, self.reading.viewport()):
            ground.setAutoFillBackground(False)
        return self.reading

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.incidents_changed.connect(self._incidents_changed)
        bridge.units_changed.connect(self._units_changed)
        bridge.restored.connect(self._restored)
        bridge.ticked.connect(self._ticked)
        bridge.trouble_changed.connect(self._trouble)
        self.bar.wanted.connect(self.act)
        self.units.acted.connect(lambda unit, action: self.act(action, unit))
        self.units.picked.connect(self.unit_selected)
        self.note.returnPressed.connect(self._add_note)
        self.sheet.confirmed.connect(self._perform)
        self.sheet.opened.connect(self._bar_place.hide)
        self.sheet.closed.connect(self._sheet_closed)
        self.duplicate.look_wanted.connect(self.incident_wanted)
        self.duplicate.refused.connect(self._tell)
        self.reporter.refused.connect(lambda text: self._tell(tr("case.who"), text))
        self.reporter.revealed.connect(self._show)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        """The incident that is shown, as the desk knows it now."""
        return self.bridge.desk.incidents.get(self._incident)

    def show_incident(self, incident: str | None) -> None:
        """Another incident is looked at; what was being typed for the last one is kept with it."""
        if (incident or "") == self._incident:
            return
        self._notes[self._incident] = self.note.text()
        self.sheet.dismiss()
        self.refusal.dismiss()
        self._incident, self._story = incident or "", None
        self.note.setText(self._notes.pop(self._incident, ""))
        self.reporter.forget()
        self.reading.verticalScrollBar().setValue(0)
        self._show()
        self._fetch_story()

    def _show(self) -> None:
        incident = self.incident
        if incident is None:
            self._show_state()
            self._turn_to(self.state)
            return
        now = self.bridge.clock.now()
        target = self._target(incident.id)
        self.head.show_incident(incident, now)
        self.marks.show_incident(incident, self._names, now, self.bridge.district.utc_offset_min)
        self.duplicate.show_incident(incident.id)
        self.facts.show_incident(incident, self._names, self.reporter.masks(incident))
        self.reporter.show_incident(incident)
        self._show_units(incident, now)
        self.bar.show_target(target)
        if self.sheet.action is not None:
            unit = self.sheet.target.unit
            self.sheet.renew(self._target(incident.id, unit.id if unit else None))
        self._show_story()
        self._turn_to(self.card)

    def _turn_to(self, page: QWidget) -> None:
        """The keyboard stays with the card, where letters are actions, and does not slip into the note line."""
        if self.pages.currentWidget() is not page:
            had_keyboard = self.hasFocus() or self.isAncestorOf(QApplication.focusWidget() or self.window())
            self.pages.setCurrentWidget(page)
            if had_keyboard:
                self._take_keyboard()

    def _show_state(self) -> None:
        if self._failure:
            self.state.show_error(tr("case.error.title"), self._failure)
        elif not self.bridge.app.is_restored:
            self.state.show_loading(tr("case.loading.title"))
        elif self._incident:
            self.state.show_loading(tr("case.unknown.title"), tr("case.unknown.hint"))
        else:
            self.state.show_empty(tr("case.empty.title"), tr("case.empty.hint"))

    def _show_units(self, incident: Incident, now: Instant) -> None:
        targets = [target_of(self.bridge.desk, incident.id, unit) for unit in incident.units]
        self.units.show_units([t for t in targets if t.phase is not None], self._names, now)
        self._units_title.setText(tr("case.units", count=len(incident.units)))
        for widget in (self._units_title, self.units):
            widget.setVisible(bool(incident.units))

    # -- story -------------------------------------------------------------------------------------------------------

    def _fetch_story(self) -> None:
        """An answer for an incident that is not looked at any more, or that a newer one overtook, is dropped."""
        if not self._incident or not self.bridge.app.is_restored:
            return
        self._story_asked += 1
        asked = (self._incident, self._story_asked)

        def done(lines: list[TimelineLine]) -> None:
            if isValid(self) and asked == (self._incident, self._story_asked):
                self._story = lines
                self._show_story()

        def failed(sentence: str) -> None:
            if isValid(self) and asked == (self._incident, self._story_asked):
                self._tell(tr("timeline.title"), sentence)
                if self._story is None:
                    self.timeline.set_lines((), tr("timeline.failed"))

        self.bridge.fetch(self.bridge.app.timeline(self._incident), done, failed)

    def _show_story(self) -> None:
        if self._story is None:
            self.timeline.set_lines((), tr("common.loading"))
            return
        incident = self.incident
        masked = incident is not None and self.reporter.masks(incident)
        lines = [self._story_line(line, masked) for line in reversed(self._story)]
        self.timeline.set_lines(lines, tr("timeline.empty"))

    def _story_line(self, line: TimelineLine, masked: bool) -> StoryLine:
        now, offset_min = self.bridge.clock.now(), self.bridge.district.utc_offset_min
        when, late = moment_text(line.at, now, offset_min), late_text(line)
        tip = tr("timeline.late_tip", at=when, age=late) if late else ""
        return StoryLine(line.seq, when, story_text(line, self._names, masked), actor_text(line), late, tip)

    # -- changes -----------------------------------------------------------------------------------------------------

    def _incidents_changed(self, keys: Collection[str]) -> None:
        if self._incident in keys:
            self._show()
            self._fetch_story()

    def _units_changed(self, keys: Collection[str]) -> None:
        incident = self.incident
        if incident is not None and not keys.isdisjoint(incident.units):  # type: ignore[attr-defined]
            self._show_units(incident, self.bridge.clock.now())
            self._fetch_story()

    def _restored(self) -> None:
        self._failure = ""
        self._show()
        self._fetch_story()

    def _trouble(self, text: str) -> None:
        """Before the journal is read, trouble means that there is nothing to show; later it is the status strip's."""
        if not self.bridge.app.is_restored:
            self._failure = text
            self._show()

    def _ticked(self, now_ms: int) -> None:
        if self.isVisible() and self.incident is not None:
            self.head.set_now(now_ms)
            self.units.set_now(now_ms)

    # -- acting ------------------------------------------------------------------------------------------------------

    def act(self, action: Action, unit: str | None = None) -> None:
        """Does an action at once, or opens what it needs first."""
        target = self._target(self._incident, unit)
        if target.incident is None or not action.enabled(target):
            return
        if action is DISPATCH:
            self.dispatch_requested.emit(self._incident)
        elif action is NOTE:
            self.focus_note()
        elif action.asks:
            choices = choices_for(action, target.incident, self.bridge.desk, self._names)
            self.sheet.open_for(action, target, self._names.unit(unit) if unit else "", choices)
        else:
            self._perform(action, target, Words())

    def _perform(self, action: Action, target: Target, words: Words) -> None:
        def answered(sentence: str | None) -> None:
            if sentence is None:
                self.sheet.done(action, target)
                self.refusal.dismiss()
            elif target.incident is not None and target.incident.id == self._incident:
                self._tell(action.title(), sentence)

        perform(self.bridge, action, target, resolved(words, self.bridge.desk), answered)

    def _target(self, incident: str, unit: str | None = None) -> Target:
        return target_of(self.bridge.desk, incident, unit, self.bridge.app.config.role)

    def _add_note(self) -> None:
        target = self._target(self._incident)
        text = self.note.text()
        if target.incident is None or not text.strip():
            return
        incident = target.incident.id
        self.note.clear()

        def answered(sentence: str | None) -> None:
            if sentence is not None and incident == self._incident:
                self.note.setText(text)
                self._tell(NOTE.title(), sentence)

        perform(self.bridge, NOTE, target, Words(text=text), answered)

    def focus_note(self) -> None:
        """The keyboard to the line that takes notes."""
        self.reading.ensureWidgetVisible(self.note)
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tell(self, what: str, sentence: str) -> None:
        incident = self.incident
        self.refusal.show_refusal(incident.number if incident else "", what, sentence)

    def _sheet_closed(self) -> None:
        """The sheet's button was the one primary action; now the bar's is again."""
        self._bar_place.show()
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.refusal.dismiss()
            self._take_keyboard()
            return
        key = QKeySequence(event.keyCombination()).toString()
        action = for_key(INCIDENT_ACTIONS, key)
        if self.incident is None:
            super().keyPressEvent(event)
        elif action is not None:
            self.act(action)
        elif not self.units.take_key(key):
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """The language has changed."""
        self._names = Names(self.bridge)
        self.facts.retranslate()
        self.sheet.retranslate()
        self._story_title.setText(tr("timeline.title"))
        hint = f"{tr('case.note')}  {NOTE.key}"
        self.note.setPlaceholderText(hint)
        self.note.setAccessibleName(tr("case.note"))
        self.reporter.retranslate()
        self._show()


def _inset(widget: QWidget) -> QWidget:
    """The card's margin left and right."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(tokens().space_m, 0, tokens().space_m, 0)
    column.addWidget(widget)
    return frame
