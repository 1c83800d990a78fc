"""Loading a district: what comes out of a good one, and what is said of a broken one."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app import i18n
from app.geo.district import District, DistrictError, load_district
from app.i18n import tr


@pytest.fixture(autouse=True, params=["zh_CN", "en"])
def spoken(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every fault is told in both languages."""
    before = i18n.language()
    i18n.set_language(request.param)
    yield
    i18n.set_language(before)


def test_a_good_directory_loads_with_every_field(small: District) -> None:
    assert (small.code, small.utc_offset_min, small.centre_lat) == ("310198006", 480, 31.0)
    assert [grid.community for grid in small.grids] == [small.communities[0].code] * 2
    road = small.roads[0]
    assert (road.road_class, road.oneway, road.bridge, road.from_node, road.to_node) == (
        "primary",
        True,
        False,
        10,
        11,
    )
    assert small.cameras[0].bearing_deg == 90
    assert small.units[0].skills == ("patrol", "crowd")
    assert small.buildings[0].name_zh == ""


def test_outlines_are_lon_lat_and_closed(small: District) -> None:
    ring = small.grids[0].ring
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    assert 120 < ring[0][0] < 122
    assert 30 < ring[0][1] < 32


def test_arrays_are_lon_lat_closed_and_read_only(small: District) -> None:
    ring = small.buildings[0].ring
    assert ring.shape == (5, 2)
    assert ring.dtype == np.float64
    assert (ring[0] == ring[-1]).all()
    assert 120 < ring[0, 0] < 122
    assert 30 < ring[0, 1] < 32
    with pytest.raises(ValueError, match="read-only"):
        ring[0, 0] = 0


Damage = Callable[[Path], None]


