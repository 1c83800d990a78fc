"""Closures at a running desk: every way respects them at once, and they go by themselves when their time is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.errors import Refusal
from app.domain.instants import format_iso
from app.geo.district import District, load_district
from app.journal.store import TrackPoint
from app.service import eta
from app.service.closures import Closures
from app.service.eta import Etas
from app.service.roads import Roads
from tests.patience import PATIENCE_S
from tests.unit.geo.small_district import position, write_small_district
from tests.unit.service.conftest import START_AT, BusUnderTest, report

SOUTH_EAST, NORTH_EAST = position(400, 0), position(400, 390)
"""The road R2 leads from one to the other; without it one goes round three sides."""


class RoadsUnderTest:
    """A desk with its roads, estimates and closures, as bootstrap puts them together."""

    def __init__(self, desk: BusUnderTest, district: District, directory: Path) -> None:
        self.desk, self.roads = desk, Roads(district, directory)
        self.told: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        self.timed: asyncio.Queue[set[str]] = asyncio.Queue()
        self.fixes = {"p1": TrackPoint("p1", START_AT, *SOUTH_EAST)}
        self.etas = Etas(
            district, lambda: desk.desk, lambda: self.fixes, desk.clock, self.timed.put_nowait,
            lambda: self.roads.graph(desk.clock.now()), lambda: {"p1": "emergency"},
        )  # fmt: skip
        self.closures = Closures(district, self.roads, lambda: desk.desk, desk.clock, self._tell)
        desk.projector.listen(lambda changes, _records: self.etas.look() if changes.units else None)
        desk.projector.listen(self.closures.on_changes)
        desk.bus.permit_roads = self.closures.permit
        desk.tasks.start(self.etas.run(), "eta")
        desk.tasks.start(self.closures.run(), "closures")

    def _tell(self, roads: frozenset[str]) -> None:
        self.etas.use_other_roads()
        self.told.put_nowait(roads)

    async def next_told(self) -> frozenset[str]:
        async with asyncio.timeout(PATIENCE_S):
            return await self.told.get()

    async def next_eta_s(self) -> float:
        """Seconds that p1 needs, once they have been worked out anew."""
        async with asyncio.timeout(PATIENCE_S):
            await self.timed.get()
        return (self.etas.known["p1", "i1"].arrives_at - START_AT) / 1000

    async def send(self) -> None:
        lat, lon = NORTH_EAST
        await self.desk.do(report("i1", lat=lat, lon=lon))
        await self.desk.do(cmd.DispatchUnits("i1", ("p1",)))
        await self.desk.do(cmd.SetUnitStatus("p1", un.EN_ROUTE, "i1"))


def close(until_at: int, *roads: str) -> cmd.CloseRoad:
    return cmd.CloseRoad(roads or ("R2",), "East Road", "fire", START_AT, until_at)


@pytest.fixture
async def under_test(
    desk_a: BusUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RoadsUnderTest]:
    monkeypatch.setattr(eta, "GATHER_S", 0.01)
    write_small_district(tmp_path)
    under_test = RoadsUnderTest(desk_a, load_district(tmp_path), tmp_path)
    yield under_test
    await desk_a.tasks.close()


async def test_who_is_under_way_has_another_time_once_the_road_is_closed_and_his_own_when_it_is_open(
    under_test: RoadsUnderTest,
) -> None:
    await under_test.send()
    free_s = await under_test.next_eta_s()
    await under_test.desk.do(close(START_AT + 3_600_000))
    assert await under_test.next_told() == {"R2"}
    round_s = await under_test.next_eta_s()
    assert round_s > 2 * free_s
    await under_test.desk.do(cmd.OpenRoad(("R2",), "East Road"))
    assert await under_test.next_told() == {"R2"}
    assert await under_test.next_eta_s() == free_s


async def test_an_emergency_vehicle_keeps_its_time_where_the_closure_lets_it_pass(
    under_test: RoadsUnderTest,
) -> None:
    await under_test.send()
    free_s = await under_test.next_eta_s()
    closing = close(START_AT + 3_600_000)
    await under_test.desk.do(replace(closing, emergency_passes=True))
    assert await under_test.next_told() == {"R2"}
    assert await under_test.next_eta_s() == free_s
    await under_test.desk.do(replace(closing, extends=True))
    assert await under_test.next_told() == {"R2"}, "closed as before, but to others"
    assert await under_test.next_eta_s() > 2 * free_s


async def test_a_closure_ends_by_itself(under_test: RoadsUnderTest) -> None:
    until_at = START_AT + 200
    await under_test.desk.do(close(until_at))
    assert await under_test.next_told() == {"R2"}
    closed = under_test.roads.graph(START_AT)
    under_test.desk.clock.set(until_at)
    assert await under_test.next_told() == {"R2"}
    assert under_test.closures.closed == frozenset()
    opened = under_test.roads.graph(until_at)
    assert opened is not None and closed is not None and opened is not closed
    seconds = [graph.etas_s([SOUTH_EAST], *NORTH_EAST, "car")[0] for graph in (opened, closed)]
    assert seconds[1] > 2 * seconds[0]


async def test_a_closure_to_come_begins_by_itself(under_test: RoadsUnderTest) -> None:
    begins_at = START_AT + 200
    await under_test.desk.do(cmd.CloseRoad(("R2",), "East Road", "parade", begins_at, begins_at + 60_000))
    assert under_test.closures.closed == frozenset()
    under_test.desk.clock.set(begins_at)
    assert await under_test.next_told() == {"R2"}


async def test_another_desk_hears_of_it_from_the_journal(
    under_test: RoadsUnderTest, desk_b: BusUnderTest
) -> None:
    await desk_b.do(close(START_AT + 3_600_000, "R3"))
    await under_test.desk.projector.catch_up()
    assert await under_test.next_told() == {"R3"}
    with pytest.raises(Refusal) as refusal:
        await under_test.desk.do(close(START_AT + 60_000, "R3"))
    assert (refusal.value.rule, refusal.value.facts["officer"]) == (
        "road_closed_already",
        "officer of desk-b",
    )


async def test_a_road_of_no_map_is_not_closed(under_test: RoadsUnderTest) -> None:
    await under_test.desk.do(close(START_AT + 60_000))
    await under_test.next_told()
    with pytest.raises(Refusal, match="road_unknown"):
        await under_test.desk.do(close(START_AT + 60_000, "R2", "R99"))


async def test_what_the_plan_closes_no_hand_opens(desk_a: BusUnderTest, tmp_path: Path) -> None:
    write_small_district(tmp_path)
    until = format_iso(START_AT + 60_000)
    (tmp_path / "closures.csv").write_text(f"road,from,until\nR2,,{until}\n", encoding="utf-8")
    under_test = RoadsUnderTest(desk_a, load_district(tmp_path), tmp_path)
    assert await under_test.next_told() == {"R2"}
    with pytest.raises(Refusal, match="road_planned"):
        await desk_a.do(cmd.OpenRoad(("R2",), "East Road"))
    await desk_a.tasks.close()
