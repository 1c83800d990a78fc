"""The sea lies on the right of a coastline, round islands too, and a coastline that is cut floods nothing."""

from __future__ import annotations

import pytest
import shapely

from app.geo.importing.coast import sea
from app.geo.importing.wkb_bounds import is_near

GROUND = shapely.box(0, 0, 100, 100)
NORTHWARD = shapely.LineString([(40, -50), (40, 150)])
ISLAND = shapely.LineString([(60, 40), (80, 40), (80, 60), (60, 60), (60, 40)])


@pytest.mark.parametrize(
    ("coast", "area_m2"),
    [
        ([NORTHWARD], 60 * 100),
        ([NORTHWARD.reverse()], 40 * 100),
        ([NORTHWARD, ISLAND], 60 * 100 - 20 * 20),
        ([ISLAND], 100 * 100 - 20 * 20),
        ([shapely.LineString([(40, -50), (40, 50)])], 0),
        ([shapely.LineString([(200, 0), (200, 100)])], 0),
        ([shapely.LineString([(40, -50), (40, 50)]), shapely.LineString([(40, 50), (40, 150)])], 60 * 100),
    ],
    ids=["east", "west", "island", "all round", "cut", "elsewhere", "in pieces"],
)
def test_where_the_water_is(coast: list[shapely.LineString], area_m2: float) -> None:
    assert sum(water.area for water in sea(coast, GROUND)) == pytest.approx(area_m2)


@pytest.mark.parametrize(
    ("shape", "near"),
    [
        (shapely.LineString([(-5, 5), (5, 5)]), True),
        (shapely.LineString([(-5, 200), (200, -5)]), True),
        (shapely.LineString([(101, 0), (200, 5)]), False),
        (shapely.MultiPolygon([shapely.box(-5, -5, 1, 1)]), True),
        (shapely.MultiPolygon([shapely.box(-5, -5, -1, -1)]), False),
        (shapely.MultiPolygon([shapely.box(-5, -5, -1, -1), shapely.box(5, 5, 6, 6)]), True),
    ],
)
def test_what_is_far_is_told_by_its_bounds(shape: shapely.Geometry, near: bool) -> None:
    assert is_near(shapely.to_wkb(shape, hex=True), GROUND.bounds) == near
