"""Whether a shift may be signed, a plan adopted, an officer signed on, a check point ticked off.

Owns these rules. Must not know what a brief says nor where anybody is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.duty import DutyTurn
from app.domain.errors import Refusal
from app.domain.guards import (
    MAX_NAME,
    MAX_REASON,
    known_unit,
    plain_line,
    reason_given,
    required_line,
    sane_code,
)
from app.domain.ids import officer_stream, patrol_stream, roster_stream, shift_stream
from app.domain.instants import DAY_MS
from app.domain.masking import mask_text
from app.domain.shift import (
    BY_HAND,
    BY_POSITION,
    DONE,
    MOST_LINES,
    MOST_NOTE,
    PatrolRecord,
    Shift,
    digest_of,
)

SIGNING_ROLES: Final = ("shift_lead", "deputy_lead", "duty_officer")
"""What a person who signs may say of himself; the desk has no accounts to look it up in."""
MOST_TURNS: Final = 5_000
LONGEST_TURN_MS: Final = 2 * DAY_MS


def note_for_next_shift(desk: Desk, c: cmd.NoteForNextShift) -> Changes:
    sane_code(c.shift, "shift", c.shift)
    sane_code(c.shift, "note", c.note)
    shift = _shift(desk, c.shift)
    if any(note.id == c.note for note in shift.notes):
        return []
    if shift.waits_for == DONE:
        raise Refusal("shift_handed_over", c.shift, shift=c.shift)
    text = mask_text(required_line(c.shift, "note", c.text, MOST_NOTE))
    return [(shift_stream(c.shift), ev.ShiftNoted(c.shift, c.note, text))]


def settle_shift_note(desk: Desk, c: cmd.SettleShiftNote) -> Changes:
    if not any(note.id == c.note for note in _shift(desk, c.shift).notes):
        return []
    return [(shift_stream(c.shift), ev.ShiftNoteSettled(c.shift, c.note))]


def sign_out(desk: Desk, c: cmd.SignOutShift) -> Changes:
    """May be signed again with a newer brief until the other lead has signed."""
    shift = _signable(desk, c)
    digest = digest_of(c.lines)
    before = shift.outgoing
    if before is not None and (before.signed_by, before.digest) == (c.signed_by, digest):
        return []
    return [(shift_stream(c.shift), ev.ShiftSignedOut(c.shift, c.signed_by, c.role, digest, c.lines))]


def sign_in(desk: Desk, c: cmd.SignInShift) -> Changes:
    """Two people: who hands over does not take over. What is taken over is what was seen."""
    shift = _signable(desk, c)
    if shift.outgoing is None:
        raise Refusal("shift_not_signed_out", c.shift, shift=c.shift)
    if shift.outgoing.signed_by == c.signed_by:
        raise Refusal("shift_same_person", c.shift, shift=c.shift)
    if shift.outgoing.digest != c.seen_digest:
        raise Refusal("shift_signed_again", c.shift, shift=c.shift)
    event = ev.ShiftSignedIn(c.shift, c.signed_by, c.role, digest_of(c.lines), c.lines)
    return [(shift_stream(c.shift), event)]


def adopt_duty_plan(desk: Desk, c: cmd.AdoptDutyPlan) -> Changes:
    """All of it or nothing."""
    sane_code(c.roster, "roster", c.roster)
    if not c.turns:
        raise Refusal("roster_empty", c.roster)
    if len(c.turns) > MOST_TURNS:
        raise Refusal("roster_too_long", c.roster, count=len(c.turns), limit=MOST_TURNS)
    for turn in c.turns:
        _sane_turn(desk, c, turn)
    event = ev.DutyPlanAdopted(c.roster, c.digest, c.since, c.until, c.turns)
    return [(roster_stream(c.roster), event)]


def sign_on_officer(desk: Desk, c: cmd.SignOnOfficer) -> Changes:
    sane_code(c.officer, "officer", c.officer)
    post = plain_line(c.officer, "post", c.post, MAX_NAME)
    if c.unit:
        known_unit(desk, c.unit)
    known = desk.officers.get(c.officer)
    if known is not None and known.on_duty and (known.unit, known.post) == (c.unit, post):
        return []
    return [(officer_stream(c.officer), ev.OfficerSignedOn(c.officer, c.unit, post))]


def sign_off_officer(desk: Desk, c: cmd.SignOffOfficer) -> Changes:
    known = desk.officers.get(c.officer)
    if known is None or not known.on_duty:
        return []
    return [(officer_stream(c.officer), ev.OfficerSignedOff(c.officer))]


def reveal_officer(_desk: Desk, c: cmd.RevealOfficer) -> Changes:
    sane_code(c.officer, "officer", c.officer)
    purpose = plain_line(c.officer, "purpose", c.purpose, MAX_REASON)
    if not purpose:
        raise Refusal("officer_needs_purpose", c.officer)
    return [(officer_stream(c.officer), ev.OfficerRevealed(c.officer, mask_text(purpose)))]


def check_patrol_point(desk: Desk, c: cmd.CheckPatrolPoint) -> Changes:
    """A missed point may be ticked off by hand afterwards, with the reason; what was checked stays so."""
    _sane_point(desk, c)
    if c.by not in (BY_POSITION, BY_HAND):
        raise Refusal("patrol_by_unknown", c.round, by=c.by)
    mark = _record(desk, c.round).of(c.point)
    if mark is not None and (mark.by or c.by == BY_POSITION):
        return []
    reason = reason_given(c.round, c.reason) if c.by == BY_HAND else ""
    event = ev.PatrolPointChecked(c.round, c.point, c.unit, c.by, mask_text(reason[:MAX_REASON]))
    return [(patrol_stream(c.round), event)]


def miss_patrol_point(desk: Desk, c: cmd.MissPatrolPoint) -> Changes:
    _sane_point(desk, c)
    if _record(desk, c.round).of(c.point) is not None:
        return []
    return [(patrol_stream(c.round), ev.PatrolPointMissed(c.round, c.point, c.unit, c.watched))]


def _shift(desk: Desk, shift: str) -> Shift:
    return desk.shifts.get(shift) or Shift(shift)


def _record(desk: Desk, patrol_round: str) -> PatrolRecord:
    return desk.patrols.get(patrol_round) or PatrolRecord(patrol_round)


def _signable(desk: Desk, c: cmd.SignOutShift | cmd.SignInShift) -> Shift:
    sane_code(c.shift, "shift", c.shift)
    sane_code(c.shift, "signed_by", c.signed_by)
    shift = _shift(desk, c.shift)
    if not c.signed_by:
        raise Refusal("shift_unsigned", c.shift, shift=c.shift)
    if c.role not in SIGNING_ROLES:
        raise Refusal("shift_role", c.shift, role=c.role)
    if shift.waits_for == DONE:
        raise Refusal("shift_handed_over", c.shift, shift=c.shift)
    if len(c.lines) > MOST_LINES:
        raise Refusal("shift_too_long", c.shift, count=len(c.lines), limit=MOST_LINES)
    return shift


def _sane_turn(desk: Desk, c: cmd.AdoptDutyPlan, turn: DutyTurn) -> None:
    if turn.unit:
        known_unit(desk, turn.unit)
    plain_line(c.roster, "post", turn.post, MAX_NAME)
    if not 0 < turn.ends_at - turn.begins_at <= LONGEST_TURN_MS or not c.since <= turn.begins_at < c.until:
        raise Refusal("roster_turn_span", c.roster, unit=turn.unit or turn.post)
    if not turn.unit and not turn.post:
        raise Refusal("roster_turn_nowhere", c.roster)


def _sane_point(desk: Desk, c: cmd.CheckPatrolPoint | cmd.MissPatrolPoint) -> None:
    sane_code(c.round, "round", c.round)
    sane_code(c.round, "point", c.point)
    known_unit(desk, c.unit)


DECISIONS: Final[dict[type[cmd.Command], Callable[[Desk, Any], Changes]]] = {
    cmd.NoteForNextShift: note_for_next_shift,
    cmd.SettleShiftNote: settle_shift_note,
    cmd.SignOutShift: sign_out,
    cmd.SignInShift: sign_in,
    cmd.AdoptDutyPlan: adopt_duty_plan,
    cmd.SignOnOfficer: sign_on_officer,
    cmd.SignOffOfficer: sign_off_officer,
    cmd.RevealOfficer: reveal_officer,
    cmd.CheckPatrolPoint: check_patrol_point,
    cmd.MissPatrolPoint: miss_patrol_point,
}
"""Taken in by decide.py."""
