"""What an alarm of the field link is about, read from the alarm itself, and whether that still is so.

Owns the id that two desks give to the same matter, and the derivation from state alone: a desk with other limits must
not take back what another one has raised. Must not know limits: field_clocks.py says what is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.distress import DEVICE
from app.domain.field_clocks import Stage, is_post_unfilled, is_unreplaced, post_stage, stage
from app.domain.field_link import Delivery, FieldMessage
from app.domain.unit import DISPATCHED, OFF_DUTY, ON_SCENE, Assignment, Unit

SOURCE: Final = "field"
ROLL, REQUEST, DECLINED, MESSAGE = "roll", "request", "declined", "message"
UNHEARD: Final = "unheard"
"""What the desk wrote and the unit has not read."""
EMERGENCY: Final = DEVICE.rstrip(":")
"""A unit's own call for help; `which` says how its place is known, then the act of its phone."""
_AWAITED: Final = {
    "delivery": ("sent",),
    "reading": ("sent", "delivered"),
    "answer": ("sent", "delivered", "read"),
}
"""As long as an order is no further than this, what is awaited has not come."""


@dataclass(frozen=True, slots=True)
class Cause:
    """`what` is delivery, reading, answer, roll, request, declined, message, unheard or EMERGENCY.

    `which` tells it from an earlier one.

    Of an order that is when it was sent, of a roll call when the unit was heard of last, of a decline when it was said.
    Without an incident it is about an order to a post, or a message about nothing in particular.
    """

    unit: str
    incident: str
    what: str
    which: str

    @property
    def key(self) -> str:
        """The id of its alarm, the same on every desk."""
        return f"{SOURCE}-{self.unit}-{self.incident}-{self.what}-{self.which}"

    @property
    def device(self) -> str:
        """One row of the lane for each matter."""
        return f"{self.what}:{self.unit}"


def cause_of(alarm: Alarm) -> Cause | None:
    """None for every alarm that is none of the field link's own."""
    what, _, unit = alarm.device.partition(":")
    prefix, infix = f"{SOURCE}-{unit}-", f"-{what}-"
    if alarm.source != SOURCE or not alarm.id.startswith(prefix):
        return None
    incident, found, which = alarm.id.removeprefix(prefix).partition(infix)
    return Cause(unit, incident, what, which) if found else None


def stands(desk: Desk, cause: Cause) -> bool:
    """Whether what an alarm was raised for still is so."""
    unit, incident = desk.units.get(cause.unit), desk.incidents.get(cause.incident)
    if unit is not None and cause.what == MESSAGE:
        return any(m.id == cause.which and m.from_unit and not m.is_read for m in unit.messages)
    if unit is not None and cause.what == UNHEARD:
        return any(message.id == cause.which for message in awaited_messages(desk, unit))
    if unit is not None and not cause.incident:
        return _stands_of_post(desk, unit, cause)
    if unit is None or incident is None or not incident.is_open:
        return False
    if cause.what == REQUEST:
        return any(asked.id == cause.which for asked in incident.open_requests)
    if cause.what == DECLINED:
        decline = unit.decline(incident.id)
        return decline is not None and is_unreplaced(desk, incident, decline)
    held = unit.assignment(incident.id)
    if held is None:
        return False
    return _is_silent(held, cause) if cause.what == ROLL else _is_awaited(held, cause)


def awaited_messages(desk: Desk, unit: Unit) -> list[FieldMessage]:
    """What the desk still wants a unit to read, the oldest first: one with a phone, on duty, and of open matters."""
    if not unit.phones or unit.duty == OFF_DUTY:
        return []
    return [m for m in unit.messages if m.is_awaited and _is_of_now(desk, m)]


def _is_of_now(desk: Desk, message: FieldMessage) -> bool:
    incident = desk.incidents.get(message.incident)
    return incident is None or incident.is_open


def _stands_of_post(desk: Desk, unit: Unit, cause: Cause) -> bool:
    if cause.what == DECLINED:
        decline = unit.post_decline
        return decline is not None and str(decline.at) == cause.which and is_post_unfilled(desk, decline)
    order = unit.post_order
    return order is not None and _is_short(post_stage(order), order.delivery, cause)


def _is_silent(held: Assignment, cause: Cause) -> bool:
    """`which` is when the unit had been heard of last."""
    return held.phase == ON_SCENE and held.roll.paused_at is None and held.roll.heard_at <= int(cause.which)


def _is_awaited(held: Assignment, cause: Cause) -> bool:
    return held.phase == DISPATCHED and _is_short(stage(held), held.delivery, cause)


def _is_short(stage: Stage, delivery: Delivery, cause: Cause) -> bool:
    """Whether the same order still is no further than what is awaited."""
    return str(delivery.sent_at) == cause.which and stage in _AWAITED.get(cause.what, ())
