"""Real extracts of OpenStreetMap, cut to a part: the graph holds together, the desk reads the files."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from app.geo.district import load_district
from app.geo.importing.check import check_district
from app.geo.importing.importer import ImportRequest, import_district
from app.geo.road_graph import RoadGraph
from tests.unit.geo.importing.osm_town import features

OSM_DIR = Path(__file__).resolve().parents[5] / "shared" / "data" / "osm"

# File, the south-west corner of the ground, its size in degrees, the least there must be of roads, buildings, places.
EXTRACTS = [
    ("nanjing_xinjiekou.osm.xml", (118.775, 32.036), 0.014, (300, 500, 100)),
    ("baltimore.osm.pbf", (-76.60, 39.28), 0.02, (1000, 200, 50)),
    ("liechtenstein-latest.osm.pbf", (9.51, 47.13), 0.02, (400, 300, 40)),
]


@pytest.mark.parametrize(("name", "corner", "side", "least"), EXTRACTS)
def test_a_real_town(
    tmp_path: Path, name: str, corner: tuple[float, float], side: float, least: tuple[int, int, int]
) -> None:
    source = OSM_DIR / name
    if not source.is_file():
        pytest.skip(f"real extracts are not on this machine: {source} is missing")
    ground = shapely.box(*corner, corner[0] + side, corner[1] + side)
    boundary = tmp_path / "boundary.geojson"
    boundary.write_text(features([({}, list(ground.exterior.coords))]), encoding="utf-8")
    target = tmp_path / "district"
    import_district(ImportRequest(source, target, "320102001", "测试", "Test", boundary=boundary))
    district = load_district(target)
    assert all(
        found >= wanted
        for found, wanted in zip(
            map(len, (district.roads, district.buildings, district.places)), least, strict=True
        )
    )
    assert not [finding for finding in check_district(target) if finding.severity == "error"]
    assert all(shapely.Polygon(building.ring).is_valid for building in district.buildings)
    assert all(shapely.Polygon(building.ring).intersects(ground) for building in district.buildings)
    assert all(shapely.LineString(road.line).distance(ground) < 0.001 for road in district.roads)
    inner = ground.buffer(-side / 4).exterior.coords
    routes = [
        RoadGraph(district).route(a[::-1], b[::-1], "car") for a, b in zip(inner, inner[2:], strict=False)
    ]
    assert routes
    assert not any(route.is_straight for route in routes)
