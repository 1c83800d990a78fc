"""Whether a unit may be sent to a post, is there, or may be called back from the way.

Owns these rules. Must not know where a unit is: who watches positions says that it is there.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import known_unit, reason_given, sane_code, sane_position
from app.domain.ids import unit_stream
from app.domain.masking import mask_text
from app.domain.unit import DISPATCHABLE


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
    return [(unit_stream(unit.id), ev.UnitPostOrdered(unit.id, c.order, c.lat, c.lon, c.code))]


def reach_post(desk: Desk, c: cmd.ReachPost) -> Changes:
    unit = known_unit(desk, c.unit)
    held = unit.post_order
    if held is None or held.id != c.order:
        return []
    return [(unit_stream(unit.id), ev.UnitPostReached(unit.id, held.id, held.code))]


def recall_from_post(desk: Desk, c: cmd.RecallFromPost) -> Changes:
    unit = known_unit(desk, c.unit)
    held = unit.post_order
    if held is None:
        raise Refusal("post_none_ordered", unit.id, unit=unit.id)
    reason = mask_text(reason_given(unit.id, c.reason))
    return [(unit_stream(unit.id), ev.UnitPostRecalled(unit.id, held.id, reason, held.code))]
