"""Times of arrival: for who is on the way, from the roads, no oftener than they are worth, on a thread that ends."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from app.domain import commands as cmd
from app.domain import unit as un
from app.geo.district import District, UnitSpec
from app.geo.road_graph import DETOUR_FACTOR, EBIKE_M_PER_S, SPEED_M_PER_S, RoadGraph
from app.geo.surface import Road, Surface
from app.journal.store import TrackPoint
from app.service import eta
from app.service.eta import EVERY_MS, Etas
from tests.patience import PATIENCE_S
from tests.unit.service.conftest import START_AT, BusUnderTest, report

LAT, LON = 31.0, 121.0
LAT_M, LON_M = 1 / 110_852.0, 1 / 95_504.0


def at(east_m: float, north_m: float) -> tuple[float, float]:
    return LAT + north_m * LAT_M, LON + east_m * LON_M


def road(number: int, *points: tuple[float, float]) -> Road:
    line = np.array([at(*point)[::-1] for point in points])
    return Road(f"r{number}", "", "", "residential", False, False, 2 * number, 2 * number + 1, line)


def spec(unit: str, travel: str) -> UnitSpec:
    return UnitSpec(unit, unit, unit, "police", LAT, LON, "", 2, travel, ())  # type: ignore[arg-type]


def district(roads: tuple[Road, ...]) -> District:
    """Two stretches of road without a way between them."""
    return District(
        code="310198006", name_zh="x", name_en="X", centre_lat=LAT, centre_lon=LON, utc_offset_min=480,
        boundary=(), communities=(), grids=(), places=(), cameras=(),
        units=(spec("p1", "ebike"), spec("p2", "car")), surface=lambda: Surface(roads, (), ()),
    )  # fmt: skip


class EtaUnderTest:
    def __init__(self, desk: BusUnderTest, roads: tuple[Road, ...]) -> None:
        self.desk = desk
        self.fixes: dict[str, TrackPoint] = {}
        self.told: asyncio.Queue[set[str]] = asyncio.Queue()
        town = district(roads)
        graph = RoadGraph(town) if roads else None
        self.etas = Etas(
            town, lambda: desk.desk, lambda: self.fixes, desk.clock, self.told.put_nowait, lambda: graph
        )
        desk.projector.listen(lambda changes, _records: self.etas.look() if changes.units else None)
        desk.tasks.start(self.etas.run(), "eta")

    def stand(self, unit: str, east_m: float, north_m: float = 0.0) -> None:
        self.fixes[unit] = TrackPoint(unit, self.desk.clock.now(), *at(east_m, north_m))

    async def send(self, *units: str, east_m: float = 1_000.0) -> None:
        lat, lon = at(east_m, 0)
        await self.desk.do(report("i1", lat=lat, lon=lon))
        await self.desk.do(cmd.DispatchUnits("i1", units))
        for unit in units:
            await self.desk.do(cmd.SetUnitStatus(unit, un.EN_ROUTE, "i1"))

    async def next_told(self) -> set[str]:
        async with asyncio.timeout(PATIENCE_S):
            return await self.told.get()


@pytest.fixture
async def under_test(desk_a: BusUnderTest, monkeypatch: pytest.MonkeyPatch) -> EtaUnderTest:
    monkeypatch.setattr(eta, "GATHER_S", 0.01)
    return EtaUnderTest(desk_a, (road(0, (0, 0), (2_000, 0)), road(1, (0, 3_000), (500, 3_000))))


async def test_a_unit_under_way_has_the_time_of_its_way_by_road(under_test: EtaUnderTest) -> None:
    under_test.stand("p1", 0)
    await under_test.send("p1")
    assert await under_test.next_told() == {"i1"}
    known = under_test.etas.known["p1", "i1"]
    assert known.arrives_at - START_AT == pytest.approx(1_000 / EBIKE_M_PER_S * 1000, rel=0.01)
    assert not known.is_straight


async def test_each_manner_of_travel_has_its_own_time_and_who_has_no_fix_has_none(
    under_test: EtaUnderTest,
) -> None:
    under_test.stand("p2", 0)
    await under_test.send("p1", "p2")
    await under_test.next_told()
    seconds = (under_test.etas.known["p2", "i1"].arrives_at - START_AT) / 1000
    assert seconds == pytest.approx(1_000 / SPEED_M_PER_S["car"]["residential"], rel=0.01)
    assert ("p1", "i1") not in under_test.etas.known


async def test_where_no_road_leads_the_time_is_that_of_the_crow_and_says_so(under_test: EtaUnderTest) -> None:
    under_test.stand("p1", 0, 3_000)
    await under_test.send("p1", east_m=0.0)
    await under_test.next_told()
    known = under_test.etas.known["p1", "i1"]
    assert known.is_straight
    assert known.arrives_at - START_AT == pytest.approx(
        3_000 * DETOUR_FACTOR / EBIKE_M_PER_S * 1000, rel=0.02
    )


async def test_a_district_without_roads_still_gives_times(desk_a: BusUnderTest) -> None:
    under_test = EtaUnderTest(desk_a, ())
    under_test.stand("p1", 0)
    await under_test.send("p1")
    await under_test.next_told()
    assert under_test.etas.known["p1", "i1"].is_straight


async def test_who_has_arrived_has_no_time_any_more(under_test: EtaUnderTest) -> None:
    under_test.stand("p1", 0)
    await under_test.send("p1")
    await under_test.next_told()
    await under_test.desk.do(cmd.SetUnitStatus("p1", un.ON_SCENE, "i1"))
    assert await under_test.next_told() == {"i1"}
    assert under_test.etas.known == {}


async def test_an_estimate_holds_for_its_time_and_a_change_of_status_renews_it_at_once(
    under_test: EtaUnderTest,
) -> None:
    under_test.stand("p1", 0)
    await under_test.send("p1")
    await under_test.next_told()
    first = under_test.etas.known["p1", "i1"]
    under_test.stand("p1", 500)
    under_test.etas.look()  # somebody else's status: nothing of this incident has changed
    under_test.stand("p2", 0)
    await under_test.desk.do(cmd.DispatchUnits("i1", ("p2",)))
    assert under_test.etas.known["p1", "i1"] == first
    await under_test.desk.do(cmd.SetUnitStatus("p2", un.EN_ROUTE, "i1"))
    await under_test.next_told()
    assert under_test.etas.known["p1", "i1"].arrives_at < first.arrives_at


async def test_after_its_time_an_estimate_is_due_again(under_test: EtaUnderTest) -> None:
    under_test.stand("p1", 0)
    await under_test.send("p1")
    await under_test.next_told()
    under_test.desk.clock.set(START_AT + EVERY_MS)
    under_test.stand("p1", 900)
    under_test.etas.look()
    await under_test.next_told()
    known = under_test.etas.known["p1", "i1"]
    assert known.arrives_at - START_AT - EVERY_MS == pytest.approx(100 / EBIKE_M_PER_S * 1000, rel=0.05)


async def test_the_thread_ends_with_the_desk(under_test: EtaUnderTest) -> None:
    under_test.stand("p1", 0)
    await under_test.send("p1")
    await under_test.next_told()
    await under_test.desk.tasks.close()
    assert "eta" not in {thread.name for thread in threading.enumerate()}
