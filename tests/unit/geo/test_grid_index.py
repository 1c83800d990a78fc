"""Which grid covers a position."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.geo.district import District
from app.geo.grid_index import GridIndex
from tests.unit.geo.small_district import GRIDS, position

WEST, EAST = GRIDS


@pytest.mark.parametrize(
    ("x_m", "y_m", "code"),
    [(0, 0, WEST), (600, 0, EAST), (-499, 499, WEST), (500, 0, WEST), (-501, 0, None), (0, 501, None)],
)
def test_the_covering_grid_and_the_lower_code_on_a_border(
    small: District, x_m: float, y_m: float, code: str | None
) -> None:
    grid = GridIndex(small).grid_at(*position(x_m, y_m))
    assert (grid and grid.code) == code


@pytest.mark.parametrize(("x_m", "code"), [(-900, WEST), (0, WEST), (1900, EAST)])
def test_the_nearest_grid_of_a_position_outside(small: District, x_m: float, code: str) -> None:
    nearest = GridIndex(small).nearest_grid(*position(x_m, 0))
    assert nearest is not None
    assert nearest.code == code


@pytest.fixture(scope="module")
def index(demo: District) -> GridIndex:
    return GridIndex(demo)


@given(st.floats(31.211, 31.231), st.floats(121.464, 121.489))
def test_agrees_with_testing_every_grid(demo: District, index: GridIndex, lat: float, lon: float) -> None:
    covering = [
        grid.code for grid in demo.grids if shapely.Polygon(grid.ring).intersects(shapely.Point(lon, lat))
    ]
    grid = index.grid_at(lat, lon)
    assert (grid.code if grid else None) == min(covering, default=None)


def test_a_common_incident_position_is_on_the_plaza(demo: District, index: GridIndex) -> None:
    plaza = next(place for place in demo.places if place.kind == "plaza")
    grid = index.grid_at(31.2211, 121.4750)
    assert grid is not None
    assert plaza.grid == grid.code
