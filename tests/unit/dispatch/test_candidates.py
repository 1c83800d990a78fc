"""Who could go, in which order and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.candidates import STALE_FIX_S, Candidate, Post, Reason, candidates, distance_m
from app.dispatch.kinds import load_kinds
from app.domain.incident import Incident
from app.domain.unit import DISPATCHABLE, DUTIES, Assignment, Unit

NOW = 1_795_330_626_000
LAT, LON = 31.2206, 121.4766
KINDS = load_kinds()


@dataclass(frozen=True)
class Seen:
    at: int
    lat: float
    lon: float


def crowd(**fields: object) -> Incident:
    here = Incident(
        "i1", ("110:1",), "crowd", 1, "聚集", NOW - 60_000, lat=LAT, lon=LON, grid="310198006003001"
    )
    return replace(here, **fields)  # type: ignore[arg-type]


def seen(north_m: float, age_s: float = 5) -> Seen:
    return Seen(NOW - round(age_s * 1000), LAT + north_m / 111_195, LON)


def ranked(
    units: list[Unit], fixes: dict[str, Seen] | None = None, posts: dict[str, Post] | None = None
) -> list[Candidate]:
    return candidates(crowd(), units, fixes or {}, posts or {}, NOW, KINDS)


def keys(candidate: Candidate) -> list[str]:
    return [reason.key for reason in candidate.reasons]


def test_suitable_kinds_come_first_and_the_nearest_of_them_leads() -> None:
    units = [
        Unit("h1", "volunteer", "志1"),
        Unit("p1", "police", "警1"),
        Unit("u1", "urban_management", "城1"),
    ]
    found = ranked(units, {"h1": seen(50), "p1": seen(400), "u1": seen(300)})
    assert [c.unit_id for c in found] == ["u1", "p1", "h1"]
    assert keys(found[0]) == ["nearest", "suits"]
    assert keys(found[1]) == ["leads"]
    assert found[2].suits is False
    assert found[0].distance_m == pytest.approx(300, abs=1)


def test_a_position_over_1800_s_old_is_left_out_and_says_so() -> None:
    units = [Unit("p1", "police", "警1"), Unit("p2", "police", "警2")]
    found = ranked(units, {"p1": seen(10, STALE_FIX_S + 1), "p2": seen(900, STALE_FIX_S)})
    assert [c.unit_id for c in found] == ["p2", "p1"]
    assert found[0].excluded is None
    assert found[1].excluded == Reason("fix_stale", {"age_s": STALE_FIX_S + 1.0})
    assert found[1].can_be_sent


def test_busy_and_off_duty_units_are_listed_last_with_why_not() -> None:
    units = [
        Unit("p1", "police", "警1", duty="off_duty"),
        Unit("p2", "police", "警2", assignments=(Assignment("other", "on_scene", NOW),)),
        Unit("p3", "police", "警3"),
    ]
    found = ranked(units, {u.id: seen(100) for u in units})
    assert [c.unit_id for c in found] == ["p3", "p1", "p2"]
    assert found[1].excluded == Reason("not_on_duty", {"status": "off_duty"})
    assert found[2].excluded == Reason("busy", {"incident": "other", "status": "on_scene"})
    assert not found[1].can_be_sent
    assert not found[2].can_be_sent


def test_who_may_take_a_second_task_is_a_candidate_that_says_so() -> None:
    member = Unit("g1", "grid_member", "网1", assignments=(Assignment("other", "en_route", NOW),))
    (found,) = ranked([member], {"g1": seen(100)})
    assert found.excluded is None
    assert "second_task" in keys(found)


def test_who_is_at_work_on_the_incident_is_not_listed() -> None:
    assert ranked([Unit("p1", "police", "警1", assignments=(Assignment("i1", "en_route", NOW),))]) == []


def test_who_was_never_heard_of_is_taken_to_be_at_its_post() -> None:
    posts = {"p1": Post(LAT + 200 / 111_195, LON, "310198006003001")}
    (found,) = ranked([Unit("p1", "police", "警1")], {}, posts)
    assert found.distance_m == pytest.approx(200, abs=1)
    assert found.fix_age_s is None
    assert keys(found) == ["nearest", "leads", "own_grid", "from_post"]


def test_without_a_place_nothing_is_made_up() -> None:
    (found,) = ranked([Unit("x", "police", "警")])
    assert found.distance_m is None
    assert keys(found) == ["leads", "place_unknown"]
    nowhere = candidates(
        crowd(lat=None, lon=None), [Unit("p", "police", "警")], {"p": seen(1)}, {}, NOW, KINDS
    )
    assert nowhere[0].distance_m is None


def test_an_unknown_type_is_treated_as_other() -> None:
    units = [Unit("p1", "police", "警1"), Unit("g1", "grid_member", "网1")]
    fixes = {"p1": seen(10), "g1": seen(500)}
    found = candidates(crowd(incident_type="ufo"), units, fixes, {}, NOW, KINDS)
    assert [c.unit_id for c in found] == ["g1", "p1"]


def test_travel_times_take_the_place_of_distance() -> None:
    units = [Unit("p1", "police", "警1"), Unit("p2", "police", "警2")]
    times = {"p1": 300.0, "p2": 60.0}
    found = candidates(
        crowd(),
        units,
        {"p1": seen(10), "p2": seen(900)},
        {},
        NOW,
        KINDS,
        lambda unit, _lat, _lon: times[unit],
    )
    assert [(c.unit_id, c.eta_s) for c in found] == [("p2", 60.0), ("p1", 300.0)]


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_distance_agrees_with_the_plane_within_a_street(d_lat: float, d_lon: float) -> None:
    plane_m = hypot(d_lat * 111_195, d_lon * 111_195 * 0.85518)
    assert distance_m(LAT, LON, LAT + d_lat, LON + d_lon) == pytest.approx(plane_m, rel=3e-3, abs=0.5)


@given(st.permutations([("p1", "police"), ("v1", "volunteer"), ("j1", "joint_patrol"), ("m1", "medical")]))
def test_the_order_does_not_depend_on_the_order_of_the_units(order: list[tuple[str, str]]) -> None:
    units = [Unit(key, kind, key) for key, kind in order]
    fixes = {"p1": seen(500), "v1": seen(5), "j1": seen(500), "m1": seen(20)}
    assert [c.unit_id for c in ranked(units, fixes)] == ["j1", "p1", "v1", "m1"]


PLACES = st.one_of(st.none(), st.tuples(st.floats(-2000, 2000), st.floats(0, 4000)))
TASKS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)
FORCES = st.lists(
    st.tuples(
        st.sampled_from(sorted({*KINDS["crowd"], "volunteer"})), st.sampled_from(DUTIES), TASKS, PLACES
    ),
    max_size=12,
)


@given(FORCES)
def test_nobody_is_lost_and_who_is_left_out_has_a_reason_that_holds(
    forces: list[tuple[str, str, list[str], tuple[float, float] | None]],
) -> None:
    units, fixes = [], {}
    for number, (kind, duty, tasks, place) in enumerate(forces):
        held = tuple(Assignment(task, "en_route", NOW) for task in tasks)
        unit = Unit(f"u{number}", kind, f"u{number}", duty=duty, assignments=held)
        units.append(unit)
        if place is not None:
            fixes[unit.id] = seen(*place)
    found = ranked(units, fixes)
    by_id = {unit.id: unit for unit in units}
    assert sorted(c.unit_id for c in found) == sorted(by_id)
    left_out = [c.excluded is not None for c in found]
    assert left_out == sorted(left_out), "those left out stand last"
    for candidate in found:
        unit = by_id[candidate.unit_id]
        free = len(unit.assignments) < unit.capacity and (unit.assignments or unit.duty in DISPATCHABLE)
        assert candidate.can_be_sent == bool(free)
        stale = candidate.fix_age_s is not None and candidate.fix_age_s > STALE_FIX_S
        assert (candidate.excluded is not None) == (not free or stale)
        assert (candidate.distance_m is None) == (unit.id not in fixes)
    order = [
        (not c.suits, inf if c.distance_m is None else c.distance_m) for c in found if c.excluded is None
    ]
    assert order == sorted(order), "suitable ones first, then the nearest"
