"""Words bring a point only where they name one place: nothing is guessed."""

from __future__ import annotations

import pytest

from app.config import default_district
from app.geo.district import load_district
from app.geo.finder import Finder
from app.geo.meant import PLACES, meant_exactly
from app.geo.search import Entry, Found


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder.of_district(load_district(default_district()))


def meant(finder: Finder, typed: str) -> Found | None:
    return meant_exactly(finder.find(typed, 31.2206, 121.4766, 6, PLACES), typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("\u671b\u6d66\u5e7f\u573a", "place"),
        ("31.2206, 121.4766", "coordinate"),
        ("gcj 31.2206, 121.4766", "coordinate"),
        ("bd09 31.2206 121.4766", "coordinate"),
        ("C010", "camera"),
    ],
)
def test_a_whole_name_a_code_and_coordinates_are_a_place(finder: Finder, typed: str, kind: str) -> None:
    found = meant(finder, typed)
    assert found is not None
    assert found.entry.kind == kind


@pytest.mark.parametrize(
    "typed", ["", "\u671b\u6d66", "wpgc", "\u89e3\u653e\u8def", "no such place", "91 181"]
)
def test_part_of_a_name_initials_and_a_whole_road_are_not(finder: Finder, typed: str) -> None:
    assert meant(finder, typed) is None


def test_an_address_and_a_grid_as_it_is_called_are_a_place(finder: Finder) -> None:
    district = load_district(default_district())
    place = next(p for p in district.places if p.address_zh)
    found = meant(finder, place.address_zh)
    assert found is not None
    assert (found.entry.lat, found.entry.lon) == (place.lat, place.lon)
    grid = meant(finder, district.grids[0].code)
    assert grid is not None
    assert grid.entry.key == district.grids[0].code


def test_two_of_one_name_are_asked_for_unless_they_stand_together() -> None:
    north = Found(Entry("place", "a", "Gate", lat=31.0, lon=121.0))
    beside = Found(Entry("place", "b", "Gate", lat=31.0001, lon=121.0))
    far = Found(Entry("place", "c", "Gate", lat=31.1, lon=121.0))
    assert meant_exactly([north, beside], "gate") is north
    assert meant_exactly([north, far], "gate") is None
