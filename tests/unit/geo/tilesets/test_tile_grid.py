"""Where tiles lie: against published tile numbers, there and back, and in every grid."""

import math

import numpy as np
import pytest

from app.geo.coordinates import distance_m, to_wgs84
from app.geo.tilesets.tile_grid import (
    columns_and_rows,
    metres_per_pixel,
    tiles_under,
    to_grid,
    to_lat_lon,
)
from app.geo.tilesets.tile_source import TileCrs


def grid_of(crs: TileCrs, z: int, lat: float, lon: float) -> tuple[float, float]:
    column, row = to_grid(crs, z, np.array([lat]), np.array([lon]))
    return float(column[0]), float(row[0])


def test_web_mercator_agrees_with_the_published_formula() -> None:
    """The "slippy map tilenames" page of the OpenStreetMap wiki: lon_deg, lat_deg and zoom to tile numbers."""
    lat, lon, z = 31.2304, 121.4737, 16
    phi = math.radians(lat)
    row = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * 2**z
    assert grid_of("epsg3857", z, lat, lon) == pytest.approx(((lon + 180) / 360 * 2**z, row), abs=1e-6)


def test_the_world_is_one_tile_at_zoom_0_and_its_middle_is_null_island() -> None:
    assert grid_of("epsg3857", 0, 0, 0) == pytest.approx((0.5, 0.5))
    assert grid_of("epsg3857", 0, 85.0511287798066, -180) == pytest.approx((0, 0), abs=1e-9)


def test_degrees_have_half_as_many_rows_as_columns() -> None:
    assert columns_and_rows("epsg4490", 3) == (8, 4)
    assert columns_and_rows("epsg3857", 3) == (8, 8)
    assert grid_of("epsg4490", 1, 0, 0) == pytest.approx((1, 0.5))


@pytest.mark.parametrize("crs", ["epsg3857", "gcj02", "epsg4490"])
def test_there_and_back_is_within_a_centimetre(crs: TileCrs) -> None:
    lat, lon = np.meshgrid(np.linspace(20, 50, 12), np.linspace(80, 130, 12))
    back_lat, back_lon = to_lat_lon(crs, 17, *to_grid(crs, 17, lat, lon))
    assert np.hypot(back_lat - lat, back_lon - lon).max() * 111_320 < 0.01


def test_tiles_in_gcj02_lie_where_the_shift_says() -> None:
    lat, lon = to_lat_lon("gcj02", 16, np.array([54_880.0]), np.array([26_770.0]))
    plain_lat, plain_lon = to_lat_lon("epsg3857", 16, np.array([54_880.0]), np.array([26_770.0]))
    expected = to_wgs84(float(plain_lat[0]), float(plain_lon[0]), "gcj02")
    assert distance_m(lat[0], lon[0], *expected) < 0.01
    assert 300 < distance_m(lat[0], lon[0], plain_lat[0], plain_lon[0]) < 800


@pytest.mark.parametrize("crs", ["epsg3857", "gcj02", "epsg4490"])
def test_a_box_is_covered_by_its_tiles(crs: TileCrs) -> None:
    bounds = (121.40, 31.20, 121.50, 31.27)
    columns, rows = tiles_under(crs, 15, bounds)
    for lat, lon in [(31.20, 121.40), (31.27, 121.50), (31.23, 121.45)]:
        column, row = grid_of(crs, 15, lat, lon)
        assert math.floor(column) in columns and math.floor(row) in rows
    assert len(columns) * len(rows) < 200


def test_a_box_beyond_the_grid_has_no_tiles_and_the_world_has_all() -> None:
    columns, rows = tiles_under("epsg3857", 4, (-180, -90, 180, 90))
    assert (len(columns), len(rows)) == (16, 16)
    columns, rows = tiles_under("epsg3857", 4, (10, 87, 20, 89))
    assert len(columns) * len(rows) == 0


def test_a_pixel_is_as_wide_as_published() -> None:
    """156,543.03 m at the equator at zoom 0, as every description of web mercator gives it."""
    assert metres_per_pixel(0, 0, 256) == pytest.approx(156_543.034, abs=0.001)
    assert metres_per_pixel(17, 60, 512) == pytest.approx(156_543.034 / 2**17 / 4, rel=1e-9)