def replace(file: str, old: str, new: str) -> Damage:
    """Damage that puts `new` where `old` stands first; the old text must be there."""

    def damage(directory: Path) -> None:
        text = (directory / file).read_text(encoding="utf-8")
        assert old in text
        (directory / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def remove(file: str) -> Damage:
    """Damage that takes a file away."""
    return lambda directory: (directory / file).unlink()


def overwrite(file: str, content: bytes) -> Damage:
    """Damage that leaves other bytes."""

    def damage(directory: Path) -> None:
        (directory / file).write_bytes(content)

    return damage


def rings(coordinates: str) -> Damage:
    """Damage that leaves one area with these coordinates."""
    return overwrite("areas.geojson", (AREA % coordinates).encode())


def boundary(coordinates: str) -> Damage:
    """Damage that leaves a boundary with these coordinates."""
    return overwrite("boundary.geojson", (AREA % coordinates).encode())


AREA = '{"features":[{"properties":{"kind":"park"},"geometry":{"type":"Polygon","coordinates":%s}}]}'

COORDINATES = ("areas.geojson", "feature[0]", "coordinates")
BOUNDARY = ("boundary.geojson", "feature[0]", "coordinates")
FAULTS: list[tuple[Damage, tuple[str, str, str]]] = [
    (remove("grids.geojson"), ("grids.geojson", "", "")),
    (remove("roads.geojson"), ("roads.geojson", "", "")),
    (remove("cameras.csv"), ("cameras.csv", "", "")),
    (overwrite("district.toml", b"code = "), ("district.toml", "", "")),
    (overwrite("district.toml", b"\xff"), ("district.toml", "", "")),
    (replace("district.toml", "centre_lat", "center_lat"), ("district.toml", "", "centre_lat")),
    (replace("district.toml", "480", '"east"'), ("district.toml", "", "utc_offset_min")),
    (replace("district.toml", "310198006", "31019"), ("district.toml", "", "code")),
    (replace("boundary.geojson", '"features"', '"shapes"'), ("boundary.geojson", "", "features")),
    (overwrite("boundary.geojson", b'{"features":[]}'), ("boundary.geojson", "", "features")),
    (overwrite("roads.geojson", b"{"), ("roads.geojson", "", "")),
    (replace("roads.geojson", '"primary"', '"motorway"'), ("roads.geojson", "feature[0]", "class")),
    (replace("roads.geojson", '"oneway": true', '"oneway": 1'), ("roads.geojson", "feature[0]", "oneway")),
    (replace("roads.geojson", "LineString", "Point"), ("roads.geojson", "feature[0]", "type")),
    (replace("buildings.geojson", '"levels": 6', '"levels": "six"'), ("buildings.geojson", "feature[0]", "levels")),
    (replace("grids.geojson", "310198006001002", "42"), ("grids.geojson", "feature[1]", "code")),
    (
        replace("grids.geojson", '"community": "310198006001"', '"community": "9"'),
        ("grids.geojson", "feature[0]", "community"),
    ),
    (rings("[[[1,2],[3,4],[5,6],[1,3]]]"), COORDINATES),
    (rings("[[[1,2],[3,4],[1,2]]]"), COORDINATES),
    (rings("[[[1,2],[3,4],[5,96],[1,2]]]"), COORDINATES),
    (rings("[[[1,2,0],[3,4,0],[5,6,0],[1,2,0]]]"), COORDINATES),
    (rings('[[[1,2],["x",4],[5,6],[1,2]]]'), COORDINATES),
    (rings("[[[1,2],[3,4],[5,6],[1,2]], [[1,2],[3,4]]]"), COORDINATES),
    (boundary("[[[1,2],[3,4],[5,6],[1,3]]]"), BOUNDARY),
    (boundary("[[[1,2],[3,4],[1,2]]]"), BOUNDARY),
    (boundary("[[[1,2],[3,4],[5,96],[1,2]]]"), BOUNDARY),
    (boundary("[[[1,2],[3,4],[5,6],[1,2]], [[1,2],[3,4],[5,6],[1,2]]]"), BOUNDARY),
    (replace("places.geojson", '"grid": ""', '"grid": "7"'), ("places.geojson", "feature[0]", "grid")),
    (replace("cameras.csv", "121.0,90", "121.0,ninety"), ("cameras.csv", "row 2", "bearing_deg")),
    (replace("cameras.csv", "31.0,", "131.0,"), ("cameras.csv", "row 2", "lat")),
    (replace("cameras.csv", "street", "pole"), ("cameras.csv", "row 2", "mount")),
    (replace("cameras.csv", "range_m", "reach"), ("cameras.csv", "row 2", "range_m")),
    (overwrite("cameras.csv", b"id\n\xd5\xe3"), ("cameras.csv", "", "")),
    (replace("units.csv", "police", "pirates"), ("units.csv", "row 2", "kind")),
    (replace("units.csv", "310198006001001", "1"), ("units.csv", "row 2", "grid")),
    (replace("units.csv", ",2,car", ",0,car"), ("units.csv", "row 2", "members")),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "expected"), FAULTS)
def test_a_fault_is_told_in_one_line_with_file_place_and_field(
    small_dir: Path, damage: Damage, expected: tuple[str, str, str]
) -> None:
    damage(small_dir)
    with pytest.raises(DistrictError) as caught:
        load_district(small_dir).surface()
    error = caught.value
    assert (error.file, error.where, error.field) == expected
    assert "\n" not in str(error)
    where = error.where.replace("row 2", tr("importing.where_row", number=2))
    assert all(part in str(error) for part in (error.file, where, error.field, error.mend))


def test_a_directory_without_its_ground_is_refused_before_it_is_read(small_dir: Path) -> None:
    (small_dir / "buildings.geojson").unlink()
    with pytest.raises(DistrictError, match=r"buildings\.geojson"):
        load_district(small_dir)


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DistrictError, match=r"district\.toml"):
        load_district(tmp_path / "nowhere")


def test_spreadsheet_byte_order_mark_is_welcome(small_dir: Path) -> None:
    path = small_dir / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_district(small_dir).units[0].id == "p1"


def test_loading_needs_neither_shapely_nor_scipy() -> None:
    code = "import sys, app.geo.district, app.geo.grid_index; print({'shapely', 'scipy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"
