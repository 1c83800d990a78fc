"""The duty plan: clashes, rest, holes and what a plan proposes, against the plainest way to find them."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.duty import DutyTurn, adopted, faults_of, stretch_at, turns_between, uncovered
from app.domain.instants import DAY_MS
from app.domain.rest import ON_TOO_LONG, TOO_LITTLE_REST, on_duty_ms, proposal, rest_due, rest_ms
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit

HOUR = 3_600_000
REST = 8 * HOUR
PEOPLE = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple)


@st.composite
def turn(draw: st.DrawFn) -> DutyTurn:
    begins = draw(st.integers(0, 72)) * HOUR
    length = draw(st.integers(1, 24)) * HOUR
    return DutyTurn(begins, begins + length, draw(st.sampled_from(["p1", "p2", "j1"])), members=draw(PEOPLE))


TURNS = st.lists(turn(), max_size=8, unique=True)


@given(TURNS)
def test_a_person_is_told_to_be_twice_exactly_when_two_of_his_turns_overlap(turns: list[DutyTurn]) -> None:
    told = {fault.person for fault in faults_of(turns, REST) if fault.kind == "twice"}
    meant = {
        person
        for one, other in combinations(turns, 2)
        for person in set(one.people) & set(other.people)
        if one.begins_at < other.ends_at and other.begins_at < one.ends_at
    }
    assert told == meant


@given(TURNS)
def test_short_rest_is_told_with_how_long_it_is_and_never_for_enough(turns: list[DutyTurn]) -> None:
    for fault in faults_of(turns, REST):
        if fault.kind == "rest":
            assert fault.other is not None
            assert fault.rest_ms == fault.turn.begins_at - fault.other.ends_at
            assert 0 <= fault.rest_ms < REST
            assert fault.person in set(fault.turn.people) & set(fault.other.people)


@given(TURNS)
def test_enough_rest_between_all_turns_of_a_person_is_no_fault(turns: list[DutyTurn]) -> None:
    apart = [
        DutyTurn(i * 2 * DAY_MS, i * 2 * DAY_MS + t.ends_at - t.begins_at, t.unit, members=t.members)
        for i, t in enumerate(turns)
    ]
    assert {fault.kind for fault in faults_of(apart, REST)} <= {"gap"}


@given(TURNS)
def test_a_turn_without_people_is_a_gap_and_no_other_is(turns: list[DutyTurn]) -> None:
    assert [fault.turn for fault in faults_of(turns, REST) if fault.kind == "gap"] == [
        t for t in turns if not t.people
    ]


@given(TURNS, st.integers(0, 60), st.integers(1, 40))
def test_holes_are_the_hours_in_which_nobody_is_there(turns: list[DutyTurn], since: int, length: int) -> None:
    holes = uncovered(turns, since * HOUR, (since + length) * HOUR)
    for hour in range(since, since + length):
        manned = any(t.people and t.holds(hour * HOUR) for t in turns)
        assert manned != any(begins <= hour * HOUR < ends for begins, ends in holes)
    assert all(a_end < b_begin for (_, a_end), (b_begin, _) in pairwise(holes))


@given(TURNS, TURNS)
def test_a_new_plan_takes_the_place_of_what_begins_in_its_days_and_of_nothing_else(
    old: list[DutyTurn], new: list[DutyTurn]
) -> None:
    inside = [t for t in new if DAY_MS <= t.begins_at < 2 * DAY_MS]
    plan = adopted(tuple(old), DAY_MS, 2 * DAY_MS, inside)
    assert {t for t in plan if not DAY_MS <= t.begins_at < 2 * DAY_MS} == {
        t for t in old if not DAY_MS <= t.begins_at < 2 * DAY_MS
    }
    assert {t for t in plan if DAY_MS <= t.begins_at < 2 * DAY_MS} == set(inside)
    assert turns_between(plan, 0, 10 * DAY_MS) == list(plan)


def test_the_plan_proposes_and_leaves_alone_who_is_at_work_or_in_no_plan() -> None:
    now = 10 * DAY_MS
    turns = (
        DutyTurn(now - HOUR, now + HOUR, "p1", leader="a"),
        DutyTurn(now - 9 * HOUR, now - HOUR, "p2", leader="b"),
        DutyTurn(now - HOUR, now + HOUR, "p3"),
    )
    units = [
        Unit("p1", "police", "", duty="off_duty"),
        Unit("p2", "police", ""),
        Unit("p3", "police", "", "off_duty"),
    ]
    wanted = proposal([*units, Unit("j1", "joint_patrol", "")], turns, now)
    assert (wanted.sign_on, wanted.sign_off) == (("p1",), ("p2",)), "p3 has nobody, j1 is in no plan"


def test_rest_is_counted_from_going_off_and_time_on_duty_from_coming_on() -> None:
    off = Unit("p1", "police", "", duty="off_duty", off_duty_at=5 * HOUR)
    assert (rest_ms(off, 9 * HOUR), on_duty_ms(off, 9 * HOUR)) == (4 * HOUR, None)
    on = Unit("p1", "police", "", on_duty_at=15 * HOUR, off_duty_at=5 * HOUR)
    assert (rest_ms(on, 20 * HOUR), on_duty_ms(on, 20 * HOUR)) == (10 * HOUR, 5 * HOUR)
    assert rest_ms(Unit("p1", "police", ""), HOUR) is None


@given(TURNS, st.integers(0, 100))
def test_a_stretch_is_the_hours_around_now_in_which_somebody_is_there(
    turns: list[DutyTurn], hour: int
) -> None:
    manned = {h for t in turns if t.people for h in range(t.begins_at // HOUR, t.ends_at // HOUR)}
    first = last = hour
    while first - 1 in manned:
        first -= 1
    while last in manned:
        last += 1
    expected = (first * HOUR, last * HOUR) if hour in manned else None
    assert stretch_at(turns, hour * HOUR) == expected


def test_who_is_beyond_a_limit_is_due_for_rest_by_that_limit() -> None:
    limits = ShiftLimits(rest_ms=9 * HOUR, longest_duty_ms=6 * HOUR)
    unit = Unit("p1", "police", "", on_duty_at=14 * HOUR, off_duty_at=5 * HOUR)
    assert rest_due(unit, limits, 20 * HOUR) is None, (
        "nine hours of rest, six on duty: exactly at both limits"
    )
    long = rest_due(unit, limits, 20 * HOUR + 1)
    assert long is not None
    assert (long.rule, long.lasting_ms, long.limit_ms) == (ON_TOO_LONG, 6 * HOUR + 1, 6 * HOUR)
    tired = Unit("p1", "police", "", on_duty_at=14 * HOUR, off_duty_at=5 * HOUR + 1)
    short = rest_due(tired, limits, 15 * HOUR)
    assert short is not None
    assert (short.rule, short.lasting_ms) == (TOO_LITTLE_REST, 9 * HOUR - 1)
    assert rest_due(tired, limits, 15 * HOUR, turn_begins_at=4 * HOUR) is None, "a pause within its turn"
    assert rest_due(Unit("p1", "police", "", "off_duty", on_duty_at=1, off_duty_at=2), limits, DAY_MS) is None
    assert rest_due(Unit("p1", "police", ""), limits, DAY_MS) is None, "of whom nothing is known"
