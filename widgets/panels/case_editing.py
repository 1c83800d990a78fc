"""Owns the editing of an incident field by field on its card, and what becomes of a field that two desks change.

Must not decide: what is saved goes to the bridge as a command that says what the officer saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.case_fields import DESCRIPTION, FIELDS, CaseField, Values
from widgets.panels.case_story import CaseStory
from widgets.panels.case_words import moment_text
from widgets.panels.edit_place import EditPlace
from widgets.panels.field_editor import FieldEditor

if TYPE_CHECKING:
    from widgets.panels.search_source import SearchSource


class CaseEditing(QObject):
    """At most one field at a time. `editing` carries its id, "" at the end; `left`: the keyboard is free again."""

    editing = Signal(str)
    left = Signal()
    refused = Signal(str, str)

    def __init__(
        self, bridge: Bridge, places: Mapping[str, EditPlace], story: CaseStory, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._places, self._story = bridge, dict(places), story
        self._incident: Incident | None = None
        self._drafts: dict[tuple[str, str], tuple[Values, Values]] = {}
        """What was typed and not saved, with what was seen then."""
        self._is_sending = False
        self._own_search: SearchSource | None = None
        self.masks: Callable[[], bool] = lambda: False
        self.search: Callable[[], SearchSource] | None = None
        """The map's search for places, where there is a map."""
        self.editor: FieldEditor | None = None
        for field in FIELDS:
            self._places[field.id].wanted.connect(lambda field=field: self.start(field))
        story.told.connect(self._tell_conflict)

    # -- beginning and end -------------------------------------------------------------------------------------------

    def start(self, field: CaseField) -> None:
        """Opens a field; what was typed in it before is there again."""
        incident = self._incident
        if incident is None or (self.editor is not None and self.editor.field is field):
            return
        if not incident.is_open:
            self.refused.emit(field.title, tr("card.edit.ended", number=incident.number))
            return
        if field is DESCRIPTION and self._shown(incident.description) != incident.description:
            self.refused.emit(field.title, tr("card.edit.masked"))
            return
        self.stop()
        said = field.of(self._bridge.said(incident))
        editor = self.editor = FieldEditor(self._bridge, field, field.of(incident), self._places_search, said)
        editor.save_wanted.connect(self.save)
        editor.given_up.connect(self.give_up)
        editor.chosen.connect(self._choose)
        self._places[field.id].open(editor)
        self._take_up_draft(incident, editor)
        editor.control.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.editing.emit(field.id)

    def _shown(self, text: str) -> str:
        return mask_text(text) if self.masks() else text

    def _take_up_draft(self, incident: Incident, editor: FieldEditor) -> None:
        draft = self._drafts.pop((incident.id, editor.field.id), None)
        if draft is not None:
            typed, editor.merge.base = draft
            editor.control.put(typed)
            self._meet(incident)

    def _places_search(self) -> SearchSource:
        """It outlives the editors: names are read once."""
        if self.search is not None:
            return self.search()
        if self._own_search is None:
            from widgets.panels.search_source import SearchSource

            self._own_search = SearchSource(self._bridge, self)
        return self._own_search

    def stop(self) -> None:
        """Shuts the editor; what was changed in it is kept for this incident."""
        editor, incident = self.editor, self._incident
        if editor is None:
            return
        if incident is not None and editor.values() != editor.merge.base:
            self._drafts[incident.id, editor.field.id] = (editor.values(), editor.merge.base)
        self._shut(editor)

    def give_up(self) -> None:
        """As if nothing had been typed."""
        if self.editor is not None:
            self._shut(self.editor)
            self.left.emit()

    def _shut(self, editor: FieldEditor) -> None:
        self.editor, self._is_sending = None, False
        self._places[editor.field.id].shut()
        self.editing.emit("")

    # -- others ------------------------------------------------------------------------------------------------------

    def show_incident(self, incident: Incident | None) -> None:
        """The incident as the desk has it now; another one shuts the editor."""
        before = self._incident
        if before is None or incident is None or before.id != incident.id:
            self.stop()
            self._incident = incident
            return
        self._incident = incident
        if not self._is_sending:
            self._flash_changed(before, incident)
            self._meet(incident)

    def _flash_changed(self, before: Incident, incident: Incident) -> None:
        for field in FIELDS:
            is_edited = self.editor is not None and self.editor.field is field
            if field.of(before) != field.of(incident) and not is_edited:
                self._places[field.id].flash()

    def _meet(self, incident: Incident) -> None:
        """What the desk has now meets what is being typed."""
        editor = self.editor
        if editor is None:
            return
        if editor.merge.meet(editor.field.of(incident), editor.values()) == "taken":
            editor.control.put(editor.merge.base)
        self._tell_conflict()

    def _tell_conflict(self) -> None:
        editor = self.editor
        if editor is None:
            return
        theirs = editor.merge.theirs
        if theirs is None:
            editor.show_conflict("", "")
        else:
            words = self._shown(editor.field.words(theirs))
            editor.show_conflict(words, self._who_changed(editor.field))

    def _who_changed(self, field: CaseField) -> str:
        line = self._story.last_change(field.columns)
        if line is None:
            return tr("card.conflict.somebody")
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        at = moment_text(line.at, now, offset_min)
        return tr("card.conflict.who", who=self._story.who(line), at=at)

    def _choose(self, choice: str) -> None:
        editor = self.editor
        if editor is None or editor.merge.theirs is None:
            return
        theirs = editor.merge.theirs
        if choice == "theirs":
            self.give_up()
            return
        if choice == "both" and editor.field.joined is not None:
            joined = editor.field.joined(theirs, editor.values())
            editor.merge.keep_mine()
            editor.control.put(editor.merge.base | joined)
            self._tell_conflict()
            editor.control.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        mine = editor.values()
        editor.merge.keep_mine()
        editor.control.put(mine)
        self.save(0)

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self, then: int) -> None:
        editor, incident = self.editor, self._incident
        if editor is None or incident is None or self._is_sending:
            return
        if editor.merge.theirs is not None:
            editor.refuse(tr("card.conflict.choose"))
            return
        sentence = editor.control.refusal()
        if sentence:
            editor.refuse(sentence)
            return
        command = editor.merge.command(incident.id, editor.values())
        if command is None:
            self._go_on(editor, then)
            return
        self._is_sending = True
        self._bridge.submit(command, lambda why: self._answered(editor, why, then))

    def _answered(self, editor: FieldEditor, sentence: str | None, then: int) -> None:
        if editor is not self.editor:
            return
        self._is_sending = False
        if sentence is None:
            self._go_on(editor, then)
            return
        newest = self._bridge.desk.incidents.get(self._incident.id) if self._incident else None
        if newest is not None:
            self._incident = newest
            self._meet(newest)
        if editor.merge.theirs is None:
            editor.refuse(sentence)

    def _go_on(self, editor: FieldEditor, then: int) -> None:
        place = FIELDS.index(editor.field) + then
        self._shut(editor)
        if self._incident is not None:
            self._incident = self._bridge.desk.incidents.get(self._incident.id, self._incident)
        if then and 0 <= place < len(FIELDS):
            self.start(FIELDS[place])
        else:
            self.left.emit()
