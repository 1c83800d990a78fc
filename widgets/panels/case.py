"""Owns the incident card: everything about one incident, its next step, and the ways to act on it.

Must not decide what may be done: commands go to the bridge, refusals come back to where the officer acted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.i18n import tr
from widgets import actions as act
from widgets.actions import (
    CARD_ACTIONS,
    DETACH,
    DISPATCH,
    INCIDENT_ACTIONS,
    NOTE,
    Action,
    Target,
    Words,
    perform,
    target_of,
)
from widgets.actions import action_for_key as for_key
from widgets.bridge import Bridge
from widgets.panels.case_around import CaseAround
from widgets.panels.case_bar import CaseBar
from widgets.panels.case_choices import choices_for, resolved
from widgets.panels.case_closing import left_undone
from widgets.panels.case_editing import CaseEditing
from widgets.panels.case_facts import CaseFacts
from widgets.panels.case_field import CaseField
from widgets.panels.case_fields import DESCRIPTION, PLACE, PRIORITY, TITLE, TYPE
from widgets.panels.case_files import CaseFiles, may_attach
from widgets.panels.case_head import CaseHead
from widgets.panels.case_marks import CaseMarks
from widgets.panels.case_note import CaseNote
from widgets.panels.case_print import CasePrint
from widgets.panels.case_reading import CaseReading
from widgets.panels.case_reporter import CaseReporter
from widgets.panels.case_room import CaseRoom
from widgets.panels.case_section import CaseSection
from widgets.panels.case_sheet import ActionSheet
from widgets.panels.case_story import CaseStory
from widgets.panels.case_units import CaseUnits
from widgets.panels.case_words import Names
from widgets.panels.duplicate_bar import DuplicateBar
from widgets.panels.eta_words import eta_text
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import tokens


class CasePanel(QWidget):
    """The right dock. `show_incident(id)` follows the selection; "" or None shows that nothing is chosen."""

    dispatch_requested = Signal(str)
    unit_selected = Signal(str)
    incident_wanted = Signal(str)
    camera_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._incident = ""
        self._failure = ""
        self._names = Names(bridge)
        self.state, self.refusal = EmptyState(), RefusalBar(tr("common.dismiss"))
        self.head, self.facts = CaseHead(bridge.app.limits, bridge.district.utc_offset_min), CaseFacts()
        self.reporter = CaseReporter(bridge, self.facts)
        self.marks, self.duplicate = CaseMarks(), DuplicateBar(bridge)
        self.units, self.around = CaseUnits(), CaseAround(bridge, self)
        self.files, self.story = CaseFiles(bridge, self), CaseStory(bridge, self)
        self.timeline = self.story.timeline
        self.note_box, self.sheet, self.bar = CaseNote(bridge), ActionSheet(), CaseBar()
        self.note = self.note_box.line
        self.editing = CaseEditing(bridge, {**self.head.places, **self.facts.places}, self.story, self)
        self.print = CasePrint(self)
        self.units_section = CaseSection(self.units)
        self.field = CaseField(bridge, self._names, self._tell)
        self.setProperty("panel", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._keys = self._own_keys()
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
        around = self.around
        self.reading = CaseReading(
            (
                self.duplicate, around.premises, self.facts, self.units_section, self.field, around.cameras,
                self.note_box,
                self.files.section, around.links, around.history, self.story.section,
            )
        )  # fmt: skip
        look = tokens()
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, look.space_m, 0, look.space_s)
        column.setSpacing(look.space_s)
        column.addWidget(_inset(self.head))
        column.addWidget(_inset(self.marks))
        column.addWidget(self.reading, 1)
        self._bar_place = _inset(self.bar)
        for widget in (self.refusal, self.print.told, self.sheet, self._bar_place):
            column.addWidget(widget)
        self.room = CaseRoom(self.card, self.head)

    def _own_keys(self) -> dict[Action, Callable[[], object]]:
        start = self.editing.start

        def bring(part: QWidget) -> None:
            self.reading.bring(part)

        return {
            DISPATCH: lambda: self.dispatch_requested.emit(self._incident),
            NOTE: self.focus_note,
            act.EDIT_TITLE: lambda: start(TITLE),
            act.EDIT_TYPE: lambda: start(TYPE),
            act.EDIT_PRIORITY: lambda: start(PRIORITY),
            act.EDIT_PLACE: lambda: start(PLACE),
            act.EDIT_DESCRIPTION: lambda: start(DESCRIPTION),
            act.PHRASES: self._open_phrases,
            act.CAMERAS: lambda: bring(self.around.cameras_list),
            act.CHECKLIST: self._to_checklist,
            act.STORY: self.story.filter.turn,
            act.ATTACH: self.files.choose,
            act.PASTE: lambda: self.files.take(QGuiApplication.clipboard().mimeData()),
            act.FILES: lambda: bring(self.files.list),
            act.SAVE_FILE: lambda: self.files.save_as(self.files.list.current),
            act.RECEIPT: lambda: bring(self.field.fields["told"]),
            act.PRINT: self.print.ask,
        }

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.incidents_changed.connect(self._incidents_changed)
        bridge.units_changed.connect(self._units_changed)
        bridge.cameras_changed.connect(self._show_around)
        bridge.premises_changed.connect(self._show_around)
        bridge.presence_changed.connect(self._presence_changed)
        bridge.restored.connect(self._restored)
        bridge.ticked.connect(self._ticked)
        bridge.trouble_changed.connect(self._trouble)
        self._connect_parts()

    def _connect_parts(self) -> None:
        self.bar.wanted.connect(self.act)
        self.units.acted.connect(lambda unit, action: self.act(action, unit))
        self.units.picked.connect(self.unit_selected)
        self.note_box.written.connect(self._add_note)
        self.note_box.pasted.connect(lambda: self.act(act.PASTE))
        self.sheet.confirmed.connect(self._perform)
        self.sheet.opened.connect(self._bar_place.hide)
        self.sheet.closed.connect(self._sheet_closed)
        self.duplicate.look_wanted.connect(self.incident_wanted)
        self.duplicate.refused.connect(self._tell)
        self.reporter.refused.connect(lambda text: self._tell(tr("case.who"), text))
        self.reporter.revealed.connect(self._show)
        self.around.incident_wanted.connect(self.incident_wanted)
        self.around.camera_wanted.connect(self.camera_wanted)
        self.files.failed.connect(self._tell)
        self.print.failed.connect(lambda why: self._tell(act.PRINT.title(), why))
        self.story.failed.connect(lambda why: self._tell(tr("timeline.title"), why))
        self.story.masks = self.editing.masks = self.masks
        self.editing.refused.connect(self._tell)
        self.editing.left.connect(self._take_keyboard)
        self.field.left.connect(self._take_keyboard)
        self.editing.editing.connect(self._tell_presence)
        self.editing.editing.connect(lambda _field: self.reading.reveal(self.editing.editor))

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        """The incident that is shown, as the desk knows it now."""
        return self.bridge.desk.incidents.get(self._incident)

    @property
    def names(self) -> Names:
        return self._names

    def masks(self) -> bool:
        """Whether free text hides numbers just now."""
        incident = self.incident
        return incident is not None and self.reporter.masks(incident)

    def show_incident(self, incident: str | None) -> None:
        """Another incident is looked at; what was being typed for the last one is kept with it."""
        if (incident or "") == self._incident:
            return
        self.note_box.look_at(self._incident, incident or "")
        self.editing.stop()
        self.sheet.dismiss()
        self.refusal.dismiss()
        self._incident = incident or ""
        self.reporter.forget()
        self.reading.verticalScrollBar().setValue(0)
        self._tell_presence()
        self._show()
        self.story.look_at(self._incident)

    def _show(self) -> None:
        incident = self.incident
        self.editing.show_incident(incident)
        if incident is None:
            self._show_state()
            self._turn_to(self.state)
            return
        now = self.bridge.clock.now()
        self.head.show_incident(self.bridge.said(incident), now)
        self._show_marks(incident, now)
        self.duplicate.show_incident(incident.id)
        self.facts.show_incident(incident, self._names, self.reporter.masks(incident))
        self.reporter.show_incident(incident)
        self._show_units(incident, now)
        self.field.show_incident(incident)
        self.around.show_incident(incident, self._names, now)
        self.note_box.show_incident(incident)
        self.files.show_incident(incident)
        self.bar.show_target(self._target(incident.id))
        if self.sheet.action is not None:
            unit = self.sheet.target.unit
            self.sheet.renew(self._target(incident.id, unit.id if unit else None))
        self.story.show()
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

    def _show_marks(self, incident: Incident, now: Instant) -> None:
        presence = self.bridge.app.presence
        others = presence.others(incident.id) if presence is not None else ()
        offset_min, claim = self.bridge.district.utc_offset_min, incident.claim
        silent = claim is not None and presence is not None and presence.is_silent(claim.desk)
        self.marks.show_incident(incident, self._names, now, offset_min, others, is_silent=silent)

    def _show_units(self, incident: Incident, now: Instant) -> None:
        targets = [target_of(self.bridge.desk, incident.id, unit) for unit in incident.units]
        at_work = [t for t in targets if t.phase is not None]
        self.units.show_units(at_work, self._names, now, self._eta_text)
        title = tr("case.units", count=len(incident.units))
        self.units_section.show_title(title, has_content=bool(incident.units))

    def _eta_text(self, unit: str, now: Instant) -> str:
        etas = self.bridge.app.etas
        eta = etas.known.get((unit, self._incident)) if etas is not None else None
        offset_min = self.bridge.district.utc_offset_min
        return eta_text(eta.arrives_at, now, offset_min, eta.is_straight) if eta is not None else ""

    def _show_around(self, _keys: object = None) -> None:
        incident = self.incident
        if incident is not None:
            self.around.show_incident(incident, self._names, self.bridge.clock.now())

    # -- changes -----------------------------------------------------------------------------------------------------

    def _incidents_changed(self, keys: Collection[str]) -> None:
        if self._incident in keys:
            self._show()
            self.story.fetch()

    def _units_changed(self, keys: Collection[str]) -> None:
        incident = self.incident
        if incident is not None and not keys.isdisjoint(incident.units):  # type: ignore[attr-defined]
            self._show_units(incident, self.bridge.clock.now())
            self.story.fetch()

    def _presence_changed(self, keys: Collection[str]) -> None:
        incident = self.incident
        if incident is not None and incident.id in keys:
            self._show_marks(incident, self.bridge.clock.now())

    def _tell_presence(self, field: str = "") -> None:
        presence = self.bridge.app.presence
        if presence is not None:
            presence.look(self._incident)
            presence.edit(field)

    def _restored(self) -> None:
        self._failure = ""
        self._show()
        self.story.fetch()

    def _trouble(self, text: str) -> None:
        """Before the journal is read, trouble means that there is nothing to show; later it is the status strip's."""
        if not self.bridge.app.is_restored:
            self._failure = text
            self._show()

    def _ticked(self, now_ms: int) -> None:
        if self.isVisible() and self.incident is not None:
            self.head.set_now(now_ms)
            self.units.set_now(now_ms)
            self._show_marks(self.incident, now_ms)
        presence = self.bridge.app.presence
        if presence is not None:
            presence.look(self._incident)  # the desk may have connected only after the incident was chosen

    # -- acting ------------------------------------------------------------------------------------------------------

    def act(self, action: Action, unit: str | None = None) -> None:
        """Does an action at once, or opens what it needs first."""
        target = self._target(self._incident, unit)
        if target.incident is None:
            return
        if not action.enabled(target):
            self._tell(action.title(), action.why_not(target))
            return
        if action in self._keys:
            self._keys[action]()
        elif action.asks:
            choices = choices_for(action, target.incident, self.bridge.desk, self._names)
            warning = self._closing_words(target) if action is act.CLOSE else ""
            self.sheet.open_for(action, target, self._names.unit(unit) if unit else "", choices, warning)
            if action is DETACH:
                self.sheet.choose("file", self.files.list.current)
        else:
            self._perform(action, target, Words())

    def _closing_words(self, target: Target) -> str:
        return left_undone(self.bridge, target, self._names, self.bridge.clock.now(), self.field.unticked)

    def _perform(self, action: Action, target: Target, words: Words) -> None:
        def answered(sentence: str | None) -> None:
            if sentence is None:
                self.sheet.done(action, target)
                self.refusal.dismiss()
            elif target.incident is not None and target.incident.id == self._incident:
                self._tell(action.title(), sentence)

        if action is DETACH and target.incident is not None:
            app = self.bridge.app  # which erases the bytes as well
            work = app.attachments.detach(app.context(), target.incident.id, words.file, words.reason)
            self.bridge.fetch(work, answered, answered)
            return
        perform(self.bridge, action, target, resolved(words, self.bridge.desk), answered)

    def _target(self, incident: str, unit: str | None = None) -> Target:
        config = self.bridge.app.config
        return target_of(self.bridge.desk, incident, unit, config.role, config.desk)

    def _add_note(self, text: str) -> None:
        target = self._target(self._incident)
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
        self.reading.bring(self.note)

    def _to_checklist(self) -> None:
        """The keyboard to the first line that is not done."""
        line = self.field.checklist.next_line
        if line is not None:
            self.reading.bring(line)

    def _open_phrases(self) -> None:
        self.note_box.open_phrases()
        self.reading.ensureWidgetVisible(self.note_box)

    def _tell(self, what: str, sentence: str) -> None:
        incident = self.incident
        self.refusal.show_refusal(incident.number if incident else "", what, sentence)

    def _sheet_closed(self) -> None:
        self._bar_place.show()
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.refusal.dismiss()
            self.print.told.hide()
            self._take_keyboard()
            return
        key = QKeySequence(event.keyCombination()).toString()
        action = for_key((*INCIDENT_ACTIONS, *CARD_ACTIONS), key)
        if self.incident is None:
            super().keyPressEvent(event)
        elif action is not None:
            self.act(action)
        elif not self.units.take_key(key):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.incident is not None and may_attach(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.files.take(event.mimeData()):
            event.acceptProposedAction()

    def retranslate(self) -> None:
        """The language has changed."""
        self._names = Names(self.bridge)
        self.editing.stop()
        for part in (self.facts, self.sheet, self.story, self.note_box, self.reporter):
            part.retranslate()
        self._show()


def _inset(widget: QWidget) -> QWidget:
    """The card's margin left and right."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(tokens().space_m, 0, tokens().space_m, 0)
    column.addWidget(widget)
    return frame
