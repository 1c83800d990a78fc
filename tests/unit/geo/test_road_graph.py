"""Ways and times on a graph small enough to work out by hand, and whole-district properties on the demo."""

import numpy as np
import pytest

from app.geo.coordinates import distance_m
from app.geo.district import District, Travel
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S, WALK_M_PER_S, RoadGraph
from tests.unit.geo.small_district import position

CAR = SPEED_M_PER_S["car"]
MODES: list[Travel] = ["foot", "ebike", "car"]


@pytest.fixture
def graph(small: District) -> RoadGraph:
    return RoadGraph(small)


@pytest.fixture(scope="module")
def town(demo: District) -> RoadGraph:
    return RoadGraph(demo)


def test_lengths_and_nodes_are_those_of_the_drawing(graph: RoadGraph) -> None:
    assert graph.edge_length_m == pytest.approx([400, 400, 400, 400, 100, 100, 100], abs=0.01)
    assert graph.node_ids[graph.nearest_node(*position(390, 410))] == 12


def test_the_nearest_point_on_the_roads(graph: RoadGraph) -> None:
    at = graph.nearest_edge_point(*position(130, 20))
    assert (at.edge, at.along_m, at.off_m) == pytest.approx((0, 130, 20), abs=0.01)
    assert (at.lat, at.lon) == pytest.approx(position(130, 0), abs=1e-7)


def test_a_mode_joins_only_roads_that_are_open_to_it(graph: RoadGraph) -> None:
    at_end_of_path = position(400, 590)
    assert graph.nearest_edge_point(*at_end_of_path, "foot").edge == 5
    assert graph.nearest_edge_point(*at_end_of_path, "car").edge == 4


@pytest.mark.parametrize(
    ("mode", "seconds"),
    [
        ("foot", 200 / WALK_M_PER_S),
        ("ebike", 200 / 5.5),
        ("car", (100 + 400 + 400 + 400 - 100) / CAR["primary"]),
    ],
)
def test_cars_obey_one_ways_and_feet_do_not(graph: RoadGraph, mode: Travel, seconds: float) -> None:
    start, goal = position(300, 0), position(100, 0)
    assert graph.etas_s([start], *goal, mode)[0] == pytest.approx(
        seconds if mode != "car" else (100 + 400 + 400 + 400 + 100) / CAR["primary"], rel=1e-3
    )
    assert graph.etas_s([goal], *start, "car")[0] == pytest.approx(200 / CAR["primary"], rel=1e-3)


def test_times_by_node_are_of_the_way_to_the_target(graph: RoadGraph) -> None:
    times = graph.travel_times_to(*position(400, 100), "car")
    by_id = dict(zip(graph.node_ids.tolist(), times.tolist(), strict=True))
    assert by_id[11] == pytest.approx(100 / CAR["primary"], rel=1e-3)
    assert by_id[10] == pytest.approx(500 / CAR["primary"], rel=1e-3)
    assert by_id[14] == pytest.approx(300 / CAR["primary"] + 100 / CAR["alley"], rel=1e-3)
    assert by_id[20] == np.inf


def test_a_route_has_its_corners_its_seconds_and_the_walk_at_both_ends(graph: RoadGraph) -> None:
    route = graph.route(position(200, -13), position(413, 200), "car")
    expected = [
        position(200, -13),
        position(200, 0),
        position(400, 0),
        position(400, 200),
        position(413, 200),
    ]
    corners = [(lat, lon) for lon, lat in route.line]
    assert corners == pytest.approx(np.array(expected), abs=1e-7)
    assert route.seconds[[0, 1, -1]] == pytest.approx([0, 10, 20 + 400 / CAR["primary"]], rel=1e-3)
    assert route.length_m == pytest.approx(426, rel=1e-3)
    assert not route.is_straight


def test_a_route_within_one_edge_needs_no_node(graph: RoadGraph) -> None:
    route = graph.route(position(100, 0), position(150, 0), "car")
    assert route.length_m == pytest.approx(50, abs=0.01)


def test_where_there_is_no_way_the_straight_line_is_flagged(graph: RoadGraph) -> None:
    start, islet = position(0, 0), position(3050, 3000)
    route = graph.route(start, islet, "car")
    assert route.is_straight
    assert route.line.shape == (2, 2)
    assert route.duration_s == pytest.approx(
        distance_m(*start, *islet) * DETOUR_FACTOR / CAR["residential"], rel=0.01
    )
    assert graph.etas_s([start], *islet, "car")[0] == np.inf


@pytest.mark.parametrize("mode", MODES)
def test_every_unit_reaches_every_place_by_a_route_that_takes_its_eta(
    demo: District, town: RoadGraph, mode: Travel
) -> None:
    starts = [(unit.home_lat, unit.home_lon) for unit in demo.units[::5]]
    for place in demo.places[::9]:
        etas = town.etas_s(starts, place.lat, place.lon, mode)
        for start, eta_s in zip(starts, etas, strict=True):
            route = town.route(start, (place.lat, place.lon), mode)
            assert not route.is_straight
            assert route.duration_s == pytest.approx(eta_s, rel=1e-6, abs=0.01)
            assert (np.diff(route.seconds) >= 0).all()
            assert route.line[0] == pytest.approx(start[::-1], abs=1e-9)
            assert route.line[-1] == pytest.approx((place.lon, place.lat), abs=1e-9)


def test_times_by_node_never_beat_the_fastest_road(demo: District, town: RoadGraph) -> None:
    target = (demo.centre_lat, demo.centre_lon)
    times = town.travel_times_to(*target, "car")
    crow_m = np.array(
        [distance_m(*target, lat, lon) for lat, lon in zip(town.node_lat, town.node_lon, strict=True)]
    )
    off_m = town.nearest_edge_point(*target, "car").off_m
    assert (times * max(CAR.values()) >= crow_m * 0.995 - off_m).all()
    assert np.isfinite(times).mean() > 0.95
