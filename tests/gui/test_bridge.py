"""The way of a command from a widget to the journal and back to the widgets."""

from __future__ import annotations

import inspect

from app.domain import commands as cmd
from app.geo.district_error import DistrictError
from app.i18n import LANGUAGES, set_language
from tests.gui.conftest import DeskUnderTest


def test_a_command_comes_back_as_a_change_of_the_screens(desk: DeskUnderTest) -> None:
    changed: list[set[str]] = []
    desk.bridge.incidents_changed.connect(changed.append)
    desk.report("i1")
    desk.wait_until(lambda: bool(changed))
    assert changed == [{"i1"}]
    assert desk.bridge.desk.incidents["i1"].status == "reported"


def test_many_changes_within_a_frame_are_told_once(desk: DeskUnderTest) -> None:
    told: list[set[str]] = []
    desk.bridge.units_changed.connect(told.append)
    desk.report("i1")
    answers: list[str | None] = []
    desk.bridge.submit(cmd.DispatchUnits("i1", ("p1", "p2", "u1")), answers.append)
    desk.wait_until(lambda: bool(answers))
    desk.settle()
    assert answers == [None]
    assert told == [{"p1", "p2", "u1"}]


def test_a_refusal_is_a_sentence_where_the_officer_acted(desk: DeskUnderTest) -> None:
    desk.report("i1")
    answers: list[str | None] = []
    desk.bridge.submit(cmd.DispatchUnits("i1", ()), answers.append)
    desk.wait_until(lambda: bool(answers))
    assert answers[0]
    assert desk.bridge.desk.incidents["i1"].status == "reported"


def test_a_refusal_calls_a_unit_as_its_row_does(desk: DeskUnderTest) -> None:
    desk.report("i1")
    desk.report("i2")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    told: list[str | None] = []
    for count, language in enumerate(LANGUAGES, 1):
        set_language(language)
        desk.bridge.submit(cmd.DispatchUnits("i2", ("p1",)), told.append)
        desk.wait_until(lambda count=count: len(told) == count)  # type: ignore[misc]
    zh, en = map(str, told)
    assert zh.startswith("警01 ")
    assert en.startswith("Police 01 ")


def test_reading_the_story_of_an_incident(desk: DeskUnderTest) -> None:
    desk.report("i1")
    desk.do(cmd.AcceptIncident("i1"))
    lines = desk.run(desk.app.timeline("i1"))
    assert [line.text_key for line in lines] == ["timeline.incident.reported", "timeline.incident.accepted"]


def test_who_reported_is_shown_for_a_purpose_that_stands_in_the_journal(desk: DeskUnderTest) -> None:
    desk.report("i1", person_ref="110:i1")
    desk.run(desk.app.person("i1", "call back the reporter"))
    lines = desk.run(desk.app.timeline("i1"))
    assert lines[-1].facts["purpose"] == "call back the reporter"


def test_a_broken_file_of_the_district_is_a_sentence_and_no_breakdown(desk: DeskUnderTest) -> None:
    """Of a task that breaks down the officer is told to keep the log and start again."""
    troubles: list[str] = []
    desk.bridge.trouble_changed.connect(troubles.append)

    async def roads() -> None:
        raise DistrictError("roads.geojson", "", "", "not_json", reason="cut off")

    desk.bridge.fetch(roads(), lambda _roads: None)
    desk.wait_until(lambda: bool(troubles))
    assert troubles == ["roads.geojson: 不是有效的 GeoJSON（cut off）；请重新导出"]


def test_a_reading_that_was_asked_for_at_the_very_end_leaves_nothing_behind(desk: DeskUnderTest) -> None:
    """Its task is cancelled before it has taken its first step, as when the desk closes just then."""
    told: list[object] = []
    reading = desk.app.timeline("i1")
    desk.bridge.fetch(reading, told.append)
    (task,) = (task for task in desk.app.tasks._tasks if task.get_name() == "fetch")
    task.cancel()
    desk.wait_until(task.done)
    assert told == []
    assert inspect.getcoroutinestate(reading) == inspect.CORO_CLOSED
