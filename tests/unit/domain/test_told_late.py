"""What happened yesterday and is told now has its own time, and clocks that begin with the call."""

from __future__ import annotations

from app.centre.types_file import load_incident_types
from app.config import default_district
from app.domain import events as ev
from app.domain.clocks import next_due_at
from app.domain.desk import TOLD_LATE_MS, Desk
from app.domain.incident import Incident

NOW = 1_763_800_000_000
DAY_MS = 86_400_000


def reported(source: str, happened_at: int) -> Incident:
    desk = Desk()
    event = ev.IncidentReported("i1", source, "i1", "fraud", 2, "told late")
    desk.apply("incident/i1", event, happened_at, NOW)
    return desk.incidents["i1"]


def test_at_a_desk_the_clocks_begin_with_the_call() -> None:
    limits = load_incident_types(default_district()).limits
    late, at_once = reported("desk", NOW - DAY_MS), reported("desk", NOW)
    assert late.opened_at == NOW - DAY_MS
    assert next_due_at(late, limits) == next_due_at(at_once, limits)


def test_a_transfer_counts_from_when_its_source_was_told() -> None:
    """The caller waits since he called 110, not since 110 passed it on."""
    assert reported("110", NOW - DAY_MS).counts_from == NOW - DAY_MS


def test_a_moment_between_the_call_and_the_journal_is_no_lateness() -> None:
    assert reported("desk", NOW - TOLD_LATE_MS).counts_from == NOW - TOLD_LATE_MS
