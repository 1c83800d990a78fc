"""The premise note: what whoever goes to a place should know before the door, hazards first, until it runs out.

Owns the fold of one premise stream and the limits that every note keeps. Must not judge (premise_rules.py).
"""

from __future__ import annotations

from typing import Final

from app.domain import events as ev
from app.domain.instants import DAY_MS, Instant
from app.domain.plain import Plain, plain, replace

MOST_TEXT: Final = 500
LONGEST_MS: Final = 366 * DAY_MS
"""A note is looked at again within a year, or it goes: a warning nobody renews is gossip."""

STANDING: Final = "standing"
WITHDRAWN: Final = "withdrawn"


@plain
class PremiseNote(Plain):
    """Position in WGS-84; either the address or the position may be missing, not both."""

    id: str
    text: str
    hazard: bool
    expires_at: Instant
    put_at: Instant
    actor: str
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    status: str = STANDING

    def holds(self, now: Instant) -> bool:
        """Whether it is shown at this instant."""
        return self.status == STANDING and now < self.expires_at


def noted(e: ev.PremiseNoted, at: Instant, actor: str) -> PremiseNote:
    return PremiseNote(e.premise, e.text, e.hazard, e.expires_at, at, actor, e.address, e.lat, e.lon, e.grid)


def evolve(note: PremiseNote, event: ev.Event) -> PremiseNote:
    """The note after a later event of its stream. What nobody sees any more keeps no text in memory."""
    if isinstance(event, ev.PremiseNoteWithdrawn):
        return replace(note, status=WITHDRAWN, text="")
    return note
