"""The state of a journal at an instant of the past.

Owns folding a journal read-only up to a time. Must not write, sound, send or wake anything.
"""

from __future__ import annotations

from typing import Any

from app.domain.instants import Instant
from app.journal.store import ANY_MODE, Journal, open_journal
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.projections.state_dump import Place, state_dump
from app.service.clock import SystemClock
from app.service.policies import load_limits
from app.service.reference import CAMERA, UNIT, UnitFacts, unit_facts, units_of

READ_LIMIT = 10_000


def dump_at(db: str, at: Instant | None) -> dict[str, Any]:
    """Everything as the desk knew it at `at` (recorded by then); None means the end of the journal."""
    now = SystemClock().now()
    journal = open_journal(db, clock=SystemClock().now, mode=ANY_MODE, readonly=True)
    try:
        return _dump(journal, now if at is None else at)
    finally:
        journal.close()


def _dump(journal: Journal, at: Instant) -> dict[str, Any]:
    facts = unit_facts(journal.reference(UNIT, at))
    projections = Projections(units_of(facts))
    fold(journal, projections, at)
    cameras = journal.reference(CAMERA, at)
    return state_dump(projections, load_limits(), _places(journal, facts, at), cameras, at)


def fold(journal: Journal, projections: Projections, at: Instant) -> None:
    """Folds every record up to `at` into `projections`."""
    changes = Changes()
    while records := journal.read(projections.seq, READ_LIMIT, until=at):
        for record in records:
            projections.apply(record, changes)


def _places(journal: Journal, facts: dict[str, UnitFacts], at: Instant) -> dict[str, Place]:
    """The last fix of every unit; its home where it has not been heard of."""
    homes: dict[str, Place] = {key: (fact["lat"], fact["lon"]) for key, fact in facts.items()}
    return homes | {key: (fix.lat, fix.lon) for key, fix in journal.positions_at(at).items()}
