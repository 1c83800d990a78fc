"""The closed loop of one incident, step by step and by short cuts."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain import incident as inc
from app.domain.errors import Refusal
from tests.unit.domain.desk_driver import DeskDriver


@pytest.fixture
def driver() -> DeskDriver:
    driver = DeskDriver()
    driver.report("i1")
    driver.report("i2")
    return driver


def refused(driver: DeskDriver, command: cmd.Command) -> Refusal:
    before = driver.desk.fork()
    with pytest.raises(Refusal) as refusal:
        driver.do(command)
    assert dict(driver.desk.incidents) == dict(before.incidents)
    assert dict(driver.desk.units) == dict(before.units)
    return refusal.value


def test_every_step_of_the_loop_is_reached_in_order(driver: DeskDriver) -> None:
    statuses = [driver.desk.incidents["i1"].status]
    for command in (
        cmd.AcceptIncident("i1"),
        cmd.DispatchUnits("i1", ("p1", "u1")),
        cmd.SetUnitStatus("p1", "en_route"),
        cmd.SetUnitStatus("p1", "on_scene"),
        cmd.ReportBack("i1", "crowd has left"),
        cmd.VerifyIncident("i1"),
        cmd.CloseIncident("i1", "resolved"),
    ):
        driver.do(command)
        statuses.append(driver.desk.incidents["i1"].status)
    assert list(dict.fromkeys(statuses)) == list(inc.LOOP)
    ended = driver.desk.incidents["i1"]
    milestones = [
        ended.opened_at,
        ended.accepted_at,
        ended.dispatched_at,
        ended.arrived_at,
        ended.reported_back_at,
    ]
    assert milestones == sorted(m for m in milestones if m is not None)
    assert ended.closed_at is not None
    assert ended.attended == ("p1", "u1")


def test_numbers_follow_the_order_of_the_journal_within_the_civil_day(driver: DeskDriver) -> None:
    numbers = [incident.number for incident in driver.desk.incidents.values()]
    assert [n.rpartition("-")[2] for n in numbers] == ["001", "002"]


def test_dispatching_accepts_what_nobody_accepted(driver: DeskDriver) -> None:
    events = driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert isinstance(events[0], ev.IncidentAccepted)
    assert driver.desk.incidents["i1"].accepted_at == driver.now


def test_closing_verifies_nothing_by_itself(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.CloseIncident("i1", "resolved", "done"))
    closed = driver.desk.incidents["i1"]
    assert (closed.status, closed.reported_back_at, closed.verified_at) == (inc.CLOSED, driver.now, None)


def test_nothing_is_closed_while_somebody_asks_for_more(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.RequestForce("i1", "q1", "p1", ("fire",), 2, "people inside"))
    with pytest.raises(Refusal) as refusal:
        driver.do(cmd.CloseIncident("i1", "resolved", "fire is out"))
    assert (refusal.value.rule, refusal.value.facts["count"]) == ("request_unanswered", 2)
    driver.do(cmd.SettleForceRequest("i1", "q1", met=True))
    driver.do(cmd.CloseIncident("i1", "resolved", "fire is out"))
    assert driver.desk.incidents["i1"].status == inc.CLOSED


def test_closing_frees_exactly_its_own_units(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1", "m1")))
    driver.do(cmd.DispatchUnits("i2", ("p2", "m1")))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.CloseIncident("i1", "resolved", "done"))
    units = driver.desk.units
    assert units["p1"].status == "available"
    assert units["p1"].incident is None
    assert units["p2"].incident == "i2"
    assert [a.incident for a in units["m1"].assignments] == ["i2"]


def test_a_status_touches_only_its_own_assignment(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("m1",)))
    driver.do(cmd.DispatchUnits("i2", ("m1", "p1")))
    driver.do(cmd.SetUnitStatus("m1", "on_scene", "i1"))
    assert driver.desk.units["m1"].assignment("i2").phase == "dispatched"  # type: ignore[union-attr]
    assert driver.desk.units["p1"].status == "dispatched"
    assert driver.desk.incidents["i2"].arrived_at is None


def test_one_refused_unit_refuses_the_whole_dispatch(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    refusal = refused(driver, cmd.DispatchUnits("i2", ("p2", "p1")))
    assert (refusal.rule, refusal.subject) == ("unit_busy", "p1")
    assert refusal.facts["number"] == driver.desk.incidents["i1"].number


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (cmd.DispatchUnits("i1", ()), "no_units_chosen"),
        (cmd.DispatchUnits("i1", ("x9",)), "unit_unknown"),
        (cmd.DispatchUnits("i9", ("p1",)), "incident_unknown"),
        (cmd.CloseIncident("i1", "resolved", "done"), "nobody_on_scene"),
        (cmd.CloseIncident("i1", "false_alarm"), "feedback_missing"),
        (cmd.CloseIncident("i1", "whatever", "done"), "outcome_unknown"),
        (cmd.VerifyIncident("i1"), "nothing_reported_back"),
        (cmd.ReportBack("i1", "done"), "not_accepted_yet"),
        (cmd.ReopenIncident("i1", "again"), "not_closed"),
        (cmd.MergeIncident("i1", "i1"), "merge_with_itself"),
        (cmd.WithdrawIncident("i1", "  "), "reason_missing"),
        (cmd.HandOverIncident("i1", " ", "theirs"), "department_missing"),
        (cmd.EscalateIncident("i1", "moon", "big"), "level_unknown"),
        (cmd.NoteIncident("i1", " "), "note_empty"),
        (cmd.UpdateIncident("i1", priority=7), "priority_unknown"),
        (cmd.UpdateIncident("i1", lat=91.0, lon=0.0), "position_impossible"),
        (cmd.UpdateIncident("i1", lat=float("nan"), lon=0.0), "position_impossible"),
        (cmd.UpdateIncident("i1", lat=31.0), "position_impossible"),
        (cmd.SetUnitStatus("p1", "on_scene"), "unit_without_task"),
        (cmd.SetUnitStatus("p1", "dispatched"), "status_needs_dispatch"),
        (cmd.SetUnitStatus("p1", "asleep"), "status_unknown"),
        (cmd.RevealReporter("i1", ""), "reveal_needs_purpose"),
        (cmd.WatchCamera("C001", " "), "purpose_missing"),
    ],
)
def test_a_rule_says_no_and_nothing_changes(driver: DeskDriver, command: cmd.Command, rule: str) -> None:
    assert refused(driver, command).rule == rule


def test_nothing_is_done_to_an_ended_incident_but_a_note(driver: DeskDriver) -> None:
    driver.do(cmd.WithdrawIncident("i1", "caller rang back"))
    assert refused(driver, cmd.DispatchUnits("i1", ("p1",))).rule == "incident_ended"
    driver.do(cmd.NoteIncident("i1", "caller thanked us"))


def test_a_declined_task_gives_the_unit_back_and_the_incident_waits_again(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.AnswerTask("p1", "i1", accepted=False, reason="flat tyre"))
    assert driver.desk.units["p1"].status == "available"
    assert driver.desk.incidents["i1"].status == "accepted"


def test_a_status_does_not_go_backwards(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    assert refused(driver, cmd.SetUnitStatus("p1", "en_route")).rule == "status_backwards"


def test_going_off_duty_with_a_task_is_refused(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert refused(driver, cmd.SetUnitStatus("p1", "off_duty")).rule == "unit_still_assigned"


def test_two_tasks_and_a_status_without_saying_which_is_refused(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("m1",)))
    driver.do(cmd.DispatchUnits("i2", ("m1",)))
    assert refused(driver, cmd.SetUnitStatus("m1", "en_route")).rule == "incident_ambiguous"


def test_merging_takes_units_and_sources_along_as_far_as_they_were(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.MergeIncident("i1", "i2"))
    assert driver.desk.units["p1"].assignment("i2").phase == "on_scene"  # type: ignore[union-attr]
    assert driver.desk.incidents["i2"].status == "handling"
    assert driver.desk.incidents["i2"].source_ids == ("110:i2", "110:i1")
    assert driver.desk.by_source["110:i1"] == "i2"


def test_an_observed_diversion_ends_the_old_task_and_writes_the_new_one(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.ObserveUnitStatus("p1", "en_route", "i2"))
    assert driver.desk.units["p1"].incident == "i2"
    assert driver.desk.units["p1"].status == "en_route"
    assert driver.desk.incidents["i1"].units == ()


def test_a_unit_that_reports_available_before_it_heard_of_its_order_keeps_the_order(
    driver: DeskDriver,
) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert driver.do(cmd.ObserveUnitStatus("p1", "available")) == []
    assert driver.desk.units["p1"].incident == "i1"


def test_an_alarm_is_no_incident_until_it_is_accepted(driver: DeskDriver) -> None:
    driver.do(cmd.RaiseAlarm("a1", "camera", "e1", "fire", 1, "smoke", camera="C001"))
    assert "x1" not in driver.desk.incidents
    driver.do(cmd.AcceptAlarm("a1", "x1"))
    assert driver.desk.incidents["x1"].status == "accepted"
    assert driver.desk.incidents["x1"].camera == "C001"
    assert refused(driver, cmd.AcceptAlarm("a1", "x2")).rule == "alarm_ended"


def test_the_same_report_again_is_no_second_incident(driver: DeskDriver) -> None:
    assert driver.report("other", source_event="i1") == []
    assert "other" not in driver.desk.incidents


def test_a_camera_changes_status_once(driver: DeskDriver) -> None:
    assert driver.do(cmd.SetCameraStatus("C001", online=True)) == []
    assert len(driver.do(cmd.SetCameraStatus("C001", online=False, reason="no signal"))) == 1
    assert driver.do(cmd.SetCameraStatus("C001", online=False)) == []


def test_a_reopened_incident_goes_round_again(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.CloseIncident("i1", "resolved", "done"))
    driver.do(cmd.ReopenIncident("i1", "they came back"))
    assert driver.desk.incidents["i1"].is_open
    assert driver.desk.incidents["i1"].reported_back_at is None
    assert refused(driver, cmd.CloseIncident("i1", "resolved")).rule == "feedback_missing"
