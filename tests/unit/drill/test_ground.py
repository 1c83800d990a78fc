"""Owns the proof that nothing of a drill happens outside the district's boundary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from app.config import default_district
from app.domain.instants import parse_iso
from app.drill.gazetteer import SCATTER_DEG, Gazetteer
from app.drill.ground import Ground
from app.drill.message import Message
from app.drill.orders import Order
from app.drill.scenario_file import load_scenario
from app.drill.simulation import Simulation
from app.drill.templates import load_templates
from app.feeds.envelope import Envelope, decode
from app.geo.coordinates import distance_m
from app.geo.district import District, load_district
from app.geo.surface import Road
from app.paths import bundled_data_dir
from tests.unit.drill.districts import LAT, LON, small_district

EPOCH = parse_iso("2026-11-22T06:00:00Z")
DRILLS = bundled_data_dir() / "drills"


@pytest.fixture(scope="module")
def demo() -> District:
    return load_district(default_district())


def outline(district: District) -> shapely.Polygon:
    ring = shapely.Polygon(np.asarray(district.boundary))
    shapely.prepare(ring)
    return ring


def within(district: District, east_deg: float) -> District:
    """The same streets, of which the district ends so far east of its south-western corner."""
    corners = ((-0.001, -0.001), (east_deg, -0.001), (east_deg, 0.009), (-0.001, 0.009), (-0.001, -0.001))
    return replace(district, boundary=tuple((LON + east, LAT + north) for east, north in corners))


def with_roads(district: District, *more: Road) -> District:
    surface = replace(district.surface(), roads=(*district.roads, *more))
    return replace(district, surface=lambda: surface)


@pytest.mark.parametrize("name", ["demo", "quiet"])
def test_whatever_happens_and_whoever_goes_there_stays_inside(demo: District, name: str) -> None:
    rim = outline(demo)
    scenario, book = load_scenario(DRILLS / f"{name}.toml"), load_templates(DRILLS / "templates.toml")
    of = Simulation(demo, book, scenario, seed=11, epoch_at=EPOCH, rate=200.0)
    opened = [e for e in sound(of.advance(EPOCH + 30_000)) if e.kind == "incident.reported"]
    for n, unit in enumerate(sorted(of.units)):
        scene = opened[n % len(opened)]
        task = {"task": f"t-{unit}", "unit": unit, "incident": scene.id, "lat": scene.lat, "lon": scene.lon}
        of.carry_out(Order(at=EPOCH + 30_000, act="give", **task))  # type: ignore[arg-type]
    placed = [e for e in sound(of.advance(EPOCH + 240_000)) if e.lat is not None and e.lon is not None]
    assert {e.kind for e in placed} > {"incident.reported", "alarm.raised", "unit.position"}
    assert len({e.unit for e in placed if e.kind == "unit.position"}) == len(demo.units)
    outside = [e for e in placed if not rim.contains(shapely.Point(e.lon, e.lat))]
    assert [(e.kind, e.unit, e.title) for e in outside] == []


def sound(messages: list[Message]) -> list[Envelope]:
    return [decode(message.body) for message in messages]


def test_places_roads_and_junctions_beyond_the_boundary_are_no_spots() -> None:
    half = within(small_district(), 0.0045)
    spots = Gazetteer(half, Ground(half))
    everywhere = [s for kind in ("plaza", "market", "road", "junction") for s in spots.spots((kind,))]
    assert all(spot.lon < LON + 0.0045 for spot in everywhere)
    assert spots.named("菜市场") is not None
    assert spots.named("和平小区") is None


def test_a_camera_that_looks_out_over_the_boundary_reports_from_its_foot() -> None:
    narrow = within(small_district(), 0.0062)
    (first, second) = Gazetteer(narrow, Ground(narrow)).spots(("camera",))
    assert first.lon > LON + 0.004
    assert second.lon == LON + 0.006


def test_callers_at_the_rim_are_not_scattered_over_it() -> None:
    district = within(small_district(), 0.0041)
    plaza = Gazetteer(district, Ground(district)).named("中心广场")
    assert plaza is not None
    assert plaza.scatter_deg == 0.0
    in_the_middle = Gazetteer(small_district(), Ground(small_district())).named("中心广场")
    assert in_the_middle is not None
    assert in_the_middle.scatter_deg == SCATTER_DEG


def test_ways_keep_to_roads_inside_though_a_quicker_one_leads_outside() -> None:
    detour = np.array([[LON, LAT], [LON, LAT - 0.002], [LON + 0.008, LAT - 0.002], [LON + 0.008, LAT]])
    bypass = Road("by", "快速路", "Bypass", "primary", False, False, 0, 4, detour)  # type: ignore[arg-type]
    district = with_roads(small_district(), bypass)
    route = Ground(district).route((LAT, LON), (LAT, LON + 0.008), "car")
    assert not route.is_straight
    assert route.line[:, 1].min() >= LAT - 1e-6


def test_a_pocket_of_road_that_leads_nowhere_inside_is_left_out() -> None:
    line = np.array([[LON + 0.0083, LAT + 0.0083], [LON + 0.0087, LAT + 0.0087]])
    pocket = Road("pk", "断头路", "Stub", "residential", False, False, 900, 901, line)  # type: ignore[arg-type]
    ground = Ground(with_roads(small_district(), pocket))
    assert "pk" not in {road.id for road in ground.roads}
    lat, lon = ground.on_road(LAT + 0.0085, LON + 0.0085, "foot")
    assert distance_m(lat, lon, LAT + 0.008, LON + 0.008) < 1.0


def test_a_car_goes_against_a_one_way_street_where_there_is_no_other_way() -> None:
    district = small_district()
    turned = [replace(road, oneway=True, road_class="secondary") for road in district.roads]
    surface = replace(district.surface(), roads=tuple(turned))
    route = Ground(replace(district, surface=lambda: surface)).route(
        (LAT + 0.008, LON + 0.008), (LAT, LON), "car"
    )
    assert not route.is_straight


def test_where_no_road_lies_inside_all_of_them_are_taken() -> None:
    tiny = within(small_district(), -0.0005)
    assert [road.id for road in Ground(tiny).roads] == [road.id for road in tiny.roads]
