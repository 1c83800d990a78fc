"""All that waits at once: never a unit twice, never worse than one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.joint import OPEN_S, Place, compare, gain
from app.dispatch.policy import nearest, recommended, weight
from app.dispatch.work_times import WorkTimes, expected_left_s
from app.domain.incident import PRIORITIES

SECONDS = st.one_of(st.just(float("inf")), st.floats(0, 2 * OPEN_S))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[float]]:
    places, units = draw(st.integers(0, 7)), draw(st.integers(1, 7))
    rows = [draw(st.lists(SECONDS, min_size=units, max_size=units)) for _ in range(places)]
    return rows, [draw(st.sampled_from([0.5, 1.0, 2.0, 4.0])) for _ in range(places)]


@given(tables())
def test_no_unit_goes_twice_and_the_whole_is_never_worse_than_in_turn(
    table: tuple[list[list[float]], list[float]],
) -> None:
    rows, weights = table
    seconds = np.array(rows) if rows else np.zeros((0, 3))
    found = compare(seconds, [Place(f"i{n}", "lead", weight) for n, weight in enumerate(weights)])
    for plan in (found.joint, found.in_turn):
        assert len({pair.unit for pair in plan.pairs}) == len(plan.pairs)
        assert len({pair.place for pair in plan.pairs}) == len(plan.pairs)
        assert all(
            np.isfinite(pair.seconds) and pair.seconds == seconds[pair.place, pair.unit]
            for pair in plan.pairs
        )
    assert found.joint.cost_s <= found.in_turn.cost_s + 1e-6
    assert found.saved_s >= 0


def test_crossing_ways_are_uncrossed() -> None:
    """The nearest to the first is the only one near to the second."""
    seconds = np.array([[100.0, 120.0], [110.0, 900.0]])
    found = compare(seconds, [Place("a", "lead"), Place("b", "lead")])
    assert [(pair.place, pair.unit) for pair in found.joint.pairs] == [(0, 1), (1, 0)]
    assert found.saved_s == 1000 - 230


def test_the_gain_counts_places_seconds_and_the_urgent() -> None:
    inf = float("inf")
    seconds = np.array([[100.0, 120.0, inf], [110.0, 900.0, inf], [50.0, inf, 400.0]])
    found = gain(compare(seconds, [Place(f"i{n}", "lead") for n in range(3)]), [True, True, False])
    assert (found.more, found.sooner_s) == (0, 1000 - 230)
    assert (found.urgent_s, found.urgent_in_turn_s) == (115, 500)
    alone = gain(compare(np.array([[60.0], [inf]]), [Place("a", "lead"), Place("b", "lead")]), [False, True])
    assert (alone.more, alone.sooner_s, alone.urgent_s) == (0, 0, None)
    fills = np.array([[100.0, 200.0], [100.0, inf]])
    assert gain(compare(fills, [Place("a", "lead"), Place("b", "lead")]), [False, False]).more == 1


def test_the_urgent_one_comes_first_where_there_are_too_few() -> None:
    seconds = np.array([[50.0], [100.0]])
    found = compare(seconds, [Place("calm", "lead", 1.0), Place("urgent", "lead", 4.0)])
    assert [(pair.place, pair.unit) for pair in found.joint.pairs] == [(1, 0)]


SINCE = st.lists(st.integers(0, 1_200).map(float), min_size=7, max_size=7)
BUSY = st.lists(st.floats(1, 2000) | st.just(float("inf")), min_size=7, max_size=7)


@given(tables(), BUSY, st.lists(st.booleans(), min_size=7, max_size=7), SINCE)
def test_policies_send_only_who_is_free_and_nobody_twice(
    table: tuple[list[list[float]], list[float]], busy: list[float], waits: list[bool], since: list[float]
) -> None:
    rows, weights = table
    seconds = np.array(rows) if rows else np.zeros((0, 3))
    busy_s = np.array(busy[: seconds.shape[1]])
    busy_s[::2] = 0.0
    can_wait, times = np.array(waits[: len(seconds)], dtype=bool), WorkTimes()
    choice = recommended(seconds, busy_s, np.array(since), np.array(weights), can_wait, times)
    for sent, pairs in (
        (choice.send, choice.send + choice.wait),
        (nearest(seconds, busy_s == 0),) * 2,
    ):
        assert len({unit for _, unit in pairs}) == len(pairs) == len({call for call, _ in pairs})
        assert all(np.isfinite(seconds[call, unit]) for call, unit in pairs)
        assert all(busy_s[unit] == 0 for _, unit in sent)
    used = {unit for _, unit in choice.send}
    for call, unit in choice.wait:
        there_s = seconds[call, unit] + busy_s[unit]
        assert 0 < busy_s[unit] < np.inf
        free_s = [seconds[call, n] for n in range(0, seconds.shape[1], 2)]
        idle_s = [seconds[call, n] for n in range(0, seconds.shape[1], 2) if n not in used]
        assert can_wait[call] or there_s + times.margin_s <= min(free_s)
        longer_s = times.longer_s if since[call] < times.held_s else 0
        assert all(there_s <= idle + longer_s for idle in idle_s)
    if len(seconds) == 1 and not can_wait[0] and choice.send:
        assert seconds[choice.send[0]] == seconds[0, ::2].min()


def waits_for(
    travel_s: list[float], busy_s: list[float], *, can_wait: bool = True, since_s: float = 0
) -> tuple[int, bool]:
    """(unit, does it wait) for one call."""
    since = np.array([since_s])
    choice = recommended(
        np.array([travel_s]), np.array(busy_s), since, np.array([1.0]), np.array([can_wait]), WorkTimes()
    )
    ((_, unit),) = choice.send + choice.wait
    return unit, bool(choice.wait)


@pytest.mark.parametrize(
    ("free_s", "can_wait", "waits"),
    [
        (900.0, False, True),  # 540 s by expectation, 180 s sooner than the free one
        (719.0, False, False),
        (719.0, True, True),
        (250.0, True, False),  # and half of what is left counts: 180 + 180 s
        (float("inf"), False, True),
    ],
)
def test_an_urgent_call_waits_only_for_who_is_clearly_sooner(
    free_s: float, can_wait: bool, waits: bool
) -> None:
    unit, does_wait = waits_for([free_s, 180.0], [0.0, 360.0], can_wait=can_wait)
    assert (unit, does_wait) == (1 if waits else 0, waits)


def test_nobody_waits_much_longer_than_for_a_free_unit_that_nobody_else_needs() -> None:
    assert waits_for([500.0, 0.0], [0.0, 800.0]) == (1, True)
    assert waits_for([500.0, 0.0], [0.0, 801.0]) == (0, False)


def test_after_ten_minutes_nothing_is_held_back_for_later_any_more() -> None:
    """What is expected may be put off again and again, and nobody would ever be sent."""
    assert waits_for([500.0, 0.0], [0.0, 800.0], since_s=599) == (1, True)
    assert waits_for([500.0, 0.0], [0.0, 800.0], since_s=600) == (0, False)
    assert waits_for([500.0, 0.0], [0.0, 499.0], since_s=600) == (1, True), "it is sooner all the same"


def test_an_hour_of_waiting_never_weighs_more_than_one_step_of_urgency() -> None:
    for priority in PRIORITIES[1:]:
        assert weight(priority, 3_600) == weight(priority, 600) == weight(priority - 1, 0)
        assert weight(priority, 0) < weight(priority, 300) < weight(priority, 600)


@given(st.floats(-5_000, 5_000), st.floats(1, 2_000), st.floats(0, 3_000))
def test_work_is_expected_to_end_between_its_least_and_its_most(
    there_in_s: float, least_s: float, more_s: float
) -> None:
    most_s = least_s + more_s
    (left_s,) = expected_left_s(np.array([there_in_s]), least_s, most_s).tolist()
    if -there_in_s > most_s:
        assert left_s == float("inf")
    else:
        least_left_s = max(there_in_s + least_s, 1.0)
        assert least_left_s - 1e-6 <= left_s <= max(there_in_s + most_s, 1.0) + 1e-6
