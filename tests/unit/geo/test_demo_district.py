"""The demo district: made again it is the same to the byte, and it is a town in which nothing is impossible."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from app.geo.coordinate_arrays import LonLat
from app.geo.coordinates import LocalPlane
from app.geo.demo_district import main, make_district
from app.geo.district import District
from app.geo.patrol_plan import load_patrol_plans
from app.geo.surface import Road
from app.paths import bundled_data_dir

DEMO_DIR = bundled_data_dir() / "districts" / "demo"
WRITTEN_BY_HAND = {"patrol_plan.toml"}
"""What a centre decides and no town can grow: it only has to fit the routes and units that are made."""
CARRIAGEWAY_HALF_M = {
    "trunk": 12.0,
    "primary": 12.0,
    "secondary": 8.0,
    "tertiary": 5.5,
    "residential": 3.2,
    "alley": 1.3,
    "footway": 1.0,
}


@cache
def _plane() -> LocalPlane:
    return LocalPlane(31.2206, 121.4766)


def metres(points: LonLat) -> LonLat:
    lon_lat = np.asarray(points)
    return np.column_stack(_plane().to_xy_m(lon_lat[:, 1], lon_lat[:, 0]))


def polygon(ring: LonLat) -> shapely.Polygon:
    return shapely.Polygon(metres(ring))


@pytest.fixture(scope="module")
def buildings(demo: District) -> list[shapely.Polygon]:
    return [polygon(building.ring) for building in demo.buildings]


@pytest.fixture(scope="module")
def boundary(demo: District) -> shapely.Polygon:
    return polygon(demo.boundary)


@pytest.fixture(scope="module")
def lines(demo: District) -> list[shapely.LineString]:
    return [shapely.LineString(metres(road.line)) for road in demo.roads]


def overlap_m2(shapes: list[shapely.Polygon], others: list[shapely.Polygon]) -> list[tuple[int, int, float]]:
    """(index, index, area) of every pair that shares more than a sliver."""
    tree = shapely.STRtree(others)
    pairs = zip(*tree.query(shapes, predicate="intersects"), strict=True)
    areas = [(int(i), int(j), shapes[i].intersection(others[j]).area) for i, j in pairs]
    return [found for found in areas if found[2] > 0.05]


def test_the_kept_files_are_what_the_seed_makes(tmp_path: Path) -> None:
    assert main(["-o", str(tmp_path), "--seed", "1"]) == 0
    kept = {path.name for path in DEMO_DIR.iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == kept - WRITTEN_BY_HAND
    assert kept >= WRITTEN_BY_HAND
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (DEMO_DIR / path.name).read_bytes(), path.name


def test_the_duty_plan_written_by_hand_fits_the_town(demo: District) -> None:
    plans = load_patrol_plans(DEMO_DIR, demo)
    assert {plan.route for plan in plans} == {route.id for route in demo.patrols.routes}
    assert {plan.unit for plan in plans} <= {unit.id for unit in demo.units}
    assert all(plan.points for plan in plans)


def test_another_seed_makes_another_town() -> None:
    assert make_district(2)["buildings.geojson"] != (DEMO_DIR / "buildings.geojson").read_bytes()


def test_it_is_small_enough_to_ship(demo: District) -> None:
    assert sum(path.stat().st_size for path in DEMO_DIR.iterdir()) < 2_600_000


def test_it_has_what_a_district_has(demo: District, boundary: shapely.Polygon) -> None:
    assert boundary.area == pytest.approx(3.0e6, rel=0.06)
    assert (len(demo.communities), len(demo.grids), len(demo.cameras), len(demo.units)) == (4, 24, 120, 40)
    kinds = {place.kind for place in demo.places}
    assert kinds >= {"school", "market", "metro_station", "plaza", "hospital", "hotel", "compound", "bank"}
    assert {building.kind for building in demo.buildings} >= {
        "residential",
        "commercial",
        "old",
        "industrial",
    }


def test_codes_nest_and_are_unique(demo: District) -> None:
    codes = [grid.code for grid in demo.grids]
    assert len(set(codes)) == 24
    assert all(re.fullmatch(r"\d{15}", code) for code in codes)
    assert all(grid.code.startswith(grid.community) for grid in demo.grids)
    assert all(community.code.startswith(demo.code) for community in demo.communities)


@pytest.mark.parametrize("things", ["roads", "buildings", "places", "cameras", "units"])
def test_ids_are_unique(demo: District, things: str) -> None:
    counts = Counter(thing.id for thing in getattr(demo, things))
    assert counts.most_common(1)[0][1] == 1


def test_every_shape_is_valid(demo: District, buildings: list[shapely.Polygon]) -> None:
    others = [polygon(shape.ring) for shape in (*demo.grids, *demo.communities, *demo.areas)]
    assert all(shape.is_valid and shape.area > 5 for shape in (*buildings, *others))


def test_buildings_stand_clear_of_each_other(buildings: list[shapely.Polygon]) -> None:
    assert [pair for pair in overlap_m2(buildings, buildings) if pair[0] != pair[1]] == []


def test_buildings_stand_clear_of_carriageways(
    demo: District, buildings: list[shapely.Polygon], lines: list[shapely.LineString]
) -> None:
    strips = [
        line.buffer(CARRIAGEWAY_HALF_M[road.road_class]) for road, line in zip(demo.roads, lines, strict=True)
    ]
    assert overlap_m2(buildings, strips) == []


def test_buildings_stand_on_dry_land(demo: District, buildings: list[shapely.Polygon]) -> None:
    assert overlap_m2(buildings, [polygon(area.ring) for area in demo.areas if area.kind == "water"]) == []


def test_grids_cover_the_boundary_exactly_once(demo: District, boundary: shapely.Polygon) -> None:
    grids = [polygon(grid.ring) for grid in demo.grids]
    union = shapely.unary_union(grids)
    assert union.symmetric_difference(boundary).area < 25
    assert sum(grid.area for grid in grids) == pytest.approx(union.area, abs=25)


def test_communities_are_unions_of_their_grids(demo: District) -> None:
    for community in demo.communities:
        union = shapely.unary_union([polygon(g.ring) for g in demo.grids if g.community == community.code])
        assert union.symmetric_difference(polygon(community.ring)).area < 25


def test_grids_are_of_a_size_that_one_member_can_walk(demo: District) -> None:
    areas_ha = sorted(polygon(grid.ring).area / 10_000 for grid in demo.grids)
    assert areas_ha[0] > 3
    assert areas_ha[-1] < 30


def drivable(demo: District) -> list[Road]:
    return [road for road in demo.roads if road.road_class != "footway"]


def test_a_car_gets_from_any_road_to_any_other(demo: District) -> None:
    roads = drivable(demo)
    arcs = [(road.from_node, road.to_node) for road in roads]
    arcs += [(road.to_node, road.from_node) for road in roads if not road.oneway]
    rows, columns = np.array(arcs).T
    size = int(max(rows.max(), columns.max())) + 1
    matrix = coo_matrix((np.ones(len(arcs)), (rows, columns)), shape=(size, size))
    labels = connected_components(matrix, directed=True, connection="strong")[1]
    assert len({labels[node] for road in roads for node in (road.from_node, road.to_node)}) == 1


def test_every_footway_hangs_on_the_rest(demo: District) -> None:
    arcs = np.array([(road.from_node, road.to_node) for road in demo.roads])
    size = int(arcs.max()) + 1
    matrix = coo_matrix((np.ones(len(arcs)), arcs.T), shape=(size, size))
    assert connected_components(matrix, directed=False)[0] == 1


def test_a_node_is_one_point(demo: District) -> None:
    places: dict[int, tuple[float, float]] = {}
    for road in demo.roads:
        for node, point in ((road.from_node, road.line[0]), (road.to_node, road.line[-1])):
            assert places.setdefault(node, tuple(point)) == tuple(point)
    assert len(set(places.values())) == len(places)


def test_roads_meet_only_at_nodes_unless_on_a_bridge(demo: District, lines: list[shapely.LineString]) -> None:
    tree = shapely.STRtree(lines)
    crossing = []
    for i, j in zip(*tree.query(lines, predicate="intersects"), strict=True):
        one, other = demo.roads[i], demo.roads[j]
        if i >= j or one.bridge or other.bridge:
            continue
        shared = {one.from_node, one.to_node} & {other.from_node, other.to_node}
        ends = [shapely.Point(lines[i].coords[0]), shapely.Point(lines[i].coords[-1])]
        stray = lines[i].intersection(lines[j]).difference(shapely.union_all(ends).buffer(0.1))
        if not shared or not stray.is_empty:
            crossing.append((one.id, other.id))
    assert crossing == []


def test_roads_are_named_and_of_every_class(demo: District) -> None:
    assert {road.road_class for road in demo.roads} == set(CARRIAGEWAY_HALF_M)
    main_roads = [road for road in demo.roads if road.road_class in ("trunk", "primary", "secondary")]
    assert sum(bool(road.name_zh and road.name_en) for road in main_roads) > 0.95 * len(main_roads)
    assert sum(road.oneway for road in demo.roads) >= 10
    assert sum(road.bridge for road in demo.roads) >= 6


def test_streets_bend_and_blocks_are_no_graph_paper(demo: District, lines: list[shapely.LineString]) -> None:
    """Directions of streets spread: no eighth of the half-circle holds half of all street metres."""
    metres_by_eighth = np.zeros(8)
    for line in lines:
        step = np.diff(np.array(line.coords), axis=0)
        turn = np.arctan2(step[:, 1], step[:, 0]) % np.pi
        np.add.at(metres_by_eighth, (turn / np.pi * 8).astype(int) % 8, np.hypot(*step.T))
    assert metres_by_eighth.max() / metres_by_eighth.sum() < 0.5
    assert metres_by_eighth.min() > 0


def test_cameras_stand_inside_in_the_grid_they_name(demo: District, boundary: shapely.Polygon) -> None:
    grids = {grid.code: polygon(grid.ring) for grid in demo.grids}
    for camera in demo.cameras:
        at = shapely.Point(_plane().to_xy_m(camera.lat, camera.lon))
        assert boundary.contains(at), camera.id
        assert grids[camera.grid].distance(at) < 0.05, camera.id


def test_cameras_have_each_a_name_and_stand_outdoors(
    demo: District, buildings: list[shapely.Polygon]
) -> None:
    assert len({camera.name_zh for camera in demo.cameras}) == 120
    tree = shapely.STRtree(buildings)
    points = [shapely.Point(_plane().to_xy_m(camera.lat, camera.lon)) for camera in demo.cameras]
    assert len(tree.query(points, predicate="within")[0]) == 0


def test_cameras_cover_every_community(demo: District) -> None:
    counts = Counter(camera.grid[:12] for camera in demo.cameras)
    assert all(counts[community.code] >= 15 for community in demo.communities)


def test_cameras_watch_crossings_gates_lanes_and_open_places(demo: District) -> None:
    counts = Counter(camera.group for camera in demo.cameras)
    assert min(counts[group] for group in ("crossing", "compound", "lane")) >= 15
    assert {"plaza", "park", "school", "market", "hospital", "river"} <= set(counts)
    assert {camera.mount for camera in demo.cameras} == {"street", "gate", "dome"}


def test_units_stand_at_the_kerb_in_the_grid_they_name(
    demo: District, lines: list[shapely.LineString]
) -> None:
    roads = shapely.union_all(lines)
    grids = {grid.code: polygon(grid.ring) for grid in demo.grids}
    for unit in demo.units:
        home = shapely.Point(_plane().to_xy_m(unit.home_lat, unit.home_lon))
        assert roads.distance(home) < 13, unit.id
        assert grids[unit.grid].distance(home) < 0.05, unit.id


def test_units_are_called_by_letter_and_number(demo: District) -> None:
    letters = {
        "police": "p",
        "urban_management": "u",
        "joint_patrol": "j",
        "grid_member": "g",
        "fire": "f",
        "mediator": "m",
        "medical": "d",
        "volunteer": "v",
    }
    counts: Counter[str] = Counter()
    for unit in demo.units:
        counts[unit.kind] += 1
        assert unit.id == f"{letters[unit.kind]}{counts[unit.kind]}"
    assert set(counts) == set(letters)
    assert all(unit.skills for unit in demo.units)


def test_places_lie_in_the_grid_they_name(demo: District) -> None:
    grids = {grid.code: polygon(grid.ring) for grid in demo.grids}
    for place in demo.places:
        at = shapely.Point(_plane().to_xy_m(place.lat, place.lon))
        assert grids[place.grid].distance(at) < 0.05, place.id
        assert place.address_zh
