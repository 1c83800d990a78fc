"""Following a unit: reports of delivery in any order, roll calls that a restart does not move, messages, requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.decide import decide
from app.domain.errors import Refusal
from app.domain.field_clocks import STAGES, overdue, roll, stage
from app.domain.field_limits import FieldLimits
from app.domain.unit import Assignment, Unit
from tests.unit.domain.desk_driver import DeskDriver

LIMITS = FieldLimits()
SENT_TO = "i1"


def sent(priority: int = 1) -> DeskDriver:
    driver = DeskDriver()
    driver.report(SENT_TO, priority)
    driver.do(cmd.DispatchUnits(SENT_TO, ("p1",)))
    return driver


def held(driver: DeskDriver) -> Assignment:
    found = driver.desk.units["p1"].assignment(SENT_TO)
    assert found is not None
    return found


REPORTS: dict[str, cmd.Command] = {
    "delivered": cmd.NoteDelivery("p1", SENT_TO, "delivered"),
    "read": cmd.NoteDelivery("p1", SENT_TO, "read"),
    "accepted": cmd.AnswerTask("p1", SENT_TO, True),
    "en_route": cmd.SetUnitStatus("p1", "en_route", SENT_TO),
}


@given(st.lists(st.sampled_from(sorted(REPORTS)), max_size=12))
def test_reports_in_any_order_and_number_end_at_the_furthest_and_each_transition_is_one_event(
    said: list[str],
) -> None:
    driver = sent()
    events = Counter(type(event) for report in said for event in driver.do(REPORTS[report]))
    assert stage(held(driver)) == max(said, key=STAGES.index, default="sent")
    assert set(events.values()) <= {1}


@given(st.lists(st.sampled_from(["delivered", "read", "accepted"]), min_size=1))
def test_nothing_that_comes_after_a_recall_or_a_refusal_of_the_task_counts(said: list[str]) -> None:
    for end in (cmd.RecallUnit(SENT_TO, "p1", "not needed"), cmd.AnswerTask("p1", SENT_TO, False, "busy")):
        driver = sent()
        driver.do(end)
        for report in said:
            if report == "accepted":
                with pytest.raises(Refusal):
                    driver.do(REPORTS[report])
            else:
                assert driver.do(REPORTS[report]) == []
        assert driver.desk.units["p1"].assignments == ()


def test_an_order_that_is_sent_again_waits_anew() -> None:
    driver = sent()
    driver.do(REPORTS["read"])
    before = held(driver)
    driver.do(cmd.ResendTask("p1", SENT_TO))
    assert (stage(held(driver)), held(driver).delivery.resent) == ("sent", 1)
    assert held(driver).delivery.sent_at > before.delivery.sent_at
    driver.do(REPORTS["en_route"])
    with pytest.raises(Refusal, match="task_under_way"):
        driver.do(cmd.ResendTask("p1", SENT_TO))


@pytest.mark.parametrize(
    ("said", "awaited"),
    [([], "delivery"), (["delivered"], "reading"), (["read"], "answer"), (["accepted"], None)],
)
def test_what_is_waited_for_is_overdue_by_priority(said: list[str], awaited: str | None) -> None:
    driver = sent(priority=1)
    for report in said:
        driver.do(REPORTS[report])
    incident = driver.desk.incidents[SENT_TO]
    late = held(driver).delivery.sent_at + LIMITS.task(1).answer_ms + 1
    found = overdue(held(driver), incident, LIMITS, late)
    assert (found.awaited if found else None) == awaited
    assert overdue(held(driver), replace(incident, priority=4), LIMITS, late) is None


# -- roll call -------------------------------------------------------------------------------------------------------

MOVES = st.sampled_from(["answer", "pause", "resume", "wait", "leave", "come"])
COMMANDS: dict[str, cmd.Command] = {
    "answer": cmd.AnswerRollCall("p1", SENT_TO),
    "pause": cmd.PauseRollCall("p1", SENT_TO, "interview"),
    "resume": cmd.ResumeRollCall("p1", SENT_TO),
    "leave": cmd.SetUnitStatus("p1", "available", SENT_TO),
}


def come(driver: DeskDriver) -> list[ev.Event]:
    done = driver.do(cmd.DispatchUnits(SENT_TO, ("p1",)))
    return done + driver.do(cmd.SetUnitStatus("p1", "on_scene", SENT_TO))


@settings(max_examples=200)
@given(st.lists(st.tuples(MOVES, st.integers(0, 40 * 60_000)), max_size=15), st.sampled_from([1, 2, 3, 4]))
def test_roll_calls_follow_from_events_alone(moves: list[tuple[str, int]], priority: int) -> None:
    """A model by hand beside it."""
    driver = DeskDriver()
    driver.report(SENT_TO, priority)
    model_heard: int | None = None
    model_paused = False
    for move, pause_ms in moves:
        driver.now += pause_ms
        try:
            events = come(driver) if move == "come" else [] if move == "wait" else driver.do(COMMANDS[move])
        except Refusal:
            events = []
        for event in events:
            match event:
                case ev.UnitProgressed(phase="on_scene") | ev.UnitRollAnswered():
                    model_heard = driver.now
                case ev.UnitRollPaused():
                    model_paused = True
                case ev.UnitRollResumed():
                    model_heard, model_paused = driver.now, False
                case ev.UnitReleased():
                    model_heard, model_paused = None, False
        unit = driver.desk.units["p1"]
        at_work = unit.assignment(SENT_TO)
        every_ms = LIMITS.roll_every_ms("crowd", priority)
        for ahead_ms in (
            0,
            every_ms,
            every_ms + 1,
            every_ms + LIMITS.grace_ms,
            every_ms + LIMITS.grace_ms + 1,
        ):
            now = driver.now + ahead_ms
            found = roll(at_work, driver.desk.incidents[SENT_TO], LIMITS, now) if at_work else None
            if model_heard is None or not every_ms:
                assert found is None
            else:
                assert found is not None
                silent_ms = now - model_heard
                expected = (
                    "paused" if model_paused
                    else "running" if silent_ms <= every_ms
                    else "due" if silent_ms <= every_ms + LIMITS.grace_ms
                    else "overdue"
                )  # fmt: skip
                assert (found.state, found.due_at) == (expected, model_heard + every_ms)


def test_a_unit_that_is_not_there_is_not_called() -> None:
    driver = sent()
    for command in ("answer", "pause", "resume"):
        with pytest.raises(Refusal, match="roll_not_on_scene"):
            driver.do(COMMANDS[command])


def test_a_late_answer_takes_no_newer_one_back() -> None:
    driver = DeskDriver()
    driver.report(SENT_TO, 1)
    come(driver)
    driver.do(COMMANDS["answer"])
    heard_at = held(driver).roll.heard_at
    for stream, event in decide(driver.desk, COMMANDS["answer"]):
        driver.desk.apply(stream, event, heard_at - 60_000, driver.now)
    assert held(driver).roll.heard_at == heard_at


# -- messages, requests, checklist, phones ---------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=20), st.booleans())
def test_a_message_stands_once_and_is_read_by_the_other_side_only(
    said: list[tuple[bool, int]], by_unit: bool
) -> None:
    driver = DeskDriver()
    for from_unit, number in said:
        command = cmd.MessageDesk if from_unit else cmd.MessageUnit
        driver.do(command("p1", f"m{number}", "13800138000 at the gate"))
    messages = driver.desk.units["p1"].messages
    assert len(messages) == len({number for _, number in said})
    assert all("13800138000" not in message.text for message in messages)
    driver.do(cmd.ReadDeskMessages("p1") if by_unit else cmd.ReadUnitMessages("p1"))
    assert all(m.is_read == (m.from_unit != by_unit) for m in driver.desk.units["p1"].messages)
    assert driver.do(cmd.ReadDeskMessages("p1") if by_unit else cmd.ReadUnitMessages("p1")) == []


def test_only_who_was_sent_there_ticks_and_asks_and_a_repeated_request_is_one() -> None:
    driver = sent()
    ask = cmd.RequestForce(SENT_TO, "r1", "p1", ("police", "police"), 2, "crowd grows")
    driver.do(ask)
    assert driver.do(ask) == []
    assert driver.desk.incidents[SENT_TO].open_requests[0].kinds == ("police",)
    for stranger in (replace(ask, request="r2", unit="p2"), cmd.TickItem(SENT_TO, "a", True, "p2")):
        with pytest.raises(Refusal, match="unit_not_assigned"):
            driver.do(stranger)
    with pytest.raises(Refusal, match="reason_missing"):
        driver.do(cmd.SettleForceRequest(SENT_TO, "r1", False))
    driver.do(cmd.SettleForceRequest(SENT_TO, "r1", True))
    assert driver.desk.incidents[SENT_TO].open_requests == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_the_last_word_on_a_line_of_the_checklist_holds(said: list[tuple[str, bool]]) -> None:
    driver = sent()
    for item, done in said:
        driver.do(cmd.TickItem(SENT_TO, item, done, "p1"))
    expected = {item for item, done in dict(said).items() if done}
    assert {tick.item for tick in driver.desk.incidents[SENT_TO].ticks} == expected


def test_revoked_phones_are_gone_and_a_sixth_is_refused() -> None:
    driver = DeskDriver()
    for number in range(5):
        driver.do(cmd.PairPhone("p1", f"f{number}", "0" * 64, "officer"))
    with pytest.raises(Refusal, match="too_many_phones"):
        driver.do(cmd.PairPhone("p1", "f5", "0" * 64, "officer"))
    driver.do(cmd.UnpairPhones("p1", "lost"))
    assert driver.desk.units["p1"].phones == ()


def test_a_receipt_completes_a_hand_over_and_goes_with_it() -> None:
    driver = DeskDriver()
    driver.report(SENT_TO)
    receipt = cmd.RecordHandOverReceipt(SENT_TO, "pipe leaks", "duty post 3", "W-17")
    with pytest.raises(Refusal, match="not_handed_over"):
        driver.do(receipt)
    driver.do(cmd.HandOverIncident(SENT_TO, "water", "theirs"))
    driver.do(receipt)
    assert driver.do(receipt) == []
    known = driver.desk.incidents[SENT_TO].receipt
    assert known is not None
    assert (known.department, known.reference) == ("water", "W-17")
    driver.do(cmd.HandOverIncident(SENT_TO, "gas", "theirs after all"))
    assert driver.desk.incidents[SENT_TO].receipt is None


def test_a_unit_that_nobody_asked_anything_has_an_empty_link() -> None:
    assert Unit("x", "police", "x").messages == Unit("x", "police", "x").phones == ()


def test_a_unit_that_declines_is_known_to_have_until_it_is_sent_there_again() -> None:
    driver = sent()
    driver.do(cmd.AnswerTask("p1", SENT_TO, False, "car 13912345678 broken"))
    said = driver.desk.units["p1"].decline(SENT_TO)
    assert said is not None
    assert said.reason.startswith("car ")
    assert "13912345678" not in said.reason
    assert driver.desk.units["p1"].decline("i2") is None
    driver.do(cmd.DispatchUnits(SENT_TO, ("p1",)))
    assert driver.desk.units["p1"].decline(SENT_TO) is None


def test_a_recall_is_no_decline() -> None:
    driver = sent()
    driver.do(cmd.RecallUnit(SENT_TO, "p1", "not needed"))
    assert driver.desk.units["p1"].declines == ()


def test_what_is_asked_for_goes_on_with_the_incident_into_which_it_is_merged() -> None:
    driver = sent()
    driver.report("i2", 1)
    for request in ("r1", "r2"):
        driver.do(cmd.RequestForce(SENT_TO, request, "p1", ("fire",), 2, "ladder"))
    driver.do(cmd.SettleForceRequest(SENT_TO, "r2", met=True))
    driver.do(cmd.MergeIncident(SENT_TO, "i2"))
    asked = [(r.id, r.unit, r.kinds, r.count) for r in driver.desk.incidents["i2"].open_requests]
    assert asked == [("r1", "p1", ("fire",), 2)]
