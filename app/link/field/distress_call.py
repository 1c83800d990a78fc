"""The emergency button of a phone: what alarm it becomes, and where that is.

Owns which place is believed first. Must not raise it: the server gives it to the bus like every other act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from app.domain import commands as cmd
from app.domain.field_causes import EMERGENCY, Cause
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import Unit
from app.journal.store import TrackPoint
from app.link.field.acts import FieldAct
from app.service.emergency_words import PHONE, emergency_title

_MARK_SIGNS: Final = 12
FRESH_MS: Final = 30 * 60_000
"""An older position says less about where a unit is than what it was sent to."""


class Place(NamedTuple):
    """`how` it is known names a text: phone, fix, task, old_fix or post."""

    lat: float
    lon: float
    how: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the desk knows of where a unit may be; `post` is where it stands by."""

    now: Instant
    fix: TrackPoint | None = None
    incident: Incident | None = None
    post: tuple[float, float] | None = None

    def place(self, act: FieldAct) -> Place | None:
        """Where to send help: what the phone says, a fresh position, the task, an old position, the post."""
        fix, incident = self.fix, self.incident
        if act.lat is not None and act.lon is not None:
            return Place(act.lat, act.lon, PHONE)
        if fix is not None and self.now - fix.at <= FRESH_MS:
            return Place(fix.lat, fix.lon, "fix")
        if incident is not None and incident.lat is not None and incident.lon is not None:
            return Place(incident.lat, incident.lon, "task")
        if fix is not None:
            return Place(fix.lat, fix.lon, "old_fix")
        return Place(*self.post, "post") if self.post is not None else None


def distress_call(
    act: FieldAct, unit: Unit, where: Whereabouts, code_at: Callable[[float, float], str | None]
) -> cmd.RaiseAlarm:
    """The alarm; its title says how its place is known, its id says the same to desks that speak otherwise."""
    place = where.place(act)
    how = place.how if place is not None else "none"
    incident = where.incident
    cause = Cause(unit.id, incident.id if incident is not None else "", EMERGENCY, f"{how}.{_mark(act.id)}")
    key, number = cause.key, incident.number.rpartition("-")[2] if incident is not None else ""
    return cmd.RaiseAlarm(
        key,
        "field",
        key,
        "officer_down",
        1,
        emergency_title(unit.call_sign, number, how),
        place.lat if place is not None else None,
        place.lon if place is not None else None,
        code_at(place.lat, place.lon) if place is not None else None,
        device=cause.device,
    )


def _mark(act: str) -> str:
    """Tells one press from another in few signs: no limit of an id may stand in the way of a call for help."""
    return sha256(act.encode()).hexdigest()[:_MARK_SIGNS]
