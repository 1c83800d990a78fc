"""Alarms at the desk: what a source may end, what may be put aside and for how long, what becomes one incident."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.alarm_limits import MINUTE_MS, AlarmLimits
from app.domain.alarm_rules import MOST_ALARMS, permit_shelving
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS
from app.domain.rights import permit
from app.domain.roles import DUTY_OFFICER
from tests.unit.domain.desk_driver import START_AT


class Officer:
    """Gives commands as the bus does, at a time of its own."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.now = START_AT

    def do(self, command: cmd.Command) -> list[ev.Event]:
        context = cmd.Context("officer", DUTY_OFFICER, "desk-1", self.now)
        permit(context.role, command, "officer")
        permit_shelving(self.desk, command, context)
        changes = decide(self.desk, command)
        for stream, event in changes:
            self.desk.apply(stream, event, self.now, self.now, "officer", "desk-1")
        return [event for _, event in changes]

    def raise_alarm(
        self, alarm: str, priority: int = 3, kind: str = "smoke", **fields: Any
    ) -> list[ev.Event]:
        values = {"grid": "g1", "camera": "C001"} | fields
        return self.do(cmd.RaiseAlarm(alarm, "camera", alarm, kind, priority, f"alarm {alarm}", **values))

    def shelve(
        self, alarm: str, minutes: float = 15, scope: str = "alarm", reason: str = "lens"
    ) -> list[ev.Event]:
        expires_at = self.now + round(minutes * MINUTE_MS)
        return self.do(cmd.ShelveAlarm(f"s-{alarm}-{scope}", scope, alarm, reason, expires_at))

    def refused(self, command: cmd.Command) -> str:
        with pytest.raises(Refusal) as refusal:
            self.do(command)
        return refusal.value.rule


@pytest.fixture
def officer() -> Officer:
    return Officer()


# -- emergencies -----------------------------------------------------------------------------------------------------


def test_a_source_ends_an_alarm_but_no_emergency(officer: Officer) -> None:
    officer.raise_alarm("a1")
    officer.raise_alarm("e1", kind="officer_down", device="p07")
    assert officer.do(cmd.ClearAlarm("a1")) == [ev.AlarmCleared("a1")]
    assert officer.do(cmd.ClearAlarm("e1")) == [ev.AlarmReturned("e1")]
    assert officer.do(cmd.ClearAlarm("e1")) == []
    emergency = officer.desk.alarms["e1"]
    assert (emergency.is_live, emergency.returned_at, emergency.origin) == (True, START_AT, "p07")
    assert officer.refused(cmd.CancelAlarms(("e1",), " ")) == "reason_missing"
    officer.do(cmd.CancelAlarms(("e1",), "called back, all well"))
    assert officer.desk.alarms["e1"].status == "cancelled"


def test_what_an_emergency_is_stands_in_the_event(officer: Officer) -> None:
    officer.desk.alarm_limits = AlarmLimits(emergency_types=frozenset({"gas"}))
    (gas,) = officer.raise_alarm("a1", kind="gas")
    (other,) = officer.raise_alarm("a2", kind="officer_down")
    assert isinstance(gas, ev.AlarmRaised)
    assert isinstance(other, ev.AlarmRaised)
    assert (gas.emergency, other.emergency) == (True, False)


# -- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_becomes_one_incident_with_every_alarm_among_its_sources(officer: Officer) -> None:
    for number, priority in enumerate((3, 2, 4)):
        officer.raise_alarm(f"a{number}", priority)
    officer.do(cmd.AcceptAlarms(("a0", "a1", "a2", "a1"), "i1"))
    incident = officer.desk.incidents["i1"]
    assert incident.source_ids == ("alarm:a0", "alarm:a1", "alarm:a2")
    assert (incident.priority, incident.title, incident.status) == (2, "alarm a0", "accepted")
    assert {alarm.incident for alarm in officer.desk.alarms.values()} == {"i1"}
    assert officer.desk.by_source["alarm:a2"] == "i1"


def test_what_ended_meanwhile_is_passed_over_and_a_group_that_is_gone_is_refused(officer: Officer) -> None:
    for alarm in ("a1", "a2"):
        officer.raise_alarm(alarm)
    officer.do(cmd.ClearAlarm("a1"))
    officer.do(cmd.AcceptAlarms(("a1", "a2"), "i1"))
    assert officer.desk.incidents["i1"].source_ids == ("alarm:a2",)
    assert officer.refused(cmd.AcknowledgeAlarms(("a1", "a2"))) == "alarm_ended"
    assert officer.refused(cmd.AcknowledgeAlarms(())) == "alarms_none"
    assert officer.refused(cmd.AcknowledgeAlarms(("a",) * (MOST_ALARMS + 1))) == "alarms_too_many"


def test_later_alarms_join_the_incident_that_is_open(officer: Officer) -> None:
    for alarm in ("a1", "a2", "a3"):
        officer.raise_alarm(alarm)
    officer.do(cmd.AcceptAlarm("a1", "i1"))
    officer.do(cmd.AttachAlarms(("a2", "a3"), "i1"))
    assert officer.desk.incidents["i1"].source_ids == ("alarm:a1", "alarm:a2", "alarm:a3")
    assert officer.refused(cmd.AttachAlarms(("a3",), "i1")) == "alarm_ended"
    officer.raise_alarm("a4")
    officer.do(cmd.WithdrawIncident("i1", "no fire"))
    assert officer.refused(cmd.AttachAlarms(("a4",), "i1")) == "incident_ended"
    assert officer.refused(cmd.AcceptAlarms(("a4",), "i1")) == "incident_exists"


