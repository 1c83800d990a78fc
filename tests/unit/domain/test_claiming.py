"""A desk claims an incident: who and when, the warning of the others, take-over with a reason, and when it ends."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.claiming import permit_claim
from app.domain.decide import decide
from app.domain.errors import Refusal
from app.domain.incident import Incident
from app.domain.incident_parts import Claim
from app.domain.roles import DUTY_OFFICER, FEED, GRID_MEMBER
from tests.unit.domain.desk_driver import START_AT, DeskDriver


@pytest.fixture
def driver() -> DeskDriver:
    driver = DeskDriver()
    driver.report("i1")
    driver.report("i2")
    return driver


def at(desk: str, despite: str = "", role: str = DUTY_OFFICER) -> cmd.Context:
    return cmd.Context(f"officer of {desk}", role, desk, START_AT, despite_claim=despite)


def give(driver: DeskDriver, command: cmd.Command, context: cmd.Context) -> list[ev.Event]:
    permit_claim(driver.desk, command, context)
    changes = decide(driver.desk, command)
    for stream, event in changes:
        driver.desk.apply(stream, event, START_AT + 5, START_AT + 9, context.actor, context.desk)
    return [event for _, event in changes]


def refused(driver: DeskDriver, command: cmd.Command, context: cmd.Context) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        give(driver, command, context)
    return refusal.value


def one(driver: DeskDriver) -> Incident:
    return driver.desk.incidents["i1"]


def test_a_claim_says_which_desk_who_and_when(driver: DeskDriver) -> None:
    assert give(driver, cmd.ClaimIncident("i1"), at("a")) == [ev.IncidentClaimed("i1")]
    assert one(driver).claim == Claim("a", "officer of a", START_AT + 5)
    assert give(driver, cmd.ClaimIncident("i1"), at("a")) == []
    told = refused(driver, cmd.ClaimIncident("i1"), at("b"))
    assert (told.rule, told.facts["desk"], told.facts["officer"]) == ("claimed_by_other", "a", "officer of a")


HANDLING = [
    cmd.AcceptIncident("i1"),
    cmd.UpdateIncident("i1", priority=1),
    cmd.DispatchUnits("i1", ("p1",)),
    cmd.AssignByOrder("i1", ("p1",), reason="now"),
    cmd.CloseIncident("i1", "false_alarm", "nothing there"),
    cmd.WithdrawIncident("i1", "called back"),
    cmd.MergeIncident("i1", "i2"),
    cmd.MergeIncident("i2", "i1"),
    cmd.HandOverIncident("i1", "parks", "theirs"),
    cmd.EscalateIncident("i1", "city", "large"),
]


@pytest.mark.parametrize("command", HANDLING, ids=lambda c: type(c).__name__)
def test_another_desk_is_warned_and_may_go_on(driver: DeskDriver, command: cmd.Command) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    told = refused(driver, command, at("b"))
    assert (told.rule, told.subject, told.facts["desk"]) == ("claimed_elsewhere", "i1", "a")
    assert refused(driver, command, at("b", despite="c")).rule == "claimed_elsewhere", (
        "warned of another desk"
    )
    assert give(driver, command, at("b", despite="a"))


@pytest.mark.parametrize("role", [FEED, GRID_MEMBER])
def test_units_and_feeds_are_not_warned(driver: DeskDriver, role: str) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    assert give(driver, cmd.UpdateIncident("i1", priority=1), at("b", role=role))


def test_notes_files_and_calls_help_whoever_has_it(driver: DeskDriver) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    assert give(driver, cmd.NoteIncident("i1", "the caller rang again"), at("b"))
    assert give(driver, cmd.ContactReporter("i1", "reached"), at("b"))


def test_taking_over_needs_a_reason_and_names_the_desk_it_came_from(driver: DeskDriver) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    assert refused(driver, cmd.TakeOverIncident("i1", " "), at("b")).rule == "reason_missing"
    assert refused(driver, cmd.TakeOverIncident("i1", "why"), at("a")).rule == "claim_is_yours"
    taken = give(driver, cmd.TakeOverIncident("i1", "a is at lunch"), at("b"))
    assert taken == [ev.IncidentTakenOver("i1", "a", "a is at lunch")]
    assert one(driver).claim == Claim("b", "officer of b", START_AT + 5)
    assert refused(driver, cmd.AcceptIncident("i1"), at("a")).facts["desk"] == "b"


def test_it_is_given_back_by_its_desk_alone(driver: DeskDriver) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    assert refused(driver, cmd.ReleaseClaim("i1"), at("b")).rule == "claimed_by_other"
    assert give(driver, cmd.ReleaseClaim("i1"), at("a")) == [ev.IncidentClaimReleased("i1")]
    assert one(driver).claim is None
    assert give(driver, cmd.ReleaseClaim("i1"), at("b")) == []


@pytest.mark.parametrize(
    "end",
    [
        cmd.CloseIncident("i1", "false_alarm", "nothing"),
        cmd.WithdrawIncident("i1", "mistake"),
        cmd.MergeIncident("i1", "i2"),
    ],
    ids=lambda c: type(c).__name__,
)
def test_it_ends_with_the_incident(driver: DeskDriver, end: cmd.Command) -> None:
    give(driver, cmd.ClaimIncident("i1"), at("a"))
    give(driver, end, at("a"))
    assert one(driver).claim is None
    assert refused(driver, cmd.ClaimIncident("i1"), at("a")).rule == "incident_ended"
