"""Owns telling this desk that another one has taken an incident out of its hand. Must not judge a claim."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.domain.incident import Incident
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import minute_text
from widgets.models.desk_marks import officer_name
from widgets.models.unit_board import number_tail


class TakenOver(QObject):
    """`told` carries which incident, what has happened, and by whom."""

    told = Signal(str, str, str)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._own: set[str] = set()
        bridge.incidents_changed.connect(self._changed)

    def begin(self) -> None:
        """What is in hand here now."""
        self._own = {key for key, one in self._bridge.desk.incidents.items() if self._is_own(one)}

    def _is_own(self, incident: Incident) -> bool:
        return incident.claim is not None and incident.claim.desk == self._bridge.app.config.desk

    def _changed(self, keys: Iterable[str]) -> None:
        for key in keys:
            incident = self._bridge.desk.incidents[key]
            was_own, is_own = key in self._own, self._is_own(incident)
            (self._own.add if is_own else self._own.discard)(key)
            if was_own and not is_own and incident.claim is not None:
                self._tell(incident)

    def _tell(self, incident: Incident) -> None:
        claim, bridge = incident.claim, self._bridge
        assert claim is not None
        at = minute_text(claim.at, bridge.clock.now(), bridge.district.utc_offset_min)
        by = tr("desks.taken_over.by", desk=claim.desk, officer=officer_name(claim.actor), at=at)
        self.told.emit(number_tail(incident.number), tr("desks.taken_over"), by)
