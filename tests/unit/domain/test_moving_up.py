"""A free unit is sent to a post: who may, what ends it, what takes its place."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import IncidentReported
from app.domain.unit import PostOrder, Unit

AT = 1_795_330_626_000
TO_POST = cmd.OrderToPost("p1", "o1", 31.22, 121.47, "310198006001001")
HELD = PostOrder("o1", 31.22, 121.47, "310198006001001", AT)


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
    assert desk.units["p1"].post_order == PostOrder("o2", 31.23, 121.48, "", AT)
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
