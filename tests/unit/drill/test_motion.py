"""Owns the proof that units move as people and cars do: steadily, with a short start and a short stop."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drill.motion import ACCELERATION_MPS2, Way
from app.geo.coordinates import distance_m
from app.geo.district import Travel

CALL_MPS: dict[Travel, float] = {"foot": 1.3, "ebike": 5.5, "car": 8.5}
LAT, LON = 31.22, 121.47
LEGS = st.lists(st.tuples(st.floats(-0.004, 0.004), st.floats(-0.004, 0.004)), min_size=1, max_size=8)
TRAVELS = st.sampled_from(sorted(CALL_MPS))


def line(legs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    points = [(LAT, LON)]
    for north, east in legs:
        points.append((points[-1][0] + north, points[-1][1] + east))
    return points


def length_m(points: list[tuple[float, float]]) -> float:
    return sum(distance_m(*a, *b) for a, b in pairwise(points))


def called(points: list[tuple[float, float]], travel: Travel = "car") -> Way:
    return Way(points, CALL_MPS[travel], ACCELERATION_MPS2[travel])


def test_between_start_and_stop_the_speed_is_one_and_the_same() -> None:
    way, cruise, acceleration = called(line([(0.01, 0.0)])), CALL_MPS["car"], ACCELERATION_MPS2["car"]
    ramp_s = cruise / acceleration
    assert ramp_s < 6
    halves = [n / 2 for n in range(round(2 * way.duration_s))]
    cruising = [way.at(t).speed_mps for t in halves if ramp_s <= t <= way.duration_s - ramp_s]
    assert len(cruising) > 200
    assert set(cruising) == {cruise}
    assert way.at(ramp_s / 2).speed_mps == pytest.approx(cruise / 2)
    assert way.at(way.duration_s - ramp_s / 2).speed_mps == pytest.approx(cruise / 2)


@given(LEGS, TRAVELS)
def test_speed_never_changes_faster_than_one_can_start_or_stop(
    legs: list[tuple[float, float]], travel: Travel
) -> None:
    way = called(line(legs), travel)
    times = [way.duration_s * n / 60 for n in range(61)]
    for before, after in pairwise(times):
        change = abs(way.at(after).speed_mps - way.at(before).speed_mps)
        assert change <= ACCELERATION_MPS2[travel] * (after - before) + 1e-6
        assert way.at(after).speed_mps <= CALL_MPS[travel]


@given(LEGS, TRAVELS)
def test_what_is_gone_is_what_the_speed_says(legs: list[tuple[float, float]], travel: Travel) -> None:
    points = line(legs)
    way = called(points, travel)
    step_s = way.duration_s / 2000
    by_speed_m = sum(way.at((n + 0.5) * step_s).speed_mps for n in range(2000)) * step_s
    assert by_speed_m == pytest.approx(length_m(points), rel=2e-3, abs=0.01)


@given(LEGS)
def test_it_begins_and_ends_where_the_line_does(legs: list[tuple[float, float]]) -> None:
    points = line(legs)
    way = called(points)
    early, late = way.at(0.0), way.at(max(0.0, way.duration_s - 1e-6))
    assert distance_m(early.lat, early.lon, *points[0]) < 0.01
    assert distance_m(late.lat, late.lon, *points[-1]) < 0.01
    assert (way.at(-1.0).speed_mps, way.at(way.duration_s).speed_mps) == (0.0, 0.0)
    assert (way.at(-1.0).lat, way.at(way.duration_s).lat) == (points[0][0], points[-1][0])
    assert way.end == points[-1]


def test_a_way_of_no_length_takes_no_time() -> None:
    for way in (called([(LAT, LON)]), called([(LAT, LON), (LAT, LON)]), Way([(LAT, LON)], 0.0)):
        assert way.duration_s == 0.0
        assert way.at(0.0).heading_deg is None


def test_a_way_too_short_for_the_full_speed_is_all_start_and_stop() -> None:
    way = called(line([(0.0001, 0.0)]))
    fastest = max(way.at(way.duration_s * n / 100).speed_mps for n in range(100))
    assert 0 < fastest < CALL_MPS["car"]
    assert way.at(way.duration_s / 2).speed_mps == pytest.approx(fastest)


def test_a_round_is_gone_at_one_speed_throughout() -> None:
    way = Way(line([(0.002, 0.0), (0.0, 0.002), (-0.002, -0.002)]), 1.1)
    assert {way.at(n).speed_mps for n in range(int(way.duration_s))} == {1.1}
