"""A town goes in, a district comes out: what it holds, and that a directory is replaced all at once or not at all."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.geo.district import District, load_district
from app.geo.importing import osm_extract
from app.geo.importing.check import check_district
from app.geo.importing.faults import ImportFault
from app.geo.importing.importer import ImportRequest, import_district
from app.geo.road_graph import RoadGraph
from tests.unit.geo.importing.osm_town import CODE, lon_lat

Ask = Callable[..., ImportRequest]


def imported(request: ImportRequest) -> District:
    import_district(request)
    return load_district(request.target)


def test_facts_grids_and_a_community_are_made(ask: Ask) -> None:
    district = imported(ask())
    assert (district.code, district.name_zh, district.name_en) == (CODE, "望浦街道", "Wangpu")
    assert (district.centre_lat, district.centre_lon) == pytest.approx((31.0, 121.0), abs=1e-5)
    assert district.utc_offset_min == 480
    assert [grid.code for grid in district.grids] == [f"{CODE}00100{number}" for number in (1, 2, 3, 4)]
    assert [grid.name_zh for grid in district.grids] == ["望浦0", "望浦1", "望浦2", "望浦3"]
    assert [community.code for community in district.communities] == [f"{CODE}001"]


def test_roads_are_split_where_they_meet_and_end_beyond_the_ground(ask: Ask) -> None:
    roads = {road.id: road for road in imported(ask()).roads}
    assert sorted(roads) == ["w1-1", "w1-2", "w1-3", "w2-1", "w2-2", "w3-1", "w4-1"]
    assert roads["w1-1"].to_node == roads["w1-2"].from_node == roads["w2-1"].to_node
    assert roads["w1-3"].line[-1] == pytest.approx(lon_lat(700, 0), abs=1e-6)
    assert (roads["w1-1"].name_zh, roads["w1-1"].name_en) == ("人民路", "Renmin Road")
    assert roads["w1-1"].road_class == "primary"
    assert roads["w2-1"].bridge
    assert not roads["w2-1"].oneway


def test_a_one_way_against_its_line_is_turned_round(ask: Ask) -> None:
    road = next(road for road in imported(ask()).roads if road.id == "w3-1")
    assert road.oneway
    assert road.line[0] == pytest.approx(lon_lat(400, 0), abs=1e-6)
    assert road.line[-1] == pytest.approx(lon_lat(0, 400), abs=1e-6)


def test_the_graph_finds_ways_over_the_import(ask: Ask) -> None:
    graph = RoadGraph(imported(ask()))
    start, goal = (lon_lat(-400, 0)[::-1], lon_lat(0, 400)[::-1])
    assert graph.route(start, goal, "car").length_m == pytest.approx(800, rel=0.01)


def test_buildings_have_kinds_and_storeys(ask: Ask) -> None:
    buildings = {building.id: building for building in imported(ask()).buildings}
    told = {name: (one.kind, one.levels, one.name_zh) for name, one in buildings.items()}
    assert told["w7"] == ("residential", 18, "望湖公寓")
    assert told["w8"] == ("residential", 10, "")
    assert told["w10"] == ("industrial", 2, ""), "by the ground it stands on"
    assert told["r1"][0] == "school"
    assert not any(name.startswith("w15") for name in told), "far away"


def test_a_courtyard_stays_open(ask: Ask) -> None:
    pieces = [one for one in imported(ask()).buildings if one.id.startswith("r1")]
    assert len(pieces) > 1
    assert sum(_area(one.ring) for one in pieces) == pytest.approx(60 * 60 - 20 * 20, rel=0.01)


def test_areas_lie_large_below_small(ask: Ask) -> None:
    areas = imported(ask()).areas
    kinds = [(area.kind, area.name_zh) for area in areas]
    assert ("park", "中山公园") in kinds
    assert kinds.index(("park", "中山公园")) < kinds.index(("water", "镜湖"))
    assert sum(_area(a.ring) for a in areas if a.name_zh == "镜湖") == pytest.approx(3200, rel=0.01)
    assert sum(_area(a.ring) for a in areas if a.name_zh == "柳浜") == pytest.approx(300 * 8, rel=0.03)


def test_places_are_named_once_with_grid_and_address(ask: Ask) -> None:
    places = {place.name_zh: place for place in imported(ask()).places}
    police = places["望浦派出所"]
    assert (police.kind, police.grid, police.address_zh) == ("police_post", f"{CODE}001002", "人民路12号")
    assert places["人民路站"].kind == "metro_station"
    assert "远处派出所" not in places
    assert sum(place.name_zh == "望浦派出所" for place in imported(ask()).places) == 1


def test_cameras_and_units_come_from_lists_in_any_encoding(ask: Ask, lists: dict[str, Path]) -> None:
    district = imported(ask(**lists))
    first, second = district.cameras
    assert (first.id, first.name_zh, first.bearing_deg, first.mount) == ("K1", "广场", 45.0, "dome")
    assert (second.fov_deg, second.mount, second.grid) == (360.0, "street", f"{CODE}001001")
    car, walker = district.units
    assert (car.kind, car.members, car.travel, car.skills) == ("police", 2, "car", ("巡逻", "反诈"))
    assert (car.equipment, walker.equipment) == (("无人机", "警示锥"), ())
    assert (walker.id, walker.kind, walker.travel, walker.grid) == (
        "u0002",
        "grid_member",
        "foot",
        f"{CODE}001003",
    )


def test_the_check_finds_no_error_in_an_import(ask: Ask, lists: dict[str, Path]) -> None:
    import_district(ask(**lists))
    findings = check_district(ask().target)
    assert {finding.kind for finding in findings} == {"road_island"}
    assert all(finding.severity == "warning" for finding in findings)


def test_without_grids_the_district_is_one(ask: Ask) -> None:
    request = ask(grids=None)
    done = import_district(request)
    district = load_district(request.target)
    assert [grid.code for grid in district.grids] == [f"{CODE}001001"]
    assert [key for key, _ in done.notes] == ["one_grid"]
    assert any(road.name_zh == "Far Road" for road in district.roads), "nothing said where to cut"


def test_without_grids_each_community_is_one(ask: Ask, tmp_path: Path) -> None:
    from tests.unit.geo.importing.osm_town import features, square

    path = tmp_path / "communities.geojson"
    rows = [({"name": "西"}, square(-500, -250, 500)), ({"name": "东"}, square(0, -250, 500))]
    path.write_text(features(rows), encoding="utf-8")
    request = ask(grids=None, communities=path)
    done = import_district(request)
    district = load_district(request.target)
    assert [(c.code[-3:], c.name_zh) for c in district.communities] == [("001", "西"), ("002", "东")]
    assert [grid.code[-6:] for grid in district.grids] == ["001001", "002001"]
    assert [key for key, _ in done.notes] == ["grid_per_community"]
    assert "Far Road" not in {road.name_zh for road in district.roads}


def test_a_boundary_cuts_more_than_the_grids(ask: Ask, tmp_path: Path) -> None:
    from tests.unit.geo.importing.osm_town import features, square

    boundary = tmp_path / "boundary.geojson"
    boundary.write_text(features([({}, square(0, 0, 500))]), encoding="utf-8")
    district = imported(ask(boundary=boundary))
    assert {building.id for building in district.buildings} == {"w7", "w8"}
    assert "人民路站" not in {place.name_zh for place in district.places}


def test_an_index_on_disk_gives_the_same(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    import_district(ask())
    before = _contents(ask().target)
    monkeypatch.setattr(osm_extract, "LARGEST_INDEX_IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(osm_extract, "BATCH", 2)
    import_district(ask())
    assert _contents(ask().target) == before


def test_too_much_ground_is_refused_before_memory_is_full(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm_extract, "BATCH", 1)
    monkeypatch.setattr(osm_extract, "MOST_KEPT", 3)
    with pytest.raises(ImportFault) as refused:
        import_district(ask())
    assert refused.value.key == "too_much_ground"


# -- the directory ----------------------------------------------------------------------------------------------------


def test_an_import_replaces_a_district_and_keeps_what_is_not_its_own(ask: Ask) -> None:
    target = ask().target
    import_district(ask(name_en="Before"))
    (target / "tiles.mbtiles").write_bytes(b"tiles")
    import_district(ask(name_en="After"))
    assert load_district(target).name_en == "After"
    assert (target / "tiles.mbtiles").read_bytes() == b"tiles"
    assert [path.name for path in target.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("prepare", "key"),
    [
        (lambda target: target.write_text("notes"), "target_is_file"),
        (lambda target: (target.mkdir(), (target / "letter.txt").write_text("mine")), "target_is_foreign"),
    ],
)
def test_what_is_no_district_is_never_replaced(ask: Ask, prepare: Callable[[Path], object], key: str) -> None:
    prepare(ask().target)
    with pytest.raises(ImportFault) as refused:
        import_district(ask())
    assert refused.value.key == key
    assert ask().target.is_file() or (ask().target / "letter.txt").read_text() == "mine"


def test_a_missing_parent_is_named(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="nowhere"):
        import_district(ask(target=tmp_path / "nowhere" / "district"))


def test_a_disk_that_fails_while_renaming_leaves_the_old_one(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = ask().target
    import_district(ask(name_en="Before"))
    whole = Path.replace

    def fails_into_place(self: Path, to: Path) -> Path:
        if to == target and self.name != "was":
            raise OSError(28, "No space left on device")
        return whole(self, to)

    monkeypatch.setattr(Path, "replace", fails_into_place)
    with pytest.raises(OSError, match="No space"):
        import_district(ask(name_en="After"))
    assert load_district(target).name_en == "Before"


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _area(ring: np.ndarray) -> float:
    """Square metres of a ring in degrees."""
    from app.geo.coordinates import LocalPlane

    x, y = LocalPlane(31.0, 121.0).to_xy_m(ring[:, 1], ring[:, 0])
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2
