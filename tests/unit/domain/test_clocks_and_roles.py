"""Clocks turn with time, and a role's limits hold before any rule is asked."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain.clocks import GREEN, RED, YELLOW, due_clocks, next_clock, plain_limits
from app.domain.errors import Refusal
from app.domain.instants import civil_day, format_iso, parse_iso
from app.domain.rights import permit
from tests.unit.domain.desk_driver import DeskDriver

LIMITS = plain_limits({p: {"accept": 10_000, "dispatch": 20_000, "arrive": 60_000} for p in (1, 2, 3, 4)})


def test_a_running_clock_turns_yellow_then_red_and_stops_when_done() -> None:
    driver = DeskDriver()
    driver.report("i1")
    opened = driver.now
    clock = next_clock(driver.desk.incidents["i1"], LIMITS)
    assert clock is not None
    assert clock.name == "accept"
    assert [clock.light(opened + ms) for ms in (0, 6_999, 7_000, 10_000, 10_001)] == [
        GREEN,
        GREEN,
        YELLOW,
        YELLOW,
        RED,
    ]
    driver.do(cmd.AcceptIncident("i1"))
    accept, dispatch, _arrive = due_clocks(driver.desk.incidents["i1"], LIMITS)
    assert accept.left_ms(opened + 99_000) == 9_000
    assert not accept.runs
    assert next_clock(driver.desk.incidents["i1"], LIMITS) == dispatch


def test_an_ended_incident_runs_no_clock() -> None:
    driver = DeskDriver()
    driver.report("i1")
    driver.do(cmd.WithdrawIncident("i1", "by caller"))
    assert next_clock(driver.desk.incidents["i1"], LIMITS) is None
    assert due_clocks(driver.desk.incidents["i1"], LIMITS)[0].left_ms(driver.now + 99_000) == 9_000


def test_what_a_department_has_taken_over_is_no_longer_on_the_desks_clocks() -> None:
    driver = DeskDriver()
    driver.report("i1")
    driver.do(cmd.HandOverIncident("i1", "urban management", "theirs"))
    assert next_clock(driver.desk.incidents["i1"], LIMITS) is None


@pytest.mark.parametrize(
    ("role", "command", "allowed"),
    [
        ("duty_officer", cmd.AcceptIncident("i1"), True),
        ("duty_officer", cmd.ObserveUnitStatus("p1", "en_route"), False),
        ("feed", cmd.RaiseAlarm("a", "s", "e", "fire", 1, "t"), True),
        ("feed", cmd.DispatchUnits("i1", ("p1",)), False),
        ("trainer", cmd.ReportIncident("i1", "s", "e", "crowd", 2, "t"), False),
        ("administrator", cmd.RevealReporter("i1", "curious"), False),
        ("stranger", cmd.AcceptIncident("i1"), False),
    ],
)
def test_roles(role: str, command: cmd.Command, allowed: bool) -> None:
    if allowed:
        permit(role, command, "x")
        return
    with pytest.raises(Refusal, match="role_forbidden"):
        permit(role, command, "x")


def test_instants_go_to_text_and_back_and_need_an_offset() -> None:
    at = parse_iso("2026-11-22T14:57:00.250+08:00")
    assert format_iso(at) == "2026-11-22T06:57:00.250Z"
    assert parse_iso(format_iso(at)) == at
    with pytest.raises(ValueError, match="no UTC offset"):
        parse_iso("2026-11-22T06:57:00")
    with pytest.raises(ValueError, match="'soon' is not"):
        parse_iso("soon")


def test_the_civil_day_turns_at_the_centres_midnight() -> None:
    assert civil_day(parse_iso("2026-11-22T15:59:59.999Z")) == "20261122"
    assert civil_day(parse_iso("2026-11-22T16:00:00Z")) == "20261123"
