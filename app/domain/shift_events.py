"""Events of shifts: notes, both signatures of a hand-over, the duty plan, officers on and off, patrols.

Owns names, fields and schema versions, under the rules of events.py, which gathers them. People stand as person refs.
"""

from __future__ import annotations

from app.domain.duty import DutyTurn
from app.domain.event import Event
from app.domain.instants import Instant
from app.domain.plain import plain

# -- shift/<id> ------------------------------------------------------------------------------------------------------


@plain
class ShiftNoted(Event, type_name="shift.noted"):
    """Something for the next shift to know; numbers of people are masked."""

    shift: str
    note: str
    text: str


@plain
class ShiftNoteSettled(Event, type_name="shift.note_settled"):
    """Nobody needs the note any more."""

    shift: str
    note: str


@plain
class ShiftSignedOut(Event, type_name="shift.signed_out"):
    """The outgoing lead signs the brief as it stood: `lines` are its state without names, `digest` their SHA-256."""

    shift: str
    signed_by: str
    role: str
    digest: str
    lines: tuple[str, ...]


@plain
class ShiftSignedIn(Event, type_name="shift.signed_in"):
    """The incoming lead takes over, having seen what changed since the other signature."""

    shift: str
    signed_by: str
    role: str
    digest: str
    lines: tuple[str, ...]


# -- roster/<id>, officer/<ref> --------------------------------------------------------------------------------------


@plain
class DutyPlanAdopted(Event, type_name="roster.adopted"):
    """Turns that begin in [since, until) are now these. `digest` is that of the file that was read."""

    roster: str
    digest: str
    since: Instant
    until: Instant
    turns: tuple[DutyTurn, ...]


@plain
class OfficerSignedOn(Event, type_name="officer.signed_on"):
    """A person has begun duty, in a unit or at a post."""

    officer: str
    unit: str = ""
    post: str = ""


@plain
class OfficerSignedOff(Event, type_name="officer.signed_off"):
    officer: str


@plain
class OfficerRevealed(Event, type_name="officer.revealed"):
    """Somebody read the whole name and number of a person of the duty plan; who and when stands in the envelope."""

    officer: str
    purpose: str


# -- patrol/<round> --------------------------------------------------------------------------------------------------


@plain
class PatrolPointChecked(Event, type_name="patrol.point_checked"):
    """`by` is position or hand; by hand needs its reason."""

    round: str
    point: str
    unit: str
    by: str
    reason: str = ""


@plain
class PatrolPointMissed(Event, type_name="patrol.point_missed"):
    """The round is over and nobody was there; `watched` is False when no desk looked at all of the round."""

    round: str
    point: str
    unit: str
    watched: bool = True
