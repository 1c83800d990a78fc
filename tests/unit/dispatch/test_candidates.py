"""Who could go, in which order and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, cos, hypot, inf, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.candidates import SECOND_TASK_S, STALE_FIX_S, Candidate, Member, Post, Question, Reason
from app.dispatch.force import EARTH_RADIUS_M, MILLIMETRES, Force
from app.dispatch.kinds import SuitableKinds, load_kinds, suitable
from app.dispatch.ranking import Ranking
from app.domain.incident import Incident
from app.domain.unit import DISPATCHABLE, DUTIES, Assignment, Unit
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S

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


def candidates(
    incident: Incident,
    units: list[Unit],
    fixes: dict[str, Seen],
    posts: dict[str, Post],
    now: int,
    kinds: SuitableKinds,
) -> Ranking:
    """Of a force without roads, everybody in a car: times go with the crow's flight."""
    force = Force({key: Member("car", (), post) for key, post in posts.items()}, None)
    force.put(units, fixes.items())
    return Ranking(force, Question(incident, now, suitable(kinds, incident.incident_type)))


def ranked(
    units: list[Unit], fixes: dict[str, Seen] | None = None, posts: dict[str, Post] | None = None
) -> list[Candidate]:
    return list(candidates(crowd(), units, fixes or {}, posts or {}, NOW, KINDS))


def keys(candidate: Candidate) -> list[str]:
    """All but that there are no roads here."""
    return [reason.key for reason in candidate.reasons if reason.key != "straight_no_roads"]


def test_the_leading_kind_comes_first_then_suitable_ones_then_the_others() -> None:
    units = [
        Unit("h1", "volunteer", "志1"),
        Unit("p1", "police", "警1"),
        Unit("p2", "police", "警2"),
        Unit("u1", "urban_management", "城1"),
        Unit("j1", "joint_patrol", "联1"),
    ]
    fixes = {"h1": seen(50), "p1": seen(400), "p2": seen(350), "u1": seen(300), "j1": seen(320)}
    found = ranked(units, fixes)
    assert [c.unit_id for c in found] == ["p2", "p1", "u1", "j1", "h1"]
    assert [c.suits for c in found] == [True, True, True, True, False]
    assert [keys(c) for c in found] == [["leads"], ["leads"], ["nearest", "suits"], ["suits"], []]
    assert found[2].distance_m == pytest.approx(300, abs=1)


def test_the_nearest_is_called_so_whatever_its_kind_but_only_when_it_suits() -> None:
    units = [
        Unit("h1", "volunteer", "志1"),
        Unit("p1", "police", "警1"),
        Unit("u1", "urban_management", "城1"),
    ]
    first, second, third = ranked(units, {"h1": seen(5), "p1": seen(200), "u1": seen(300)})
    assert [keys(c) for c in (first, second, third)] == [["nearest", "leads"], ["suits"], []]


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


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_distance_agrees_with_the_plane_within_a_street(d_lat: float, d_lon: float) -> None:
    plane_m = hypot(d_lat * 111_195, d_lon * 111_195 * 0.85518)
    force = Force({}, None)
    force.put([Unit("p", "police", "")], [("p", Seen(NOW, LAT + d_lat, LON + d_lon))])
    (far_m,) = force.away_m(LAT, LON)
    assert far_m == pytest.approx(plane_m, rel=3e-3, abs=0.5)


@given(st.permutations([("p1", "police"), ("v1", "volunteer"), ("j1", "joint_patrol"), ("m1", "medical")]))
def test_the_order_does_not_depend_on_the_order_of_the_units(order: list[tuple[str, str]]) -> None:
    units = [Unit(key, kind, key) for key, kind in order]
    fixes = {"p1": seen(500), "v1": seen(5), "j1": seen(500), "m1": seen(20)}
    assert [c.unit_id for c in ranked(units, fixes)] == ["p1", "j1", "v1", "m1"]


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
        (tier(by_id[c.unit_id].kind, "crowd"), inf if c.distance_m is None else c.distance_m)
        for c in found
        if c.excluded is None
    ]
    assert order == sorted(order), "the leading kind first, then suitable ones, and the nearest of each"


# -- against a plain implementation ----------------------------------------------------------------------------------


def tier(kind: str, incident_type: str) -> int:
    wanted = KINDS[incident_type]
    return 0 if kind == wanted[0] else 1 if kind in wanted else 2


def plain_m(lat: float, lon: float) -> float:
    """The haversine formula as it stands in a book, one unit at a time."""
    phi_a, phi_b = radians(LAT), radians(lat)
    chord = sin((phi_b - phi_a) / 2) ** 2 + cos(phi_a) * cos(phi_b) * sin(radians(lon - LON) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord))), MILLIMETRES)


