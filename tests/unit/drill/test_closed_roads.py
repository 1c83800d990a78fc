"""Roads that the desk has closed: who sets out and who is under way goes round them; the day can be lived again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import pytest

from app.config import default_district
from app.domain.instants import parse_iso
from app.drill.message import Message
from app.drill.options import SimulateOptions
from app.drill.orders import Order, OrderBook
from app.drill.scenario_file import Scenario
from app.drill.simulation import Simulation
from app.drill.source import source_of
from app.drill.templates import load_templates
from app.feeds.envelope import decode
from app.geo.coordinates import distance_m
from app.geo.district import Mode
from app.paths import bundled_data_dir
from tests.unit.drill.districts import LAT, LON, STEP_DEG, small_district

EPOCH = parse_iso("2026-11-22T06:00:00Z")
BOOK = load_templates(bundled_data_dir() / "drills" / "templates.toml")
DISTRICT = small_district()
NORTH_WEST = {"lat": LAT + 4 * STEP_DEG, "lon": LON}
"""The fire engine stands in the north-east; the two northern streets both lead there."""
ROWS = ("R21-22", "R16-17")


def give(at_s: int) -> Order:
    return Order(at=EPOCH + at_s * 1000, act="give", task="t", unit="f1", incident="i9", **NORTH_WEST)  # type: ignore[arg-type]


def close(at_s: int, *roads: str, passable: tuple[str, ...] = ()) -> Order:
    return Order(at=EPOCH + at_s * 1000, act="close", roads=roads, passable=passable)


def lived(
    *orders: Order, seconds: int = 600, modes: Mapping[str, Mode] = MappingProxyType({})
) -> list[Message]:
    quiet = Scenario(title={}, stories_per_s=0.0, decline_share=0.0)
    simulation = Simulation(DISTRICT, BOOK, quiet, seed=7, epoch_at=EPOCH)
    simulation.get_about(modes)
    told: list[Message] = []
    for order in orders:
        told += simulation.advance(order.at)
        simulation.carry_out(order)
    return told + simulation.advance(EPOCH + seconds * 1000)


def way_s(messages: list[Message]) -> float:
    """How long the engine was under way."""
    said = [decode(m.body) for m in messages if not m.is_fix]
    out, there = (next(e for e in said if e.unit == "f1" and e.status == s) for s in ("en_route", "on_scene"))
    assert out.occurred_at is not None and there.occurred_at is not None
    return (there.occurred_at - out.occurred_at) / 1000


def fix_of(message: Message) -> tuple[float, float]:
    fields = json.loads(message.body)
    return fields["lat"], fields["lon"]


def bodies(messages: list[Message]) -> list[bytes]:
    return [message.body for message in messages]


def test_who_sets_out_goes_round_what_is_closed_and_again_straight_when_it_is_open() -> None:
    free_s = way_s(lived(give(10)))
    round_s = way_s(lived(close(5, *ROWS), give(10)))
    assert round_s > free_s * 1.2
    assert way_s(lived(close(5, *ROWS), close(6), give(10))) == free_s


UNDER_WAY_S = 32
"""The engine has set out by then and is not there yet."""


def test_who_is_under_way_goes_round_what_is_closed_before_him_and_is_there_later() -> None:
    free_s, closed = way_s(lived(give(10))), lived(give(10), close(UNDER_WAY_S, *ROWS))
    assert free_s * 1.1 < way_s(closed)
    places = [fix_of(m) for m in closed if m.is_fix and b'"f1"' in m.body]
    assert places[-1] == pytest.approx((NORTH_WEST["lat"], NORTH_WEST["lon"]), abs=1e-4), "and he gets there"
    jumps = [distance_m(*here, *there) for here, there in pairwise(places)]
    assert max(jumps) < 60, "from where he was, not from anywhere"


def test_who_goes_round_takes_the_straight_way_again_when_it_opens_before_him() -> None:
    round_s = way_s(lived(close(5, *ROWS), give(10)))
    assert way_s(lived(close(5, *ROWS), give(10), close(UNDER_WAY_S))) < round_s


def test_a_road_that_nobody_wants_makes_no_difference_and_one_of_an_order_that_waits_is_gone_round() -> None:
    assert bodies(lived(give(10), close(UNDER_WAY_S, "R0-1"))) == bodies(lived(give(10)))
    assert way_s(lived(give(10), close(11, *ROWS))) == way_s(lived(close(5, *ROWS), give(10)))


def test_an_emergency_vehicle_goes_on_where_it_may_pass() -> None:
    free_s = way_s(lived(give(10)))
    closing = close(5, *ROWS, passable=ROWS)
    assert way_s(lived(closing, give(10))) > free_s
    assert way_s(lived(closing, give(10), modes={"f1": "emergency"})) == free_s


def test_a_recall_after_another_way_was_taken_leads_home_and_is_said_once() -> None:
    recall = Order(at=EPOCH + (UNDER_WAY_S + 5) * 1000, act="recall", task="t")
    told = lived(give(10), close(UNDER_WAY_S, *ROWS), recall, close(UNDER_WAY_S + 8))
    said = [e.status for m in told if not m.is_fix and (e := decode(m.body)).unit == "f1" and e.status]
    assert said == ["en_route", "returning", "available"]


def test_the_same_orders_are_the_same_day_again() -> None:
    orders = (close(5, *ROWS), give(10), close(UNDER_WAY_S), close(UNDER_WAY_S + 3, "R21-22"))
    assert [m.body for m in lived(*orders)] == [m.body for m in lived(*orders)]


def test_closed_roads_are_kept_with_the_orders_and_are_no_task(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "orders.json"
    OrderBook(path).note(close(5, *ROWS))
    read = OrderBook(path)
    assert read.orders == [close(5, *ROWS)]
    assert read.open_tasks() == set()


def test_a_slip_in_the_kinds_of_emergency_vehicles_ends_no_drill(tmp_path: Path) -> None:
    place = tmp_path / "district"
    shutil.copytree(default_district(), place)
    (place / "dispatch.toml").write_text('[emergency]\nkinds = ["tank"]\n', encoding="utf-8")
    told, usual = (
        source_of(SimulateOptions(district=folder, seed=5, epoch_at=EPOCH), EPOCH).advance(EPOCH + 20_000)
        for folder in (place, default_district())
    )
    assert told, "it is told on"
    assert told == usual, "the bundled kinds hold"
