"""Arrival and areas from positions: said once, when it is certain, and never more often than units really turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.errors import ConfigError
from app.domain.events import Recorded
from app.geo.district import District, Grid, UnitSpec
from app.geo.surface import Surface
from app.journal.errors import JournalUnavailable
from app.journal.store import TrackPoint
from app.projections.case_timeline import timeline
from app.service.geofence import Border, Geofence
from app.service.geofence_rules import GeofenceRules, load_geofence_rules
from app.service.story import read_story
from tests.unit.service.conftest import START_AT, BusUnderTest, report

RULES = GeofenceRules(within_m=30.0, fixes=2, beyond_m=50.0, hold_ms=10_000, grid_hold_ms=10_000)
METRE = 1 / 111_320.0
LAT, LON = 31.0, 121.0


def square(half_m: float) -> tuple[tuple[float, float], ...]:
    """A closed ring about the centre."""
    side = half_m * METRE
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return tuple((LON + x * side * 1.166, LAT + y * side) for x, y in corners)


def spec(unit: str, kind: str) -> UnitSpec:
    return UnitSpec(unit, unit, unit, kind, LAT, LON, "310198006001001", 2, "foot", ())  # type: ignore[arg-type]


class Watched:
    """A desk whose positions are watched."""

    def __init__(self, under_test: BusUnderTest) -> None:
        self.under_test = under_test
        self.at = START_AT
        district = District(
            code="310198006",
            name_zh="x",
            name_en="X",
            centre_lat=LAT,
            centre_lon=LON,
            utc_offset_min=480,
            boundary=square(1_000),
            communities=(),
            grids=(Grid("310198006001001", "一", "One", "310198006001", square(200)),),
            places=(),
            cameras=(),
            units=(spec("p1", "police"), spec("p2", "grid_member")),
            surface=lambda: Surface((), (), ()),
        )
        self.fence = Geofence(district, RULES, lambda: under_test.desk, under_test.bus.post, "desk-a")

    async def fix(self, unit: str, north_m: float, after_ms: int = 1_000) -> None:
        self.at += after_ms
        self.under_test.clock.set(max(self.at, self.under_test.clock.now()))
        self.fence.put(TrackPoint(unit, self.at, LAT + north_m * METRE, LON))
        await self.under_test.bus.drain()

    async def stream(self, stream: str) -> list[Recorded]:
        return list(await self.under_test.journal.call(lambda journal: journal.read_stream(stream)))

    async def told(self, unit: str) -> list[str]:
        return [record.event.TYPE for record in await self.stream(f"unit/{unit}")]

    async def send(self, *, is_under_way: bool = True) -> None:
        """Unit p1 to an incident 500 m to the north."""
        await self.under_test.do(report("i1", lat=LAT + 500 * METRE, lon=LON))
        await self.under_test.do(cmd.DispatchUnits("i1", ("p1",)))
        if is_under_way:
            await self.under_test.do(cmd.SetUnitStatus("p1", un.EN_ROUTE, "i1"))


@pytest.fixture
def watched(desk_a: BusUnderTest) -> Watched:
    return Watched(desk_a)


# -- arrival --------------------------------------------------------------------------------------------------------


async def test_a_unit_en_route_has_arrived_with_its_second_fix_beside_the_incident(watched: Watched) -> None:
    await watched.send()
    await watched.fix("p1", 480)
    assert watched.under_test.desk.units["p1"].status == un.EN_ROUTE
    await watched.fix("p1", 490)
    assert watched.under_test.desk.units["p1"].status == un.ON_SCENE
    record = (await watched.stream("unit/p1"))[-1]
    assert (record.occurred_at, record.actor) == (watched.at, "geofence")
    assert watched.under_test.desk.incidents["i1"].arrived_at == watched.at


async def test_a_fix_that_passes_by_is_no_arrival(watched: Watched) -> None:
    await watched.send()
    for north_m in (480, 560, 510, 600):
        await watched.fix("p1", north_m)
    assert watched.under_test.desk.units["p1"].status == un.EN_ROUTE


async def test_a_unit_that_has_not_set_out_is_not_said_to_have_arrived(watched: Watched) -> None:
    await watched.send(is_under_way=False)
    for _ in range(4):
        await watched.fix("p1", 500)
    assert watched.under_test.desk.units["p1"].status == un.DISPATCHED


async def test_fixes_from_before_it_set_out_say_nothing(watched: Watched) -> None:
    watched.under_test.clock.set(START_AT + 60_000)
    await watched.send()
    for _ in range(3):
        await watched.fix("p1", 500)
    assert watched.under_test.desk.units["p1"].status == un.EN_ROUTE


async def test_what_the_unit_says_itself_afterwards_is_recorded_once(watched: Watched) -> None:
    await watched.send()
    await watched.fix("p1", 500)
    await watched.fix("p1", 500)
    await watched.under_test.bus.offer(
        watched.under_test.from_feed(cmd.ObserveUnitStatus("p1", un.ON_SCENE, "i1"))
    )
    assert (await watched.told("p1")).count("unit.progressed") == 2  # en route, on scene


async def test_after_a_lost_append_the_next_fix_says_it_again(watched: Watched) -> None:
    await watched.send()
    told: list[object] = []
    real, watched.fence._post = watched.fence._post, lambda _submission, tell: told.append(tell)
    await watched.fix("p1", 500)
    await watched.fix("p1", 500)
    await watched.fix("p1", 500)
    assert len(told) == 1
    told[0](JournalUnavailable("locked"))  # type: ignore[operator]
    watched.fence._post = real
    await watched.fix("p1", 500)
    assert watched.under_test.desk.units["p1"].status == un.ON_SCENE


# -- areas ----------------------------------------------------------------------------------------------------------


async def test_leaving_and_coming_back_are_one_event_each_and_stand_in_the_desk(watched: Watched) -> None:
    for north_m in (0, 1_020, 1_060, 1_070, 1_080):
        await watched.fix("p1", north_m, 6_000)
    left_at = watched.at
    assert watched.under_test.desk.units["p1"].outside == ((un.DISTRICT, left_at),)
    for north_m in (1_040, 1_010, 990, 980, 970, 960):
        await watched.fix("p1", north_m, 6_000)
    assert await watched.told("p1") == ["unit.left_area", "unit.entered_area"]
    assert watched.under_test.desk.units["p1"].outside == ()


async def test_a_restarted_watch_does_not_repeat_what_the_journal_knows(watched: Watched) -> None:
    for _ in range(3):
        await watched.fix("p1", 1_100, 6_000)
    again = Watched(watched.under_test)
    again.at = watched.at
    for _ in range(5):
        await again.fix("p1", 1_100, 6_000)
    assert await watched.told("p1") == ["unit.left_area"]


async def test_only_kinds_that_belong_to_their_grid_leave_it(watched: Watched) -> None:
    for unit in ("p1", "p2"):
        for _ in range(3):
            await watched.fix(unit, 300, 6_000)
    assert await watched.told("p1") == []
    assert await watched.told("p2") == ["unit.left_area"]


async def test_a_grid_member_on_a_task_elsewhere_has_not_left_its_grid(
    desk_a: BusUnderTest, watched: Watched
) -> None:
    await desk_a.do(report("i1", lat=LAT + 500 * METRE, lon=LON))
    await desk_a.do(cmd.DispatchUnits("i1", ("p2",)))
    for _ in range(4):
        await watched.fix("p2", 400, 6_000)
    assert "unit.left_area" not in await watched.told("p2")
    await desk_a.do(cmd.RecallUnit("i1", "p2", "回来"))
    for _ in range(4):
        await watched.fix("p2", 400, 6_000)
    left = [r.event for r in await watched.stream("unit/p2") if r.event.TYPE == "unit.left_area"]
    assert [(e.area, e.code, e.incident) for e in left] == [(un.GRID, "310198006001001", "")]  # type: ignore[attr-defined]


async def test_who_is_off_duty_or_unknown_is_not_watched(watched: Watched) -> None:
    await watched.under_test.do(cmd.SetUnitStatus("p1", un.OFF_DUTY))
    for _ in range(4):
        await watched.fix("p1", 1_200, 6_000)
        await watched.fix("stranger", 1_200, 6_000)
    assert await watched.told("p1") == ["unit.duty_changed"]
    assert await watched.told("stranger") == []


async def test_leaving_the_district_on_a_task_stands_in_the_incidents_story(watched: Watched) -> None:
    await watched.send()
    for _ in range(4):
        await watched.fix("p1", 1_200, 6_000)
    story = timeline(await watched.under_test.journal.call(lambda journal: read_story(journal, "i1")))
    assert story[-1].text_key == "timeline.unit.left_area"
    assert story[-1].facts["incident"] == "i1"


# -- one border -----------------------------------------------------------------------------------------------------

WALKS = st.lists(st.floats(-300, 300, allow_nan=False), min_size=1, max_size=80)


@given(WALKS)
def test_there_are_never_more_events_than_the_way_has_crossings_of_the_whole_band(
    steps_m: list[float],
) -> None:
    """Between two events a unit has gone at least the 50 m from one edge of the band to the other."""
    border, has_left, where_m = Border(50.0, 0), False, 0.0
    said_at_m: list[float] = []
    gone_m = 0.0
    for second, step_m in enumerate(steps_m):
        gone_m += abs(step_m)
        where_m += step_m
        if border.crossed(has_left, max(0.0, where_m), second * 1_000):
            has_left = not has_left
            said_at_m.append(where_m)
    assert len(said_at_m) <= gone_m / 50.0
    assert all((where > 50.0) == (n % 2 == 0) for n, where in enumerate(said_at_m))


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=60), st.booleans())
def test_trembling_within_the_band_says_nothing(beyond_m: list[float], has_left: bool) -> None:
    border = Border(50.0, 0)
    outside = [max(metres, 0.001) if has_left else metres for metres in beyond_m]
    assert not any(border.crossed(has_left, metres, n * 1_000) for n, metres in enumerate(outside))


@given(WALKS, st.integers(1, 60))
def test_what_is_said_has_held_for_as_long_as_it_must(steps_m: list[float], hold_s: int) -> None:
    border, has_left, where_m = Border(50.0, hold_s * 1_000), False, 0.0
    path: list[float] = []
    for second, step_m in enumerate(steps_m):
        where_m += step_m
        path.append(max(0.0, where_m))
        if border.crossed(has_left, path[-1], second * 1_000):
            held = path[-hold_s - 1 :]
            assert len(held) == hold_s + 1
            assert all(metres <= 0 if has_left else metres > 50.0 for metres in held)
            has_left = not has_left
            border.turning_since = None


# -- the file -------------------------------------------------------------------------------------------------------


def test_the_bundled_distances_are_read_and_a_broken_file_is_named(tmp_path: Path) -> None:
    rules = load_geofence_rules()
    assert (rules.within_m, rules.fixes, rules.beyond_m) == (30.0, 2, 50.0)
    assert (rules.hold_ms, rules.grid_hold_ms) == (30_000, 180_000)
    broken = tmp_path / "geofence.toml"
    broken.write_text(
        "[arrival]\nwithin_m = -1\nfixes = 2\n[area]\nbeyond_m = 50\nhold_s = 30\ngrid_hold_s = 180\n"
    )
    with pytest.raises(ConfigError, match="within_m"):
        load_geofence_rules(broken)
