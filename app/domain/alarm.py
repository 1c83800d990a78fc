"""The alarm: a machine's call for a look. It is no incident until an officer accepts it.

Owns the fold of one alarm stream. Must not make incidents: see decide.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.domain import events as ev
from app.domain.instants import Instant

RAISED: Final = "raised"
ACKNOWLEDGED: Final = "acknowledged"
ACCEPTED: Final = "accepted"
CLEARED: Final = "cleared"


@dataclass(frozen=True, slots=True)
class Alarm:
    id: str
    source: str
    alarm_type: str
    priority: int
    title: str
    raised_at: Instant
    status: str = RAISED
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    camera: str | None = None
    incident: str | None = None


def raised(e: ev.AlarmRaised, at: Instant) -> Alarm:
    return Alarm(
        e.alarm, e.source, e.alarm_type, e.priority, e.title, at, RAISED, e.lat, e.lon, e.grid, e.camera
    )


def evolve(alarm: Alarm, event: ev.Event) -> Alarm:
    match event:
        case ev.AlarmCleared():
            return replace(alarm, status=CLEARED)
        case ev.AlarmAcknowledged():
            return replace(alarm, status=ACKNOWLEDGED)
        case ev.AlarmAccepted():
            return replace(alarm, status=ACCEPTED, incident=event.incident)
    return alarm
