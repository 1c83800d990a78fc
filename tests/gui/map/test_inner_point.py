"""Where a name stands inside an outline: never beside it, and about as far from its sides as can be."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from widgets.map.inner_point import inner_point


def river(length_m: float, width_m: float, turns: int, *, eastward: bool) -> np.ndarray:
    """A ring round a line that winds."""
    along = np.linspace(0, length_m, 700)
    line = np.column_stack([along, 200 * np.sin(along / length_m * turns * 2 * np.pi)])
    ring = np.asarray(shapely.LineString(line).buffer(width_m / 2).exterior.coords)
    return ring if eastward else ring[:, ::-1]


@given(st.floats(4, 60), st.integers(0, 8), st.booleans())
def test_in_a_river_it_is_midstream(width_m: float, turns: int, eastward: bool) -> None:
    ring = river(6_000, width_m, turns, eastward=eastward)
    point, width_there_m = inner_point(ring)
    assert shapely.Polygon(ring).contains(shapely.Point(point))
    assert width_there_m == pytest.approx(width_m, rel=0.1)


def test_a_river_is_not_searched_for_its_largest_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes a tenth of a second for one of a whole country's."""
    monkeypatch.setattr(shapely, "maximum_inscribed_circle", None)
    assert inner_point(river(6_000, 14, 5, eastward=True))[1] == pytest.approx(14, rel=0.1)


def test_in_a_bent_park_it_is_not_in_the_bend() -> None:
    ring = np.array([(0, 0), (400, 0), (400, 100), (100, 100), (100, 400), (0, 400), (0, 0)], dtype=float)
    point, width_m = inner_point(ring)
    assert shapely.Polygon(ring).contains(shapely.Point(point))
    assert width_m == pytest.approx(2 * 58.6, rel=0.1)


@pytest.mark.parametrize("height_m", [1.0, 0.01])
def test_of_a_sliver_and_of_one_that_crosses_itself_there_is_one_too(height_m: float) -> None:
    sliver = np.array([(0, 0), (900, 0), (900, height_m), (0, height_m), (0, 0)], dtype=float)
    bow = np.array([(0, 0), (900, 2), (900, 0), (0, 2), (0, 0)], dtype=float)
    for ring in (sliver, bow):
        (x_m, y_m), width_m = inner_point(ring)
        assert 0 <= x_m <= 900 and 0 <= y_m <= 2 and width_m >= 0
