"""Owns a choice of several units at once: who of them can go, who was lost meanwhile, what is said of those.

Must not send anybody and must not know an order of candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.incident import Incident
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.dispatch_candidates import CandidateModel, ChosenUnits
from widgets.models.dispatch_listing import can_go
from widgets.models.incident_queue import named
from widgets.parts.refusal_bar import RefusalBar


class DispatchChoice:
    """`chosen` waits with each incident until it is sent."""

    def __init__(
        self, bridge: Bridge, candidates: CandidateModel, refusal: RefusalBar, name: Callable[[str], str]
    ) -> None:
        self._bridge, self._candidates, self._refusal, self._name = bridge, candidates, refusal, name
        self.chosen = ChosenUnits()
        self._emptied: dict[str, tuple[str, str]] = {}

    def add(self, incident: Incident | None, units: Iterable[str]) -> list[str]:
        """Chooses all of these that can be sent, besides who is chosen already; returns who cannot go."""
        at_work = incident.units if incident is not None else ()
        desk, key = self._bridge.desk, incident.id if incident is not None else ""
        wanted = [unit for unit in units if unit in desk.units and unit not in at_work]
        for unit in wanted:
            if can_go(desk, unit, incident) and unit not in self.chosen.of(key):
                self.chosen.toggle(key, unit)
        return [unit for unit in wanted if not can_go(desk, unit, incident)]

    def say_cannot_go(self, units: list[str]) -> None:
        """Names them, with why the first of them stays."""
        if not units:
            return
        row = self._candidates.get(units[0])
        status = named("terms.unit_status", self._bridge.desk.units[units[0]].status)
        why = tr("dispatch.not_chosen_why", why=row.why if row is not None else status)
        names = " ".join(self._name(unit) for unit in units)
        self._refusal.show_refusal(names, tr("dispatch.not_chosen"), why)

    def drop_lost(self, incident: Incident, why_not: Callable[[str, str], str]) -> None:
        """Whom somebody else has sent meanwhile cannot stay chosen: that would refuse the whole party."""
        desk = self._bridge.desk
        lost = [unit for unit in self.chosen.of(incident.id) if not can_go(desk, unit, incident)]
        self.chosen.take_out(incident.id, lost)
        taken = [unit for unit in lost if unit not in incident.units]
        if not taken:
            return
        told = " ".join(self._name(unit) for unit in taken), why_not(incident.id, taken[0])
        if not self.chosen.of(incident.id):
            self._emptied[incident.id] = told
        self._say_taken_out(*told)

    def _say_taken_out(self, names: str, why: str) -> None:
        self._refusal.show_refusal(names, tr("dispatch.taken_out"), why)

    def was_emptied(self, incident: str) -> bool:
        """Has somebody else taken all who were chosen, and has the officer not said since who shall go instead?"""
        return incident in self._emptied

    def say_emptied(self, incident: str) -> None:
        """Tells once more who was taken."""
        self._say_taken_out(*self._emptied[incident])

    def made_anew(self, incident: str) -> None:
        """The officer has had his hand on the choice."""
        self._emptied.pop(incident, None)
