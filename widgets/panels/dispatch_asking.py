"""Owns the questions of the dispatch panel while they are worked out aside: one at a time, none answered twice.

Must not show anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.incident import Incident
from widgets.bridge import Bridge

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage
    from app.service.dispatching import Advice


class DispatchAsking(QObject):
    """`advised` carries an Advice, `covered` (incident, Coverage), `failed` a sentence."""

    advised = Signal(object)
    covered = Signal(str, object)
    failed = Signal(str)

    def __init__(self, bridge: Bridge, most: int) -> None:
        super().__init__()
        self._bridge, self._most = bridge, most
        self.is_busy = False
        self.why_not = ""
        """Why the last question about candidates was not answered."""

    def ask(self, incident: Incident, level: int | None, besides: frozenset[str]) -> bool:
        """Whether it was asked: not while another question is open. `besides` are listed whatever their place."""
        if self.is_busy:
            return False
        self.is_busy = True
        reading = self._bridge.app.dispatching.advise(incident, level, self._most, besides)
        self._bridge.fetch(reading, self._answered, self._refused)
        return True

    def ask_cover(self, advice: Advice, sent: tuple[str, ...]) -> None:
        """What is left behind when these go."""
        kinds, incident = advice.recommendation.response.leading_kinds, advice.incident
        reading = self._bridge.app.dispatching.cover(incident, kinds, sent)

        def covered(cover: Coverage) -> None:
            self.covered.emit(incident.id, cover)

        self._bridge.fetch(reading, covered, self.failed.emit)

    def _answered(self, advice: Advice) -> None:
        self.is_busy, self.why_not = False, ""
        self.advised.emit(advice)

    def _refused(self, why: str) -> None:
        self.is_busy, self.why_not = False, why
        self.failed.emit(why)
