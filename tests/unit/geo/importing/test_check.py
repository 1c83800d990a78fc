"""A check finds what was broken on purpose, names it, and finds nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import parse, run
from app.geo.importing.check import check_district
from app.geo.importing.faults import ImportFault
from app.geo.importing.importer import ImportRequest, import_district
from app.paths import bundled_data_dir
from tests.unit.geo.importing.osm_town import CODE, OsmWriter, lon_lat, square, write_osm
from tests.unit.geo.tilesets.tile_files import METADATA, cut, make_mbtiles

Damage = Callable[[Path], None]


@pytest.fixture
def district(ask: Callable[..., ImportRequest], lists: dict[str, Path], tmp_path: Path) -> Path:
    """A district without a fault: two streets, a loop."""
    osm = OsmWriter()
    osm.way([(-400, 0), (0, 0), (300, 0)], highway="primary")
    osm.way([(0, 0), (0, 300), (300, 300), (300, 0)], highway="residential")
    request = ask(osm=write_osm(tmp_path / "sound.osm", osm), **lists)
    import_district(request)
    return request.target


def geojson(file: str, change: Callable[[list[Any]], object]) -> Damage:
    """Damage to the features of a file."""

    def damage(folder: Path) -> None:
        top = json.loads((folder / file).read_text(encoding="utf-8"))
        change(top["features"])
        (folder / file).write_text(json.dumps(top), encoding="utf-8")

    return damage


def properties(file: str, index: int, **changes: object) -> Damage:
    return geojson(file, lambda features: features[index]["properties"].update(changes))


def ring(file: str, index: int, points: list[tuple[float, float]]) -> Damage:
    return geojson(file, lambda features: features[index]["geometry"].update(coordinates=[points]))


def road(
    *points: tuple[float, float], ends: tuple[int, int], oneway: bool = False, kind: str = "primary"
) -> Damage:
    fields = {"id": "new", "name_zh": "", "name_en": "", "class": kind, "oneway": oneway}
    one = {
        "type": "Feature",
        "properties": fields | {"from": ends[0], "to": ends[1]},
        "geometry": {"type": "LineString", "coordinates": [lon_lat(*point) for point in points]},
    }
    return geojson("roads.geojson", lambda features: features.append(one))


def replaced(file: str, old: str, new: str) -> Damage:
    def damage(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


BOW = [square(-500, 0, 500)[i] for i in (0, 2, 1, 3, 0)]
NODE_OF_0_0 = 1

AERIAL = """
[[basemap]]
id = "aerial"
name_zh = "影像"
name_en = "Aerial"
kind = "mbtiles"
path = "aerial.mbtiles"
"""


PARIS = METADATA | {"bounds": "2,48,3,49"}


def basemap(make: Callable[[Path], object], declared: str = AERIAL) -> Damage:
    """A declared base map, and the file that it names."""

    def damage(folder: Path) -> None:
        (folder / "basemaps.toml").write_text(declared, encoding="utf-8")
        make(folder / "aerial.mbtiles")

    return damage


CASES: dict[str, tuple[Damage, str, str, str]] = {
    "a grid is gone": (geojson("grids.geojson", lambda f: f.pop(0)), "error", "grid_hole", "31.00"),
    "a small gap": (ring("grids.geojson", 1, square(1, 0, 499)), "error", "grid_hole", "m²"),
    "overlap": (ring("grids.geojson", 0, square(-500, -50, 500)), "error", "grid_overlap", f"{CODE}001001"),
    "beyond": (ring("grids.geojson", 0, square(-700, 0, 500)), "error", "grid_beyond", "40 %"),
    "crosses itself": (ring("grids.geojson", 0, BOW), "error", "grid_crosses_itself", f"{CODE}001001"),
    "short code": (properties("grids.geojson", 0, code="310198"), "error", "code_15_digits", "310198"),
    "letters": (properties("grids.geojson", 0, code=f"{CODE}00100x"), "error", "code_15_digits", "00100x"),
    "number as code": (properties("grids.geojson", 0, code=7), "error", "code_15_digits", "'7'"),
    "county": (properties("grids.geojson", 0, code="110101001001001"), "error", "code_other_county", "1101010"),
    "street": (properties("grids.geojson", 0, code="310198007001001"), "error", "code_other_street", "310198007"),
    "twice": (properties("grids.geojson", 0, code=f"{CODE}001002"), "error", "code_twice", f"{CODE}001002"),
    "community": (properties("grids.geojson", 0, community="x"), "error", "code_community_unknown", "'x'"),
    "community's code": (properties("communities.geojson", 0, code="12"), "error", "code_12_digits", "'12'"),
    "district's code": (replaced("district.toml", CODE, "31019800"), "error", "code_9_digits", "31019800"),
    "an islet": (road((100, -100), (150, -100), ends=(90, 91)), "warning", "road_island", "50 m"),
    "stubs": (road((100, -100), (120, -100), ends=(90, 91)), "warning", "road_stubs", "20 m"),
    "two halves": (road((-400, -300), (400, -300), ends=(90, 91)), "error", "road_island", "800 m"),
    "a trap": (road((0, 0), (0, -200), ends=(NODE_OF_0_0, 90), oneway=True), "warning", "road_trap", "in but not out"),
    "no entry": (road((0, -200), (0, 0), ends=(90, NODE_OF_0_0), oneway=True), "warning", "road_no_entry", "not in"),
    "a node elsewhere": (road((50, 50), (60, 50), ends=(0, 1)), "error", "road_apart", "new"),
    "unknown class": (road((0, 0), (9, 9), ends=(1, 90), kind="river"), "error", "road_broken", "roads.geojson"),
    "camera outside": (replaced("cameras.csv", "31.0010000", "31.0210000"), "error", "camera_outside", "K1"),
    "camera across": (replaced("cameras.csv", "31.0010000", "31.0050000"), "warning", "camera_outside", "K1"),
    "unit outside": (replaced("units.csv", "31.0010000", "30.9010000"), "error", "unit_outside", "km" and "u0001"),
    "camera's grid": (replaced("cameras.csv", f"{CODE}001002", f"{CODE}001009"), "error", "code_grid_unknown", "1009"),
    "another grid": (replaced("cameras.csv", f"{CODE}001002", f"{CODE}001003"), "warning", "grid_differs", "1003"),
    "ids twice": (replaced("cameras.csv", "K2", "K1"), "error", "code_twice", "'K1'"),
    "no latitude": (replaced("cameras.csv", "31.0010000", "north"), "error", "feature", "north"),
    "file gone": (lambda folder: (folder / "roads.geojson").unlink(), "error", "file", "roads.geojson"),
    "no JSON": (lambda folder: _write(folder / "grids.geojson", "{"), "error", "file", "grids.geojson"),
    "no TOML": (lambda folder: _write(folder / "district.toml", "code ="), "error", "file", "district.toml"),
    "no ring": (ring("grids.geojson", 0, [(121.0, 31.0)]), "error", "feature", "grids.geojson"),
    "base map gone": (basemap(lambda _: None), "error", "basemap", "aerial.mbtiles: cannot be read"),
    "base map cut off": (basemap(lambda f: cut(make_mbtiles(f), 0.4)), "error", "basemap", "copy it again"),
    "base map of nothing": (basemap(lambda f: _write(f, "")), "error", "basemap", "is empty; copy it again"),
    "no base map": (basemap(make_mbtiles, "[[basemap]]\n"), "error", "basemap", "basemap[1] · id: is missing"),
    "base maps' TOML": (basemap(make_mbtiles, "[[basemap"), "error", "basemap", "basemaps.toml: is not valid TOML"),
    "base map of Paris": (basemap(lambda f: make_mbtiles(f, metadata=PARIS)), "warning", "basemap_elsewhere", "aerial"),
    "buildings gone": (lambda folder: (folder / "buildings.geojson").unlink(), "error", "unusable", "buildings"),
}  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_what_was_broken_is_found(district: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    damage, severity, kind, named = CASES[case]
    damage(district)
    status = run(parse(["district", "check", str(district), "--lang", "en"]))
    lines = capsys.readouterr().out.splitlines()
    found = [line for line in lines if line.startswith(f"{severity} {kind} ")]
    assert found, lines
    assert any(named in line for line in found)
    has_errors = any(line.startswith("error ") for line in lines)
    assert status == int(has_errors)
    assert status == 1 or severity == "warning"


def test_a_sound_district_has_no_finding(district: Path, spoken: str) -> None:
    assert check_district(district) == []


def test_base_maps_that_a_desk_would_show_are_no_finding(district: Path) -> None:
    online = AERIAL.replace("mbtiles", "xyz").replace(
        'path = "aerial.xyz"', 'url = "https://a.example/{z}/{x}/{y}?{key}"'
    )
    basemap(make_mbtiles, AERIAL + online.replace('"aerial"', '"street"'))(district)
    assert check_district(district) == []


def test_every_broken_base_map_is_told_at_once_with_its_number(district: Path) -> None:
    """The desk tells only the first."""
    bad_zoom = AERIAL.replace('"aerial"', '"b"') + "min_zoom = 9\nmax_zoom = 3\n"
    unknown = AERIAL.replace('"aerial"', '"c"') + 'colour = "red"\n'
    basemap(lambda _: None, AERIAL + bad_zoom + unknown + AERIAL)(district)
    places = [finding.place for finding in check_district(district)]
    assert places == [
        "basemaps.toml · basemap[2] b · max_zoom",
        "basemaps.toml · basemap[3] · colour",
        "basemaps.toml · basemap[4] aerial · id",
        "aerial.mbtiles",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("types.toml", "[type.crowd]\npriority = 7\n"), ("type_words.toml", '[word.crowd]\nsure.zh = "人群"\n')],
)
def test_a_districts_own_types_and_words_are_checked(district: Path, name: str, text: str) -> None:
    (district / name).write_text(text, encoding="utf-8")
    (finding,) = check_district(district)
    assert (finding.severity, finding.kind, finding.place) == ("error", "unusable", name)
    assert str(district / name) in finding.text


def test_the_demo_district_has_no_finding() -> None:
    assert check_district(bundled_data_dir() / "districts" / "demo") == []


def test_a_place_outside_is_worth_a_look(ask: Callable[..., ImportRequest]) -> None:
    import_district(ask())
    folder = ask().target
    geojson("places.geojson", lambda f: f[0]["geometry"].update(coordinates=list(lon_lat(700, 0))))(folder)
    findings = [finding for finding in check_district(folder) if finding.kind == "place_outside"]
    assert [finding.severity for finding in findings] == ["warning"]
    assert "200" in findings[0].text


def test_a_one_way_that_leaves_the_district_is_no_trap(district: Path) -> None:
    road((300, 0), (480, 0), ends=(2, 90), oneway=True)(district)
    assert [finding.kind for finding in check_district(district)] == []


def test_errors_come_before_warnings(district: Path) -> None:
    road((100, -100), (150, -100), ends=(90, 91))(district)
    properties("grids.geojson", 0, code="1")(district)
    severities = [finding.severity for finding in check_district(district)]
    assert severities == sorted(severities)
    assert len(set(severities)) == 2


def test_no_directory_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="nowhere"):
        check_district(tmp_path / "nowhere")
