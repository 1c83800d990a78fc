"""All that waits at once: never a unit twice, never worse than one after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.joint import OPEN_S, Place, compare
from app.dispatch.policy import nearest, recommended

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


def test_the_urgent_one_comes_first_where_there_are_too_few() -> None:
    seconds = np.array([[50.0], [100.0]])
    found = compare(seconds, [Place("calm", "lead", 1.0), Place("urgent", "lead", 4.0)])
    assert [(pair.place, pair.unit) for pair in found.joint.pairs] == [(1, 0)]


@given(tables(), st.lists(st.floats(0, 2000), min_size=7, max_size=7))
def test_policies_send_only_who_is_free_and_nobody_twice(
    table: tuple[list[list[float]], list[float]], busy: list[float]
) -> None:
    rows, _weights = table
    seconds = np.array(rows) if rows else np.zeros((0, 3))
    busy_s = np.array(busy[: seconds.shape[1]])
    busy_s[::2] = 0.0
    for pairs in (
        recommended(seconds, busy_s, np.zeros(len(seconds))),
        nearest(seconds, busy_s == 0),
    ):
        assert len({unit for _, unit in pairs}) == len(pairs) == len({call for call, _ in pairs})
        assert all(busy_s[unit] == 0 and np.isfinite(seconds[call, unit]) for call, unit in pairs)
