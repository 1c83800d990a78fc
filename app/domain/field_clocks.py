"""What is overdue between the desk and a unit: an order that nobody takes, a roll call that nobody answers.

Owns the derivation from state and declared limits; it keeps nothing, so a restart changes nothing. Must not read a
clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.domain.desk import Desk
from app.domain.field_limits import FieldLimits, TaskLimits
from app.domain.field_link import Decline, Delivery
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import DISPATCHED, EN_ROUTE, ON_SCENE, Assignment, PostDecline, PostOrder

Stage = Literal["sent", "delivered", "read", "accepted", "en_route", "on_scene"]
STAGES: Final[tuple[Stage, ...]] = ("sent", "delivered", "read", "accepted", "en_route", "on_scene")
Awaited = Literal["delivery", "reading", "answer"]
RollState = Literal["running", "due", "overdue", "paused"]


@dataclass(frozen=True, slots=True)
class Wait:
    """What an order still waits for, and until when it may."""

    awaited: Awaited
    due_at: Instant


@dataclass(frozen=True, slots=True)
class Roll:
    """`due_at` is when the unit is to be asked again, or was to be."""

    state: RollState
    due_at: Instant


def stage(held: Assignment) -> Stage:
    """How far a unit is, in the finest steps that are known. Whatever comes later implies what comes before."""
    if held.phase == ON_SCENE:
        return "on_scene"
    return "en_route" if held.phase == EN_ROUTE else _order_stage(held.answered, held.delivery)


def post_stage(order: PostOrder) -> Stage:
    """How far an order to a post is; being there ends it."""
    return _order_stage(order.answered, order.delivery)


def _order_stage(answered: bool | None, delivery: Delivery) -> Stage:
    if answered:
        return "accepted"
    if delivery.read_at is not None:
        return "read"
    return "sent" if delivery.delivered_at is None else "delivered"


def wait(held: Assignment, incident: Incident, limits: FieldLimits) -> Wait | None:
    """None once the unit has answered or set out."""
    if held.phase != DISPATCHED:
        return None
    return _wait(held.answered, held.delivery, limits.task(incident.priority))


def _wait(answered: bool | None, delivery: Delivery, allowed: TaskLimits) -> Wait | None:
    sent_at = delivery.sent_at
    match _order_stage(answered, delivery):
        case "accepted":
            return None
        case "sent":
            return Wait("delivery", sent_at + allowed.deliver_ms)
        case "delivered":
            return Wait("reading", sent_at + allowed.read_ms)
        case _:
            return Wait("answer", sent_at + allowed.answer_ms)


def overdue(held: Assignment, incident: Incident, limits: FieldLimits, now: Instant) -> Wait | None:
    """The wait that has lasted too long."""
    return _if_over(wait(held, incident, limits), now)


def post_overdue(order: PostOrder, limits: FieldLimits, now: Instant) -> Wait | None:
    """As `overdue`, of an order to a post."""
    return _if_over(_wait(order.answered, order.delivery, limits.post), now)


def _if_over(found: Wait | None, now: Instant) -> Wait | None:
    return found if found is not None and now > found.due_at else None


def is_post_unfilled(desk: Desk, decline: PostDecline) -> bool:
    """Whether nobody else was sent to a post since a unit would not go there."""
    place = (decline.code, decline.lat, decline.lon)
    orders = (unit.post_order for unit in desk.units.values() if unit.post_order is not None)
    return all((o.code, o.lat, o.lon) != place or o.since_at < decline.at for o in orders)


def is_unreplaced(desk: Desk, incident: Incident, decline: Decline) -> bool:
    """Whether nobody was sent there since a unit would not go. To send an order again is to send nobody else."""
    if not incident.is_open:
        return False
    held = (desk.units[unit].assignment(incident.id) for unit in incident.units)
    return all(one is None or one.delivery.resent or one.delivery.sent_at < decline.at for one in held)


def roll(held: Assignment, incident: Incident, limits: FieldLimits, now: Instant) -> Roll | None:
    """None for who is not on scene, and where the centre asks nobody."""
    every_ms = limits.roll_every_ms(incident.incident_type, incident.priority)
    if held.phase != ON_SCENE or not every_ms:
        return None
    due_at = held.roll.heard_at + every_ms
    if held.roll.paused_at is not None:
        return Roll("paused", due_at)
    if now <= due_at:
        return Roll("running", due_at)
    return Roll("due" if now <= due_at + limits.grace_ms else "overdue", due_at)
