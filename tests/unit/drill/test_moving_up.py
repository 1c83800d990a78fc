"""A simulated unit that is sent to a post goes there without a word, stands by, and comes home when called back."""

from __future__ import annotations

from app.drill.message import Message
from app.drill.orders import Order
from app.feeds.envelope import Envelope, decode
from tests.unit.drill.districts import LAT, LON, STEP_DEG
from tests.unit.drill.test_closed_roads import EPOCH, lived

POST = (LAT + 4 * STEP_DEG, LON)
"""The north-western corner; the fire engine stands in the north-east."""


def order(at_s: int, act: str = "give", task: str = "post-o1.f1", kind: str = "post") -> Order:
    lat, lon = POST
    return Order(
        at=EPOCH + at_s * 1000,
        act=act,
        task=task,
        unit="f1",
        incident="" if kind else "i9",
        kind=kind,
        lat=lat,
        lon=lon,
    )  # type: ignore[arg-type]


def of_engine(messages: list[Message], kind: str) -> list[Envelope]:
    return [e for e in (decode(m.body) for m in messages) if (e.unit, e.kind) == ("f1", kind)]


def is_at_post(fix: Envelope) -> bool:
    assert fix.lat is not None and fix.lon is not None
    return abs(fix.lat - POST[0]) < 1e-4 and abs(fix.lon - POST[1]) < 1e-4


def test_it_goes_there_without_a_word_and_stands_by() -> None:
    messages = lived(order(10), seconds=900)
    fixes = of_engine(messages, "unit.position")
    assert not is_at_post(fixes[0])
    assert is_at_post(fixes[-1])
    assert of_engine(messages, "unit.status") == of_engine(messages, "task.ack") == []


def test_called_back_it_is_home_again() -> None:
    fixes = of_engine(lived(order(10), order(400, "recall"), seconds=1_500), "unit.position")
    assert any(is_at_post(fix) for fix in fixes)
    assert (fixes[-1].lat, fixes[-1].lon) == (fixes[0].lat, fixes[0].lon)


def test_an_incident_on_the_way_goes_before() -> None:
    task = order(20, task="i9.f1", kind="")
    said = of_engine(lived(order(10), task, seconds=900), "unit.status")
    assert [one.status for one in said] == ["en_route", "on_scene"]


def test_the_same_orders_are_the_same_day_again() -> None:
    orders = (order(10), order(60, "recall"), order(90, task="post-o2.f1"))
    assert [m.body for m in lived(*orders)] == [m.body for m in lived(*orders)]
