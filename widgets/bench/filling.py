"""Fills a journal with a believable past, through the same rules as live work.

Owns the making of test journals for benches. Must not write rows itself: commands are decided and appended.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.unit import Unit
from app.geo.district import District
from app.journal.store import Batch, Entry, Journal

STEP_MS = 7_000
BATCH = 2_000
OPEN_SHARE = 50
"""One incident in this many is still open: a duty room has hundreds open, not thousands."""


def fill(journal: Journal, district: District, incidents: int, until_at: int) -> None:
    """`incidents` incidents, most of them closed, the last one reported at `until_at`."""
    desk = Desk(units={u.id: Unit(u.id, u.kind, u.call_sign_zh) for u in district.units})
    entries: list[Entry] = []
    at = until_at - incidents * STEP_MS
    for number in range(incidents):
        at += STEP_MS
        for command in _story(number, district):
            entries += _decided(desk, command, at)
        if len(entries) >= BATCH:
            journal.append(Batch(tuple(entries)))
            entries = []
    journal.append(Batch(tuple(entries)))


def _story(number: int, district: District) -> list[cmd.Command]:
    key = f"{number:016x}"
    place = district.places[number % len(district.places)]
    grid = district.grids[number % len(district.grids)]
    report = cmd.ReportIncident(
        key,
        "bench",
        str(number),
        ("crowd", "dispute", "traffic", "facility")[number % 4],
        1 + number % 4,
        f"{place.name_zh} {number}",
        lat=place.lat,
        lon=place.lon,
        grid=grid.code,
    )
    if number % OPEN_SHARE == 0:
        return [report]
    unit = district.units[number % len(district.units)].id
    return [
        report,
        cmd.DispatchUnits(key, (unit,)),
        cmd.SetUnitStatus(unit, "en_route", key),
        cmd.SetUnitStatus(unit, "on_scene", key),
        cmd.CloseIncident(key, "resolved", "done"),
    ]


def _decided(desk: Desk, command: cmd.Command, at: int) -> list[Entry]:
    entries = []
    for stream, event in decide(desk, command):
        desk.apply(stream, event, at, at)
        entries.append(Entry(stream, desk.versions[stream], event, at, "bench", "desk-1", "", ""))
    return entries
