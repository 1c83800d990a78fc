"""Orders to a carrier: a real simulator takes them, says so, and its crews answer roll calls."""

from __future__ import annotations

import asyncio

import aiohttp

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.events import Recorded
from app.link.unit_tasks import UnitTasks
from app.projections.changes import Changes
from app.projections.projections import Projections
from tests.patience import PATIENCE_S
from tests.servers.simulator import simulator


def fold(projections: Projections, *events: tuple[str, ev.Event]) -> list[Recorded]:
    records = [
        Recorded(projections.seq + n, stream, 1, event, 1, 1, "o", "d", "", "", "live")
        for n, (stream, event) in enumerate(events, 1)
    ]
    for record in records:
        projections.apply(record, Changes())
    return records


async def test_a_carrier_tells_what_was_delivered_and_who_answers_and_nothing_of_units_it_has_not() -> None:
    said: asyncio.Queue[cmd.Command] = asyncio.Queue()
    projections = Projections()
    report = ev.IncidentReported("i1", "110", "1", "crowd", 2, "crowd", lat=31.2213, lon=121.4787)
    known = fold(
        projections,
        ("incident/i1", report),
        *(("unit/" + unit, ev.UnitDispatched(unit, "i1")) for unit in ("nobody", "p1")),
    )
    with simulator("--rate", "0.1") as carrier:
        tasks = UnitTasks([carrier.http("/tasks")], projections, said.put_nowait)
        tasks.on_records(Changes(), known)
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            running = group.create_task(tasks.run())
            assert await said.get() == cmd.NoteDelivery("p1", "i1", "delivered")
            tasks.ask_roll("nobody", "i1")
            tasks.ask_roll("p1", "i1")
            assert await said.get() == cmd.AnswerRollCall("p1", "i1")
            tasks.on_records(Changes(), fold(projections, ("unit/p1", ev.UnitTaskResent("p1", "i1"))))
            assert await said.get() == cmd.NoteDelivery("p1", "i1", "delivered")
            tasks.on_records(
                Changes(), fold(projections, ("unit/p1", ev.UnitReleased("p1", "i1", "recalled")))
            )
            tasks.ask_roll("nobody", "i1")
            running.cancel()
    assert said.empty()


async def test_a_carrier_hears_of_closed_roads_before_the_order_that_leads_by_them() -> None:
    said: asyncio.Queue[cmd.Command] = asyncio.Queue()
    projections = Projections()
    report = ev.IncidentReported("i1", "110", "1", "crowd", 2, "crowd", lat=31.2213, lon=121.4787)
    known = fold(projections, ("incident/i1", report), ("unit/p1", ev.UnitDispatched("p1", "i1")))
    with simulator("--rate", "0.1") as carrier:
        tasks = UnitTasks([carrier.http("/tasks")], projections, said.put_nowait)
        tasks.close_roads({"R0002", "R0001"})
        tasks.on_records(Changes(), known)
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            running = group.create_task(tasks.run())
            assert await said.get() == cmd.NoteDelivery("p1", "i1", "delivered")
            running.cancel()
        async with aiohttp.ClientSession() as session, session.get(carrier.http("/health")) as response:
            assert (await response.json())["closed"] == 2


async def test_an_order_to_a_post_is_carried_and_taken_back_also_after_a_restart() -> None:
    """The drill's crews go when they are told to; where they are says that they are there."""
    said: asyncio.Queue[cmd.Command] = asyncio.Queue()
    projections = Projections()
    fold(projections, ("unit/p1", ev.UnitPostOrdered("p1", "o1", 31.2213, 121.4787, "g")))
    with simulator("--rate", "0.1") as carrier:

        async def tasks_held(session: aiohttp.ClientSession, count: int) -> None:
            held = -1
            while held != count:
                async with session.get(carrier.http("/health")) as response:
                    held = (await response.json())["tasks"]

        tasks = UnitTasks([carrier.http("/tasks")], projections, said.put_nowait)
        tasks.resume()
        async with (
            asyncio.timeout(PATIENCE_S),
            aiohttp.ClientSession() as session,
            asyncio.TaskGroup() as group,
        ):
            running = group.create_task(tasks.run())
            assert await said.get() == cmd.NotePostDelivery("p1", "o1", "delivered")
            assert await said.get() == cmd.AnswerPost("p1", "o1", True)
            await tasks_held(session, 1)
            recalled = ("unit/p1", ev.UnitPostRecalled("p1", "o1", "not needed", "g"))
            tasks.on_records(Changes(), fold(projections, recalled))
            await tasks_held(session, 0)
            running.cancel()
    assert said.empty(), "a recall is no delivery"
