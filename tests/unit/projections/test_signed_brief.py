"""What is signed comes back as it was signed: every line, its facts and figures, and nothing of a person in them."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.shift import DONE, ShiftSpan, Signature
from app.projections.shift_brief import Brief, BriefLine, ShiftFigures
from app.projections.signed_brief import changes_between, handed_over, lines_of, signed_brief

SPAN = ShiftSpan("20261122-0800", 0, 1_000)
words = st.text(max_size=12)
facts = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "status": words,
        "units": st.lists(words, max_size=3).map(tuple),
        "due_at": st.integers(0, 1 << 50),
        "watched": st.booleans(),
    },
)
lines = st.builds(
    BriefLine,
    st.sampled_from(["notes", "incidents", "units"]),
    st.sampled_from(["note", "incident", "unit"]),
    words,
    words,
    st.sampled_from(["green", "yellow", "red"]),
    facts,
)
briefs = st.builds(
    Brief,
    st.just(SPAN),
    st.just(500),
    st.lists(lines, max_size=8).map(tuple),
    st.builds(ShiftFigures, *[st.integers(0, 99)] * 3, st.none() | st.floats(0, 1e6)),
    st.dictionaries(words, st.integers(0, 9)),
)


def signed(brief: Brief, by: str = "a") -> Signature:
    return Signature(by, "shift_lead", "digest", lines_of(brief), 700, "zhang", "desk-1")


@given(briefs)
def test_what_is_signed_comes_back_whole_and_in_its_order(brief: Brief) -> None:
    again = signed_brief(signed(brief), SPAN)
    assert lines_of(again) == lines_of(brief), (
        "any facts that cannot be told apart on paper are the same to the byte"
    )
    assert [line.key for line in again.lines] == [line.key for line in brief.lines]
    assert (again.figures, again.units, again.signed_at) == (brief.figures, brief.units, 700)


def test_numbers_of_people_are_masked_before_anybody_signs() -> None:
    line = BriefLine(
        "notes", "note", "13800001111", "stands", facts={"text": "call 13800001111", "at": 13800001111}
    )
    brief = Brief(SPAN, 500, (line,), ShiftFigures(), {})
    _, told = lines_of(brief)
    assert json.loads(told)[2] == "13800001111", "a key is no words of anybody"
    assert json.loads(told)[5] == {"at": 13800001111, "text": "call 138****1111"}


def test_a_title_or_a_running_light_is_no_change_but_a_state_is() -> None:
    one = BriefLine("incidents", "incident", "i1", "reported,P1,0", "green", {"title": "smoke"})
    two = BriefLine("incidents", "incident", "i2", "reported,P2,0", "green", {"title": "dog"})
    before = Brief(SPAN, 500, (one, two), ShiftFigures(1), {})
    after = replace(
        before,
        lines=(replace(one, light="yellow", facts={"title": "fire"}), replace(two, state="accepted,P2,0")),
        figures=ShiftFigures(2),
    )
    (change,) = changes_between(lines_of(before), lines_of(after))
    assert (change.what, change.key, change.facts) == ("changed", "i2", {"title": "dog"})
    assert changes_between(["incidents|incident/i1|reported,P1,0"], lines_of(after)[:2]) == [], (
        "as first written"
    )


def test_before_both_have_signed_the_brief_goes_on_and_then_it_stands() -> None:
    first, second, now = (
        Brief(
            SPAN,
            at,
            (BriefLine("units", "unit", key, "on_scene", facts={"since_at": 1}),),
            ShiftFigures(),
            {},
        )
        for at, key in ((1, "p1"), (2, "p2"), (3, "p3"))
    )
    assert handed_over(now, None, None) == now
    waiting = handed_over(now, signed(first), None)
    assert waiting.lines == now.lines
    assert waiting.signed is not None
    assert [line.key for line in waiting.signed.lines] == ["p1"]
    done = handed_over(now, signed(first), signed(second, "b"))
    assert [line.key for line in done.lines] == ["p2"]
    assert [(change.what, change.key) for change in done.changes or ()] == [("gone", "p1"), ("new", "p2")]


def test_lines_are_kept_until_a_later_shift_is_handed_over() -> None:
    desk = Desk()

    def sign(shift: str) -> None:
        for kind, by in ((ev.ShiftSignedOut, "a"), (ev.ShiftSignedIn, "b")):
            desk.apply(
                f"shift/{shift}", kind(shift, by, "shift_lead", "digest", ("line",)), 1, 1, "zhang", "desk-1"
            )

    sign("20261122-0800")
    assert desk.shifts["20261122-0800"].has_lines
    sign("20261122-2000")
    earlier, later = desk.shifts["20261122-0800"], desk.shifts["20261122-2000"]
    assert (earlier.has_lines, later.has_lines) == (False, True)
    assert earlier.waits_for == DONE
    assert earlier.incoming is not None
    assert earlier.incoming.digest == "digest"
