"""The state of a journal at an instant of the past.

Owns folding a journal read-only up to a time. Must not write, sound, send or wake anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.centre.types_in_force import incident_types
from app.domain.instants import Instant
from app.journal.store import ANY_MODE, Journal, TrackPoint, open_journal
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.projections.state_dump import Place, state_dump
from app.service.clock import SystemClock
from app.service.reference import CAMERA, UNIT, UnitFacts, unit_facts, units_of

READ_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Past:
    """What a journal says of `at`: the folded state, each unit's last fix, its home, and all cameras."""

    at: Instant
    mode: str
    projections: Projections
    fixes: dict[str, TrackPoint]
    facts: dict[str, UnitFacts]
    cameras: dict[str, bytes]

    @property
    def places(self) -> dict[str, Place]:
        """The last fix of every unit; its home where it has not been heard of."""
        homes: dict[str, Place] = {key: (fact["lat"], fact["lon"]) for key, fact in self.facts.items()}
        return homes | {key: (fix.lat, fix.lon) for key, fix in self.fixes.items()}


def dump_at(db: str, at: Instant | None) -> dict[str, Any]:
    """Everything as the desk knew it at `at` (recorded by then); None means the end of the journal."""
    past = past_of(db, at)
    return state_dump(past.projections, incident_types().limits, past.places, past.cameras, past.at)


def past_of(db: str, at: Instant | None) -> Past:
    """The journal as it was known at `at`, read-only, live or drill; None means its end. Raises JournalError."""
    now = SystemClock().now()
    journal = open_journal(db, clock=SystemClock().now, mode=ANY_MODE, readonly=True)
    try:
        return _past(journal, now if at is None else at)
    finally:
        journal.close()


def _past(journal: Journal, at: Instant) -> Past:
    facts = unit_facts(journal.reference(UNIT, at))
    projections = Projections(units_of(facts))
    fold(journal, projections, at)
    fixes, cameras = journal.positions_at(at), journal.reference(CAMERA, at)
    return Past(at, journal.mode, projections, fixes, facts, cameras)


def fold(journal: Journal, projections: Projections, at: Instant) -> None:
    """Folds every record up to `at` into `projections`."""
    changes = Changes()
    while records := journal.read(projections.seq, READ_LIMIT, until=at):
        for record in records:
            projections.apply(record, changes)
