"""Three desks in three processes on one PostgreSQL give 10,000 random commands to the same incidents and units.

Nothing is lost, nothing is doubled, the rules hold after every event, the chain is whole, and every desk ends with the
state that a fresh reading of the journal gives. STREETDESK_CONFLICTS sets another number of commands.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from app.centre.types_file import load_incident_types
from app.config import default_district
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.events import IncidentNoted, Recorded
from app.domain.incident import STATUSES
from app.domain.unit import Unit
from app.geo.district import load_district
from app.journal.store import Journal, open_journal
from app.projections.state_dump import state_dump
from app.service.past import past_of
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.postgres

DESKS = ("a", "b", "c")
COMMANDS = int(os.environ.get("STREETDESK_CONFLICTS", "10000"))
DESK = Path(__file__).with_name("conflicting_desk.py")
CHECK_EVERY = 7
"""Records between two looks at all invariants: no divisor of how many a command gives."""


def test_ten_thousand_conflicting_commands_of_three_desks(postgres_url: str) -> None:
    with ExitStack() as stack:
        desks = [stack.enter_context(desk_process(postgres_url, name)) for name in DESKS]
        assert {answer(desk) for desk in desks} == {"ready"}
        told = [json.loads(said) for said in all_go_on(desks)]
        states = [json.loads(said) for said in all_go_on(desks)]
        assert [desk.wait(PATIENCE_S) for desk in desks] == [0] * len(desks)
    with closing(open_journal(postgres_url, clock=lambda: 0, readonly=True)) as journal:
        records = everything(journal)
        assert journal.verify().ok
    nothing_failed(told)
    nothing_lost_nothing_doubled(told, records)
    rules_hold_all_the_way(records)
    everybody_sees_the_same(states, postgres_url)


def nothing_failed(told: list[dict[str, Any]]) -> None:
    assert [one["failed"] for one in told] == [[]] * len(DESKS)
    assert [one["trouble"] for one in told] == [""] * len(DESKS)
    refused = Counter[str]()
    for one in told:
        refused.update(one["refused"])
    assert sum(refused.values()) < COMMANDS, "some of it must have been done"
    if COMMANDS >= 1000:
        assert {"unit_busy", "incident_ended", "claimed_elsewhere", "claimed_by_other"} <= set(refused)


def nothing_lost_nothing_doubled(told: list[dict[str, Any]], records: list[Recorded]) -> None:
    """What each desk was told it wrote is what stands there, under its name, and nothing else does."""
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    standing = {r.seq: (r.stream, r.version, getattr(r.event, "text", "")) for r in records}
    acknowledged = {
        seq: (stream, version, text) for one in told for seq, stream, version, text in one["acknowledged"]
    }
    assert sum(len(one["acknowledged"]) for one in told) == len(acknowledged), (
        "one seq was given to two desks"
    )
    assert {seq: standing.get(seq) for seq in acknowledged} == acknowledged
    unasked = [r for r in records if r.seq not in acknowledged]
    assert {r.event.TYPE for r in unasked} <= {"incident.reported"}, "written, but nobody was told"
    reported = [r.event.incident for r in records if r.event.TYPE == "incident.reported"]  # type: ignore[attr-defined]
    assert len(reported) == len(set(reported)), "the same report twice"
    notes = [r.event.text for r in records if isinstance(r.event, IncidentNoted)]
    assert len(notes) == len(set(notes)), "a note twice"


def rules_hold_all_the_way(records: list[Recorded]) -> None:
    units = [Unit(spec.id, spec.kind, spec.call_sign_zh) for spec in load_district(default_district()).units]
    desk, versions = Desk(units={unit.id: unit for unit in units}), Counter[str]()
    for at, record in enumerate(records):
        versions[record.stream] += 1
        assert record.version == versions[record.stream]
        desk.apply(
            record.stream, record.event, record.occurred_at, record.recorded_at, record.actor, record.desk
        )
        ends_a_batch = at + 1 == len(records) or records[at + 1].recorded_at != record.recorded_at
        if ends_a_batch and at % CHECK_EVERY == 0:
            invariants(desk)
    invariants(desk)


def invariants(desk: Desk) -> None:
    by_unit = Counter((a.incident, unit.id) for unit in desk.units.values() for a in unit.assignments)
    by_incident = Counter((i.id, unit) for i in desk.incidents.values() for unit in i.units)
    assert by_unit == by_incident, "who works where"
    assert all(count == 1 for count in by_unit.values())
    for unit in desk.units.values():
        assert len(unit.assignments) <= unit.capacity
        assert (unit.status in un.PHASES) == bool(unit.assignments)
    for incident in desk.incidents.values():
        assert incident.status in STATUSES
        assert incident.is_open or not (incident.units or incident.claim)
        assert incident.status != "dispatched" or incident.units


def everybody_sees_the_same(states: list[dict[str, Any]], url: str) -> None:
    (at,) = {state["at"] for state in states}
    fresh = past_of(url, at).projections
    limits = load_incident_types(default_district()).limits
    dump = json.loads(json.dumps(state_dump(fresh, limits, {}, (), at)))
    versions = dict(sorted(fresh.desk.versions.items()))
    for state in states:
        assert state["state"] == dump
        assert state["versions"] == versions


# -- desks -----------------------------------------------------------------------------------------------------------


def desk_process(url: str, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, DESK, url, name, str(-(-COMMANDS // len(DESKS)))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def all_go_on(desks: list[subprocess.Popen[str]]) -> list[str]:
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("\n")
        desk.stdin.flush()
    return [answer(desk) for desk in desks]


def answer(desk: subprocess.Popen[str]) -> str:
    assert desk.stdout is not None
    line = desk.stdout.readline()
    assert line, f"the desk ended with {desk.wait()}"
    return line.strip()


def everything(journal: Journal) -> list[Recorded]:
    records: list[Recorded] = []
    while found := journal.read(len(records)):
        records.extend(found)
    return records
