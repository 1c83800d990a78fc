"""Patrol routes and check points: read as they stand, refused with the place of the fault."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.district import District, load_district
from app.geo.district_error import DistrictError
from app.geo.patrols import Patrols, load_patrols
from tests.unit.geo.small_district import CENTRE, lon_lat

ROUTE: dict[str, Any] = {
    "type": "Feature",
    "properties": {"id": "T1", "name_zh": "巡", "name_en": "Round"},
    "geometry": {"type": "LineString", "coordinates": [lon_lat(0, 0), lon_lat(400, 0), lon_lat(400, 400)]},
}
POINT: dict[str, Any] = {
    "type": "Feature",
    "properties": {
        "id": "K1",
        "name_zh": "点",
        "name_en": "Point",
        "route": "T1",
        "number": 1,
        "radius_m": 60,
    },
    "geometry": {"type": "Point", "coordinates": lon_lat(400, 0)},
}


def write(directory: Path, *features: dict[str, Any]) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features})
    (directory / "patrols.geojson").write_text(content, encoding="utf-8")


def changed(feature: dict[str, Any], **changes: Any) -> dict[str, Any]:
    geometry = feature["geometry"] | {k: v for k, v in changes.items() if k == "coordinates"}
    properties = feature["properties"] | {k: v for k, v in changes.items() if k != "coordinates"}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_a_district_without_patrols_has_none(small: District) -> None:
    assert small.patrols == Patrols()


def test_routes_and_check_points_are_read(small_dir: Path) -> None:
    write(small_dir, POINT, ROUTE)
    patrols = load_district(small_dir).patrols
    assert [route.name_en for route in patrols.routes] == ["Round"]
    assert len(patrols.routes[0].line) == 3
    point = patrols.check_points[0]
    assert (point.route, point.number, point.radius_m) == ("T1", 1, 60.0)
    assert LocalPlane(*CENTRE).to_xy_m(point.lat, point.lon) == pytest.approx((400, 0), abs=0.01)


def test_a_check_point_without_a_radius_has_the_usual_one(small_dir: Path) -> None:
    point = json.loads(json.dumps(POINT))
    del point["properties"]["radius_m"]
    write(small_dir, ROUTE, point)
    assert load_patrols(small_dir).check_points[0].radius_m == 50.0


@pytest.mark.parametrize(
    ("feature", "place"),
    [
        (changed(POINT, route="T9"), "feature[1] · route"),
        (changed(POINT, radius_m=0), "feature[1] · radius_m"),
        (changed(POINT, coordinates=[31.0, 121.0]), "feature[1] · coordinates"),
        (changed(ROUTE, coordinates=[lon_lat(0, 0)]), "feature[1] · coordinates"),
        (changed(ROUTE, coordinates=[lon_lat(0, 0), [200.0, 0.0]]), "feature[1] · coordinates"),
        (changed(ROUTE, name_zh=7), "feature[1] · name_zh"),
        (
            {"type": "Feature", "properties": POINT["properties"], "geometry": {"type": "Polygon"}},
            "feature[1]",
        ),
    ],
)
def test_a_fault_is_refused_with_its_place(small_dir: Path, feature: dict[str, Any], place: str) -> None:
    write(small_dir, ROUTE, feature)
    with pytest.raises(DistrictError) as fault:
        load_patrols(small_dir)
    assert str(fault.value).startswith(f"patrols.geojson · {place}")


def test_the_demo_rounds_run_along_its_streets_past_their_check_points(demo: District) -> None:
    plane = LocalPlane(demo.centre_lat, demo.centre_lon)

    def metres(line: Any) -> shapely.LineString:
        return shapely.LineString([plane.to_xy_m(lat, lon) for lon, lat in line])

    streets = shapely.union_all([metres(road.line) for road in demo.roads]).buffer(1.0)
    rounds = {route.id: metres(route.line) for route in demo.patrols.routes}
    assert len(rounds) == 4
    for route, line in rounds.items():
        assert line.length > 600
        assert streets.covers(line)
        points = [point for point in demo.patrols.check_points if point.route == route]
        assert [point.number for point in points] == list(range(1, len(points) + 1))
        places = [shapely.Point(*plane.to_xy_m(point.lat, point.lon)) for point in points]
        assert all(place.distance(line) < 1.0 for place in places)
        assert all(one.distance(other) > 30 for i, one in enumerate(places) for other in places[:i])
