"""Acceptance at the gate: envelopes become incidents, facts about units, or held messages with their reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain import commands as cmd
from app.domain.instants import format_iso
from app.service.intake import FUTURE_LIMIT_MS, Intake, incident_id, readmit
from app.service.positions import Positions
from tests.unit.service.conftest import START_AT, BusUnderTest

GRID = "310198006001001"


class Gate:
    """An intake before a running bus."""

    def __init__(self, desk: BusUnderTest) -> None:
        self.under_test = desk
        self.positions = Positions(desk.journal, desk.clock)
        self.intake = Intake(
            desk.bus, lambda: desk.desk, self.positions, desk.clock, "desk-a", lambda _lat, _lon: GRID
        )

    async def take(self, *messages: dict[str, Any] | str | bytes) -> None:
        frames = [m if isinstance(m, str | bytes) else json.dumps(m) for m in messages]
        await self.intake.take("feed", frames)
        await self.under_test.bus.drain()

    @property
    def held(self) -> list[str]:
        return [q.reason for q in self.under_test.desk.quarantine.values() if q.status == "held"]


@pytest.fixture
async def gate(desk_a: BusUnderTest) -> Gate:
    return Gate(desk_a)


def message(key: str, kind: str = "incident.reported", **fields: Any) -> dict[str, Any]:
    return {
        "id": key,
        "kind": kind,
        "source": "110",
        "occurred_at": format_iso(START_AT - 5000),
        **({"title": "商场门口人群聚集", "type": "crowd", "priority": 2} if "reported" in kind else {}),
        **fields,
    }


async def test_a_report_is_an_incident_with_its_grid_and_the_sources_time(gate: Gate) -> None:
    await gate.take(message("7", lat=31.22, lon=121.47, reporter={"name": "王芳", "phone": "13800138000"}))
    incident = gate.under_test.desk.incidents[incident_id("110", "7")]
    assert (incident.grid, incident.opened_at, incident.source_ids) == (GRID, START_AT - 5000, ("110:7",))
    person = await gate.under_test.journal.call(lambda j: j.person("110:7"))
    assert person is not None
    assert (person.name, person.phone) == ("王芳", "13800138000")


async def test_fields_that_the_desk_does_not_know_are_kept_beside_the_journal(gate: Gate) -> None:
    await gate.take(message("7", weather="雨", reporter={"name": "王芳", "wechat": "wf"}))
    kept = await gate.under_test.journal.call(lambda j: j.unknown_fields("110", "7"))
    assert kept is not None
    assert json.loads(kept) == {"weather": "雨", "reporter": {"wechat": "wf"}}
    records = await gate.under_test.journal.call(lambda j: j.read())
    assert "雨" not in str(records)


async def test_no_name_or_number_of_a_person_stands_in_the_journal(gate: Gate) -> None:
    await gate.take(message("7", reporter={"name": "王芳", "phone": "13800138000"}))
    records = await gate.under_test.journal.call(lambda j: j.read())
    assert "王芳" not in str(records)
    assert "13800138000" not in str(records)


async def test_the_same_message_twice_and_after_a_restart_is_one_incident(
    gate: Gate, desk_b: BusUnderTest
) -> None:
    await gate.take(message("7"), message("7"))
    again = Gate(desk_b)
    await again.take(message("7"))
    await desk_b.projector.catch_up()
    assert len(desk_b.desk.incidents) == 1
    assert await desk_b.journal.call(lambda j: j.head()) == 1


async def test_the_place_in_the_feed_is_the_last_durable_message(gate: Gate) -> None:
    await gate.take(message("7"), message("8"), message("9", "unit.position", unit="p1", lat=31.2, lon=121.4))
    assert gate.intake.places == {"feed": "8"}
    await gate.intake.save_positions()
    await gate.under_test.bus.drain()
    assert gate.intake.places == {"feed": "9"}
    assert await gate.under_test.journal.call(lambda j: j.feed_positions()) == {"feed": "9"}


async def test_a_fix_is_no_event_and_an_older_one_moves_nothing(gate: Gate) -> None:
    await gate.take(message("1", "unit.position", unit="p1", lat=31.2, lon=121.4))
    late = format_iso(START_AT - 60_000)
    await gate.take(message("2", "unit.position", unit="p1", lat=31.9, lon=121.9, occurred_at=late))
    assert gate.positions.fixes["p1"].lat == 31.2
    assert await gate.under_test.journal.call(lambda j: j.head()) == 0
    await gate.positions.flush()
    written = await gate.under_test.journal.call(lambda j: j.positions_at(START_AT))
    assert written["p1"].lat == 31.2


async def test_updates_and_withdrawals_find_what_was_reported_in_the_same_breath(gate: Gate) -> None:
    await gate.take(
        message("7"),
        message("8", "incident.updated", incident="7", priority=1),
        message("9", "incident.withdrawn", incident="110:7", reason="误报"),
    )
    incident = gate.under_test.desk.incidents[incident_id("110", "7")]
    assert (incident.priority, incident.status) == (1, "withdrawn")
    assert gate.held == []


async def test_what_a_unit_does_is_followed_and_a_stranger_is_enrolled(gate: Gate) -> None:
    await gate.take(
        message("7"),
        message("8", "unit.status", unit="E21", status="en_route", incident="7"),
        message("9", "unit.status", unit="E21", status="on_scene", incident="7"),
    )
    unit = gate.under_test.desk.units["E21"]
    assert (unit.kind, unit.status) == ("external", "on_scene")
    assert gate.under_test.desk.incidents[incident_id("110", "7")].status == "handling"


async def test_alarms_and_cameras(gate: Gate) -> None:
    await gate.take(
        message("1", "alarm.raised", type="fire", priority=1, title="smoke", camera="C001"),
        message("2", "camera.status", camera="C002", online=False, reason="no signal"),
        message("3", "alarm.cleared", alarm="1"),
    )
    desk = gate.under_test.desk
    assert desk.alarms["1"].status == "cleared"
    assert not desk.cameras["C002"].online


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        b"\xff\xfe",
        "[]",
        '{"kind":"incident.reported","source":"110","occurred_at":"2026-11-22T06:57:00Z"}',
        json.dumps(message("1", "incident.exploded")),
        json.dumps(message("1", lat=99.0, lon=1.0)),
        json.dumps(message("1", "incident.updated", incident="never seen", priority=1)),
        json.dumps(message("1", "incident.withdrawn", incident="never seen")),
        json.dumps(message("1", "unit.status", unit="p1", status="on_scene")),
        json.dumps(message("1", occurred_at=format_iso(START_AT + FUTURE_LIMIT_MS + 1))),
    ],
)
async def test_what_cannot_be_taken_in_is_held_once_with_its_reason(gate: Gate, frame: str | bytes) -> None:
    await gate.take(frame, frame)
    assert len(gate.held) == 1
    assert gate.held[0]
    (key,) = gate.under_test.desk.quarantine
    raw = await gate.under_test.journal.call(lambda j: j.quarantined(key))
    assert raw is not None


async def test_a_source_whose_clock_runs_ahead_is_taken_at_the_desks_time(gate: Gate) -> None:
    await gate.take(message("7", occurred_at=format_iso(START_AT + 90_000)))
    assert gate.under_test.desk.incidents[incident_id("110", "7")].opened_at == START_AT
    assert gate.intake.skew_ms["110"] == 90_000


async def test_a_mended_message_is_readmitted_and_a_still_broken_one_is_not(gate: Gate) -> None:
    await gate.take('{"id":"7","kind":"incident.reported","source":"110"}')
    (key,) = gate.under_test.desk.quarantine
    raw = await gate.under_test.journal.call(lambda j: j.quarantined(key))
    assert raw is not None
    officer = gate.under_test.officer()
    assert await readmit(gate.intake, raw, raw.raw, officer)
    assert gate.held
    assert await readmit(gate.intake, raw, json.dumps(message("7")), officer) is None
    assert gate.held == []
    assert incident_id("110", "7") in gate.under_test.desk.incidents


async def test_an_order_of_the_desk_wins_over_a_feed_that_speaks_of_an_ended_incident(gate: Gate) -> None:
    await gate.take(message("7"))
    key = incident_id("110", "7")
    await gate.under_test.do(cmd.CloseIncident(key, "false_alarm", "nobody there"))
    await gate.take(message("8", "incident.updated", incident="7", priority=1))
    assert gate.under_test.desk.incidents[key].status == "closed"
    assert len(gate.held) == 1
