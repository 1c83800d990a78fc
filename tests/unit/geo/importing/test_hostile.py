"""Whatever is handed in, the answer is one clear line in the desk's language, and the old district stands."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from pyogrio import raw

from app.cli import parse, run
from app.geo.importing import packages
from app.geo.importing.importer import ImportRequest, import_district
from app.i18n import language, set_language
from tests.unit.geo.importing.osm_town import CODE, OsmWriter, features, square, town, write_grids, write_osm

Prepare = Callable[[Path], dict[str, Path | str]]


@pytest.fixture(autouse=True)
def language_kept() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def text(name: str, content: str | bytes, option: str = "grids") -> Prepare:
    """A file with this content for an option."""

    def prepare(folder: Path) -> dict[str, Path | str]:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return {option: path}

    return prepare


def grid(*rings: list[tuple[float, float]], **fields: object) -> str:
    return features([(dict(fields), ring) for ring in rings])


def excel(rows: list[list[object]], option: str = "grids", name: str = "list.xlsx") -> Prepare:
    def prepare(folder: Path) -> dict[str, Path | str]:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / name)
        return {option: folder / name}

    return prepare


def shapefile(damage: Callable[[Path], object], **options: object) -> Prepare:
    def prepare(folder: Path) -> dict[str, Path | str]:
        path = folder / "grids.shp"
        shape = np.array([shapely.to_wkb(shapely.Polygon(square(0, 0, 500)))], dtype=object)
        given = {"crs": "EPSG:4326", "encoding": "UTF-8"} | options
        names = np.array(["wangpu"], dtype=object)
        raw.write(path, shape, [names], ["name"], driver="ESRI Shapefile", geometry_type="Polygon", **given)
        damage(path)
        return {"grids": path}

    return prepare


def truncated_osm(folder: Path) -> dict[str, Path | str]:
    (folder / "bad.osm").write_text(town().xml()[:3000], encoding="utf-8")
    return {"osm": folder / "bad.osm"}


def far_osm(folder: Path) -> dict[str, Path | str]:
    osm = OsmWriter()
    osm.way([(9000, 9000), (9100, 9000)], highway="primary")
    return {"osm": write_osm(folder / "far.osm", osm)}


def house_osm(folder: Path) -> dict[str, Path | str]:
    osm = OsmWriter()
    osm.node(0, 0, natural="tree")
    return {"osm": write_osm(folder / "trees.osm", osm)}


BOW = [(121.0, 31.0), (121.001, 31.001), (121.001, 31.0), (121.0, 31.001), (121.0, 31.0)]
DONUT = json.dumps({"type": "Polygon", "coordinates": [square(0, 0, 500), square(100, 100, 200)]})
METRES = [(500000.0, 3430000.0), (501000.0, 3430000.0), (501000.0, 3431000.0), (500000.0, 3430000.0)]
SWAPPED = [(lat, lon) for lon, lat in square(0, 0, 500)]
RING_GBK = "网格编码,经度,纬度\n甲,121,31\n甲,121.001,31\n甲,121.001,31.001\n".encode("gbk")

CASES: dict[str, tuple[Prepare, str]] = {
    "osm: not there": (lambda folder: {"osm": folder / "nothing.osm.pbf"}, "nothing.osm.pbf"),
    "osm: a folder": (lambda folder: ((folder / "d.osm").mkdir(), {"osm": folder / "d.osm"})[1], "d.osm"),
    "osm: 0 bytes": (text("zero.osm.pbf", b"", "osm"), "zero.osm.pbf"),
    "osm: a text named pbf": (text("letter.osm.pbf", "Dear Sir,\n" * 40, "osm"), "letter.osm.pbf"),
    "osm: noise named pbf": (text("noise.osm.pbf", bytes(range(256)) * 8, "osm"), "noise.osm.pbf"),
    "osm: a text named osm": (text("letter.osm", "Dear Sir,", "osm"), "letter.osm"),
    "osm: cut off": (truncated_osm, "bad.osm"),
    "osm: another program's": (text("map.docx", "x", "osm"), "map.docx"),
    "osm: other XML": (text("feed.osm", "<rss><channel/></rss>", "osm"), "feed.osm"),
    "osm: nothing of use": (house_osm, "trees.osm"),
    "osm: of another place": (far_osm, "far.osm"),
    "grids: 0 bytes": (text("zero.geojson", b""), "zero.geojson"),
    "grids: cut off": (text("cut.geojson", grid(square(0, 0, 500))[:90]), "cut.geojson"),
    "grids: other JSON": (text("list.json", "[1, 2]"), "list.json"),
    "grids: no feature": (text("none.geojson", '{"type":"FeatureCollection","features":[]}'), "none.geojson"),
    "grids: nested without end": (text("deep.geojson", "[" * 100_000), "deep.geojson"),
    "grids: undecodable": (text("bytes.geojson", b'{"features":[\xff\xfe\xfa\x80]}'), "bytes.geojson"),
    "grids: self-crossing": (text("bow.geojson", grid(BOW)), "bow.geojson"),
    "grids: a hole": (text("donut.geojson", DONUT), "donut.geojson"),
    "grids: a line": (text("line.geojson", '{"type":"LineString","coordinates":[[121,31],[122,31]]}'), "line.geojson"),
    "grids: no geometry": (text("null.geojson", '{"type":"Feature","geometry":null}'), "null.geojson"),
    "grids: two points": (text("two.geojson", '{"type":"Polygon","coordinates":[[[121,31],[121,31]]]}'), "two.geojson"),
    "grids: metres": (text("metres.geojson", grid(METRES)), "EPSG:n"),
    "grids: swapped": (text("swapped.geojson", grid(SWAPPED)), "swapped.geojson"),
    "grids: unknown CRS": (
        text("crs.geojson", features([({}, square(0, 0, 500))], crs={"properties": {"name": "EPSG:999999"}})),
        "EPSG:999999",
    ),
    "grids: oversized name": (text("long.geojson", grid(square(0, 0, 500), name="x" * 5_000_000)), "5000000"),
    "grids: short code": (text("code.geojson", grid(square(0, 0, 500), code="310198")), "code.geojson"),
    "grids: another county": (text("far.geojson", grid(square(0, 0, 500), code="110101001001001")), "far.geojson"),
    "grids: a code twice": (
        text("twice.geojson", grid(square(0, 0, 200), square(200, 0, 200), code=f"{CODE}001001")),
        "twice.geojson",
    ),
    "grids: unknown format": (text("grids.kml", "<kml/>"), "grids.kml"),
    "grids: text named shp": (text("grids.shp", "hello" * 30), "grids.shp"),
    "grids: shp alone": (shapefile(lambda path: path.with_suffix(".dbf").unlink()), "grids.dbf"),
    "grids: shp cut off": (shapefile(lambda path: path.write_bytes(path.read_bytes()[:120])), "grids.shp"),
    "grids: dbf undecodable": (
        shapefile(lambda path: _overwrite(path.with_suffix(".dbf"), b"wangpu", b"\xff\xff\x80\xff\xff\xff")),
        "grids.dbf",
    ),
    "grids: text named gpkg": (text("grids.gpkg", "SQLite? no"), "grids.gpkg"),
    "grids: gpkg cut off": (text("cut.gpkg", b"SQLite format 3\0" + bytes(200)), "cut.gpkg"),
    "grids: text named xlsx": (text("grids.xlsx", "code,lon,lat"), "grids.xlsx"),
    "grids: zip named xlsx": (lambda folder: {"grids": _zip(folder / "z.xlsx")}, "z.xlsx"),
    "grids: old Excel": (text("old.xls", b"\xd0\xcf\x11\xe0" * 9), "old.xls"),
    "grids: empty sheet": (excel([]), "list.xlsx"),
    "grids: no outline in Excel": (excel([["code", "name"], ["1", "a"]]), "list.xlsx"),
    "grids: broken WKT": (excel([["name", "WKT"], ["a", "POLYGON ((1 2"]]), "list.xlsx"),
    "grids: a word for a degree": (excel([["name", "lon", "lat"], ["a", "east", 31]]), "east"),
    "grids: two vertices": (excel([["name", "lon", "lat"], ["a", 121, 31], ["a", 121.1, 31]]), "list.xlsx"),
    "grids: GBK with a bad code": (text("gbk.csv", RING_GBK), "甲"),
    "communities: unknown": (
        text("c.geojson", grid(square(-500, -500, 1000), code=f"{CODE}009"), "communities"),
        f"{CODE}001",
    ),
    "boundary: self-crossing": (text("bow.geojson", grid(BOW), "boundary"), "bow.geojson"),
    "cameras: undecodable": (text("cameras.csv", b"name,lat,lon\n\xff\xff\x80,31,121\n", "cameras"), "cameras.csv"),
    "cameras: binary": (text("cameras.csv", b"name\0\0\0,lat,lon\n", "cameras"), "cameras.csv"),
    "cameras: no columns": (text("cameras.csv", "a,b\n1,2\n", "cameras"), "lat"),
    "cameras: endless cell": (text("cameras.csv", 'name,lat,lon\n"' + "x" * 200_000, "cameras"), "cameras.csv"),
    "cameras: far away": (text("cameras.csv", "name,lat,lon\na,41,121\n", "cameras"), "cameras.csv"),
    "units: blank": (text("units.csv", "\n\n", "units"), "units.csv"),
}  # fmt: skip


Sound = tuple[dict[str, Path | str], Path]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """Files without a fault, and the district that comes of them."""
    folder = tmp_path_factory.mktemp("sound")
    codes = [f"{CODE}00100{number}" for number in (1, 2, 3, 4)]
    osm, grids = write_osm(folder / "town.osm"), write_grids(folder / "good.geojson", *codes)
    import_district(ImportRequest(osm, folder / "district", CODE, "望浦", "Wangpu", grids))
    return {"osm": osm, "grids": grids}, folder / "district"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
def test_one_clear_line_and_the_old_district_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sound: Sound, case: str, spoken: str
) -> None:
    given, imported = sound
    target = tmp_path / "district"
    shutil.copytree(imported, target)
    before = digest(target)
    prepare, named = CASES[case]
    assert call(given | prepare(tmp_path), target, spoken) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if line]
    assert named in told[0]
    assert len(told[0]) < 400
    assert ("；" in told[0]) == (spoken == "zh_CN")
    assert len(told) == 1 or told[-1].startswith(("nothing was written", "未写入"))
    assert digest(target) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.startswith("osm: ") and "another place" not in case]
)
def test_extracts_are_refused_as_clearly_when_nothing_says_where_to_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    prepare, named = CASES[case]
    assert call(prepare(tmp_path), tmp_path / "district", "en") == 1
    told = capsys.readouterr().err
    assert named in told
    assert told.count("\n") == 1
    assert not (tmp_path / "district").exists()


def call(given: dict[str, Path | str], target: Path, spoken: str) -> int:
    words = [word for option, path in given.items() for word in (f"--{option}", str(path))]
    named = ["--code", CODE, "--name-zh", "望浦", "--name-en", "Wangpu", "-o", str(target), "--lang", spoken]
    return run(parse(["district", "import", *words, *named]))


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _overwrite(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("letter.txt", "no workbook")
    return path


@pytest.mark.parametrize("missing", ["osmium", "pyproj", "openpyxl", "pyogrio"])
def test_a_missing_package_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def absent(name: str) -> object:
        if name.partition(".")[0] == missing:
            raise ImportError(name)
        return found(name)

    found = packages.importlib.import_module
    given: dict[str, Path | str] = {"osm": write_osm(tmp_path / "town.osm")}
    given |= {
        "osmium": lambda folder: {},
        "pyproj": text("p.geojson", features([({}, METRES)], crs={"properties": {"name": "EPSG:4549"}})),
        "openpyxl": excel([["name", "WKT"]]),
        "pyogrio": shapefile(lambda path: None),
    }[missing](tmp_path)
    monkeypatch.setattr(packages.importlib, "import_module", absent)
    assert call(given, tmp_path / "district", "en") == 1
    told = capsys.readouterr().err
    assert missing in told
    assert ".[import]" in told
