"""Counts by grid agree with counting everything anew, whatever came in which order and however time went on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clocks import Limits, due_clocks
from app.domain.incident import Incident
from app.domain.instants import DAY_MS
from app.i18n import LANGUAGES, set_language, tr
from app.projections.grid_indicators import (
    ALL_KINDS,
    BY_ID,
    INDICATORS,
    KINDS,
    WEEK_MS,
    GridTally,
    Indicator,
    levels,
    share_online,
)

NOW = 1_795_330_000_000
MINUTE_MS = 60_000
LIMITS: Limits = {
    priority: {"accept": 2 * MINUTE_MS, "dispatch": 5 * MINUTE_MS, "arrive": 15 * MINUTE_MS}
    for priority in (1, 2, 3, 4)
}
MEASURES = ("open", "urgent", "overdue", "day", "week", "p1", "p2", "p3", "p4")


def incident(key: str, **fields: object) -> Incident:
    return replace(Incident(key, (f"110:{key}",), "crowd", 2, key, NOW, grid="g1"), **fields)  # type: ignore[arg-type]


def is_overdue(known: Incident, now: int) -> bool:
    return known.is_open and any(c.runs and c.left_ms(now) < 0 for c in due_clocks(known, LIMITS))


def brute_force(known: dict[str, Incident], measure: str, kind: str, now: int) -> dict[str, int]:
    """The same figure by looking at every incident."""
    holds = {
        "open": lambda i: i.is_open,
        "urgent": lambda i: i.is_open and i.priority <= 2,
        "overdue": lambda i: is_overdue(i, now),
        "day": lambda i: now - i.opened_at <= DAY_MS,
        "week": lambda i: now - i.opened_at <= WEEK_MS,
        **{f"p{p}": lambda i, p=p: i.is_open and i.priority == p for p in (1, 2, 3, 4)},
    }[measure]
    counts = Counter(
        i.grid
        for i in known.values()
        if i.grid is not None and kind in (ALL_KINDS, i.incident_type) and holds(i)
    )
    return {grid: count for grid, count in counts.items() if grid is not None}


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
    cameras = [("g1", True), ("g1", True), ("g1", False), ("g2", True), ("g3", False)]
    assert share_online(cameras) == {"g1": 66, "g2": 100, "g3": 0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_offered_has_a_name(language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    try:
        names = [tr(i.name_key) for i in INDICATORS] + [tr(i.unit_key, value=3) for i in INDICATORS]
        kinds = [tr(f"terms.incident_type.{kind}") for kind in KINDS]
        assert all(names)
        assert len(set(kinds)) == len(KINDS)
    finally:
        set_language("zh_CN")
