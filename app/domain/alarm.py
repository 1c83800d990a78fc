"""The alarm: a machine's call for a look. It is no incident until an officer accepts it.

Owns the fold of one alarm stream. Must not make incidents: see alarm_rules.py.
"""

from __future__ import annotations

from typing import Final

from app.domain import events as ev
from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

RAISED: Final = "raised"
ACKNOWLEDGED: Final = "acknowledged"
ACCEPTED: Final = "accepted"
CLEARED: Final = "cleared"
CANCELLED: Final = "cancelled"

LIVE: Final = frozenset({RAISED, ACKNOWLEDGED})
"""What still asks for something."""


@plain
class Alarm(Plain):
    """`emergency` ones end by a person's word only; `returned_at` is when the source said that all is well again."""

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
    device: str = ""
    emergency: bool = False
    returned_at: Instant | None = None

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def origin(self) -> str:
        """The one device that raised it, "" when the source does not say which."""
        return self.device or self.camera or ""

    @property
    def place(self) -> str:
        """The grid, "" when it is not known."""
        return self.grid or ""


def raised(e: ev.AlarmRaised, at: Instant) -> Alarm:
    return Alarm(
        e.alarm,
        e.source,
        e.alarm_type,
        e.priority,
        e.title,
        at,
        RAISED,
        e.lat,
        e.lon,
        e.grid,
        e.camera,
        device=e.device,
        emergency=e.emergency,
    )


def evolve(alarm: Alarm, event: ev.Event, at: Instant) -> Alarm:
    match event:
        case ev.AlarmCleared():
            return replace(alarm, status=CLEARED)
        case ev.AlarmReturned():
            return replace(alarm, returned_at=at)
        case ev.AlarmAcknowledged():
            return replace(alarm, status=ACKNOWLEDGED)
        case ev.AlarmAccepted():
            return replace(alarm, status=ACCEPTED, incident=event.incident)
        case ev.AlarmCancelled():
            return replace(alarm, status=CANCELLED)
    return alarm
