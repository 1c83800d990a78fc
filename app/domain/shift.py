"""The shift: its notes and its two signatures; officers on duty; what became of a patrol's round.

Owns the folds of shift, officer and patrol streams, and which shift is handed over at an instant. Must not judge
(shift_rules.py) and must not make the brief (projections/shift_brief.py).
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from app.domain import shift_events as ev
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant
from app.domain.plain import Plain, plain, replace

MOST_NOTE: Final = 500
MOST_LINES: Final = 5_000
OUT, IN, DONE = "out", "in", "done"
"""What a hand-over waits for: the outgoing lead, the incoming lead, nobody."""
STAYS_MS: Final = 600_000
BY_POSITION: Final = "position"
BY_HAND: Final = "hand"


@plain
class Signature(Plain):
    """`signed_by` is a person ref, `actor` and `desk` who was logged in where.

    `lines` are () once a later shift is handed over.
    """

    signed_by: str
    role: str
    digest: str
    lines: tuple[str, ...]
    at: Instant
    actor: str
    desk: str


@plain
class ShiftNote(Plain):
    id: str
    text: str
    at: Instant
    actor: str


@plain
class Shift(Plain):
    """One shift as it is handed over; `id` is its civil day and beginning, such as 20261122-0800."""

    id: str
    notes: tuple[ShiftNote, ...] = ()
    outgoing: Signature | None = None
    incoming: Signature | None = None

    @property
    def waits_for(self) -> str:
        if self.outgoing is None:
            return OUT
        return IN if self.incoming is None else DONE

    @property
    def has_lines(self) -> bool:
        return any(s is not None and s.lines for s in (self.outgoing, self.incoming))


@plain
class Officer(Plain):
    """A person of the duty plan; `off_at` is 0 while never seen to go off duty."""

    ref: str
    on_duty: bool
    since_at: Instant
    unit: str = ""
    post: str = ""
    off_at: Instant = 0


@plain
class PatrolMark(Plain):
    """What became of one check point of a round; `by` is "" for a missed one."""

    point: str
    unit: str
    at: Instant
    by: str = ""
    reason: str = ""
    watched: bool = True


@plain
class PatrolRecord(Plain):
    """The marks of one round."""

    round: str
    marks: tuple[PatrolMark, ...] = ()

    def of(self, point: str) -> PatrolMark | None:
        return next((mark for mark in self.marks if mark.point == point), None)


def evolve_shift(shift: Shift, event: object, at: Instant, actor: str, desk: str) -> Shift:
    match event:
        case ev.ShiftNoted(note=note, text=text):
            return replace(shift, notes=(*shift.notes, ShiftNote(note, text, at, actor)))
        case ev.ShiftNoteSettled(note=note):
            return replace(shift, notes=tuple(known for known in shift.notes if known.id != note))
        case ev.ShiftSignedOut(signed_by=by, role=role, digest=digest, lines=lines):
            return replace(shift, outgoing=Signature(by, role, digest, lines, at, actor, desk), incoming=None)
        case ev.ShiftSignedIn(signed_by=by, role=role, digest=digest, lines=lines):
            return replace(shift, incoming=Signature(by, role, digest, lines, at, actor, desk))
    return shift


def forget_lines(shifts: MutableMapping[str, Shift], handed_over: str) -> None:
    """The lines of shifts before one that is handed over now: they are in the journal, and nobody compares them."""
    for known in [each for each in shifts.values() if each.id < handed_over and each.has_lines]:
        out, taken = (s and replace(s, lines=()) for s in (known.outgoing, known.incoming))
        shifts[known.id] = replace(known, outgoing=out, incoming=taken)


def evolve_officer(officer: Officer | None, event: object, at: Instant) -> Officer | None:
    match event:
        case ev.OfficerSignedOn(officer=ref, unit=unit, post=post):
            return Officer(ref, True, at, unit, post, officer.off_at if officer else 0)
        case ev.OfficerSignedOff(officer=ref):
            return Officer(ref, False, at, off_at=at)
    return officer


def evolve_patrol(record: PatrolRecord, event: object, at: Instant) -> PatrolRecord:
    match event:
        case ev.PatrolPointChecked(point=point, unit=unit, by=by, reason=reason):
            mark = PatrolMark(point, unit, at, by, reason)
        case ev.PatrolPointMissed(point=point, unit=unit, watched=watched):
            mark = PatrolMark(point, unit, at, watched=watched)
        case _:
            return record
    others = tuple(known for known in record.marks if known.point != mark.point)
    return replace(record, marks=(*others, mark))


def digest_of(lines: Sequence[str]) -> str:
    """SHA-256 of the lines of a brief, in their order."""
    return sha256("\n".join(lines).encode()).hexdigest()


# -- which shift -----------------------------------------------------------------------------------------------------


@plain
class ShiftSpan(Plain):
    id: str
    begins_at: Instant
    ends_at: Instant


def span_at(at: Instant, starts_ms: Sequence[int]) -> ShiftSpan:
    """The shift that an instant lies in; `starts_ms` after midnight of the centre's civil time, ascending."""
    midnight = (at + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS
    edges = [midnight + day * DAY_MS + start for day in (-1, 0, 1) for start in starts_ms]
    begins_at = max(edge for edge in edges if edge <= at)
    ends_at = min(edge for edge in edges if edge > at)
    begins = datetime.fromtimestamp((begins_at + CENTRE_UTC_OFFSET_MS) // 1000, UTC)
    return ShiftSpan(f"{begins:%Y%m%d-%H%M}", begins_at, ends_at)


def span_of(shift: str, starts_ms: Sequence[int]) -> ShiftSpan:
    """The shift of this id; it ends where the next one begins by now. Raises ValueError for what is no such id."""
    begins = datetime.strptime(shift, "%Y%m%d-%H%M").replace(tzinfo=UTC)
    begins_at = int(begins.timestamp()) * 1000 - CENTRE_UTC_OFFSET_MS
    return ShiftSpan(shift, begins_at, span_at(begins_at, starts_ms).ends_at)


def handed_over_at(
    shifts: Mapping[str, Shift], now: Instant, starts_ms: Sequence[int], late_ms: int
) -> ShiftSpan:
    """The shift whose hand-over is in hand: the running one, or the one before it while that is still to be signed.

    One that somebody has begun to hand over is finished however late; one that nobody began is given up `late_ms`
    after its end. What both have just signed stays in front for STAYS_MS, to be read and printed.
    """
    running = span_at(now, starts_ms)
    before = span_at(running.begins_at - 1, starts_ms)
    known = shifts.get(before.id)
    waits_for = known.waits_for if known else OUT
    if known is not None and known.incoming is not None and now - known.incoming.at < STAYS_MS:
        return before
    if waits_for == IN or (waits_for == OUT and now - running.begins_at < late_ms):
        return before
    return running