# -- shelving --------------------------------------------------------------------------------------------------------


def test_a_shelf_says_what_who_why_and_until_when(officer: Officer) -> None:
    officer.raise_alarm("a1")
    officer.shelve("a1", 15, "device", reason=" cobweb,\n call 13812345678 ")
    (shelf,) = officer.desk.shelves.values()
    assert (shelf.key, shelf.reason) == (("device", "C001"), "cobweb, call 138****5678")
    assert (shelf.actor, shelf.desk, shelf.shelved_at) == ("officer", "desk-1", START_AT)
    assert shelf.is_active(shelf.expires_at - 1)
    assert not shelf.is_active(shelf.expires_at)


@pytest.mark.parametrize(
    ("fields", "shelving", "rule"),
    [
        ({"priority": 1}, {}, "urgent_not_shelved"),
        ({"kind": "sos"}, {}, "emergency_not_shelved"),
        ({"priority": 2}, {"minutes": 30.1}, "shelf_end"),
        ({"priority": 4}, {"minutes": 481}, "shelf_end"),
        ({}, {"minutes": 0}, "shelf_end"),
        ({}, {"reason": " \u200b"}, "reason_missing"),
        ({}, {"reason": "x" * 201}, "alarm_reason_length"),
        ({}, {"scope": "city"}, "shelf_scope_unknown"),
        ({"camera": None}, {"scope": "device"}, "shelf_scope_unsaid"),
        ({"grid": None}, {"scope": "type_at_place"}, "shelf_scope_unsaid"),
    ],
)
def test_what_must_not_be_put_aside_is_refused_by_name(
    officer: Officer, fields: dict[str, Any], shelving: dict[str, Any], rule: str
) -> None:
    officer.raise_alarm("a1", **fields)
    with pytest.raises(Refusal) as refusal:
        officer.shelve("a1", **shelving)
    assert (refusal.value.rule, refusal.value.subject) == (rule, "a1")
    assert not officer.desk.shelves


def test_a_shelf_never_covers_what_is_more_urgent_than_what_it_was_made_for(officer: Officer) -> None:
    officer.raise_alarm("a3", 3)
    officer.shelve("a3", scope="device")
    (shelf,) = officer.desk.shelves.values()
    for priority, kind, covered in (
        (3, "smoke", True),
        (4, "crowd", True),
        (2, "smoke", False),
        (4, "sos", False),
    ):
        officer.raise_alarm(f"b{priority}{kind}", priority, kind)
        assert shelf.covers(officer.desk.alarms[f"b{priority}{kind}"]) is covered


def test_twice_at_once_is_refused_and_after_its_end_allowed(officer: Officer) -> None:
    officer.raise_alarm("a1")
    officer.raise_alarm("a2")
    officer.shelve("a1", scope="device")
    with pytest.raises(Refusal, match="shelved_already"):
        officer.shelve("a2", scope="device")
    officer.now += 15 * MINUTE_MS
    officer.shelve("a2", scope="device")
    assert len(officer.desk.shelves) == 2


def test_a_device_whose_alarm_has_ended_may_be_shelved_the_alarm_itself_may_not(officer: Officer) -> None:
    officer.raise_alarm("a1")
    officer.do(cmd.ClearAlarm("a1"))
    with pytest.raises(Refusal, match="alarm_ended"):
        officer.shelve("a1")
    officer.shelve("a1", scope="device")
    assert [shelf.device for shelf in officer.desk.shelves.values()] == ["C001"]


def test_unshelving_and_reviewing_go_on_record_while_it_lasts(officer: Officer) -> None:
    officer.raise_alarm("a1")
    officer.shelve("a1", 60)
    officer.now += 1000
    officer.do(cmd.ReviewShelved("s-a1-alarm"))
    shelf = officer.desk.shelves["s-a1-alarm"]
    assert (shelf.reviewed_by, shelf.reviewed_at) == ("officer", officer.now)
    assert shelf.is_reviewed(since=officer.now)
    assert not shelf.is_reviewed(since=officer.now + 1)
    officer.do(cmd.UnshelveAlarm("s-a1-alarm"))
    assert not officer.desk.shelves["s-a1-alarm"].is_active(officer.now)
    assert officer.refused(cmd.UnshelveAlarm("s-a1-alarm")) == "shelf_over"
    assert officer.refused(cmd.ReviewShelved("s-a1-alarm")) == "shelf_over"
    assert officer.refused(cmd.ReviewShelved("nothing")) == "shelf_unknown"


# -- shifts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "start", "end"), [(3, -4, 8), (8, 8, 20), (14.9, 8, 20), (20, 20, 32), (23.5, 20, 32)]
)
def test_a_shift_is_found_on_both_sides_of_midnight(hour: float, start: int, end: int) -> None:
    midnight = (START_AT + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS
    limits, now = AlarmLimits(), midnight + round(hour * 3_600_000)
    assert limits.shift_start(now) == midnight + start * 3_600_000
    assert limits.shift_end(now) == midnight + end * 3_600_000
    assert limits.review_is_due(limits.shift_end(now) - 1)
    assert not limits.review_is_due(limits.shift_end(now) - 31 * MINUTE_MS)
