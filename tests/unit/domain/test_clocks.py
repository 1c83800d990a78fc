"""The clocks of six steps: what ends them, what never stops them; the cheap way to the next one is the right one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centre.types_file import load_incident_types
from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain.clocks import (
    GREEN,
    RED,
    STEPS,
    YELLOW,
    ClockState,
    ElapsedRule,
    Limits,
    Pause,
    WorkingDaysRule,
    WorkingHoursRule,
    due_clocks,
    next_clock,
    next_due_at,
)
from app.domain.incident import Incident
from app.domain.instants import DAY_MS, Instant
from tests.unit.domain.desk_driver import START_AT, DeskDriver
from tests.unit.domain.test_work_time import HOUR_MS, WORK, at, moments, said

TYPES = load_incident_types()
LIMITS = TYPES.limits
MINUTE_MS = 60_000
NAMES = [name for name, _ in STEPS]


def clocks(driver: DeskDriver, incident: str = "i1") -> dict[str, ClockState]:
    return {clock.name: clock for clock in due_clocks(driver.desk.incidents[incident], LIMITS)}


def running(driver: DeskDriver, incident: str = "i1") -> list[str]:
    return [name for name, clock in clocks(driver, incident).items() if clock.runs]


@pytest.fixture
def driver() -> DeskDriver:
    driver = DeskDriver()
    driver.report("i1")
    return driver


# -- the loop ----------------------------------------------------------------------------------------------------------


def test_six_clocks_run_from_the_report_and_each_ends_with_its_step(driver: DeskDriver) -> None:
    opened = driver.now
    assert running(driver) == NAMES
    limits_min = [round((clock.due_at - opened) / MINUTE_MS) for clock in clocks(driver).values()]
    assert limits_min == [2, 5, 20, 15, 240, 1440]
    for command, left in (
        (cmd.AcceptIncident("i1"), NAMES[1:]),
        (cmd.ContactReporter("i1", "no_answer"), NAMES[1:]),
        (cmd.ContactReporter("i1", inc.REACHED), ["dispatch", "arrive", "resolve", "feedback"]),
        (cmd.DispatchUnits("i1", ("p1",)), ["arrive", "resolve", "feedback"]),
        (cmd.ObserveUnitStatus("p1", "on_scene"), ["resolve", "feedback"]),
        (cmd.ReportBack("i1", "they went home"), ["feedback"]),
        (cmd.VerifyIncident("i1"), []),
    ):
        driver.do(command)
        assert running(driver) == left
    assert all(clock.done_at is not None for clock in clocks(driver).values())


def test_a_step_that_was_overtaken_ends_without_being_done(driver: DeskDriver) -> None:
    driver.do(cmd.AcceptIncident("i1"))
    driver.do(cmd.ReportBack("i1", "settled on the telephone"))
    known = clocks(driver)
    assert running(driver) == ["feedback"]
    for name in ("dispatch", "contact", "arrive"):
        assert (known[name].done_at, known[name].ended_at) == (None, driver.now)
        assert known[name].light(driver.now + 10 * DAY_MS) == GREEN


def test_what_was_overtaken_late_stays_red(driver: DeskDriver) -> None:
    driver.now += 30 * MINUTE_MS
    driver.do(cmd.AcceptIncident("i1"))
    driver.do(cmd.ReportBack("i1", "settled on the telephone"))
    lights = {name: clock.light(driver.now) for name, clock in clocks(driver).items()}
    assert lights == dict.fromkeys(NAMES[:4], RED) | {"resolve": GREEN, "feedback": GREEN}


def test_a_returned_order_stops_no_clock_and_moves_none(driver: DeskDriver) -> None:
    before = {name: clock.due_at for name, clock in clocks(driver).items()}
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert "dispatch" not in running(driver)
    for times in (1, 2):
        driver.do(cmd.ReturnIncident("i1", "p1", "not our street"))
        assert driver.desk.incidents["i1"].returned == times
        assert running(driver) == NAMES[1:]
        assert {name: clock.due_at for name, clock in clocks(driver).items()} == before
        driver.do(cmd.DispatchUnits("i1", ("p1",)))


@pytest.mark.parametrize(
    "leaves",
    [
        cmd.RecallUnit("i1", "p1", "needed elsewhere"),
        cmd.AnswerTask("p1", "i1", False, "hands full"),
        cmd.ObserveUnitStatus("p1", "en_route", "i2"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_with_the_last_unit_gone_before_it_arrived_the_dispatch_clock_runs_on(
    driver: DeskDriver, leaves: cmd.Command
) -> None:
    driver.report("i2")
    before = clocks(driver)["dispatch"].due_at
    driver.do(cmd.DispatchUnits("i1", ("p1", "p2")))
    driver.do(leaves)
    assert "dispatch" not in running(driver)
    driver.do(cmd.RecallUnit("i1", "p2", "needed elsewhere"))
    assert running(driver) == NAMES[1:]
    assert clocks(driver)["dispatch"].due_at == before
    assert clocks(driver)["dispatch"].light(driver.now + 6 * MINUTE_MS) == RED
    driver.do(cmd.DispatchUnits("i1", ("p2",)))
    assert clocks(driver)["dispatch"].done_at == driver.now


def test_who_leaves_the_scene_does_not_undo_that_somebody_was_there(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1", "p2")))
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    for unit in ("p1", "p2"):
        driver.do(cmd.RecallUnit("i1", unit, "needed elsewhere"))
    assert driver.desk.incidents["i1"].status == inc.HANDLING
    assert running(driver) == ["resolve", "feedback"]


def test_what_was_on_the_way_of_a_merged_one_waits_again_when_the_merge_is_undone(driver: DeskDriver) -> None:
    driver.report("i2")
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.MergeIncident("i1", "i2"))
    driver.do(cmd.UnmergeIncident("i1", "another matter"))
    assert running(driver) == NAMES[1:]


def test_a_department_that_returns_it_puts_it_back_on_the_clocks_it_was_on(driver: DeskDriver) -> None:
    before = {name: clock.due_at for name, clock in clocks(driver).items()}
    driver.do(cmd.HandOverIncident("i1", "urban management", "theirs"))
    assert running(driver) == []
    assert next_due_at(driver.desk.incidents["i1"], LIMITS) is None
    driver.do(cmd.ReturnIncident("i1", "urban management", "not ours"))
    assert running(driver) == NAMES[1:]
    assert {name: clock.due_at for name, clock in clocks(driver).items()} == before


def test_what_is_reopened_runs_what_is_left_from_its_reopening(driver: DeskDriver) -> None:
    opened = driver.now
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    driver.do(cmd.ObserveUnitStatus("p1", "on_scene"))
    driver.do(cmd.CloseIncident("i1", "resolved", "they went home"))
    first = clocks(driver)
    driver.now += 10 * DAY_MS
    driver.do(cmd.ReopenIncident("i1", "they are back"))
    known = clocks(driver)
    assert running(driver) == ["resolve", "feedback"]
    assert [known[name].start_at for name in ("resolve", "feedback")] == [driver.now] * 2
    assert known["resolve"].light(driver.now) == GREEN
    for name in ("accept", "dispatch", "arrive"):
        assert known[name] == first[name]
        assert known[name].start_at == opened


def test_a_merged_one_stands_and_runs_on_from_its_own_report_when_the_merge_is_undone(
    driver: DeskDriver,
) -> None:
    before = clocks(driver)
    driver.report("i2")
    driver.do(cmd.MergeIncident("i1", "i2"))
    assert running(driver) == []
    driver.now += 10 * MINUTE_MS
    driver.do(cmd.UnmergeIncident("i1", "two matters"))
    assert clocks(driver) == before
    assert next_clock(driver.desk.incidents["i1"], LIMITS) == before["accept"]


def test_the_next_clock_is_the_one_that_is_due_first_not_the_first_of_the_loop() -> None:
    fraud = Incident("f", ("96110:f",), "fraud", 1, "f", START_AT, accepted_at=START_AT)
    nearest = next_clock(replace(fraud, dispatched_at=START_AT), LIMITS)
    assert nearest is not None
    assert nearest.name == "contact"


def test_a_type_that_nobody_declared_runs_like_other() -> None:
    strange = Incident("x", ("a:x",), "<b>ufo\u202e", 3, "x", START_AT)
    known = replace(strange, incident_type="other")
    assert due_clocks(strange, LIMITS) == due_clocks(known, LIMITS)
    assert next_due_at(strange, LIMITS) == next_due_at(known, LIMITS)


def test_a_due_time_in_a_year_without_published_holidays_says_so() -> None:
    petition = Incident("p", ("window:p",), "petition", 4, "p", at("2026-12-20T10:00:00"))
    sure = {clock.name: clock.is_sure for clock in due_clocks(petition, LIMITS)}
    assert sure == {"accept": True, "dispatch": True, "contact": True, "resolve": False, "feedback": False}


# -- what holds for all ------------------------------------------------------------------------------------------------

PAUSED = frozenset({"reporter"})
RULES = (
    ElapsedRule(4, 4 * HOUR_MS, PAUSED),
    WorkingHoursRule(4, 4 * HOUR_MS, WORK, PAUSED),
    WorkingDaysRule(4, 3, WORK, PAUSED),
)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    """Any incident: how far it is, how it ended, whether it was opened again; its milestones ascend."""
    opened = draw(moments)
    names = ["accepted_at", "contacted_at", "dispatched_at", "arrived_at", "reported_back_at", "verified_at"]
    times = sorted(draw(st.lists(st.integers(0, 3 * DAY_MS), min_size=8, max_size=8)))
    done = {name: opened + ms for name, ms in zip(names, times, strict=False) if draw(st.booleans())}
    status = draw(st.sampled_from([inc.REPORTED, inc.HANDLING, inc.CLOSED, inc.MERGED, inc.HANDED_OVER]))
    return Incident(
        "i", ("a:b",),
        draw(st.sampled_from(["crowd", "petition", "order", "litigation", "fraud", "device_offline", "ufo"])),
        draw(st.sampled_from(inc.PRIORITIES)), "t", opened, status=status,
        closed_at=opened + times[-1] if status in inc.ENDED else None,
        handed_over_at=opened + times[-1] if status == inc.HANDED_OVER else None,
        reopened_at=draw(st.none() | st.just(opened + times[-2])),
        **done,
    )  # fmt: skip


@given(incidents(), st.integers(0, 40 * DAY_MS))
def test_the_next_clock_is_the_earliest_of_all_that_run(incident: Incident, later_ms: int) -> None:
    all_of_them = due_clocks(incident, LIMITS)
    left = [clock for clock in all_of_them if clock.runs]
    first = next_clock(incident, LIMITS)
    assert next_due_at(incident, LIMITS) == (first.due_at if first else None)
    assert (first is None) == (not left)
    if first is not None:
        assert first.due_at == min(clock.due_at for clock in left)
        assert first in left
    now = incident.opened_at + later_ms
    for clock in all_of_them:
        assert clock.due_at > clock.start_at >= incident.opened_at
        assert (clock.light(now) == RED) == (clock.due_at < (clock.stopped_at or now))
        assert clock.runs or clock.light(now) != YELLOW


@given(
    moments, moments, st.sampled_from(sorted(known.id for known in TYPES)), st.sampled_from(inc.PRIORITIES)
)
def test_of_two_reports_of_a_type_the_later_is_never_due_earlier(
    one: Instant, other: Instant, incident_type: str, priority: int
) -> None:
    earlier, later = sorted((one, other))
    for rule in LIMITS.rules_for(incident_type, priority):
        assert earlier < rule.due_after(earlier) <= rule.due_after(later)


@st.composite
def pauses(draw: st.DrawFn, start: Instant) -> list[Pause]:
    edges = sorted(draw(st.lists(st.integers(-HOUR_MS, 6 * DAY_MS), min_size=2, max_size=6)))
    made = [
        Pause(draw(st.sampled_from(["reporter", "court"])), start + begin, start + end)
        for begin, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    return [*made[:-1], replace(made[-1], until_at=None)] if draw(st.booleans()) else made


@given(st.data(), moments, st.sampled_from(RULES))
def test_only_pauses_that_the_rule_allows_move_a_clock_and_only_later(
    data: st.DataObject, start: Instant, rule: ElapsedRule | WorkingHoursRule | WorkingDaysRule
) -> None:
    limits = Limits({"x": dict.fromkeys(inc.PRIORITIES, (rule,))}, "x")
    incident = Incident("i", ("a:b",), "x", 2, "t", start)
    (plain,) = due_clocks(incident, limits)
    given_pauses = data.draw(pauses(start))
    (clock,) = due_clocks(incident, limits, given_pauses)
    (deaf,) = due_clocks(incident, limits, [pause for pause in given_pauses if pause.reason == "court"])
    assert deaf == plain
    assert clock.due_at >= plain.due_at
    told = [p for p in given_pauses if p.reason == "reporter" and max(p.from_at, start) < plain.due_at]
    if not told:
        assert clock == plain
    if isinstance(rule, ElapsedRule) and clock.paused_at is None:
        assert clock.due_at - plain.due_at <= sum(p.until_at - p.from_at for p in told_all(given_pauses))
    if clock.paused_at is not None:
        assert clock.light(clock.paused_at) == clock.light(clock.paused_at + 100 * DAY_MS) != RED


def told_all(given_pauses: list[Pause]) -> list[Pause]:
    return [p for p in given_pauses if p.reason == "reporter" and p.until_at is not None]


def test_an_hour_of_waiting_for_the_reporter_is_an_hour_more_where_it_is_allowed() -> None:
    start = at("2026-11-18T10:00:00")
    incident = Incident("i", ("a:b",), "x", 2, "t", start)
    waited = [Pause("reporter", start + HOUR_MS, start + 2 * HOUR_MS)]
    ends = []
    for rule in RULES:
        limits = Limits({"x": {2: (rule,)}}, "x")
        ends.append(said(due_clocks(incident, limits, waited)[0].due_at))
    assert ends == ["2026-11-18 15:00", "2026-11-18 16:30", "2026-11-23 17:30"]


def test_no_bundled_type_lets_a_clock_stand() -> None:
    for known in TYPES:
        assert known.pauses == frozenset()
        assert all(
            rule.pauses == frozenset() for p in inc.PRIORITIES for rule in LIMITS.rules_for(known.id, p)
        )
