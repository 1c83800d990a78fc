"""What the duty plan and a unit's equipment say of whom to send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.candidates import Member, Post, Question
from app.dispatch.force import Force
from app.dispatch.ranking import TIRED, UNRESTED, Ranking
from app.dispatch.recommendation import Recommendation, recommend
from app.dispatch.run_card import Need, RunCard, Words
from app.dispatch.turns import Turns
from app.domain.duty import DutyTurn, stretch_at
from app.domain.field_link import Decline, Delivery
from app.domain.incident import Incident
from app.domain.incident_parts import ForceRequest
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS
from app.domain.rest import ON_TOO_LONG, rest_due
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Assignment, Unit
from app.journal.store import TrackPoint
from tests.unit.geo.small_district import position

HOUR = 3_600_000
MINUTE = 60_000
NOON = 1_795_330_626_000 // DAY_MS * DAY_MS + 12 * HOUR - CENTRE_UTC_OFFSET_MS
"""Noon of a civil day."""
LEAD = Need("lead", ("police", "joint_patrol"), 1)


def card(*needs: Need) -> RunCard:
    return RunCard("x", Words("甲", "A"), {}, needs)


class Watch:
    """Units on a line to the east of the incident, and a duty plan."""

    def __init__(self, *plan: DutyTurn, now: int = NOON) -> None:
        self.now, self.plan = now, plan
        self.members: dict[str, Member] = {}
        self.units: list[Unit] = []
        self.fixes: list[tuple[str, TrackPoint]] = []

    def put(self, key: str, x_m: float, kind: str = "police", *equipment: str, **facts: object) -> None:
        self.members[key] = Member("car", (), Post(*position(x_m, 0)), equipment)
        self.units.append(replace(Unit(key, kind, key), **facts))  # type: ignore[arg-type]
        self.fixes.append((key, TrackPoint(key, self.now, *position(x_m, 0))))

    @property
    def force(self) -> Force:
        force = Force(self.members, None)
        force.put(self.units, self.fixes)
        Turns().put(force, self.plan, self.now)
        return force

    def ask(self, run_card: RunCard) -> Recommendation:
        return recommend(self.force, self.question(run_card))

    def question(self, run_card: RunCard, limits: ShiftLimits | None = None) -> Question:
        lat, lon = position(0, 0)
        incident = Incident("i", ("110:i",), "crowd", 2, "", self.now, lat=lat, lon=lon)
        kinds = ("police", "joint_patrol")
        return Question(incident, self.now, kinds, run_card.response(2), (), limits or ShiftLimits())


def reasons(found: Recommendation, unit: str) -> dict[str, object]:
    return {r.key: r.facts for c in found.ranking if c.unit_id == unit for r in c.reasons}


def turn(unit: str, begins_h: float, ends_h: float, *people: str) -> DutyTurn:
    """Hours from noon."""
    return DutyTurn(
        NOON + round(begins_h * HOUR), NOON + round(ends_h * HOUR), unit, members=people or ("a",)
    )


def test_who_is_in_nobodys_turn_stands_behind_who_is_in_one_and_goes_when_nobody_else_can() -> None:
    watch = Watch(turn("planned", -4, 4))
    watch.put("near", 100)
    watch.put("planned", 4_000)
    found = watch.ask(card(LEAD))
    assert found.units == ("planned",)
    assert [one.unit_id for one in found.ranking] == ["planned", "near"]
    assert "unrostered" in reasons(found, "near")
    assert "unrostered" not in reasons(found, "planned")
    alone = watch.ask(card(replace(LEAD, count=2)))
    assert alone.units == ("planned", "near"), "it is behind, not left out"


def test_a_kind_that_the_plan_of_today_does_not_name_is_in_nobodys_turn_and_nobody_minds() -> None:
    watch = Watch(turn("j1", -4, 4), turn("p1", -40, -30), turn("p1", 30, 40))
    watch.put("p1", 100)
    watch.put("j1", 200, "joint_patrol")
    found = watch.ask(card(LEAD))
    assert found.units == ("p1",)
    assert "unrostered" not in reasons(found, "p1")


def test_a_turn_without_people_is_nobodys() -> None:
    empty = replace(turn("p1", -4, 4), members=())
    watch = Watch(empty, turn("p2", -4, 4))
    watch.put("p1", 100)
    watch.put("p2", 200)
    assert "unrostered" in reasons(watch.ask(card(LEAD)), "p1")


@pytest.mark.parametrize(
    ("ends_min", "follows", "said"),
    [(60, False, None), (40, False, None), (34, False, 34), (0.5, False, 0), (10, True, None)],
)
def test_whose_turn_ends_before_it_could_do_anything_is_about_to_go_off(
    ends_min: float, follows: bool, said: int | None
) -> None:
    """Half an hour of work and about five minutes of way; a turn that follows on goes on."""
    plan = [turn("p1", -4, ends_min / 60)] + ([turn("p1", ends_min / 60, 9, "b")] if follows else [])
    watch = Watch(*plan)
    watch.put("p1", 1_000)
    found = watch.ask(card(LEAD))
    assert found.units == ("p1",)
    told = reasons(found, "p1").get("turn_ends")
    assert told == (None if said is None else {"minutes": said})


def test_the_columns_of_the_plan_follow_the_clock_the_plan_and_the_force() -> None:
    watch = Watch()
    watch.put("p1", 100)
    watch.put("p2", 200)
    force, turns = watch.force, Turns()

    def now_and_then(plan: tuple[DutyTurn, ...], now: int) -> list[bool]:
        turns.put(force, plan, now)
        return force.is_unrostered[: len(force)].tolist()  # type: ignore[no-any-return]

    plan = (turn("p1", -1, 1), turn("p2", 1, 3))
    assert now_and_then(plan, NOON) == [False, True]
    assert now_and_then(plan, NOON + HOUR) == [True, False]
    assert now_and_then((*plan, turn("p1", 1, 2)), NOON + HOUR) == [False, False]
    assert now_and_then((), NOON + HOUR) == [False, False]
    force.put([Unit("p3", "police", "p3")])
    assert now_and_then((turn("p1", -1, 9),), NOON) == [False, True, True]
    assert now_and_then((turn("p1", -1, 9),), NOON + DAY_MS) == [False] * 3, "tomorrow has no plan"


HOURS = st.floats(0, 30, allow_nan=False).map(lambda hours: round(hours * HOUR))


@given(
    on_for=st.none() | HOURS,
    rested=st.none() | HOURS,
    begun_ago=st.none() | HOURS,
    rest_h=st.integers(1, 12),
    longest_h=st.integers(1, 16),
)
def test_ten_thousand_are_judged_like_one(
    on_for: int | None, rested: int | None, begun_ago: int | None, rest_h: int, longest_h: int
) -> None:
    limits = ShiftLimits(rest_ms=rest_h * HOUR, longest_duty_ms=longest_h * HOUR)
    on_at = NOON - on_for if on_for is not None else 0
    off_at = (on_at or NOON) - rested if rested is not None else 0
    plan = () if begun_ago is None else (DutyTurn(NOON - begun_ago, NOON + HOUR, "p1", leader="a"),)
    watch = Watch(*plan)
    watch.put("p1", 100, on_duty_at=on_at, off_duty_at=off_at)
    out = int(Ranking(watch.force, watch.question(card(LEAD), limits)).out[0])
    stretch = stretch_at(plan, NOON)
    due = rest_due(watch.units[0], limits, NOON, stretch[0] if stretch else 0)
    expected = 0 if due is None else TIRED if due.rule == ON_TOO_LONG else UNRESTED
    assert out == expected


def test_who_has_not_rested_can_be_sent_with_a_reason() -> None:
    watch = Watch()
    watch.put("p1", 100, on_duty_at=NOON - HOUR, off_duty_at=NOON - 6 * HOUR)
    found = watch.ask(card(LEAD))
    (candidate,) = found.ranking
    assert candidate.excluded is not None
    assert (candidate.excluded.key, candidate.excluded.facts) == ("rest_short", {"hours": 5, "limit": 8})
    assert (candidate.can_be_sent, candidate.needs_reason) == (True, True)
    assert found.shortfalls[0].reason.key == "rest_short"


# -- equipment -------------------------------------------------------------------------------------------------------

PUMP = Need("pump", ("police",), 1, equipment=("pump",))


def test_a_need_may_ask_for_equipment_which_is_no_skill_of_the_same_name() -> None:
    watch = Watch()
    watch.put("near", 100, "police", "ladder")
    watch.put("far", 2_000, "police", "pump", "ladder")
    watch.members["near"] = replace(watch.members["near"], skills=("pump",))
    found = watch.ask(card(PUMP))
    assert found.units == ("far",)
    left_out = next(one for one in found.ranking if one.unit_id == "near")
    assert left_out.excluded is not None
    assert (left_out.excluded.key, left_out.excluded.facts["equipment"]) == ("no_equipment", "pump")


def test_a_gap_names_the_equipment_that_nobody_has() -> None:
    watch = Watch()
    watch.put("near", 100, "police", "ladder")
    (gap,) = watch.ask(card(PUMP)).shortfalls
    assert (gap.reason.key, gap.reason.facts["of"], gap.reason.facts["equipment"]) == (
        "no_equipment", 1, ("pump",),
    )  # fmt: skip


def test_needs_that_differ_in_equipment_are_not_added_up_and_who_is_there_fills_the_strictest() -> None:
    watch = Watch()
    watch.put("there", 0, "police", "pump")
    watch.put("plain", 500)
    run_card = card(Need("any", ("police",), 1), PUMP)
    assert [need.id for need in run_card.response(2).needs] == ["any", "pump"]
    question = watch.question(run_card)
    at_work = replace(question.incident, units=("there",))
    found = recommend(watch.force, replace(question, incident=at_work))
    assert (found.units, found.shortfalls) == (("plain",), ())


def test_who_declined_this_incident_is_left_out_with_its_words_and_may_be_sent_with_a_reason() -> None:
    watch = Watch()
    watch.put("no", 100, declines=(Decline("i", "tied up", NOON),))
    watch.put("elsewhere", 200, declines=(Decline("another", "tied up", NOON),))
    found = watch.ask(card(LEAD))
    assert found.units == ("elsewhere",)
    refuser = next(one for one in found.ranking if one.unit_id == "no")
    assert refuser.excluded is not None
    assert (refuser.excluded.key, dict(refuser.excluded.facts)) == ("declined", {"reason": "tied up"})
    assert refuser.can_be_sent
    assert refuser.needs_reason
    both = watch.ask(card(replace(LEAD, count=2)))
    assert [gap.reason.key for gap in both.shortfalls] == ["declined"]


def test_who_declined_is_asked_again_once_it_was_sent_there() -> None:
    watch = Watch()
    watch.put("p", 100, declines=(Decline("i", "", NOON),))
    force = watch.force
    assert recommend(force, watch.question(card(LEAD))).units == ()
    force.put([replace(watch.units[0], declines=())])
    assert recommend(force, watch.question(card(LEAD))).units == ("p",)


def test_who_has_called_for_help_is_nobodys_help() -> None:
    watch = Watch()
    watch.put("caller", 10)
    watch.put("far", 900)
    question = replace(watch.question(card(LEAD)), in_distress=("caller", "unknown"))
    found = recommend(watch.force, question)
    assert found.units == ("far",)
    caller = next(one for one in found.ranking if one.unit_id == "caller")
    assert caller.excluded is not None
    assert (caller.excluded.key, caller.needs_reason) == ("in_distress", True)


def test_what_a_unit_there_asks_for_is_recommended_before_what_the_card_lacks() -> None:
    watch = Watch()
    for key, x_m in (("f1", 100), ("f2", 200), ("f3", 300)):
        watch.put(key, x_m, "fire")
    watch.put("p1", 50)
    request = ForceRequest("r", "p9", ("fire",), 2, "ladder", NOON - MINUTE)
    question = watch.question(card(LEAD))
    asked = replace(question, incident=replace(question.incident, requests=(request,)))
    found = recommend(watch.force, asked)
    assert found.units == ("f1", "f2", "p1")
    assert (found.asked, found.there) == (3, 0)
    for sent_at, others in ((NOON, ("f2", "p1")), (NOON - 2 * MINUTE, ("f2", "f3", "p1"))):
        held = Assignment("i", "dispatched", sent_at, delivery=Delivery(sent_at))
        watch.units[0] = replace(watch.units[0], assignments=(held,))
        there = replace(asked, incident=replace(asked.incident, units=("f1",)))
        assert recommend(watch.force, there).units == others
    settled = replace(asked, incident=replace(asked.incident, requests=(replace(request, settled="met"),)))
    assert recommend(watch.force, settled).units == ("p1",)
