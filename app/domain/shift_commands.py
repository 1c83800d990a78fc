"""Commands of shifts: notes, signatures, the duty plan, officers on and off, patrols. Must not judge them."""

from __future__ import annotations

from app.domain.command import Command
from app.domain.duty import DutyTurn
from app.domain.instants import Instant
from app.domain.plain import plain


@plain
class NoteForNextShift(Command):
    shift: str
    note: str
    text: str


@plain
class SettleShiftNote(Command):
    shift: str
    note: str


@plain
class SignOutShift(Command):
    """The outgoing lead signs `lines`, the state of the brief; `signed_by` is a person ref."""

    shift: str
    signed_by: str
    role: str
    lines: tuple[str, ...]


@plain
class SignInShift(Command):
    """The incoming lead signs; `seen_digest` is the signature that he has compared with."""

    shift: str
    signed_by: str
    role: str
    lines: tuple[str, ...]
    seen_digest: str


@plain
class AdoptDutyPlan(Command):
    roster: str
    digest: str
    since: Instant
    until: Instant
    turns: tuple[DutyTurn, ...]


@plain
class SignOnOfficer(Command):
    officer: str
    unit: str = ""
    post: str = ""


@plain
class SignOffOfficer(Command):
    officer: str


@plain
class RevealOfficer(Command):
    """Asks for the whole name and number of a person of the duty plan."""

    officer: str
    purpose: str


@plain
class CheckPatrolPoint(Command):
    """`by` is position or hand; by hand a reason is needed."""

    round: str
    point: str
    unit: str
    by: str
    reason: str = ""


@plain
class MissPatrolPoint(Command):
    round: str
    point: str
    unit: str
    watched: bool = True
