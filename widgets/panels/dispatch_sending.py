"""Owns the commands of the dispatch panel that are on their way: a party is sent once, however often a key is pressed.

Must not choose whom to send.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.commands import DispatchUnits
from app.domain.incident import Incident
from app.i18n import tr
from app.service.refusals import refusal_text
from widgets.bridge import Bridge


class DispatchSending(QObject):
    """`sent` carries the incident whose units are on their way, `refused` (incident, sentence)."""

    sent = Signal(object)
    refused = Signal(object, str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._under_way: set[str] = set()

    def is_sending(self, incident: str) -> bool:
        return incident in self._under_way

    def why_not(self, incident: str, unit: str) -> str:
        """Why the desk would not let a unit go to an incident now, and by whom; in general words where it would."""
        app = self._bridge.app
        refusal = app.bus.refusal_of(DispatchUnits(incident, (unit,)), app.context())
        return refusal_text(refusal) if refusal is not None else tr("dispatch.taken_out_why")

    def send(self, incident: Incident, units: tuple[str, ...], reason: str = "", level: int = 0) -> None:
        """`reason`: why units go that the run card bars. `level`: the alarm level that the officer has chosen."""
        self._under_way.add(incident.id)

        def answered(sentence: str | None) -> None:
            self._under_way.discard(incident.id)
            if sentence is None:
                self.sent.emit(incident)
            else:
                self.refused.emit(incident, sentence)

        self._bridge.submit(DispatchUnits(incident.id, units, reason, level), answered)
