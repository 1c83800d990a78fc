"""Rounds of a patrol plan, how long is a stay, what is missed: against the plainest way to say so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.instants import DAY_MS
from app.domain.patrol import (
    PatrolPlan,
    PatrolRound,
    Share,
    Stay,
    due_points,
    is_late,
    missed_points,
    rounds_of,
    shares,
)
from app.domain.shift import PatrolMark, PatrolRecord

MIN = 60_000
START = 1_795_305_600_000


@st.composite
def plans(draw: st.DrawFn) -> PatrolPlan:
    first = draw(st.integers(0, 1439))
    last = draw(st.integers(first, 1439))
    every, within = draw(st.integers(15, 700)), draw(st.integers(1, 600))
    return PatrolPlan(
        "plan", "T1", "j1", ("a", "b", "c"), first * MIN, last * MIN, every * MIN, within * MIN, 30_000
    )


@given(plans(), st.integers(0, 3 * 1440), st.integers(0, 2880), st.integers(0, 2880))
def test_rounds_of_two_stretches_are_the_rounds_of_both_together(
    plan: PatrolPlan, since: int, one: int, other: int
) -> None:
    a, b, c = (START + at * MIN for at in (since, since + one, since + one + other))
    whole = {each.id: each for each in rounds_of(plan, a, c)}
    parts = {each.id: each for part in ((a, b), (b, c)) for each in rounds_of(plan, *part)}
    assert parts == whole
    assert all(each.begins_at < c and each.ends_at > a for each in whole.values())
    assert len({each.begins_at for each in whole.values()}) == len(whole), "an id is one beginning"


@given(plans())
def test_every_day_has_the_same_rounds(plan: PatrolPlan) -> None:
    days = [
        [
            each.begins_at - START - day * DAY_MS
            for each in rounds_of(plan, START + day * DAY_MS, START + (day + 1) * DAY_MS)
        ]
        for day in (1, 2)
    ]
    assert days[0] == days[1]


FIXES = st.lists(st.tuples(st.integers(1, 200), st.booleans()), min_size=1, max_size=30)


@given(FIXES, st.integers(0, 300), st.integers(1, 250))
def test_a_stay_is_an_unbroken_run_of_near_fixes_that_lasts(
    fixes: list[tuple[int, bool]], dwell: int, gap: int
) -> None:
    stay, at, run = Stay(), 0, []
    for step, is_near in fixes:
        at += step
        if not is_near or (run and at - run[-1] > gap):
            run = []
        if is_near:
            run.append(at)
        meant = bool(run) and run[-1] - run[0] >= dwell
        assert stay.put(is_near, at, dwell, gap) == meant


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")), st.integers(-10, 10))
def test_missed_is_what_nobody_wrote_down_once_the_grace_is_over(
    done: set[str], missed: set[str], minutes_after: int
) -> None:
    plan = PatrolPlan("plan", "T1", "j1", ("a", "b", "c"), 0, 0, DAY_MS, 60 * MIN, 30_000)
    each = PatrolRound("r", plan, 0, 60 * MIN)
    marks = [PatrolMark(p, "j1", 1, "position") for p in done] + [
        PatrolMark(p, "j1", 1) for p in missed - done
    ]
    record = PatrolRecord("r", tuple(marks))
    now = 65 * MIN + minutes_after * MIN
    told = missed_points(each, record, now, 5 * MIN)
    assert set(told) == ({"a", "b", "c"} - done - missed if minutes_after >= 0 else set())
    assert set(due_points(each, record)) == {"a", "b", "c"} - done - missed
    share = shares([each], {"r": record})["T1"]
    assert (share.done, share.missed, share.due) == (len(done), len(missed - done), 3)


def test_what_is_ticked_after_the_round_is_neither_done_nor_missed() -> None:
    plan = PatrolPlan("plan", "T1", "j1", ("a", "b", "c", "d"), 0, 0, DAY_MS, 60 * MIN, 30_000)
    each = PatrolRound("r", plan, 0, 60 * MIN)
    marks = (
        PatrolMark("a", "j1", 59 * MIN, "hand", "seen by radio"),
        PatrolMark("b", "j1", 176 * MIN, "hand", "seen by radio"),
        PatrolMark("c", "j1", 61 * MIN, "position"),
        PatrolMark("d", "j1", 66 * MIN),
    )
    assert [is_late(each, mark) for mark in marks] == [False, True, False, False]
    assert shares([each], {"r": PatrolRecord("r", marks)})["T1"] == Share(done=2, missed=1, due=4, late=1)
