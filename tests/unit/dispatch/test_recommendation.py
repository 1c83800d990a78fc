"""A card's force filled, each gap with its reason; what is left behind; roads broken in every way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from app.dispatch.candidates import HORIZON_S, Member, Post, Preference, Question
from app.dispatch.coverage import Reach, coverage
from app.dispatch.force import Force
from app.dispatch.recommendation import Recommendation, recommend
from app.dispatch.run_card import Bar, Need, PlaceRule, RunCard, Words
from app.domain.incident import Incident
from app.domain.unit import Assignment, PostOrder, Unit
from app.geo.district import District, Travel
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S, RoadGraph
from app.geo.surface import Road
from app.journal.store import TrackPoint
from tests.unit.geo.small_district import CENTRE, position

NOW = 1_795_330_626_000
HOUR = 3_600_000
GRID, NEXT, FAR_OFF = "g1", "g2", "g9"
LEAD = Need("lead", ("police", "joint_patrol"), 2)
AID = Need("aid", ("medical", "police"), 1, ("first_aid",))


def card(*needs: Need, **facts: object) -> RunCard:
    return replace(RunCard("x", Words("甲", "A"), {1: 2}, needs), **facts)  # type: ignore[arg-type]


def road(number: int, ends: tuple[int, int], *points: tuple[float, float], **facts: object) -> Road:
    line = np.array([position(*point)[::-1] for point in points])
    made = Road(f"R{number}", "", "", "residential", False, False, *ends, line)
    return replace(made, **facts)  # type: ignore[arg-type]


def roads(*made: Road, closed: Iterable[str] = ()) -> RoadGraph:
    district = District(
        code="310198006", name_zh="x", name_en="X", centre_lat=CENTRE[0], centre_lon=CENTRE[1],
        utc_offset_min=480, boundary=(), communities=(), grids=(), places=(), cameras=(), units=(),
        surface=lambda: _Ground(made),  # type: ignore[arg-type,return-value]
    )  # fmt: skip
    return RoadGraph(district, closed)


class _Ground:
    def __init__(self, made: tuple[Road, ...]) -> None:
        self.roads = made


STREET = road(1, (1, 2), (0, 0), (2000, 0))


class Town:
    """A force on a street, the incident at its west end."""

    def __init__(self, graph: RoadGraph | None = None) -> None:
        self.members: dict[str, Member] = {}
        self.units: list[Unit] = []
        self.fixes: list[tuple[str, TrackPoint]] = []
        self.graph = graph

    def put(
        self, key: str, kind: str, x_m: float, *skills: str, y_m: float = 0.0, travel: Travel = "car",
        grid: str = "", age_s: float = 0, **facts: object,
    ) -> None:  # fmt: skip
        post = Post(*position(x_m, y_m), grid)
        self.members[key] = Member(travel, skills, post)
        self.units.append(replace(Unit(key, kind, key), **facts))  # type: ignore[arg-type]
        self.fixes.append((key, TrackPoint(key, NOW - round(age_s * 1000), *position(x_m, y_m))))

    @property
    def force(self) -> Force:
        force = Force(self.members, self.graph)
        force.put(self.units, self.fixes)
        return force

    def ask(self, run_card: RunCard, priority: int = 2, **facts: object) -> Recommendation:
        lat, lon = position(0, 0)
        incident = Incident("i", ("110:i",), "crowd", priority, "", NOW, lat=lat, lon=lon, grid=GRID)
        incident = replace(incident, **facts)  # type: ignore[arg-type]
        kinds = ("police", "joint_patrol", "medical", "grid_member")
        question = Question(incident, NOW, kinds, run_card.response(priority), {NEXT})
        return recommend(self.force, question)


def reasons(found: Recommendation, unit: str) -> list[str]:
    return [r.key for c in found.ranking if c.unit_id == unit for r in c.reasons]


def excluded(found: Recommendation, unit: str) -> str:
    return next(c.excluded.key for c in found.ranking if c.unit_id == unit and c.excluded is not None)


# -- whom ------------------------------------------------------------------------------------------------------------


def test_the_soonest_fill_the_card_and_none_takes_anothers_only_place() -> None:
    town = Town(roads(STREET))
    town.put("p1", "police", 100, "first_aid")
    town.put("p2", "police", 300)
    town.put("j1", "joint_patrol", 900)
    found = town.ask(card(LEAD, AID))
    assert [(pick.candidate.unit_id, pick.need.id) for pick in found.picks] == [
        ("p2", "lead"), ("j1", "lead"), ("p1", "aid"),
    ]  # fmt: skip
    assert found.shortfalls == ()
    assert (found.asked, found.there) == (3, 0)


def test_a_force_that_outgrows_its_room_keeps_what_it_knows() -> None:
    town = Town(roads(STREET))
    for number in range(30):
        town.put(f"p{number:03d}", "police", 10 + number, f"skill{number}")
    force = Force(town.members, town.graph)
    for first in range(0, 30, 7):
        force.put(town.units[first : first + 7], town.fixes[first : first + 7])
    strangers = [Unit(f"x{number:04d}", "medical", "") for number in range(500)]
    force.put(strangers, ((unit.id, TrackPoint(unit.id, NOW, *position(50, 0))) for unit in strangers))
    assert len(force) == 530
    for number in range(30):
        assert np.flatnonzero(force.has_skills([f"skill{number}"])).tolist() == [number]
    seconds, _ = force.times_s(force.goals(*position(0, 0)), force.away_m(*position(0, 0)))
    assert seconds[:30] == pytest.approx([(10 + n) / 4.5 for n in range(30)], rel=0.02)
    assert seconds[30:] == pytest.approx([50 / 4.5] * 500, rel=0.02)


def test_who_is_at_work_already_counts() -> None:
    town = Town(roads(STREET))
    town.put("p1", "police", 0, assignments=(Assignment("i", "on_scene", NOW),))
    town.put("p2", "police", 300)
    town.put("p3", "police", 400)
    found = town.ask(card(LEAD), units=("p1",))
    assert found.units == ("p2",)
    assert (found.asked, found.there) == (2, 1)


def test_who_has_left_the_incident_is_listed_again() -> None:
    town = Town(roads(STREET))
    town.put(
        "p1", "police", 0, assignments=(Assignment("i", "on_scene", NOW), Assignment("o", "on_scene", NOW))
    )
    force = town.force
    assert force.rows_at_work("i") == force.rows_at_work("o") == {0}
    force.put([replace(town.units[0], assignments=(Assignment("o", "on_scene", NOW),))])
    assert (force.rows_at_work("i"), force.rows_at_work("o")) == (set(), {0})
    force.put([replace(town.units[0], assignments=())])
    assert force.rows_at_work("o") == set()


def test_help_comes_from_next_door_before_it_comes_from_far_grids() -> None:
    town = Town(roads(STREET))
    town.put("far", "grid_member", 0, grid=FAR_OFF)
    town.put("near", "grid_member", 250, grid=NEXT)
    found = town.ask(card(Need("g", ("grid_member",), 1)))
    assert Preference().far_grid_s > 250 / 4.5
    assert found.units == ("near",)
    assert reasons(found, "near") == ["suits", "mutual_aid"]
    assert reasons(found, "far") == ["nearest", "suits", "far_grid"]


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"duty": "off_duty"}, "not_on_duty"),
        ({"assignments": (Assignment("other", "en_route", NOW),)}, "busy"),
        ({"age_s": 1_801}, "fix_stale"),
        ({"on_duty_at": NOW - 13 * HOUR}, "rest_due"),
        ({"on_duty_at": NOW - HOUR, "off_duty_at": NOW - 8 * HOUR}, "rest_short"),
        ({"kind": "volunteer"}, "barred_by_card"),
        ({"x_m": 1_900, "travel": "foot", "y_m": 499}, "too_far"),
        ({"kind": "medical"}, "no_skill"),
    ],
)
def test_each_exclusion_says_why(facts: dict[str, object], key: str) -> None:
    town = Town(roads(STREET))
    town.put("u", **({"kind": "police", "x_m": 10} | facts))  # type: ignore[arg-type]
    bars = (Bar("volunteer", Words("否", "no")),)
    found = town.ask(card(LEAD, replace(AID, kinds=("medical",)), bars=bars))
    assert excluded(found, "u") == key
    assert found.picks == ()


@pytest.mark.parametrize(
    ("units", "key"),
    [
        ([], "none_known"),
        ([("police", {})], "no_skill"),
        ([("police", {"skills": True, "duty": "off_duty"})], "none_on_duty"),
        ([("police", {"skills": True, "assignments": (Assignment("o", "on_scene", NOW),)})], "all_busy"),
        ([("police", {"skills": True, "age_s": 5_000})], "fix_stale"),
        ([("police", {"skills": True, "travel": "foot", "x_m": 1_900, "y_m": 499})], "too_far"),
        ([("police", {"skills": True, "on_duty_at": 1})], "rest_due"),
        ([("police", {"skills": True, "on_duty_at": NOW - 1, "off_duty_at": NOW - 2})], "rest_short"),
    ],
)
def test_each_gap_says_why(units: list[tuple[str, dict[str, object]]], key: str) -> None:
    town = Town(roads(STREET))
    for number, (kind, given) in enumerate(units):
        facts = dict(given)
        skills = ("first_aid",) if facts.pop("skills", False) else ()
        x_m = float(str(facts.pop("x_m", 10)))
        town.put(f"u{number}", kind, x_m, *skills, **facts)  # type: ignore[arg-type]
    (gap,) = town.ask(card(AID)).shortfalls
    assert (gap.missing, gap.reason.key) == (1, key)


def test_places_and_levels_ask_for_more() -> None:
    school = PlaceRule("school", frozenset({"school"}), 200, 2, (replace(LEAD, id="gate", count=1),))
    run_card = card(LEAD, replace(AID, level=3), places=(school,))
    assert [need.count for need in run_card.response(3).needs] == [2]
    assert run_card.response(1).level == 2
    near = run_card.response(3, {"school"})
    assert (near.level, [need.count for need in near.needs]) == (2, [3])
    assert [need.id for need in run_card.response(3, (), 3).needs] == ["lead", "aid"]


# -- broken roads ----------------------------------------------------------------------------------------------------

ISLET = road(2, (8, 9), (3000, 3000), (3100, 3000))
SIDE_STREET = road(2, (2, 3), (2000, 0), (2000, 300))


@pytest.mark.parametrize(
    ("graph", "at", "key"),
    [
        (None, (1000, 0), "straight_no_roads"),
        (roads(STREET, ISLET), (3050, 3000), "straight_island"),
        (roads(STREET), (1000, 900), "straight_off_map"),
        (roads(replace(STREET, oneway=True)), (1000, 0), ""),
        (roads(replace(STREET, oneway=True), SIDE_STREET), (2000, 200), "straight_one_way"),
        (roads(ISLET), (1000, 0), "straight_incident_off_map"),
        (roads(STREET, SIDE_STREET, road(3, (3, 4), (2000, 300), (2300, 300)), closed={"R2"}),
         (2200, 300), "straight_closed"),
        (roads(replace(STREET, road_class="footway")), (1000, 0), "straight_incident_off_map"),
    ],
)  # fmt: skip
def test_broken_roads_give_a_straight_time_that_says_so(
    graph: RoadGraph | None, at: tuple[float, float], key: str
) -> None:
    """A one-way street that leads to the east: from within it one goes round, from beyond its end there is no way."""
    town = Town(graph)
    town.put("p", "police", at[0], y_m=at[1])
    found = town.ask(card(replace(LEAD, count=1)))
    (candidate,) = found.ranking
    straight_s = (at[0] ** 2 + at[1] ** 2) ** 0.5 * DETOUR_FACTOR / SPEED_M_PER_S["car"]["residential"]
    expected = key or "straight_one_way"
    assert expected in [reason.key for reason in candidate.reasons]
    assert candidate.is_straight
    assert candidate.eta_s == pytest.approx(straight_s, rel=0.01)
    assert found.units == ("p",), "it is recommended all the same"


def test_every_way_through_is_closed_to_cars_but_not_when_open_again() -> None:
    shut, free = roads(STREET, closed={"R1"}), roads(STREET)
    town = Town(shut)
    town.put("p", "police", 1000)
    assert town.ask(card(LEAD)).ranking[0].is_straight
    force = town.force
    force.use_roads(free)
    seconds, _ = force.times_s(force.goals(*position(0, 0)), force.away_m(*position(0, 0)))
    assert seconds[0] == pytest.approx(1000 / SPEED_M_PER_S["car"]["residential"], rel=0.01)


def test_an_incident_without_a_place_is_filled_by_kind() -> None:
    town = Town(roads(STREET))
    town.put("p", "police", 10)
    found = town.ask(card(replace(LEAD, count=1)), lat=None, lon=None)
    assert found.ranking[0].eta_s is None
    assert found.units == ("p",)


# -- what is left behind ---------------------------------------------------------------------------------------------


def test_what_nobody_reaches_any_more_is_named_and_a_move_restores_it() -> None:
    graph = roads(STREET)
    town = Town(graph)
    town.put("west", "police", 0)
    town.put("east1", "police", 2000)
    town.put("east2", "police", 1990)
    reach = Reach(graph, [("w", *position(0, 0)), ("e", *position(2000, 0))])
    found = coverage(reach, town.force, ("police",), ("west",), 60.0, NOW)
    assert (found.before, found.after, found.lost) == (1.0, 0.5, ("w",))
    assert found.move_up is not None
    assert found.move_up.unit in ("east1", "east2")
    assert found.move_up.post == Post(*position(0, 0))
    assert found.move_up.share == 1.0
    nobody_lost = coverage(reach, town.force, ("police",), ("east1",), 60.0, NOW)
    assert (nobody_lost.after, nobody_lost.move_up) == (1.0, None)


def test_who_moves_up_already_counts_where_it_will_stand_by_and_is_not_moved_again() -> None:
    graph = roads(STREET)
    town = Town(graph)
    town.put("west", "police", 0)
    town.put("east1", "police", 2000)
    town.put("east2", "police", 1990)
    order = PostOrder("o1", *position(0, 0), "w", NOW)
    town.units[1] = replace(town.units[1], post_order=order)
    reach = Reach(graph, [("w", *position(0, 0)), ("e", *position(2000, 0))])
    found = coverage(reach, town.force, ("police",), ("west",), 60.0, NOW)
    assert (found.after, found.lost, found.move_up) == (1.0, (), None)
    found = coverage(reach, town.force, ("police",), ("west", "east2"), 60.0, NOW)
    assert (found.lost, found.move_up) == (("e",), None), "the only one left is on its way to the west"
    assert "moving_up" in reasons(town.ask(card(LEAD)), "east1")


def test_the_last_one_who_covers_a_grid_is_not_moved_for_nothing() -> None:
    graph = roads(STREET)
    town = Town(graph)
    town.put("west", "police", 0)
    town.put("east", "police", 2000)
    reach = Reach(graph, [("w", *position(0, 0)), ("e", *position(2000, 0))])
    assert coverage(reach, town.force, ("police",), ("west",), 60.0, NOW).move_up is None


def test_the_horizon_is_half_an_hour() -> None:
    assert HORIZON_S == 1_800
