"""Counts by grid agree with counting everything anew, whatever came in which order and however time went on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.centre.types_in_force import incident_types, type_name
from app.domain.clocks import Limits, due_clocks, plain_limits
from app.domain.incident import Incident
from app.domain.instants import DAY_MS
from app.i18n import LANGUAGES, set_language, tr
from app.projections.grid_indicators import (
    ALL_KINDS,
    BY_ID,
    INDICATORS,
    WEEK_MS,
    CameraTally,
    GridTally,
    Indicator,
    levels,
)

NOW = 1_795_330_000_000
MINUTE_MS = 60_000
LIMITS: Limits = plain_limits(
    {
        priority: {"accept": 2 * MINUTE_MS, "dispatch": 5 * MINUTE_MS, "arrive": 15 * MINUTE_MS}
        for priority in (1, 2, 3, 4)
    }
)
MEASURES = ("open", "urgent", "overdue", "day", "week", "p1", "p2", "p3", "p4")


def incident(key: str, **fields: object) -> Incident:
    return replace(Incident(key, (f"110:{key}",), "crowd", 2, key, NOW, grid="g1"), **fields)  # type: ignore[arg-type]


def is_overdue(known: Incident, now: int) -> bool:
    return known.is_open and any(c.runs and c.left_ms(now) < 0 for c in due_clocks(known, LIMITS))


def holds(measure: str, known: Incident, now: int) -> bool:
    """Whether an incident counts under a measure, said as plainly as can be."""
    match measure:
        case "open":
            return known.is_open
        case "urgent":
            return known.is_open and known.priority <= 2
        case "overdue":
            return is_overdue(known, now)
        case "day":
            return now - known.opened_at <= DAY_MS
        case "week":
            return now - known.opened_at <= WEEK_MS
    return known.is_open and measure == f"p{known.priority}"


def brute_force(known: dict[str, Incident], measure: str, kind: str, now: int) -> dict[str, int]:
    """The same figure by looking at every incident."""
    counted = [i for i in known.values() if kind in (ALL_KINDS, i.incident_type) and holds(measure, i, now)]
    return dict(Counter(i.grid for i in counted if i.grid is not None))


INCIDENTS = st.builds(
    incident,
    st.sampled_from("abcdef"),
    incident_type=st.sampled_from(("crowd", "fire")),
    priority=st.integers(1, 4),
    grid=st.sampled_from((None, "g1", "g2", "g3")),
    status=st.sampled_from(("reported", "accepted", "handling", "closed", "withdrawn", "handed_over")),
    opened_at=st.integers(NOW - 8 * DAY_MS, NOW + MINUTE_MS),
    accepted_at=st.sampled_from((None, NOW)),
    arrived_at=st.sampled_from((None, NOW)),
    closed_at=st.sampled_from((None, NOW)),
)
STEPS = st.lists(
    st.one_of(INCIDENTS, st.sampled_from((1, MINUTE_MS, 3 * MINUTE_MS, DAY_MS, WEEK_MS))), max_size=30
)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(1, 3))
def test_counts_agree_with_counting_everything_anew(steps: list[Incident | int], most: int) -> None:
    tally, known, now = GridTally(LIMITS), dict[str, Incident](), NOW
    for step in steps:
        if isinstance(step, int):
            now += step
            while not tally.advance(now, most):
                pass
        else:
            known[step.id] = step
            tally.put(step, now)
        for measure in MEASURES:
            for kind in (ALL_KINDS, "crowd", "fire"):
                assert tally.values(measure, kind) == brute_force(known, measure, kind, now), (measure, kind)
        for grid in ("g1", "g2", "g3"):
            assert set(tally.incidents_of(grid)) == {i.id for i in known.values() if i.grid == grid}


def test_an_incident_becomes_overdue_by_time_alone_and_calm_again_when_the_step_is_done() -> None:
    tally = GridTally(LIMITS)
    tally.put(incident("i1"), NOW)
    assert tally.advance(NOW + 2 * MINUTE_MS)
    assert tally.value("overdue", "g1") == 0
    assert tally.advance(NOW + 2 * MINUTE_MS + 1)
    assert tally.value("overdue", "g1") == 1
    tally.put(incident("i1", status="accepted", accepted_at=NOW), NOW + 3 * MINUTE_MS)
    assert tally.value("overdue", "g1") == 0
    assert tally.value("open", "g1") == 1


def test_much_that_turns_at_once_is_counted_in_slices() -> None:
    tally = GridTally(LIMITS)
    for number in range(10):
        tally.put(incident(f"i{number}"), NOW)
    assert not tally.advance(NOW + 3 * MINUTE_MS, most=4)
    assert tally.value("overdue", "g1") == 4
    assert not tally.advance(NOW + 3 * MINUTE_MS, most=4)
    assert tally.advance(NOW + 3 * MINUTE_MS, most=4)
    assert tally.value("overdue", "g1") == 10


def test_levels_follow_the_breaks_and_turn_round_where_less_is_worse() -> None:
    assert [BY_ID["day"].level(value) for value in (0, 1, 2, 3, 5, 6, 9, 10, 99)] == [
        0, 1, 1, 2, 2, 3, 3, 4, 4,
    ]  # fmt: skip
    online = BY_ID["cameras_online"]
    assert [online.level(value) for value in (100, 99, 95, 94, 80, 50, 49, 0)] == [0, 1, 1, 2, 2, 3, 4, 4]
    assert levels(online, {"g1": 100, "g2": 0}) == {"g2": 4}


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: indicator.id)
def test_each_class_is_the_level_of_its_values(indicator: Indicator) -> None:
    for level, (least, most) in enumerate(indicator.classes()):
        assert indicator.level(least) == level
        assert most is None or indicator.level(most) == level
    assert indicator.level(0) == (4 if indicator.direction == "less_is_worse" else 0)


def test_a_share_of_cameras_is_rounded_down_and_absent_where_there_are_none() -> None:
    tally = CameraTally({"a": "g1", "b": "g1", "c": "g1", "d": "g2", "e": "g3"})
    for camera, online in (("a", False), ("e", False), ("x", False), ("d", True)):
        tally.put(camera, online)
    assert tally.shares() == {"g1": 66, "g2": 100, "g3": 0}
    assert (tally.online("g1"), tally.offline("g1"), tally.online("g9")) == (2, 1, 0)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=40))
def test_cameras_count_as_they_were_last_heard_of(heard: list[tuple[str, bool]]) -> None:
    grids = {"a": "g1", "b": "g1", "c": "g2", "d": "g2", "e": "g2"}
    tally = CameraTally(grids)
    for camera, online in heard:
        tally.put(camera, online)
    now = dict.fromkeys(grids, True) | dict(heard)
    for grid in ("g1", "g2"):
        states = [now[camera] for camera, of in grids.items() if of == grid]
        assert (tally.online(grid), tally.offline(grid)) == (sum(states), len(states) - sum(states))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_offered_has_a_name(language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    try:
        names = [tr(i.name_key) for i in INDICATORS] + [tr(i.unit_key, value=3) for i in INDICATORS]
        kinds = [type_name(known.id) for known in incident_types()]
        assert all(names)
        assert len(set(kinds)) == len(kinds)
    finally:
        set_language("zh_CN")
