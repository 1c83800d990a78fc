"""The shelf: alarms that an officer has put aside, with a reason and an end.

Owns what a shelf covers and the fold of one shelf's stream. Must not judge (alarm_rules.py). A shelf never covers an
emergency, a P1, or anything more urgent than what it was made for.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from app.domain import events as ev
from app.domain.alarm import Alarm
from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

ALARM: Final = "alarm"
DEVICE: Final = "device"
TYPE_AT_PLACE: Final = "type_at_place"
SCOPES: Final = (ALARM, DEVICE, TYPE_AT_PLACE)

SHELVED: Final = "shelved"
UNSHELVED: Final = "unshelved"

ShelfKey: TypeAlias = tuple[str, ...]
"""(scope, what): equal for every alarm that the same shelf covers."""


@plain
class Shelf(Plain):
    """`priority` is that of the alarm it was made for; `reviewed_at` is when somebody last said that it is to stay."""

    id: str
    scope: str
    alarm: str
    device: str
    alarm_type: str
    place: str
    priority: int
    title: str
    reason: str
    shelved_at: Instant
    expires_at: Instant
    actor: str
    desk: str
    status: str = SHELVED
    reviewed_at: Instant | None = None
    reviewed_by: str = ""

    @property
    def key(self) -> ShelfKey:
        if self.scope == ALARM:
            return ALARM, self.alarm
        if self.scope == DEVICE:
            return DEVICE, self.device
        return TYPE_AT_PLACE, self.alarm_type, self.place

    def is_active(self, at: Instant) -> bool:
        """It ends by itself: no event has to say so."""
        return self.status == SHELVED and at < self.expires_at

    def is_reviewed(self, since: Instant) -> bool:
        """Whether somebody has looked at it, or made it, in the shift that began at `since`."""
        return self.reviewed_at is not None and self.reviewed_at >= since

    def covers(self, alarm: Alarm) -> bool:
        return can_be_shelved(alarm) and alarm.priority >= self.priority and self.key in keys_of(alarm)


def can_be_shelved(alarm: Alarm) -> bool:
    """A matter of life is never put aside."""
    return not alarm.emergency and alarm.priority > 1


def key_of(alarm: Alarm, scope: str) -> ShelfKey | None:
    """What a shelf of this scope would be called; None when the alarm does not say enough for it."""
    if scope == ALARM:
        return ALARM, alarm.id
    if scope == DEVICE:
        return (DEVICE, alarm.origin) if alarm.origin else None
    return (TYPE_AT_PLACE, alarm.alarm_type, alarm.place) if alarm.place else None


def keys_of(alarm: Alarm) -> tuple[ShelfKey, ...]:
    """From the narrowest scope to the widest."""
    return tuple(key for scope in SCOPES if (key := key_of(alarm, scope)) is not None)


def shelved(e: ev.AlarmShelved, at: Instant, actor: str, desk: str) -> Shelf:
    return Shelf(
        e.shelf,
        e.scope,
        e.alarm,
        e.device,
        e.alarm_type,
        e.place,
        e.priority,
        e.title,
        e.reason,
        at,
        e.expires_at,
        actor,
        desk,
    )


def evolve(shelf: Shelf, event: ev.Event, at: Instant, actor: str) -> Shelf:
    match event:
        case ev.AlarmUnshelved():
            return replace(shelf, status=UNSHELVED)
        case ev.ShelfReviewed():
            return replace(shelf, reviewed_at=at, reviewed_by=actor)
    return shelf
