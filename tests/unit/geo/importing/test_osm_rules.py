"""What OpenStreetMap's tags become."""

from __future__ import annotations

import pytest

from app.geo.importing.osm_rules import (
    address,
    building_kind,
    first_fit,
    is_bridge,
    levels,
    names,
    oneway,
    road_class,
    rules,
)
from app.geo.road_graph import SPEED_M_PER_S


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"name": "人民路"}, ("人民路", "人民路")),
        ({"name": "人民路", "name:en": "Renmin Road"}, ("人民路", "Renmin Road")),
        ({"name": "Main Street"}, ("Main Street", "Main Street")),
        ({"name": "Main Street", "name:zh": "主街"}, ("主街", "Main Street")),
        ({"name": "Wörthstraße"}, ("Wörthstraße", "Wörthstraße")),
        ({"name": "a\nb\tc\x1b[31m"}, ("a b c [31m", "a b c [31m")),
        ({"name": "x" * 5000}, ("x" * 80, "x" * 80)),
        ({}, ("", "")),
    ],
)
def test_names(tags: dict[str, str], expected: tuple[str, str]) -> None:
    assert names(tags) == expected


@pytest.mark.parametrize(
    ("tags", "kind", "sense"),
    [
        ({"highway": "primary"}, "primary", 0),
        ({"highway": "primary_link", "oneway": "yes"}, "primary", 1),
        ({"highway": "residential", "oneway": "-1"}, "residential", -1),
        ({"highway": "motorway"}, "trunk", 1),
        ({"highway": "motorway", "oneway": "no"}, "trunk", 0),
        ({"highway": "tertiary", "junction": "roundabout"}, "tertiary", 1),
        ({"highway": "footway", "oneway": "yes"}, "footway", 0),
        ({"highway": "service"}, "alley", 0),
        ({"highway": "construction"}, None, 0),
        ({"highway": "pedestrian", "area": "yes"}, None, 0),
    ],
)
def test_roads(tags: dict[str, str], kind: str | None, sense: int) -> None:
    assert road_class(tags) == kind
    if kind is not None:
        assert oneway(tags, kind) == sense


def test_every_class_of_road_can_be_travelled() -> None:
    known = {kind for speeds in SPEED_M_PER_S.values() for kind in speeds}
    assert set(rules()["road"].values()) <= known


@pytest.mark.parametrize(
    ("tags", "kind", "count"),
    [
        ({"building": "apartments", "building:levels": "12"}, "residential", 12),
        ({"building": "yes", "shop": "mall"}, "commercial", 4),
        ({"building": "yes", "amenity": "school", "height": "16"}, "school", 5),
        ({"building": "garage"}, None, 1),
        ({"building": "office", "building:levels": "1e9"}, "commercial", 1),
        ({"building": "office", "building:levels": "900"}, "commercial", 150),
        ({"building": "house", "building:levels": "0"}, "residential", 1),
        ({"building": "house", "building:levels": "many"}, "residential", 2),
    ],
)
def test_buildings(tags: dict[str, str], kind: str | None, count: int) -> None:
    assert building_kind(tags) == kind
    assert levels(tags, kind or "residential") == count


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"amenity": "police"}, "police_post"),
        ({"shop": "bakery"}, "commercial"),
        ({"shop": "supermarket"}, "market"),
        ({"shop": "no", "tourism": "hotel"}, "hotel"),
        ({"amenity": "bench"}, None),
    ],
)
def test_places(tags: dict[str, str], expected: str | None) -> None:
    assert first_fit("place", tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"addr:street": "人民路", "addr:housenumber": "12"}, "人民路12号"),
        ({"addr:street": "Main Street", "addr:housenumber": "12"}, "12 Main Street"),
        ({"addr:street": "人民路"}, "人民路"),
        ({"addr:full": "人民路12号3楼"}, "人民路12号3楼"),
        ({}, ""),
    ],
)
def test_addresses(tags: dict[str, str], expected: str) -> None:
    assert address(tags) == expected


def test_bridges() -> None:
    assert is_bridge({"bridge": "viaduct"})
    assert not is_bridge({"bridge": "no"})
    assert not is_bridge({})
