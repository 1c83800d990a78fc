"""One question, every kind of answer, on the real district."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.incident import Incident
from app.domain.unit import Unit
from app.geo.district import District
from app.geo.finder import ADDRESS, COORDINATE, Finder
from app.geo.house_numbers import HouseNumbers, address_in
from app.geo.search_entries import incident_entry, unit_entry

CRASH = Incident(
    "i1", ("110:1",), "traffic", 2, "电动车与三轮车相撞", 0, address="学府路200号", number="20261122-012"
)


@pytest.fixture(scope="module")
def finder(demo: District) -> Finder:
    units = [unit_entry(Unit(s.id, s.kind, s.call_sign_zh), s) for s in demo.units]
    return Finder.of_district(demo, [*units, incident_entry(CRASH)])


def first(finder: Finder, query: str) -> tuple[str, str]:
    entry = finder.find(query, 31.2206, 121.4766)[0].entry
    return entry.kind, entry.key


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("0203", ("grid", "310198006002003")),
        ("2-3", ("grid", "310198006002003")),
        ("002003", ("grid", "310198006002003")),
        ("310198006002003", ("grid", "310198006002003")),
        ("C034", ("camera", "C034")),
        ("34", ("camera", "C034")),
        ("警01", ("unit", "p1")),
        ("p1", ("unit", "p1")),
        ("jing01", ("unit", "p1")),
        ("Police 01", ("unit", "p1")),
        ("12", ("incident", "i1")),
        ("20261122-012", ("incident", "i1")),
        ("diandongche", ("incident", "i1")),
        ("ddc", ("incident", "i1")),
        ("wangpupaichusuo", ("place", "L001")),
        ("wppcs", ("place", "L001")),
        ("解放路348", ("place", "L001")),
        ("解放路 348 号", ("place", "L001")),
        ("348 Jiefang Road", ("place", "L001")),
        ("解放路", ("road", "解放路")),
        ("jiefanglu", ("road", "解放路")),
        ("明浦江", ("place", "明浦江")),
        ("31.2206,121.4766", (COORDINATE, "31.220600,121.476600")),
    ],
)
def test_the_first_answer_is_what_was_meant(finder: Finder, query: str, answer: tuple[str, str]) -> None:
    assert first(finder, query) == answer


def test_everything_of_the_district_is_found_by_its_own_code(demo: District, finder: Finder) -> None:
    wanted = [("camera", camera.id) for camera in demo.cameras] + [("grid", grid.code) for grid in demo.grids]
    assert [first(finder, key) for _, key in wanted] == wanted


def test_a_number_between_known_ones_stands_between_them(demo: District, finder: Finder) -> None:
    found = finder.find("解放路350号", 31.2206, 121.4766)[0]
    known = {place.address_zh: place for place in demo.places}
    assert (found.entry.kind, found.entry.name_zh) == (ADDRESS, "解放路")
    assert found.house is not None
    assert (found.house.number, found.house.known) == (350, 348)
    low, high = known["解放路348号"], known["解放路355号"]
    assert min(low.lon, high.lon) <= found.house.lon <= max(low.lon, high.lon)
    assert found.entry.lon == found.house.lon
    assert finder.find("jiefang road 350", 31.2206, 121.4766)[0].house == found.house


def test_a_number_far_from_every_known_one_is_not_made_up(finder: Finder) -> None:
    assert finder.find("解放路9000号", 31.2206, 121.4766) == []


def test_a_closed_incident_goes_behind_open_ones(finder: Finder) -> None:
    closed = replace(CRASH, id="i0", number="20261121-012", status="closed")
    finder.index.put(incident_entry(closed))
    keys = [found.entry.key for found in finder.find("相撞", 31.2206, 121.4766)]
    finder.index.drop("incident", "i0")
    assert keys == ["i1", "i0"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("解放路348号", ("解放路", 348)),
        ("解放路 348", ("解放路", 348)),
        ("348 Jiefang Road", ("Jiefang Road", 348)),
        ("jiefang road 348", ("jiefang road", 348)),
        ("解放路", None),
        ("348", None),
        ("2-3", None),
        ("解放路3弄5号", None),
    ],
)
def test_what_an_address_says(text: str, address: tuple[str, int] | None) -> None:
    assert address_in(text) == address


def test_houses_are_placed_between_their_neighbours() -> None:
    houses = HouseNumbers([("a路10号", 1.0, 5.0), ("a路20号", 2.0, 7.0), ("b路1号", 9.0, 9.0), ("a路", 0, 0)])
    between = houses.near("a路", 15)
    assert between is not None
    assert (between.lat, between.lon, between.known) == (1.5, 6.0, 10)
    beyond = houses.near("a路", 40)
    assert beyond is not None
    assert (beyond.lat, beyond.known) == (2.0, 20)
    assert houses.near("a路", 100) is None
    assert houses.near("c路", 1) is None
