"""Handing over a shift: two people, in order, and which shift is meant at what hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.instants import DAY_MS
from app.domain.shift import DONE, IN, STAYS_MS, Shift, Signature, digest_of, handed_over_at, span_at
from app.projections.signed_brief import changes_between

STARTS = (8 * 3_600_000, 20 * 3_600_000)
LATE = 7_200_000
S = "20261122-0800"


def give(desk: Desk, *commands: cmd.Command) -> None:
    for command in commands:
        for stream, event in decide(desk, command):
            desk.apply(stream, event, 1_000, 1_000, "zhang", "desk-1")


def refused(desk: Desk, command: cmd.Command) -> str:
    with pytest.raises(Refusal) as refusal:
        decide(desk, command)
    return refusal.value.rule


def test_both_sign_and_then_nothing_changes_any_more() -> None:
    desk, lines = Desk(), ("incidents|incident/i1|reported",)
    assert refused(desk, cmd.SignInShift(S, "b", "shift_lead", lines, "")) == "shift_not_signed_out"
    give(desk, cmd.SignOutShift(S, "a", "shift_lead", lines))
    digest = digest_of(lines)
    assert refused(desk, cmd.SignInShift(S, "a", "shift_lead", lines, digest)) == "shift_same_person"
    give(desk, cmd.SignOutShift(S, "a", "shift_lead", (*lines, "units|unit/p1|on_scene")))
    assert refused(desk, cmd.SignInShift(S, "b", "shift_lead", lines, digest)) == "shift_signed_again"
    shown = desk.shifts[S].outgoing
    assert shown is not None
    give(desk, cmd.SignInShift(S, "b", "deputy_lead", lines, shown.digest))
    assert desk.shifts[S].waits_for == DONE
    assert refused(desk, cmd.SignOutShift(S, "c", "shift_lead", ())) == "shift_handed_over"
    assert refused(desk, cmd.NoteForNextShift(S, "n", "late")) == "shift_handed_over"


def test_who_signs_says_who_he_is() -> None:
    assert refused(Desk(), cmd.SignOutShift(S, "", "shift_lead", ())) == "shift_unsigned"
    assert refused(Desk(), cmd.SignOutShift(S, "a", "king", ())) == "shift_role"


def test_numbers_in_a_note_are_masked_and_a_settled_one_is_gone() -> None:
    desk = Desk()
    give(desk, cmd.NoteForNextShift(S, "n1", "call 13800001111"))
    assert "13800001111" not in desk.shifts[S].notes[0].text
    give(desk, cmd.SettleShiftNote(S, "n1"))
    assert desk.shifts[S].notes == ()
    assert decide(desk, cmd.SettleShiftNote(S, "n1")) == []


def test_by_hand_needs_a_reason_and_mends_what_was_missed_but_not_what_was_done() -> None:
    desk = Desk()
    give_unit(desk)
    assert refused(desk, cmd.CheckPatrolPoint("r", "K1", "j1", "hand")) == "reason_missing"
    give(desk, cmd.MissPatrolPoint("r", "K1", "j1"))
    assert decide(desk, cmd.MissPatrolPoint("r", "K1", "j1")) == [], "once"
    assert decide(desk, cmd.CheckPatrolPoint("r", "K1", "j1", "position")) == []
    give(desk, cmd.CheckPatrolPoint("r", "K1", "j1", "hand", "radio call"))
    mark = desk.patrols["r"].of("K1")
    assert mark is not None
    assert (mark.by, mark.reason) == ("hand", "radio call")
    assert decide(desk, cmd.CheckPatrolPoint("r", "K1", "j1", "hand", "again")) == []


def give_unit(desk: Desk) -> None:
    give(desk, cmd.EnrolUnit("j1", "joint_patrol", "J1"))


@given(st.integers(0, 4 * DAY_MS))
def test_every_instant_lies_in_one_shift_and_the_shifts_join(offset: int) -> None:
    at = 1_795_305_600_000 + offset
    span = span_at(at, STARTS)
    assert span.begins_at <= at < span.ends_at
    assert span_at(span.ends_at, STARTS).begins_at == span.ends_at
    assert span_at(span.begins_at - 1, STARTS).ends_at == span.begins_at


def test_which_shift_is_handed_over() -> None:
    begins = span_at(1_795_320_000_000, STARTS).begins_at
    now_id, before_id = span_at(begins, STARTS).id, span_at(begins - 1, STARTS).id
    signature = Signature("a", "shift_lead", "d", (), 1, "zhang", "desk-1")
    out, done = Shift(before_id, outgoing=signature), Shift(before_id, outgoing=signature, incoming=signature)

    def meant(shifts: dict[str, Shift], after_ms: int) -> str:
        return handed_over_at(shifts, begins + after_ms, STARTS, LATE).id

    assert meant({}, LATE - 1) == before_id
    assert meant({}, LATE) == now_id
    assert meant({before_id: done}, 0) == now_id
    late = Signature("b", "shift_lead", "d", (), begins - 1, "li", "desk-1")
    just = Shift(before_id, outgoing=signature, incoming=late)
    assert meant({before_id: just}, 0) == before_id, "to be read and printed"
    assert meant({before_id: just}, STAYS_MS) == now_id
    assert meant({before_id: out}, 5 * LATE) == before_id, "begun, so it is finished"
    assert out.waits_for == IN


@given(
    st.sets(st.sampled_from(["a|x/1|s", "a|x/1|t", "a|x/2|s", "b|y/1|s"])),
    st.sets(st.sampled_from(["a|x/1|s", "a|x/2|u", "b|y/1|s"])),
)
def test_what_changed_between_two_signatures_is_all_of_it(before: set[str], after: set[str]) -> None:
    one = {line.rpartition("|")[0]: line.rpartition("|")[2] for line in sorted(before)}
    two = {line.rpartition("|")[0]: line.rpartition("|")[2] for line in sorted(after)}
    found = {
        f"{c.section}|{c.kind}/{c.key}": (c.what, c.before, c.after)
        for c in changes_between(sorted(before), sorted(after))
    }
    for thing in one.keys() | two.keys():
        if one.get(thing) == two.get(thing):
            assert thing not in found
        else:
            what = "new" if thing not in one else "gone" if thing not in two else "changed"
            assert found[thing] == (what, one.get(thing, ""), two.get(thing, ""))
