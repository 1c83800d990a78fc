"""What may be noted about a place, and who may take it back.

Owns the rules about premise notes. Must not know how near is near: that is service/histories.py.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import MAX_ADDRESS, plain_line, reason_given, required_line, sane_code, sane_position
from app.domain.ids import premise_stream
from app.domain.instants import DAY_MS, Instant
from app.domain.masking import mask_text
from app.domain.premise import LONGEST_MS, MOST_TEXT, STANDING, PremiseNote


def put_premise_note(desk: Desk, c: cmd.PutPremiseNote) -> Changes:
    """The same again is so already; under the same id another text, end or place replaces the first."""
    sane_code(c.premise, "premise", c.premise)
    text = mask_text(required_line(c.premise, "note", c.text, MOST_TEXT))
    address = mask_text(plain_line(c.premise, "address", c.address, MAX_ADDRESS))
    sane_position(c.premise, c.lat, c.lon)
    sane_code(c.premise, "grid", c.grid)
    if not address and c.lat is None:
        raise Refusal("premise_placeless", c.premise)
    event = ev.PremiseNoted(c.premise, text, c.hazard, c.expires_at, address, c.lat, c.lon, c.grid)
    return [] if _says(desk.premises.get(c.premise), event) else [(premise_stream(c.premise), event)]


def withdraw_premise_note(desk: Desk, c: cmd.WithdrawPremiseNote) -> Changes:
    known = desk.premises.get(c.premise)
    if known is None:
        raise Refusal("premise_unknown", c.premise)
    if known.status != STANDING:
        return []
    reason = mask_text(reason_given(c.premise, c.reason))
    return [(premise_stream(c.premise), ev.PremiseNoteWithdrawn(c.premise, reason))]


def permit_premise_note(command: cmd.Command, now: Instant) -> None:
    """Raises Refusal when a note would begin in the past or stand too long. Other commands pass."""
    if isinstance(command, cmd.PutPremiseNote) and not now < command.expires_at <= now + LONGEST_MS:
        raise Refusal("premise_end", command.premise, limit_days=LONGEST_MS // DAY_MS)


def _says(known: PremiseNote | None, event: ev.PremiseNoted) -> bool:
    if known is None or known.status != STANDING:
        return False
    fields = ("text", "hazard", "expires_at", "address", "lat", "lon", "grid")
    return all(getattr(known, name) == getattr(event, name) for name in fields)
