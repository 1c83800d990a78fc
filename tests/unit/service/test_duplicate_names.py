"""An officer names the place, a caller its street: in a district both are one address to whoever compares them."""

from __future__ import annotations

import pytest

from app.config import default_district
from app.geo.district import load_district
from app.service.duplicates import rule_of


@pytest.mark.parametrize(("name", "street"), [("望浦广场", "解放路289号"), ("Wangpu Plaza", "解放路289号")])
def test_every_place_of_the_district_is_known_by_its_street(name: str, street: str) -> None:
    district = load_district(default_district())
    places = rule_of(district).vocabulary.places
    assert places.street_address(name) == street
    assert places.street_address(district.cameras[0].name_zh) == "", "a camera has a position only"
    assert places.street_address("解放路289号") is None
