"""Roads that the desk has closed: who sets out afterwards goes round them, and the day can be lived again."""

from __future__ import annotations

from app.domain.instants import parse_iso
from app.drill.message import Message
from app.drill.orders import Order, OrderBook
from app.drill.scenario_file import Scenario
from app.drill.simulation import Simulation
from app.drill.templates import load_templates
from app.feeds.envelope import decode
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


def close(at_s: int, *roads: str) -> Order:
    return Order(at=EPOCH + at_s * 1000, act="close", roads=roads)


def lived(*orders: Order, seconds: int = 600) -> list[Message]:
    quiet = Scenario(title={}, stories_per_s=0.0, decline_share=0.0)
    simulation = Simulation(DISTRICT, BOOK, quiet, seed=7, epoch_at=EPOCH)
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


def test_who_sets_out_goes_round_what_is_closed_and_again_straight_when_it_is_open() -> None:
    free_s = way_s(lived(give(10)))
    round_s = way_s(lived(close(5, *ROWS), give(10)))
    assert round_s > free_s * 1.2
    assert way_s(lived(close(5, *ROWS), close(6), give(10))) == free_s


def test_the_same_orders_are_the_same_day_again() -> None:
    orders = (close(5, *ROWS), give(10))
    assert [m.body for m in lived(*orders)] == [m.body for m in lived(*orders)]


def test_closed_roads_are_kept_with_the_orders_and_are_no_task(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "orders.json"
    OrderBook(path).note(close(5, *ROWS))
    read = OrderBook(path)
    assert read.orders == [close(5, *ROWS)]
    assert read.open_tasks() == set()
