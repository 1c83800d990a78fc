"""Reads what the journal knows of one incident: its own stream and what its units said of it.

Must not phrase or order it: that is projections/case_timeline.py. For the journal's thread.
"""

from __future__ import annotations

from app.domain import events as ev
from app.domain.events import Recorded
from app.journal.store import Journal
from app.projections.case_timeline import is_told_of_unit


def read_story(journal: Journal, incident: str) -> list[Recorded]:
    """Every record of the story. A unit's stream is read from its first task here on, not from its first day."""
    own = journal.read_stream(f"incident/{incident}")
    sent: dict[str, int] = {}
    for record in own:
        if isinstance(record.event, ev.IncidentUnitAssigned):
            sent.setdefault(record.event.unit, record.seq)
    theirs = (
        record
        for unit, seq in sent.items()
        for record in journal.read_stream(f"unit/{unit}", after_seq=seq - 1)
        if is_told_of_unit(record, incident)
    )
    return [*own, *theirs]
