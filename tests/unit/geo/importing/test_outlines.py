"""Outlines out of every format, encoding and coordinate system: the same grids come out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pyproj
import pytest
import shapely
from pyogrio import raw

from app.geo.coordinates import from_wgs84
from app.geo.importing.faults import ImportFault, RowsRefused
from app.geo.importing.outlines import Outline, read_outlines, union_of
from tests.unit.geo.importing.osm_town import features, square

RING = square(0, 0, 500)
NAMES = ("望浦一", "学府二")
RINGS = (RING, square(500, 0, 500))


def wkb(rings: tuple[list[tuple[float, float]], ...] = RINGS) -> np.ndarray:
    return np.array([shapely.to_wkb(shapely.Polygon(ring)) for ring in rings], dtype=object)


def write_shp(path: Path, encoding: str = "GBK", crs: str | None = "EPSG:4326") -> Path:
    """Without .cpg, as older programs leave it. In UTF-8 the title is cut to 10 bytes, of which the writer warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw.write(
            path, wkb(), [np.array(NAMES, dtype=object)], ["网格名称"],
            driver="ESRI Shapefile", geometry_type="Polygon", crs=crs, encoding=encoding,
        )  # fmt: skip
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def write_gpkg(path: Path) -> Path:
    raw.write(
        path, wkb(), [np.array(NAMES, dtype=object)], ["name"], driver="GPKG", geometry_type="Polygon", crs="EPSG:4490"
    )  # fmt: skip
    return path


def write_geojson(path: Path, encoding: str = "utf-8") -> Path:
    text = features([({"名称": name}, ring) for name, ring in zip(NAMES, RINGS, strict=True)])
    path.write_bytes(text.encode(encoding))
    return path


def write_excel(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def wkt_rows() -> list[list[object]]:
    return [
        ["网格名称", "几何"],
        *([name, shapely.Polygon(r).wkt] for name, r in zip(NAMES, RINGS, strict=True)),
    ]


def vertex_rows() -> list[list[object]]:
    vertices = [[name, *point] for name, ring in zip(NAMES, RINGS, strict=True) for point in ring[:-1]]
    return [["名称", "经度（度）", "纬度"], *vertices]


def write_csv(path: Path, encoding: str) -> Path:
    text = "\n".join(";".join(map(str, row)) for row in vertex_rows())
    path.write_bytes(text.encode(encoding))
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "GeoJSON": lambda folder: write_geojson(folder / "g.geojson"),
    "GeoJSON in GBK": lambda folder: write_geojson(folder / "g.json", "gbk"),
    "Shapefile in GBK": lambda folder: write_shp(folder / "g.shp"),
    "Shapefile in UTF-8": lambda folder: write_shp(folder / "g.shp", "UTF-8"),
    "Shapefile without .prj": lambda folder: write_shp(folder / "g.shp", crs=None),
    "GeoPackage in CGCS2000": lambda folder: write_gpkg(folder / "g.gpkg"),
    "Excel with WKT": lambda folder: write_excel(folder / "g.xlsx", wkt_rows()),
    "Excel of vertices": lambda folder: write_excel(folder / "g.xlsx", vertex_rows()),
    "CSV of vertices": lambda folder: write_csv(folder / "g.csv", "gbk"),
    "CSV in UTF-16": lambda folder: write_csv(folder / "g.csv", "utf-16"),
    "CSV with a mark": lambda folder: write_csv(folder / "g.csv", "utf-8-sig"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same(tmp_path: Path, name: str) -> None:
    outlines = read_outlines(FORMATS[name](tmp_path), "grid", None)
    assert [outline.fields["name_zh"] for outline in outlines] == list(NAMES)
    for outline, ring in zip(outlines, RINGS, strict=True):
        assert_same(outline, ring)


def test_a_name_cut_in_the_middle_of_a_character_loses_only_that(tmp_path: Path) -> None:
    path = write_shp(tmp_path / "g.shp", "UTF-8")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("望浦一".encode(), "望浦一".encode()[:-1] + b" "))
    assert read_outlines(path, "grid", None)[0].fields["name_zh"] == "望浦"


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "epsg:4549", "epsg:3857"])
def test_what_a_file_does_not_say_is_taken_from_the_option(tmp_path: Path, crs: str) -> None:
    path = tmp_path / "g.geojson"
    path.write_text(features([({}, moved(RING, crs))]), encoding="utf-8")
    assert_same(read_outlines(path, "grid", crs)[0], RING)


@pytest.mark.parametrize("name", ["EPSG:4549", "urn:ogc:def:crs:EPSG::4549"])
def test_what_a_file_says_goes_before_the_option(tmp_path: Path, name: str) -> None:
    path = tmp_path / "g.geojson"
    crs = {"type": "name", "properties": {"name": name}}
    path.write_text(features([({}, moved(RING, "epsg:4549"))], crs=crs), encoding="utf-8")
    assert_same(read_outlines(path, "grid", "gcj02")[0], RING)


def test_every_bad_shape_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    bow = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    path = tmp_path / "g.geojson"
    path.write_text(features([({}, bow)] * 60), encoding="utf-8")
    with pytest.raises(RowsRefused) as refused:
        read_outlines(path, "grid", None)
    assert len(refused.value.faults) == 60
    lines = str(refused.value).splitlines()
    assert len(lines) == 51
    assert "60" in lines[-1]
    assert "10" in lines[-1]


def test_a_sliver_beside_a_grid_goes_and_a_second_piece_does_not(tmp_path: Path) -> None:
    sliver, piece = square(600, 0, 0.5), square(600, 0, 200)
    path = tmp_path / "g.geojson"
    path.write_text(json.dumps({"type": "MultiPolygon", "coordinates": [[RING], [sliver]]}), encoding="utf-8")
    assert_same(read_outlines(path, "grid", None)[0], RING)
    path.write_text(json.dumps({"type": "MultiPolygon", "coordinates": [[RING], [piece]]}), encoding="utf-8")
    with pytest.raises(RowsRefused):
        read_outlines(path, "grid", None)


def test_a_union_closes_the_gaps_of_surveys() -> None:
    shapes = [shapely.Polygon(square(0, 0, 500)), shapely.Polygon(square(501, 0, 500))]
    whole, left_out = union_of(shapes)
    assert whole.geom_type == "Polygon"
    assert left_out == pytest.approx(0.0, abs=1e-6)
    apart = [shapely.Polygon(square(0, 0, 500)), shapely.Polygon(square(900, 0, 500))]
    assert union_of(apart)[1] == pytest.approx(0.5, abs=0.01)


def test_an_unknown_option_is_refused(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "g.geojson")
    with pytest.raises(ImportFault):
        read_outlines(path, "grid", "epsg:99999")


def moved(ring: list[tuple[float, float]], crs: str) -> list[tuple[float, float]]:
    """A ring of WGS-84 in another system."""
    if not crs.startswith("epsg"):
        return [from_wgs84(lat, lon, crs)[::-1] for lon, lat in ring]
    to = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return [to.transform(*point) for point in ring]


def assert_same(outline: Outline, ring: list[tuple[float, float]]) -> None:
    """Within 5 cm."""
    other = shapely.Polygon(ring)
    assert shapely.hausdorff_distance(outline.shape.exterior, other.exterior) < 5e-7
