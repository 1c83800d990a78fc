"""The unit (力量): duty, assignments and how events change it.

Owns the fold of one unit stream and how many incidents a kind of unit may work on. Must not know where the unit is:
positions are not events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.domain import events as ev
from app.domain.field_link import (
    UNHEARD,
    UNSENT,
    Decline,
    Delivery,
    FieldMessage,
    Phone,
    RollCall,
    read_up_to,
    with_decline,
    with_message,
    without_decline,
)
from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

OFF_DUTY: Final = "off_duty"
AVAILABLE: Final = "available"
DISPATCHED: Final = "dispatched"
EN_ROUTE: Final = "en_route"
ON_SCENE: Final = "on_scene"
RETURNING: Final = "returning"
OUT_OF_SERVICE: Final = "out_of_service"

RETURNED: Final = "returned"
"""Why a unit that sent an order back is off it."""

DUTIES: Final = (AVAILABLE, RETURNING, OFF_DUTY, OUT_OF_SERVICE)
"""What a unit is while it works on nothing."""
PHASES: Final = (DISPATCHED, EN_ROUTE, ON_SCENE)
"""How far a unit is with one incident, in order."""
STATUSES: Final = (*PHASES, *DUTIES)
DISTRICT: Final = "district"
GRID: Final = "grid"
AREAS: Final = (DISTRICT, GRID)
"""What a unit belongs to and can leave."""
DISPATCHABLE: Final = frozenset({AVAILABLE, RETURNING})

CAPACITY: Final = {"mediator": 3, "grid_member": 2}
"""Kinds that may work on more than one incident at a time: a mediator keeps several disputes running."""


@plain
class Assignment(Plain):
    incident: str
    phase: str
    since_at: Instant
    answered: bool | None = None
    """Has the unit taken the task? None while it has not answered."""
    delivery: Delivery = UNSENT
    roll: RollCall = UNHEARD


@plain
class PostOrder(Plain):
    """A post (WGS-84) to which a unit was sent and has not come yet; `code` is its grid, "" for none."""

    id: str
    lat: float
    lon: float
    code: str
    since_at: Instant
    answered: bool | None = None
    """Has the unit said that it goes? None while it has not answered."""
    delivery: Delivery = UNSENT


@plain
class PostDecline(Plain):
    """An order to a post (WGS-84) that a unit would not take; `reason` in its words, "" for none."""

    order: str
    lat: float
    lon: float
    code: str
    reason: str
    at: Instant


@plain
class Unit(Plain):
    """One unit as the desk knows it now."""

    id: str
    kind: str
    call_sign: str
    duty: str = AVAILABLE
    assignments: tuple[Assignment, ...] = ()
    since_at: Instant = 0
    """When the present status began."""
    outside: tuple[tuple[str, Instant], ...] = ()
    """The areas that the unit has left, each with the instant at which it did."""
    on_duty_at: Instant = 0
    """When it came on duty last; 0 for not known."""
    off_duty_at: Instant = 0
    """When it went off duty last, which is when its rest began; 0 for not known."""
    duty_reason: str = ""
    """What was said for its duty, such as why it is out of service; "" where nothing was."""
    messages: tuple[FieldMessage, ...] = ()
    """The newest, the oldest of them first."""
    phones: tuple[Phone, ...] = ()
    declines: tuple[Decline, ...] = ()
    """Orders that it would not take, the newest last, until it is sent there again."""
    post_order: PostOrder | None = None
    """Where it moves up to; None for who is at no order, has arrived or is sent to an incident."""
    post_decline: PostDecline | None = None
    """The order to a post that it would not take last, until it is sent somewhere again or goes off."""

    @property
    def status(self) -> str:
        """The phase of the newest assignment, else the duty."""
        return self.assignments[-1].phase if self.assignments else self.duty

    @property
    def incident(self) -> str | None:
        return self.assignments[-1].incident if self.assignments else None

    @property
    def capacity(self) -> int:
        return CAPACITY.get(self.kind, 1)

    def has_left(self, area: str) -> bool:
        return any(left == area for left, _ in self.outside)

    def assignment(self, incident: str) -> Assignment | None:
        return next((a for a in self.assignments if a.incident == incident), None)

    def decline(self, incident: str) -> Decline | None:
        """How it would not go to this incident when it was asked last; None when it was not asked or has gone."""
        return next((one for one in self.declines if one.incident == incident), None)


def evolve(unit: Unit, event: ev.Event, at: Instant) -> Unit:
    """The unit after an event of its stream."""
    fold = _FOLDS.get(type(event))
    return unit if fold is None else fold(unit, event, at)


def enrolled(event: ev.UnitEnrolled, at: Instant) -> Unit:
    return Unit(event.unit, event.kind, event.call_sign, since_at=at)


def _dispatched(u: Unit, e: ev.UnitDispatched, at: Instant) -> Unit:
    added = Assignment(e.incident, DISPATCHED, at, delivery=Delivery(at))
    declines = without_decline(u.declines, e.incident) if u.declines else ()
    return replace(
        u,
        duty=AVAILABLE,
        duty_reason="",
        assignments=(*u.assignments, added),
        since_at=at,
        declines=declines,
        post_order=None,
        post_decline=None,
    )


def _change(u: Unit, incident: str, at: Instant, **facts: Any) -> Unit:
    changed = tuple(replace(a, **facts) if a.incident == incident else a for a in u.assignments)
    return replace(u, assignments=changed, since_at=at)


def _answered(u: Unit, e: ev.UnitAnswered, at: Instant) -> Unit:
    if not e.accepted:
        u = replace(u, declines=with_decline(u.declines, Decline(e.incident, e.reason, at)))
    return _change(u, e.incident, u.since_at, answered=e.accepted)


def _progressed(u: Unit, e: ev.UnitProgressed, at: Instant) -> Unit:
    changed = _change(u, e.incident, at, phase=e.phase, since_at=at)
    return _change_task(changed, e.incident, lambda a: _heard(a, at)) if e.phase == ON_SCENE else changed


def _change_task(u: Unit, incident: str, change: Callable[[Assignment], Assignment]) -> Unit:
    """As `_change`, from what the assignment was; what the unit does goes on as since it did."""
    return replace(u, assignments=tuple(change(a) if a.incident == incident else a for a in u.assignments))


def _heard(held: Assignment, at: Instant) -> Assignment:
    return replace(held, roll=held.roll.heard(at))


def _task_delivered(u: Unit, e: ev.UnitTaskDelivered, at: Instant) -> Unit:
    return _change_task(u, e.incident, lambda a: replace(a, delivery=a.delivery.delivered(at)))


def _task_read(u: Unit, e: ev.UnitTaskRead, at: Instant) -> Unit:
    return _change_task(u, e.incident, lambda a: replace(a, delivery=a.delivery.read(at)))


def _task_resent(u: Unit, e: ev.UnitTaskResent, at: Instant) -> Unit:
    return _change_task(
        u, e.incident, lambda a: replace(a, delivery=a.delivery.sent_again(at), answered=None)
    )


def _roll_answered(u: Unit, e: ev.UnitRollAnswered, at: Instant) -> Unit:
    return _change_task(u, e.incident, lambda a: _heard(a, at))


def _roll_paused(u: Unit, e: ev.UnitRollPaused, at: Instant) -> Unit:
    return _change_task(u, e.incident, lambda a: replace(a, roll=a.roll.paused(at, e.reason)))


def _roll_resumed(u: Unit, e: ev.UnitRollResumed, at: Instant) -> Unit:
    return _change_task(u, e.incident, lambda a: replace(a, roll=a.roll.resumed(at)))


def _messaged(u: Unit, e: ev.UnitMessaged, at: Instant) -> Unit:
    message = FieldMessage(e.message, e.text, e.from_unit, at, e.incident, asks_reading=e.asks_reading)
    return replace(u, messages=with_message(u.messages, message))


def _messages_read(u: Unit, e: ev.UnitMessagesRead, _at: Instant) -> Unit:
    return replace(u, messages=read_up_to(u.messages, e.message, by_unit=e.by_unit))


def _phone_paired(u: Unit, e: ev.UnitPhonePaired, at: Instant) -> Unit:
    return replace(u, phones=(*u.phones, Phone(e.phone, e.token_hash, at)))


def _phone_unpaired(u: Unit, e: ev.UnitPhoneUnpaired, _at: Instant) -> Unit:
    return replace(u, phones=tuple(phone for phone in u.phones if phone.id != e.phone))


def _released(u: Unit, e: ev.UnitReleased, at: Instant) -> Unit:
    kept = tuple(a for a in u.assignments if a.incident != e.incident)
    return replace(u, assignments=kept, since_at=at)


def _duty_changed(u: Unit, e: ev.UnitDutyChanged, at: Instant) -> Unit:
    """Out of service is no rest: who comes back from it has been on duty all the while."""
    comes_on = e.duty in DISPATCHABLE and (
        u.duty == OFF_DUTY or (not u.on_duty_at and u.duty == OUT_OF_SERVICE)
    )
    goes_off = e.duty == OFF_DUTY and u.duty != OFF_DUTY
    return replace(
        u,
        duty=e.duty,
        duty_reason=e.reason,
        since_at=at,
        post_order=u.post_order if e.duty in DISPATCHABLE else None,
        post_decline=u.post_decline if e.duty in DISPATCHABLE else None,
        on_duty_at=at if comes_on else u.on_duty_at,
        off_duty_at=at if goes_off else u.off_duty_at,
    )


def _post_ordered(u: Unit, e: ev.UnitPostOrdered, at: Instant) -> Unit:
    return replace(
        u, post_order=PostOrder(e.order, e.lat, e.lon, e.code, at, delivery=Delivery(at)), post_decline=None
    )


def _change_post(u: Unit, order: str, change: Callable[[PostOrder], PostOrder | None]) -> Unit:
    """As `change` says, as long as this is the order that the unit has."""
    held = u.post_order
    return u if held is None or held.id != order else replace(u, post_order=change(held))


def _post_left(u: Unit, e: ev.UnitPostReached | ev.UnitPostRecalled, _at: Instant) -> Unit:
    return _change_post(u, e.order, lambda _held: None)


def _post_delivered(u: Unit, e: ev.UnitPostDelivered, at: Instant) -> Unit:
    return _change_post(u, e.order, lambda held: replace(held, delivery=held.delivery.delivered(at)))


def _post_read(u: Unit, e: ev.UnitPostRead, at: Instant) -> Unit:
    return _change_post(u, e.order, lambda held: replace(held, delivery=held.delivery.read(at)))


def _post_resent(u: Unit, e: ev.UnitPostResent, at: Instant) -> Unit:
    return _change_post(
        u, e.order, lambda held: replace(held, delivery=held.delivery.sent_again(at), answered=None)
    )


def _post_answered(u: Unit, e: ev.UnitPostAnswered, at: Instant) -> Unit:
    held = u.post_order
    if held is None or held.id != e.order:
        return u
    if e.accepted:
        return replace(u, post_order=replace(held, answered=True))
    decline = PostDecline(held.id, held.lat, held.lon, held.code, e.reason, at)
    return replace(u, post_order=None, post_decline=decline)


def _left_area(u: Unit, e: ev.UnitLeftArea, at: Instant) -> Unit:
    return replace(u, outside=(*_without(u, e.area), (e.area, at)))


def _entered_area(u: Unit, e: ev.UnitEnteredArea, _at: Instant) -> Unit:
    return replace(u, outside=_without(u, e.area))


def _without(u: Unit, area: str) -> tuple[tuple[str, Instant], ...]:
    return tuple(left for left in u.outside if left[0] != area)


_FOLDS: dict[type[ev.Event], Callable[[Unit, Any, Instant], Unit]] = {
    ev.UnitDispatched: _dispatched,
    ev.UnitAnswered: _answered,
    ev.UnitProgressed: _progressed,
    ev.UnitReleased: _released,
    ev.UnitDutyChanged: _duty_changed,
    ev.UnitPostOrdered: _post_ordered,
    ev.UnitPostReached: _post_left,
    ev.UnitPostRecalled: _post_left,
    ev.UnitPostDelivered: _post_delivered,
    ev.UnitPostRead: _post_read,
    ev.UnitPostResent: _post_resent,
    ev.UnitPostAnswered: _post_answered,
    ev.UnitLeftArea: _left_area,
    ev.UnitEnteredArea: _entered_area,
    ev.UnitTaskDelivered: _task_delivered,
    ev.UnitTaskRead: _task_read,
    ev.UnitTaskResent: _task_resent,
    ev.UnitRollAnswered: _roll_answered,
    ev.UnitRollPaused: _roll_paused,
    ev.UnitRollResumed: _roll_resumed,
    ev.UnitMessaged: _messaged,
    ev.UnitMessagesRead: _messages_read,
    ev.UnitPhonePaired: _phone_paired,
    ev.UnitPhoneUnpaired: _phone_unpaired,
}
