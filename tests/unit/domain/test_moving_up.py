"""A free unit is sent to a post: who may, what ends it, what takes its place."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import IncidentReported
from app.domain.field_clocks import is_post_unfilled, post_overdue, post_stage
from app.domain.field_limits import FieldLimits
from app.domain.field_link import Delivery
from app.domain.unit import PostOrder, Unit

AT = 1_795_330_626_000
TO_POST = cmd.OrderToPost("p1", "o1", 31.22, 121.47, "310198006001001")
HELD = PostOrder("o1", 31.22, 121.47, "310198006001001", AT, delivery=Delivery(AT))


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.units["p1"] = Unit("p1", "police", "警01")
    desk.apply("incident/i", IncidentReported("i", "110", "i", "crowd", 2, "聚集"), AT, AT)
    return desk


def do(desk: Desk, command: cmd.Command) -> list[str]:
    changes = decide(desk, command)
    for stream, event in changes:
        desk.apply(stream, event, AT, AT)
    return [event.TYPE for _, event in changes]


def refused(desk: Desk, command: cmd.Command) -> str:
    with pytest.raises(Refusal) as refusal:
        decide(desk, command)
    return refusal.value.rule


def test_it_moves_up_once_and_is_there_once(desk: Desk) -> None:
    assert do(desk, TO_POST) == ["unit.post_ordered"]
    assert desk.units["p1"].post_order == HELD
    assert desk.units["p1"].status == "available", "it can be sent all the same"
    assert do(desk, TO_POST) == []
    assert do(desk, cmd.ReachPost("p1", "older")) == []
    assert do(desk, cmd.ReachPost("p1", "o1")) == ["unit.post_reached"]
    assert desk.units["p1"].post_order is None
    assert do(desk, cmd.ReachPost("p1", "o1")) == []


def test_a_newer_order_takes_the_place_of_an_older_one(desk: Desk) -> None:
    do(desk, TO_POST)
    do(desk, cmd.OrderToPost("p1", "o2", 31.23, 121.48))
    assert desk.units["p1"].post_order == PostOrder("o2", 31.23, 121.48, "", AT, delivery=Delivery(AT))
    assert do(desk, cmd.ReachPost("p1", "o1")) == []


def test_it_is_called_back_with_a_reason(desk: Desk) -> None:
    assert refused(desk, cmd.RecallFromPost("p1", "x")) == "post_none_ordered"
    do(desk, TO_POST)
    assert refused(desk, cmd.RecallFromPost("p1", "  ")) == "reason_missing"
    assert do(desk, cmd.RecallFromPost("p1", "已有人到")) == ["unit.post_recalled"]
    assert desk.units["p1"].post_order is None


@pytest.mark.parametrize(
    "ends",
    [
        cmd.DispatchUnits("i", ("p1",)),
        cmd.SetUnitStatus("p1", "off_duty"),
        cmd.SetUnitStatus("p1", "out_of_service"),
    ],
)
def test_work_and_leaving_end_it(desk: Desk, ends: cmd.Command) -> None:
    do(desk, TO_POST)
    do(desk, ends)
    assert desk.units["p1"].post_order is None
    assert refused(desk, cmd.OrderToPost("p1", "o2", 31.22, 121.47)) == "post_unit_not_free"


def test_a_place_outside_the_globe_is_no_post(desk: Desk) -> None:
    assert refused(desk, cmd.OrderToPost("p1", "o1", 131.22, 121.47)) == "position_impossible"
    assert refused(desk, cmd.OrderToPost("nobody", "o1", 31.22, 121.47)) == "unit_unknown"


def ordered(desk: Desk, unit: str = "p1") -> PostOrder:
    order = desk.units[unit].post_order
    assert order is not None
    return order


def test_an_order_is_followed_from_sent_to_accepted_and_late_reports_change_nothing(desk: Desk) -> None:
    do(desk, TO_POST)
    assert post_stage(ordered(desk)) == "sent"
    assert do(desk, cmd.NotePostDelivery("p1", "older", "delivered")) == []
    assert do(desk, cmd.NotePostDelivery("p1", "o1", "delivered")) == ["unit.post_delivered"]
    assert post_stage(ordered(desk)) == "delivered"
    assert do(desk, cmd.NotePostDelivery("p1", "o1", "read")) == ["unit.post_read"]
    assert do(desk, cmd.NotePostDelivery("p1", "o1", "delivered")) == [], "who has read it has been reached"
    assert post_stage(ordered(desk)) == "read"
    assert refused(desk, cmd.NotePostDelivery("p1", "o1", "eaten")) == "delivery_stage_unknown"
    assert do(desk, cmd.AnswerPost("p1", "o1", True)) == ["unit.post_answered"]
    assert post_stage(ordered(desk)) == "accepted"
    assert do(desk, cmd.AnswerPost("p1", "o1", True)) == []


def test_what_is_awaited_comes_in_turn_and_sending_again_begins_anew(desk: Desk) -> None:
    limits = FieldLimits()
    do(desk, TO_POST)

    def late_by(ms: int) -> str:
        found = post_overdue(ordered(desk), limits, AT + ms)
        return found.awaited if found is not None else ""

    assert late_by(limits.post.deliver_ms) == ""
    assert late_by(limits.post.deliver_ms + 1) == "delivery"
    do(desk, cmd.NotePostDelivery("p1", "o1", "delivered"))
    assert late_by(limits.post.deliver_ms + 1) == ""
    assert late_by(limits.post.read_ms + 1) == "reading"
    do(desk, cmd.NotePostDelivery("p1", "o1", "read"))
    assert late_by(limits.post.answer_ms + 1) == "answer"
    do(desk, cmd.AnswerPost("p1", "o1", True))
    assert late_by(10**9) == ""
    assert do(desk, cmd.ResendPost("p1")) == ["unit.post_resent"]
    order = ordered(desk)
    assert (post_stage(order), order.delivery.resent, order.answered) == ("sent", 1, None)


def test_who_will_not_go_is_free_and_the_post_waits_until_another_is_sent_there(desk: Desk) -> None:
    desk.units["p2"] = Unit("p2", "police", "警02")
    assert refused(desk, cmd.ResendPost("p1")) == "post_none_ordered"
    do(desk, TO_POST)
    do(desk, cmd.AnswerPost("p1", "o1", True))
    assert do(desk, cmd.AnswerPost("p1", "o1", False, "车坏了，电话 13912345678")) == ["unit.post_answered"]
    unit = desk.units["p1"]
    assert unit.post_order is None
    decline = unit.post_decline
    assert decline is not None and decline.reason.startswith("车坏了") and "13912345678" not in decline.reason
    assert is_post_unfilled(desk, decline)
    do(desk, cmd.OrderToPost("p2", "o2", 31.3, 121.4))
    assert is_post_unfilled(desk, decline), "somebody on the way to another post fills nothing"
    do(desk, cmd.OrderToPost("p2", "o3", 31.22, 121.47, "310198006001001"))
    assert not is_post_unfilled(desk, decline)
    do(desk, cmd.DispatchUnits("i", ("p1",)))
    assert desk.units["p1"].post_decline is None
