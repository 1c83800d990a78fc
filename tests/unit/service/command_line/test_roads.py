"""Roads, ends, alarm levels and lines of a checklist on the command line."""

from __future__ import annotations

import pytest

from app.config import default_district
from app.geo.district import load_district
from app.geo.streets import Streets
from app.i18n import set_language
from app.service.command_line.completing import complete
from app.service.command_line.directory import DeskDirectory
from app.service.command_line.reading import Reading, read
from tests.unit.service.command_line.conftest import NOW

STREETS = Streets(load_district(default_district()))
RENMIN = next(street.roads for street in STREETS.named if street.name_en == "Renmin Road")
MINUTE_MS = 60_000
AT = NOW + MINUTE_MS
"""The directory's clock."""


@pytest.fixture
def known(directory: DeskDirectory) -> DeskDirectory:
    directory.use_roads(STREETS, lambda: RENMIN[:2])
    directory.lines = lambda _incident: (("task.way", "清出消防通道"), ("task.gas", "停供燃气"))
    return directory


def road(reading: Reading) -> tuple[str, ...]:
    meant = reading.one("road")
    return tuple(meant.key.split(",")) if meant is not None else ()


def end_min(reading: Reading) -> int:
    meant = reading.one("until")
    return (int(meant.key) - AT) // MINUTE_MS if meant is not None else 0


@pytest.mark.parametrize(
    ("line", "minutes", "reason"),
    [
        ("block renminroad 90m burst main", 90, "burst main"),
        ("block Renmin Road until 90m burst main", 90, "burst main"),
        ('block "Renmin Road" burst main until 2h', 120, "burst main"),
        ("封 人民路 到 2小时 水管爆裂", 120, "水管爆裂"),
        ("封路 人民路 至2小时 水管爆裂", 120, "水管爆裂"),
        ("fl rml 90分 积水", 90, "积水"),
        ("block renminroad burst main", 0, "burst main"),
    ],
)
def test_a_street_is_closed_by_name_until_an_end_for_a_reason(
    known: DeskDirectory, line: str, minutes: int, reason: str
) -> None:
    reading = read(line, known)
    assert reading.verb is not None and reading.verb.id == "close_road"
    assert (road(reading), end_min(reading), reading.texts, reading.faults) == (
        RENMIN, minutes, {"reason": reason}, (),
    )  # fmt: skip


def test_a_piece_is_meant_by_its_id_and_a_time_of_day_is_to_come(known: DeskDirectory) -> None:
    reading = read(f"block {RENMIN[0]} 00:05 fire", known)
    assert road(reading) == (RENMIN[0],)
    assert 0 < end_min(reading) <= 24 * 60


def test_until_stays_in_the_reason_where_no_end_follows(known: DeskDirectory) -> None:
    reading = read("block renminroad closed until further notice", known)
    assert reading.texts == {"reason": "closed until further notice"}


@pytest.mark.parametrize("line", ["block nowhere 2h fire", "unblock nowhere"])
def test_what_is_no_road_is_named_with_the_mend(known: DeskDirectory, line: str) -> None:
    set_language("en")
    (fault, *_) = read(line, known).faults
    assert "nowhere" in fault.sentence and "R0003" in fault.sentence


def test_streets_complete_and_only_closed_ones_to_be_opened(known: DeskDirectory) -> None:
    set_language("en")
    offered = [each.choice.title for each in complete("block ren", 9, known)]
    assert "Renmin Road" in offered
    assert [each.choice.title for each in complete("unblock ", 8, known)] == ["Renmin Road"]
    typed = complete("block ren", 9, known)[offered.index("Renmin Road")].applied("block ren")[0]
    assert road(read(typed, known)) == RENMIN


def test_a_level_and_lines_are_taken_by_their_numbers(known: DeskDirectory) -> None:
    level = read("level 12 2", known)
    assert (level.one("incident").key, level.one("alarm_level").key) == ("d0n12", "2")  # type: ignore[union-attr]
    ticks = read("tick 12 1 2", known)
    assert [choice.key for choice in ticks.values["line"]] == ["task.way", "task.gas"]
    assert read("tick 12 9", known).faults
    assert [each.choice.name for each in complete("勾 12 ", 5, known)] == ["清出消防通道", "停供燃气"]


def test_nothing_of_it_is_known_before_the_roads_are_read(directory: DeskDirectory) -> None:
    directory.roads, directory.lines = None, lambda _incident: ()
    assert read("block renminroad 2h fire", directory).faults
    assert read("tick 12 1", directory).faults
