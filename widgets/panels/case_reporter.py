"""Owns who reported, on the card: a mask until a purpose was given and recorded, then the person, for this look only.

Must not keep a person longer than its incident is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.incident import Incident
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.case_facts import CaseFacts

if TYPE_CHECKING:
    from app.bootstrap import Person


class CaseReporter(QObject):
    """Fills the reporter's line of `facts`. `revealed` says that free text may be shown as it is now."""

    revealed = Signal()
    refused = Signal(str)

    def __init__(self, bridge: Bridge, facts: CaseFacts) -> None:
        super().__init__(facts)
        self._bridge, self._facts = bridge, facts
        self._ref: str | None = None
        self._incident = ""
        self._text = ""
        self._is_known = False
        self._clear = False
        facts.reveal_wanted.connect(self._reveal)

    def masks(self, incident: Incident) -> bool:
        """Whether free text of this incident hides numbers: while its reporter does. Nobody to protect, no mask."""
        return incident.person_ref is not None and not self._clear

    def show_incident(self, incident: Incident) -> None:
        if incident.person_ref != self._ref:
            self.forget()
            self._ref, self._incident = incident.person_ref, incident.id
            if self._ref is not None:
                self._fetch_mask(self._ref)
        self._show()

    def forget(self) -> None:
        """Nobody is looked at any more."""
        self._ref, self._text, self._clear, self._is_known = None, "", False, False
        self._facts.forget_purpose()

    def _fetch_mask(self, ref: str) -> None:
        def done(person: Person | None) -> None:
            if ref == self._ref and not self._clear:
                self._take(person)

        self._bridge.fetch(self._bridge.app.masked_person(ref), done)

    def _reveal(self, purpose: str) -> None:
        ref = self._ref
        if ref is None:
            return

        def done(person: Person | None) -> None:
            if ref == self._ref:
                self._clear = True
                self._facts.forget_purpose()
                self._take(person)
                self.revealed.emit()

        self._bridge.fetch(self._bridge.app.person(self._incident, purpose), done, self.refused.emit)

    def _take(self, person: Person | None) -> None:
        self._is_known = person is not None
        self._text = "  ".join(part for part in (person.name, person.phone) if part) if person else ""
        self._show()

    def _show(self) -> None:
        if self._ref is None:
            self._facts.show_reporter(tr("case.nobody"), can_reveal=False)
        elif self._text:
            self._facts.show_reporter(self._text, can_reveal=not self._clear)
        else:
            self._facts.show_reporter(tr("case.erased"), can_reveal=False)

    def retranslate(self) -> None:
        """The language has changed."""
        self._show()