def plainly_ranked(
    units: list[Unit],
    fixes: dict[str, Seen],
    posts: dict[str, Post],
    incident_type: str,
) -> list[tuple[str, float | None, float | None, bool, bool, bool]]:
    """(unit, metres, seconds, suits, is left out, can be sent), sorted by one key in plain Python."""
    rows = []
    for unit in units:
        if unit.assignment("i1") is not None:
            continue
        place = fixes.get(unit.id) or posts.get(unit.id)
        away_m = None if place is None else plain_m(place.lat, place.lon)
        eta_s = None if away_m is None else away_m * DETOUR_FACTOR / SPEED_M_PER_S["car"]["residential"]
        stale = unit.id in fixes and NOW - fixes[unit.id].at > STALE_FIX_S * 1000
        free = len(unit.assignments) < unit.capacity and (unit.assignments or unit.duty in DISPATCHABLE)
        time_s = (1e6 if eta_s is None else eta_s) + (SECOND_TASK_S if unit.assignments else 0)
        order = tier(unit.kind, incident_type)
        key = (not free or stale, not free, order, min(time_s, 1e6), unit.id)
        rows.append((key, (unit.id, away_m, eta_s, order < 2, not free or stale, bool(free))))
    return [row for _, row in sorted(rows)]


METRES = st.integers(0, 4000)
NEARBY = st.builds(lambda north, east: (LAT + north / 111_195, LON + east / 95_090), METRES, METRES)
UNITS = st.builds(
    lambda number, kind, duty, tasks: Unit(
        f"u{number}", kind, "", duty=duty, assignments=tuple(Assignment(t, "en_route", NOW) for t in tasks)
    ),
    st.integers(0, 10**6),
    st.sampled_from(["police", "joint_patrol", "grid_member", "mediator", "fire", "volunteer", "drone"]),
    st.sampled_from(DUTIES),
    st.lists(st.sampled_from(["i1", "a", "b", "c"]), unique=True, max_size=3),
)


@st.composite
def forces(draw: st.DrawFn) -> tuple[list[Unit], dict[str, Seen], dict[str, Post]]:
    units = draw(st.lists(UNITS, unique_by=lambda unit: unit.id, max_size=30))
    spots = draw(st.lists(NEARBY, min_size=1, max_size=6))
    fixes, posts = {}, {}
    for unit in units:
        if draw(st.booleans()):
            age_s = draw(st.sampled_from([0, 30, STALE_FIX_S, STALE_FIX_S + 1]))
            fixes[unit.id] = Seen(NOW - age_s * 1000, *draw(st.sampled_from(spots)))
        if draw(st.booleans()):
            posts[unit.id] = Post(*draw(st.sampled_from(spots)))
    return units, fixes, posts


@given(forces(), st.sampled_from(["crowd", "dispute", "fire", "order"]))
def test_the_order_is_that_of_a_plain_sort(
    force: tuple[list[Unit], dict[str, Seen], dict[str, Post]], incident_type: str
) -> None:
    units, fixes, posts = force
    found = candidates(crowd(incident_type=incident_type), units, fixes, posts, NOW, KINDS)
    told = [(c.unit_id, c.distance_m, c.eta_s, c.suits, c.excluded is not None, c.can_be_sent) for c in found]
    plain = plainly_ranked(units, fixes, posts, incident_type)
    assert [row[0] for row in told] == [row[0] for row in plain]
    for ours, theirs in zip(told, plain, strict=True):
        assert ours[1:3] == pytest.approx(theirs[1:3]) if ours[1] is not None else theirs[1] is None
        assert ours[3:] == theirs[3:]


def test_ten_thousand_units_stand_in_the_order_of_a_plain_sort() -> None:
    kinds = ("police", "joint_patrol", "grid_member", "volunteer", "medical")
    units = [Unit(f"u{n}", kinds[n % 5], "", duty=DUTIES[n % 7 % len(DUTIES)]) for n in range(10_000)]
    fixes = {
        unit.id: Seen(NOW - n % 41 * 60_000, LAT + n * 37 % 4001 / 111_195, LON + n * 53 % 3989 / 95_090)
        for n, unit in enumerate(units)
    }
    found = candidates(crowd(), units, fixes, {}, NOW, KINDS)
    assert [c.unit_id for c in found] == [row[0] for row in plainly_ranked(units, fixes, {}, "crowd")]


def test_a_ranking_is_a_sequence_that_can_be_looked_at_in_part() -> None:
    units = [Unit(f"p{n}", "police", "") for n in range(5)]
    found = candidates(crowd(), units, {u.id: seen(100 * n) for n, u in enumerate(units)}, {}, NOW, KINDS)
    assert len(found) == 5
    assert [c.unit_id for c in found[1:3]] == ["p1", "p2"]
    assert found[-1].unit_id == "p4"
    assert found[0] is next(iter(found))
    assert list(candidates(crowd(), [], {}, {}, NOW, KINDS)) == []
