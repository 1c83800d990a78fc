"""How far a place lies from a district."""

import pytest

from app.geo.coordinates import distance_m
from app.geo.outside import outside_m

SQUARE = ((121.0, 31.0), (121.1, 31.0), (121.1, 31.1), (121.0, 31.1), (121.0, 31.0))


def test_within_and_on_the_boundary_it_is_nothing() -> None:
    assert outside_m(SQUARE, 31.05, 121.05) == 0
    assert outside_m(SQUARE, 31.0, 121.05) == 0


def test_outside_it_is_the_way_to_the_nearest_point_of_the_boundary() -> None:
    assert outside_m(SQUARE, 31.11, 121.05) == pytest.approx(
        distance_m(31.11, 121.05, 31.1, 121.05), rel=1e-6
    )
    assert outside_m(SQUARE, 0.0, 0.0) == pytest.approx(distance_m(0, 0, 31.0, 121.0), rel=0.01)
