"""Whether a unit may be sent to a post, how far the order is, and whether the unit is there or may be called back.

Owns these rules. Must not know where a unit is: who watches positions says that it is there.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain import field_link as fl
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import MAX_REASON, known_unit, plain_line, reason_given, sane_code, sane_position
from app.domain.ids import unit_stream
from app.domain.masking import mask_text
from app.domain.unit import DISPATCHABLE, PostOrder, Unit


def order_to_post(desk: Desk, c: cmd.OrderToPost) -> Changes:
    """Only who is free moves up: work goes before. A newer order takes the place of an older one."""
    unit = known_unit(desk, c.unit)
    sane_code(unit.id, "order", c.order)
    sane_position(unit.id, c.lat, c.lon)
    if c.code:
        sane_code(unit.id, "grid", c.code)
    if unit.post_order is not None and unit.post_order.id == c.order:
        return []
    if unit.assignments or unit.duty not in DISPATCHABLE:
        raise Refusal("post_unit_not_free", unit.id, unit=unit.id, status=unit.status)
    return _told(unit, ev.UnitPostOrdered(unit.id, c.order, c.lat, c.lon, c.code))


def reach_post(desk: Desk, c: cmd.ReachPost) -> Changes:
    unit = known_unit(desk, c.unit)
    held = _held(unit, c.order)
    return [] if held is None else _told(unit, ev.UnitPostReached(unit.id, held.id, held.code))


def note_post_delivery(desk: Desk, c: cmd.NotePostDelivery) -> Changes:
    """Reports come in any order, late and twice: what is known already, or no longer matters, changes nothing."""
    unit = known_unit(desk, c.unit)
    if c.stage not in fl.STAGES:
        raise Refusal("delivery_stage_unknown", unit.id, stage=c.stage)
    held = _held(unit, c.order)
    if held is None or held.answered or held.delivery.knows(c.stage):
        return []
    event = ev.UnitPostDelivered if c.stage == fl.DELIVERED else ev.UnitPostRead
    return _told(unit, event(unit.id, held.id))


def answer_post(desk: Desk, c: cmd.AnswerPost) -> Changes:
    """Declining gives the order back, also after it was taken."""
    unit = known_unit(desk, c.unit)
    held = _held(unit, c.order)
    if held is None or (c.accepted and held.answered):
        return []
    reason = mask_text(plain_line(unit.id, "reason", c.reason, MAX_REASON))
    return _told(unit, ev.UnitPostAnswered(unit.id, held.id, c.accepted, reason, held.code))


def resend_post(desk: Desk, c: cmd.ResendPost) -> Changes:
    unit = known_unit(desk, c.unit)
    return _told(unit, ev.UnitPostResent(unit.id, _ordered(unit).id))


def recall_from_post(desk: Desk, c: cmd.RecallFromPost) -> Changes:
    unit = known_unit(desk, c.unit)
    held = _ordered(unit)
    reason = mask_text(reason_given(unit.id, c.reason))
    return _told(unit, ev.UnitPostRecalled(unit.id, held.id, reason, held.code))


def _held(unit: Unit, order: str) -> PostOrder | None:
    """The order of this id, as long as the unit has it."""
    held = unit.post_order
    return held if held is not None and held.id == order else None


def _ordered(unit: Unit) -> PostOrder:
    if unit.post_order is None:
        raise Refusal("post_none_ordered", unit.id, unit=unit.id)
    return unit.post_order


def _told(unit: Unit, event: ev.Event) -> Changes:
    return [(unit_stream(unit.id), event)]
