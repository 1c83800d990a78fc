"""Where raster tiles lie on the map's plane, and how far a pixel is off within the box of its tile."""

import itertools

import numpy as np
import pytest

from app.geo.tilesets import TileAddress, TilesetFacts
from app.geo.tilesets.tile_grid import metres_per_pixel, to_lat_lon
from app.geo.tilesets.tile_source import WORLD, TileCrs
from tests.gui.map.town import LAT, LON
from widgets.map.projection import Projection
from widgets.map.raster_places import RasterPlaces

PLANE = Projection.at(LAT, LON)


def places(crs: TileCrs = "epsg3857", zooms: tuple[int, int] = (0, 22), tile_px: int = 256) -> RasterPlaces:
    return RasterPlaces(TilesetFacts("", "", *zooms, tile_px, WORLD, crs), PLANE)


def worst_m(crs: TileCrs, z: int, reach_m: float) -> float:
    """The largest distance between where a pixel is put and where it is, so far around the centre."""
    of = places(crs)
    block = of.block((-reach_m, -reach_m, reach_m, reach_m), 2.0 ** (z - 17))
    assert block[0] == z and len(block[1]) * len(block[2]) > 0
    part = np.linspace(0, 1, 9)
    worst = 0.0
    for address, (left, top, right, bottom) in of.boxes(block):
        x, y = np.meshgrid(part, part)
        lat, lon = to_lat_lon(crs, z, address.x + x, address.y + y)
        true = PLANE.plane(np.stack([lon, lat], axis=-1).reshape(-1, 2))
        put = np.stack([left + x * (right - left), top + y * (bottom - top)], axis=-1).reshape(-1, 2)
        worst = max(worst, float(np.hypot(*(true - put).T).max()))
    return worst


@pytest.mark.parametrize(
    ("crs", "z", "reach_m", "most_m", "most_px"),
    [
        ("epsg3857", 10, 30_000, 14.0, 0.11),
        ("epsg3857", 14, 30_000, 0.06, 0.01),
        ("epsg3857", 17, 3_000, 0.01, 0.01),
        ("gcj02", 10, 30_000, 45.0, 0.5),
        ("gcj02", 14, 30_000, 4.0, 0.5),
        ("gcj02", 17, 3_000, 0.5, 0.5),
        ("epsg4490", 10, 30_000, 0.01, 0.01),
        ("epsg4490", 17, 3_000, 0.01, 0.01),
    ],
)
def test_a_pixel_is_put_where_it_is(
    crs: TileCrs, z: int, reach_m: float, most_m: float, most_px: float
) -> None:
    """Web mercator to a tenth of the tile's own pixels, GCJ-02 to half of one: its shift changes within a tile."""
    off_m = worst_m(crs, z, reach_m)
    assert off_m < most_m
    assert off_m / metres_per_pixel(z, LAT, 256) < most_px


@pytest.mark.parametrize("crs", ["epsg3857", "gcj02", "epsg4490"])
def test_neighbours_share_their_edges(crs: TileCrs) -> None:
    of = places(crs)
    z, columns, rows = of.block((-2_000, -2_000, 2_000, 2_000), 1.0)
    for y, (x, after) in itertools.product(rows, itertools.pairwise(columns)):
        assert of.box(TileAddress(z, x, y))[2] == pytest.approx(of.box(TileAddress(z, after, y))[0], abs=1e-6)
    for x, (y, after) in itertools.product(columns, itertools.pairwise(rows)):
        assert of.box(TileAddress(z, x, y))[3] == pytest.approx(of.box(TileAddress(z, x, after))[1], abs=1e-6)


@pytest.mark.parametrize("tile_px", [256, 512])
def test_the_zoom_is_the_one_whose_pixels_are_nearest_to_the_screens(tile_px: int) -> None:
    of = places(tile_px=tile_px)
    for zoom in (12.0, 14.5, 17.25, 20.0):
        z, columns, rows = of.block((-100, -100, 100, 100), 2.0 ** (zoom - 17))
        box = of.box(TileAddress(z, columns[0], rows[0]))
        assert 0.7 < (box[2] - box[0]) * 2.0 ** (zoom - 17) / tile_px < 1.43


def test_beyond_its_zooms_a_tileset_gives_its_last_and_its_first() -> None:
    of = places(zooms=(12, 16))
    assert of.block((-100, -100, 100, 100), 8.0)[0] == 16
    assert of.block((-9_000, -9_000, 9_000, 9_000), 2.0**-7)[0] == 12


def test_a_view_far_above_the_first_zoom_asks_for_nothing() -> None:
    of = places(zooms=(18, 20))
    _, columns, rows = of.block((-20_000, -20_000, 20_000, 20_000), 2.0**-6)
    assert len(columns) * len(rows) == 0


def test_nothing_lies_beyond_the_tilesets_bounds() -> None:
    of = RasterPlaces(TilesetFacts("", "", 0, 18, 256, (10.0, 10.0, 11.0, 11.0), "epsg3857"), PLANE)
    assert of.boxes(of.block((-500, -500, 500, 500), 1.0)) == []


def test_children_and_parents_know_each_other() -> None:
    of = places()
    address = TileAddress(15, 27_440, 13_385)
    assert {of.parent(child) for child in of.children(address)} == {address}
    assert len(of.children(address)) == 4
    assert of.parent(TileAddress(0, 0, 0)) is None
