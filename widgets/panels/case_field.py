"""Owns what the card says of the work on scene: the checklist, who may call the reporter, the receipt of a hand-over.

Must not judge: what is ticked, released or received becomes a command, and a refusal is told by the card.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.domain import commands as cmd
from app.domain.incident import Incident
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.panels.case_checklist import CaseChecklist
from widgets.panels.case_section import CaseSection
from widgets.panels.case_words import Names

Tell = Callable[[str, str], None]
"""(what, sentence): why something was not done, shown on the card."""
_RECEIPT: Final = ("told", "received_by", "reference")


class CaseField(QWidget):
    """Three sections, each there only while it has something to say. `left` gives the keyboard back to the card."""

    left = Signal()

    def __init__(self, bridge: Bridge, names: Names, tell: Tell) -> None:
        super().__init__()
        self.bridge, self._names, self._tell = bridge, names, tell
        self._incident: Incident | None = None
        self.purpose, self.release = QLineEdit(), QPushButton()
        self.fields = {name: QLineEdit() for name in _RECEIPT}
        self.received, self.record = QLabel(), QPushButton()
        self.checklist = CaseChecklist(bridge, names)
        self.reporter = CaseSection(self.purpose, self.release)
        self.receipt = CaseSection(self.received, *self.fields.values(), self.record)
        self._lay_out()
        self.checklist.ticked.connect(self._tick)
        self.release.clicked.connect(self._release)
        self.purpose.returnPressed.connect(self._release)
        self.record.clicked.connect(self._record)
        bridge.units_changed.connect(self._units_changed)

    def _lay_out(self) -> None:
        column = QGridLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for place, section in enumerate((self.checklist, self.reporter, self.receipt)):
            column.addWidget(section, place, 0)
        self.received.setWordWrap(True)
        self.received.setTextFormat(Qt.TextFormat.PlainText)
        self.purpose.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        edits = list(self.fields.values())
        for edit, following in pairwise(edits):
            edit.returnPressed.connect(following.setFocus)
        edits[-1].returnPressed.connect(self._record)

    @property
    def unticked(self) -> int:
        """How many lines of the checklist are not done."""
        return sum(not box.isChecked() for box in self.checklist.boxes.values())

    def show_incident(self, incident: Incident) -> None:
        """The incident as it is now; what is being typed for it stays."""
        if self._incident is None or incident.id != self._incident.id:
            for edit in (self.purpose, *self.fields.values()):
                edit.clear()
        self._incident = incident
        self.checklist.show_incident(incident)
        self._show_reporter(incident)
        self._show_receipt(incident)
        self.setVisible(any(not part.isHidden() for part in (self.checklist, self.reporter, self.receipt)))

    def _units_changed(self, keys: Collection[str]) -> None:
        """One of its units may have a phone now."""
        if self._incident is not None and any(unit in keys for unit in self._incident.units):
            self.show_incident(self.bridge.desk.incidents[self._incident.id])

    def _tick(self, item: str, done: bool) -> None:
        assert self._incident is not None
        self._submit(cmd.TickItem(self._incident.id, item, done), self.checklist.heading)

    # -- the reporter --------------------------------------------------------------------------------------------------

    def _waiting(self, incident: Incident) -> list[str]:
        """Units on it that have a phone and may not see the reporter's number yet."""
        units = self.bridge.desk.units
        return [u for u in incident.units if u not in incident.released_to and u in units and units[u].phones]

    def _show_reporter(self, incident: Incident) -> None:
        waiting = self._waiting(incident) if incident.person_ref is not None and incident.is_open else []
        self.reporter.show_title(tr("field.card.release"), has_content=bool(waiting))
        self.purpose.setPlaceholderText(tr("field.card.purpose"))
        self.purpose.setAccessibleName(tr("field.card.purpose"))
        if waiting:
            self.release.setText(tr("field.card.release_to", unit=self._names.unit(waiting[0])))

    def _release(self) -> None:
        assert self._incident is not None
        waiting, purpose = self._waiting(self._incident), self.purpose.text().strip()
        if not waiting or not purpose:
            self.purpose.setFocus()
            return
        self._submit(cmd.ReleaseReporter(self._incident.id, waiting[0], purpose), tr("field.card.release"))
        self.purpose.clear()

    # -- the hand-over -------------------------------------------------------------------------------------------------

    def _show_receipt(self, incident: Incident) -> None:
        is_over = bool(incident.department) and incident.handed_over_at is not None
        self.receipt.show_title(tr("field.card.receipt", department=incident.department), has_content=is_over)
        known = incident.receipt
        if known is not None and any(part.hasFocus() for part in (*self.fields.values(), self.record)):
            self.left.emit()
        self.received.setVisible(known is not None)
        self.received.setText(self.receipt_text(incident))
        for name, edit in self.fields.items():
            edit.setVisible(known is None)
            edit.setPlaceholderText(tr(f"field.card.{name}"))
            edit.setAccessibleName(tr(f"field.card.{name}"))
        self.record.setVisible(known is None)
        self.record.setText(tr("field.card.record"))

    def receipt_text(self, incident: Incident) -> str:
        """Who took it over when and what was told, for screen and paper; "" while there is no receipt."""
        known = incident.receipt
        if known is None:
            return ""
        at = clock_text(known.at, self.bridge.district.utc_offset_min)
        said = [tr("field.card.received", at=at, by=known.received_by)]
        for key, value in (("reference", known.reference), ("told", known.told)):
            said += [tr(f"field.card.received_{key}", value=value)] if value else []
        return tr("triage.separator").join(said)

    def printed(self) -> Iterator[tuple[str, list[str]]]:
        """Titles and lines for the page on paper: the hand-over, and what of the checklist is done."""
        incident = self._incident
        if incident is None:
            return
        receipt = self.receipt_text(incident)
        yield tr("field.card.receipt", department=incident.department), [receipt] if receipt else []
        yield self.checklist.heading, list(self.checklist.printed())

    def _record(self) -> None:
        assert self._incident is not None
        given = [self.fields[name].text() for name in _RECEIPT]
        self._submit(cmd.RecordHandOverReceipt(self._incident.id, *given), tr("field.card.record"))

    def _submit(self, command: cmd.Command, what: str) -> None:
        def answered(sentence: str | None) -> None:
            if sentence is not None:
                self._tell(what, sentence)
                if self._incident is not None:
                    self.show_incident(self._incident)

        self.bridge.submit(command, answered)
