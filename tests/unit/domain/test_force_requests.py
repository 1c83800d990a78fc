"""Requests for more: sending settles them, in part or whole; who does not come leaves them open, a merge moves them."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.incident_parts import ForceRequest
from app.domain.unit import Unit
from tests.unit.domain.desk_driver import DeskDriver

SENT_TO = "i1"


def sent() -> DeskDriver:
    driver = DeskDriver()
    driver.report(SENT_TO, 1)
    driver.do(cmd.DispatchUnits(SENT_TO, ("p1",)))
    return driver


def refused(driver: DeskDriver, command: cmd.Command) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        driver.do(command)
    return refusal.value


def asking(count: int, *kinds: str) -> DeskDriver:
    """p1 of the police is there and asks; p2 is police, e1 fire, both free."""
    driver = sent()
    driver.do(cmd.SetUnitStatus("p1", "on_scene", SENT_TO))
    for unit, kind in (("p2", "police"), ("p3", "police"), ("e1", "fire")):
        driver.desk.units[unit] = Unit(unit, kind, unit)
    driver.do(cmd.RequestForce(SENT_TO, "r1", "p1", kinds, count, "crowd grows"))
    return driver


def request_of(driver: DeskDriver) -> ForceRequest:
    (request,) = driver.desk.incidents[SENT_TO].requests
    return request


def test_sending_what_was_asked_for_settles_it_with_who_was_sent() -> None:
    driver = asking(2, "police")
    driver.do(cmd.DispatchUnits(SENT_TO, ("e1",)))
    assert (request_of(driver).sent, request_of(driver).missing) == ((), 2), "nobody asked for this kind"
    driver.do(cmd.DispatchUnits(SENT_TO, ("p2",)))
    assert (request_of(driver).sent, request_of(driver).missing, request_of(driver).settled) == (
        ("p2",),
        1,
        "",
    )
    assert refused(driver, cmd.CloseIncident(SENT_TO, "resolved", "done")).facts["count"] == 1
    driver.do(cmd.AssignByOrder(SENT_TO, ("p3",), reason="all hands"))
    assert (request_of(driver).sent, request_of(driver).settled) == (("p2", "p3"), "sent")
    assert driver.desk.incidents[SENT_TO].open_requests == ()


def test_what_is_left_of_it_can_still_be_turned_down_with_a_reason() -> None:
    driver = asking(2, "police")
    driver.do(cmd.DispatchUnits(SENT_TO, ("p2",)))
    assert refused(driver, cmd.SettleForceRequest(SENT_TO, "r1", met=False)).rule == "reason_missing"
    driver.do(cmd.SettleForceRequest(SENT_TO, "r1", met=False, reason="nobody is left"))
    assert (request_of(driver).settled, request_of(driver).sent) == ("refused", ("p2",))


@pytest.mark.parametrize(
    "leaves", [cmd.AnswerTask("p2", SENT_TO, False, "tied up"), cmd.RecallUnit(SENT_TO, "p2", "elsewhere")]
)
def test_who_does_not_come_after_all_leaves_it_open_again(leaves: cmd.Command) -> None:
    driver = asking(1)
    driver.do(cmd.DispatchUnits(SENT_TO, ("p2",)))
    assert request_of(driver).settled == "sent"
    driver.do(leaves)
    assert (request_of(driver).settled, request_of(driver).missing) == ("", 1)


def test_who_has_been_there_counts_for_good() -> None:
    driver = asking(1, "police")
    driver.do(cmd.DispatchUnits(SENT_TO, ("p2",)))
    driver.do(cmd.SetUnitStatus("p2", "on_scene", SENT_TO))
    driver.do(cmd.SetUnitStatus("p2", "available", SENT_TO))
    assert request_of(driver).settled == "sent"


def test_a_unit_counts_for_one_request_and_first_for_the_one_that_names_its_kind() -> None:
    driver = asking(1)
    driver.do(cmd.RequestForce(SENT_TO, "r2", "p1", ("fire",), 1, "smoke"))
    driver.do(cmd.DispatchUnits(SENT_TO, ("e1",)))
    assert [(r.id, r.settled) for r in driver.desk.incidents[SENT_TO].requests] == [
        ("r1", ""),
        ("r2", "sent"),
    ]


def test_after_an_unmerge_what_was_asked_for_stands_open_where_the_unit_is_and_nowhere_else() -> None:
    driver = sent()
    driver.report("i2", 1)
    driver.do(cmd.RequestForce(SENT_TO, "r1", "p1", ("fire",), 2, "ladder"))
    driver.do(cmd.MergeIncident(SENT_TO, "i2"))
    driver.do(cmd.UnmergeIncident(SENT_TO, "another matter"))
    assert "i2" in [held.incident for held in driver.desk.units["p1"].assignments]
    assert [r.id for r in driver.desk.incidents["i2"].open_requests] == ["r1"]
    assert driver.desk.incidents[SENT_TO].open_requests == ()
    assert request_of(driver).settled == "moved"
