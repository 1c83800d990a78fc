"""Beyond the border is written down without a grid; on the other side of the earth is a slip of the finger."""

from __future__ import annotations

import pytest

from app.config import default_district
from app.domain.errors import Refusal
from app.geo.district import District, load_district
from app.geo.grid_index import GridIndex
from app.service.placing import FARTHEST_M, placed, within_reach


@pytest.fixture(scope="module")
def district() -> District:
    return load_district(default_district())


def test_within_just_outside_and_far_away(district: District) -> None:
    grids, place = GridIndex(district), district.places[0]
    here = placed(district, grids, place.lat, place.lon)
    assert (here.grid, here.outside_m) == (place.grid, 0.0)
    beyond = placed(district, grids, place.lat + 0.05, place.lon)
    assert beyond.grid == ""
    assert 0 < beyond.outside_m < FARTHEST_M
    within_reach("i", beyond)
    with pytest.raises(Refusal) as refused:
        within_reach("i", placed(district, grids, place.lon, place.lat))
    assert refused.value.rule == "place_far_outside"
