"""A sketch for all desks: what may be sent, who may take it back, and that nobody's number goes with it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.masking import mask_text
from app.domain.rights import permit
from app.domain.roles import (
    ADMINISTRATOR,
    DUTY_OFFICER,
    FEED,
    GRID_MEMBER,
    ROLES,
    SHIFT_LEAD,
    SYSTEM,
    TRAINER,
)
from app.domain.sketch import KINDS, LEAST_POINTS, LONGEST_MS, MOST_POINTS, SHIFT_MS
from app.domain.sketching import permit_sketch
from tests.unit.domain.desk_driver import START_AT

HERE, THERE = (31.2211, 121.475), (31.2301, 121.481)
LINE = cmd.ShareSketch("s1", "line", (HERE, THERE), "outer cordon", (), START_AT + SHIFT_MS)


def context(desk: str = "desk-1", role: str = DUTY_OFFICER, at: int = START_AT) -> cmd.Context:
    return cmd.Context("officer", role, desk, at)


def carry_out(desk: Desk, command: cmd.Command, who: cmd.Context) -> list[ev.Event]:
    """As the bus does it: may this role, may this desk, what follows, fold it in."""
    permit(who.role, command, who.actor)
    permit_sketch(desk, command, who)
    changes = decide(desk, command)
    for stream, event in changes:
        desk.apply(stream, event, who.occurred_at, who.occurred_at, who.actor, who.desk)
    return [event for _, event in changes]


def refused(desk: Desk, command: cmd.Command, who: cmd.Context | None = None) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        carry_out(desk, command, who or context())
    return refusal.value


def test_a_shared_sketch_says_who_where_and_until_when() -> None:
    desk = Desk()
    carry_out(desk, LINE, context())
    sketch = desk.sketches["s1"]
    assert (sketch.points, sketch.text) == ((HERE, THERE), "outer cordon")
    assert (sketch.actor, sketch.desk, sketch.shared_at) == ("officer", "desk-1", START_AT)
    assert desk.versions == {"sketch/s1": 1}


def test_it_is_shown_until_it_runs_out() -> None:
    desk = Desk()
    carry_out(desk, LINE, context())
    sketch = desk.sketches["s1"]
    assert sketch.is_shown(LINE.expires_at - 1)
    assert not sketch.is_shown(LINE.expires_at)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kind": "spiral"}, "sketch_kind_unknown"),
        ({"points": (HERE,) * (MOST_POINTS + 1)}, "sketch_too_many_points"),
        ({"points": (HERE,)}, "sketch_too_few_points"),
        ({"points": ()}, "sketch_too_few_points"),
        ({"points": (HERE, (91.0, 121.4))}, "position_impossible"),
        ({"points": (HERE, (31.2, -180.5))}, "position_impossible"),
        ({"points": (HERE, (math.nan, 121.4))}, "position_impossible"),
        ({"points": (HERE, (31.2, math.inf))}, "position_impossible"),
        ({"text": "x" * 201}, "sketch_text_length"),
        ({"kind": "note", "points": (HERE,), "text": " \u200b\n"}, "sketch_note_empty"),
        ({"radii_m": (0.0,)}, "sketch_radius"),
        ({"radii_m": (math.nan,)}, "sketch_radius"),
        ({"radii_m": (100_001.0,)}, "sketch_radius"),
        ({"radii_m": (10.0,) * 11}, "sketch_radius"),
        ({"expires_at": START_AT}, "sketch_end"),
        ({"expires_at": START_AT + LONGEST_MS + 1}, "sketch_end"),
    ],
)
def test_what_no_desk_should_be_shown_is_refused_by_name(change: dict[str, Any], rule: str) -> None:
    desk = Desk()
    refusal = refused(desk, replace(LINE, **change))
    assert (refusal.rule, refusal.subject) == (rule, "s1")
    assert desk == Desk()


def test_the_most_that_is_allowed_is_allowed() -> None:
    desk = Desk()
    most = replace(LINE, points=(HERE,) * MOST_POINTS, text="x" * 200, expires_at=START_AT + LONGEST_MS)
    carry_out(desk, most, context())
    assert len(desk.sketches["s1"].points) == MOST_POINTS


def test_sending_it_again_changes_nothing_but_a_later_end() -> None:
    desk = Desk()
    carry_out(desk, LINE, context())
    assert carry_out(desk, LINE, context(at=START_AT + 5_000)) == []
    later = replace(LINE, expires_at=LINE.expires_at + 1)
    assert len(carry_out(desk, later, context(at=START_AT + 6_000))) == 1
    assert desk.sketches["s1"].expires_at == later.expires_at
    assert refused(desk, replace(later, expires_at=later.expires_at + 1), context("desk-2")).rule == (
        "sketch_of_other_desk"
    )


def test_its_desk_takes_it_back_with_a_reason_and_only_once() -> None:
    desk = Desk()
    carry_out(desk, LINE, context())
    assert refused(desk, cmd.WithdrawSketch("s1", "  ")).rule == "reason_missing"
    (event,) = carry_out(desk, cmd.WithdrawSketch("s1", " road is open "), context())
    assert event == ev.SketchWithdrawn("s1", "road is open")
    assert not desk.sketches["s1"].is_shown(START_AT)
    assert refused(desk, cmd.WithdrawSketch("s1", "again")).rule == "sketch_withdrawn"
    assert refused(desk, cmd.WithdrawSketch("s2", "never sent")).rule == "sketch_unknown"


def test_what_was_withdrawn_may_be_sent_again() -> None:
    desk = Desk()
    for command in (LINE, cmd.WithdrawSketch("s1", "too early"), LINE):
        carry_out(desk, command, context())
    assert desk.sketches["s1"].is_shown(START_AT)
    assert desk.versions["sketch/s1"] == 3


def test_another_desk_may_not_take_it_back_unless_the_shift_lead_does() -> None:
    desk = Desk()
    carry_out(desk, LINE, context())
    withdraw = cmd.WithdrawSketch("s1", "wrong street")
    refusal = refused(desk, withdraw, context("desk-2"))
    assert (refusal.rule, refusal.facts) == ("sketch_of_other_desk", {"desk": "desk-1"})
    carry_out(desk, withdraw, context("desk-2", SHIFT_LEAD))
    assert desk.sketches["s1"].status == "withdrawn"


@pytest.mark.parametrize("command", [LINE, cmd.WithdrawSketch("s1", "wrong street")])
def test_duty_officers_and_shift_leads_may_and_nobody_else(command: cmd.Command) -> None:
    forbidden = {GRID_MEMBER, FEED, TRAINER, ADMINISTRATOR, SYSTEM}
    assert {*ROLES} - forbidden == {DUTY_OFFICER, SHIFT_LEAD}
    for role in (DUTY_OFFICER, SHIFT_LEAD):
        permit(role, command, "s1")
    for role in forbidden:
        with pytest.raises(Refusal, match="role_forbidden"):
            permit(role, command, "s1")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("call 13812345678", "call 138****5678"),
        ("138\u200b1234\u200b5678", "138****5678"),
        ("id 310101199001011234", "id 310************234"),
        ("gate 3\n\x00open", "gate 3 open"),
    ],
)
def test_no_number_of_a_person_and_no_hidden_sign_leaves_the_desk(text: str, sent: str) -> None:
    desk = Desk()
    carry_out(desk, replace(LINE, text=text), context())
    assert desk.sketches["s1"].text == sent
    (event,) = carry_out(desk, cmd.WithdrawSketch("s1", text), context())
    assert event == ev.SketchWithdrawn("s1", sent)


_POSITIONS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(
    kind=st.sampled_from(KINDS),
    points=st.lists(_POSITIONS, min_size=3, max_size=20),
    text=st.text(min_size=1, max_size=200).filter(lambda text: any("a" <= sign <= "z" for sign in text)),
    radii_m=st.lists(st.floats(1, 100_000), max_size=10),
)
def test_whatever_may_be_sent_is_on_earth_in_one_masked_line(
    kind: str, points: list[tuple[float, float]], text: str, radii_m: list[float]
) -> None:
    desk = Desk()
    command = cmd.ShareSketch("s", kind, tuple(points), text, tuple(radii_m), START_AT + 1)
    carry_out(desk, command, context())
    sketch = desk.sketches["s"]
    assert len(sketch.points) >= LEAST_POINTS[kind]
    assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in sketch.points)
    for sent, drawn in zip(sketch.points, points, strict=True):
        assert sent == pytest.approx(drawn, abs=1e-7)
    assert sketch.text.isprintable()
    assert mask_text(sketch.text) == sketch.text
