"""What was before: by number however it was written, by place and address, and notes near by. Never a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.service.histories import MOST_TOLD, NOTHING, Histories, ways_to_write
from app.service.reporter import Reporter, take_report
from tests.unit.service.conftest import START_AT, BusUnderTest, report, start_bus

HERE = (31.2211, 121.4750)
NORTH_30_M = (31.22137, 121.4750)
NORTH_60_M = (31.22164, 121.4750)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    bus = await start_bus("desk-1", tmp_path / "journal.db")
    yield bus
    await bus.close()


@pytest.fixture
def histories(desk: BusUnderTest) -> Histories:
    return Histories(desk.journal, lambda: desk.desk)


async def call(desk: BusUnderTest, incident: str, phone: str, **fields: object) -> None:
    desk.clock.set(desk.clock.now() + 1000)
    await take_report(desk.bus, desk.officer(), report(incident, **fields), Reporter("张建国", phone))


async def test_a_callers_other_incidents_however_the_number_was_written(
    desk: BusUnderTest, histories: Histories
) -> None:
    for incident, phone in (("i1", "138 1234-1234"), ("i2", "+86 13812341234"), ("i3", "13812341235")):
        await call(desk, incident, phone)
    await call(desk, "i4", "13812341234")
    history = await histories.of_caller("i4")
    assert (history.count, history.open, history.incidents) == (2, 2, ("i2", "i1"))
    assert await histories.of_number("\uff11\uff13\uff18 1234 1234", but="i4") == history
    assert (await histories.of_number("13812341234")).count == 3
    await desk.do(cmd.WithdrawIncident("i1", "by caller"))
    assert (await histories.of_caller("i4")).open == 1


async def test_what_was_merged_counts_where_it_went(desk: BusUnderTest, histories: Histories) -> None:
    await call(desk, "i1", "13812341234")
    await call(desk, "i2", "13812341234")
    await desk.do(cmd.MergeIncident("i1", "i2"))
    assert (await histories.of_number("13812341234")).incidents == ("i2",)
    assert await histories.of_caller("i2") == NOTHING


async def test_nobody_and_a_services_number_have_no_history(desk: BusUnderTest, histories: Histories) -> None:
    await desk.do(report("i1"))
    await call(desk, "i2", "12345")
    await call(desk, "i3", "12345")
    assert await histories.of_caller("i1") == NOTHING
    assert await histories.of_caller("i2") == NOTHING
    for phone in ("", "110", "12345", "none"):
        assert await histories.of_number(phone) == NOTHING


async def test_an_erased_person_is_found_no_more(desk: BusUnderTest, histories: Histories) -> None:
    await call(desk, "i1", "13812341234")
    await call(desk, "i2", "13812341234")
    await desk.journal.call(lambda journal: journal.erase_person("110:i1"))
    assert await histories.of_caller("i2") == NOTHING


async def test_a_places_history_is_near_or_has_its_address(desk: BusUnderTest, histories: Histories) -> None:
    places = {"i1": HERE, "i2": NORTH_30_M, "i3": NORTH_60_M, "i4": (None, None), "i5": (None, None)}
    for key, (lat, lon) in places.items():
        desk.clock.set(desk.clock.now() + 1000)
        address = "12 Riverside Road" if key == "i4" else ""
        await desk.do(report(key, lat=lat, lon=lon, address=address))
    await desk.do(cmd.WithdrawIncident("i2", "by caller"))
    history = await histories.of_place(*HERE, but="i1")
    assert (history.count, history.open, history.incidents) == (1, 0, ("i2",))
    assert (await histories.of_place(*HERE, "12 Riverside Road", 100)).incidents == ("i4", "i3", "i2", "i1")
    assert (await histories.of_place(None, None, "12 Riverside Road")).incidents == ("i4",)
    assert await histories.of_place(None, None) == NOTHING


async def test_many_are_counted_and_the_newest_named(desk: BusUnderTest, histories: Histories) -> None:
    for place in range(MOST_TOLD + 5):
        desk.clock.set(desk.clock.now() + 1000)
        await desk.do(report(f"i{place}", lat=HERE[0], lon=HERE[1]))
    history = await histories.of_place(*HERE)
    assert (history.count, len(history.incidents)) == (MOST_TOLD + 5, MOST_TOLD)
    assert history.incidents[0] == f"i{MOST_TOLD + 4}"


async def test_notes_near_by_hazards_first_until_they_run_out(
    desk: BusUnderTest, histories: Histories
) -> None:
    end_at = START_AT + 60_000

    def note(
        key: str, place: tuple[float | None, float | None], hazard: bool, address: str = ""
    ) -> cmd.Command:
        return cmd.PutPremiseNote(key, f"note {key}", hazard, end_at, address, *place)

    for command in (
        note("near", HERE, False),
        note("hazard", NORTH_30_M, True),
        note("far", NORTH_60_M, True),
        note("door", (None, None), False, "12 Riverside Road"),
        note("gone", HERE, True),
        cmd.WithdrawPremiseNote("gone", "cleared"),
    ):
        await desk.do(command)
    found = histories.premises_near(*HERE, 50, START_AT, "12 Riverside Road")
    assert [near.note.id for near in found] == ["hazard", "door", "near"]
    assert found[0].distance_m == pytest.approx(30, abs=1)
    assert [near.note.id for near in histories.premises_near(*HERE, 50, START_AT)] == ["hazard", "near"]
    assert histories.premises_near(*HERE, 50, end_at) == []


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "86 ", "0086-"]))
def test_a_mobile_is_the_same_with_its_country_and_without(number: str, country: str) -> None:
    assert ways_to_write(country + number)[0] == number
    spaced = f"{country}{number[:3]} {number[3:7]}-{number[7:]}"
    assert ways_to_write(spaced) == ways_to_write(number)
