"""A feed speaks to one desk and all desks know where the units are: said once, gathered, judged by who had it first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.journal.notices import PostgresNotices
from app.journal.store import TrackPoint
from app.service import shared_fixes
from app.service.desk_channel import MOST_BYTES
from app.service.shared_fixes import SharedFixes
from app.service.tasks import TaskOwner
from tests.patience import PATIENCE_S

AT = 1_795_330_626_000


class Wire:
    """The way to the other desks, and back to oneself as PostgreSQL brings it."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.desks: list[SharedFixes] = []

    def say(self, text: str) -> None:
        self.said.put_nowait(text)
        for desk in self.desks:
            desk.hear(text)


class Desk:
    def __init__(self, name: str, wire: Wire, tasks: TaskOwner) -> None:
        self.heard: list[TrackPoint] = []
        self.is_alone = False
        self.shared = SharedFixes(name, self.heard.append, lambda: self.is_alone)
        self.shared.attach(wire)
        wire.desks.append(self.shared)
        tasks.start(self.shared.run(), name)


@pytest.fixture
async def tasks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TaskOwner]:
    monkeypatch.setattr(shared_fixes, "GATHER_S", 0.01)
    owner = TaskOwner()
    owner.attach(asyncio.get_running_loop())
    yield owner
    await owner.close()


async def test_the_newest_of_each_unit_is_heard_by_the_others_alone(tasks: TaskOwner) -> None:
    wire = Wire()
    one, two = Desk("one", wire, tasks), Desk("two", wire, tasks)
    newest = TrackPoint("p1", AT + 1, 31.2, 121.4, 90.0, 3.5)
    one.shared.put(TrackPoint("p1", AT, 31.0, 121.0))
    one.shared.put(newest)
    one.shared.put(TrackPoint("p2", AT, 31.1, 121.1))
    async with asyncio.timeout(PATIENCE_S):
        await wire.said.get()
    assert two.heard == [newest, TrackPoint("p2", AT, 31.1, 121.1)]
    assert one.heard == [], "its own words come back to it"
    assert wire.said.empty(), "what was heard is not said again"


async def test_a_fleet_is_said_in_notices_that_the_server_takes(tasks: TaskOwner) -> None:
    wire = Wire()
    one, two = Desk("1" * 32, wire, tasks), Desk("two", wire, tasks)
    fleet = {f"{number:x<40}": AT for number in range(500)}
    for unit, at in fleet.items():
        one.shared.put(
            TrackPoint(unit, at, -31.123456789012345, -121.123456789012345, 359.123456789, 12.123456789)
        )
    lengths = []
    async with asyncio.timeout(PATIENCE_S):
        while len(two.heard) < len(fleet) or not wire.said.empty():
            lengths.append(len(await wire.said.get()))
    assert {fix.unit for fix in two.heard} == fleet.keys()
    assert max(lengths) <= MOST_BYTES


async def test_a_desk_alone_says_nothing(tasks: TaskOwner) -> None:
    wire = Wire()
    one = Desk("one", wire, tasks)
    one.is_alone = True
    one.shared.put(TrackPoint("p1", AT, 31.0, 121.0))
    one.is_alone = False
    one.shared._say()
    async with asyncio.timeout(PATIENCE_S):
        assert "p1" in await wire.said.get()
    one.is_alone = True
    one.shared.put(TrackPoint("p2", AT, 31.0, 121.0))
    one.shared._say()
    assert wire.said.empty()


async def test_who_joins_is_told_everything_once(tasks: TaskOwner) -> None:
    wire = Wire()
    one = Desk("one", wire, tasks)
    fixes = [TrackPoint(unit, AT, 31.0, 121.0) for unit in ("p1", "p2")]
    for fix in fixes:
        one.shared.put(fix)
        async with asyncio.timeout(PATIENCE_S):
            await wire.said.get()
    two = Desk("two", wire, tasks)
    one.shared.say_again()
    async with asyncio.timeout(PATIENCE_S):
        await wire.said.get()
    assert two.heard == fixes


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '["s", [["p1"]]]', '["s", [["p1", "x", 1, 2, null, null]]]']
)
def test_what_nobody_understands_is_left_alone(text: str) -> None:
    heard: list[TrackPoint] = []
    SharedFixes("one", heard.append, lambda: False).hear(text)
    assert heard == []


@pytest.mark.timeout(60)
async def test_nobody_waits_for_a_database_that_is_away() -> None:
    """What wakes the thread is read by nobody during a break: after some hundred words the desk would stand still."""
    loop = asyncio.get_running_loop()
    notices = PostgresNotices("postgresql+psycopg://nobody@127.0.0.1:1/away", loop, {}, lambda: None)
    for number in range(2_000):
        notices.say("fixes", str(number))
    await asyncio.to_thread(notices.close)
