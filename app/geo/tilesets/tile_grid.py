"""Owns where the tiles of each grid lie on the earth. Must not know tilesets or the map's plane.

A place on a grid is a column and a row with fractions: (3.5, 2.0) is the middle of the upper edge of tile (3, 2).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.geo.coordinates import Floats, from_wgs84, to_wgs84
from app.geo.tilesets.tile_source import LonLatBounds, TileCrs

EQUATOR_M = 2 * math.pi * 6_378_137.0

MERCATOR_LAT_LIMIT = 85.051_128_779_806_6
_GCJ02_SAMPLES = 5
_GCJ02_MARGIN = 0.000_5
"""A shifted box is no box: it is sampled, and grows by more degrees than the shift bends between samples."""


def metres_per_pixel(z: int, lat: float, tile_px: int) -> float:
    """Ground metres a tile's pixel is wide, on any of the grids: all of them cut the equator into 2**z tiles."""
    return EQUATOR_M * math.cos(math.radians(lat)) / (tile_px * 2.0**z)


def columns_and_rows(crs: TileCrs, z: int) -> tuple[int, int]:
    """How many tiles there are at a zoom."""
    return 2**z, max(1, 2**z // 2) if crs == "epsg4490" else 2**z


def to_grid(crs: TileCrs, z: int, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """(column, row) with fractions of WGS-84 places; poles are cut off where the grid ends."""
    grid = _GRIDS[crs]
    lat, lon = from_wgs84(lat, lon, grid.datum)
    column, row = grid.place(lat, lon)
    return column * 2**z, row * 2**z


def to_lat_lon(crs: TileCrs, z: int, column: Floats, row: Floats) -> tuple[Floats, Floats]:
    """WGS-84 (lat, lon) of places on the grid."""
    grid = _GRIDS[crs]
    lat, lon = grid.degrees(column / 2**z, row / 2**z)
    return to_wgs84(lat, lon, grid.datum)


def tiles_under(crs: TileCrs, z: int, bounds: LonLatBounds) -> tuple[range, range]:
    """Columns and rows of the tiles that a box in WGS-84 touches."""
    west, south, east, north = bounds
    if crs == "gcj02":
        west, south, east, north = _shifted_box(bounds)
    columns, rows = _GRIDS[crs].place(np.array([north, south]), np.array([west, east]))
    across, down = columns_and_rows(crs, z)
    return _indices(columns * 2**z, across), _indices(rows * 2**z, down)


def _shifted_box(bounds: LonLatBounds) -> LonLatBounds:
    """The box in GCJ-02 round a box in WGS-84."""
    lon, lat = np.meshgrid(
        np.linspace(bounds[0], bounds[2], _GCJ02_SAMPLES), np.linspace(bounds[1], bounds[3], _GCJ02_SAMPLES)
    )
    lat, lon = from_wgs84(lat, lon, "gcj02")
    margin = _GCJ02_MARGIN
    return (
        float(lon.min()) - margin,
        float(lat.min()) - margin,
        float(lon.max()) + margin,
        float(lat.max()) + margin,
    )


def _indices(edges: Floats, count: int) -> range:
    first, last = max(0, math.floor(edges[0])), min(count, math.ceil(edges[1]))
    return range(first, max(first, last))


def _mercator_place(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    phi = np.radians(np.clip(lat, -MERCATOR_LAT_LIMIT, MERCATOR_LAT_LIMIT))
    return (lon + 180) / 360, 0.5 - np.arcsinh(np.tan(phi)) / (2 * math.pi)


def _mercator_degrees(column: Floats, row: Floats) -> tuple[Floats, Floats]:
    return np.degrees(np.arctan(np.sinh(math.pi * (1 - 2 * row)))), column * 360 - 180


def _plain_place(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    return (lon + 180) / 360, (90 - lat) / 360


def _plain_degrees(column: Floats, row: Floats) -> tuple[Floats, Floats]:
    return 90 - row * 360, column * 360 - 180


_Turn = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid over a datum; places are parts of the whole width, 0 at the upper left corner."""

    datum: str
    place: _Turn
    degrees: _Turn


_GRIDS: dict[TileCrs, _Grid] = {
    "epsg3857": _Grid("wgs84", _mercator_place, _mercator_degrees),
    "gcj02": _Grid("gcj02", _mercator_place, _mercator_degrees),
    "epsg4490": _Grid("cgcs2000", _plain_place, _plain_degrees),
}
