"""The alarms of a drill without a window: which become incidents by which policy, and that it adds up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.config import default_district
from app.domain import events as ev
from app.domain.alarm_limits import AlarmLimits
from app.domain.commands import AcceptAlarms, AttachAlarms, Command
from app.domain.incident import Incident
from app.drill.alarms import NAME, AlarmRule, LaneOfficer, load_alarm_rule
from app.drill.options import NEAREST, NONE
from app.paths import bundled_data_dir
from app.projections.projections import Projections
from tests.unit.drill.test_run import Played, played

BUNDLED = bundled_data_dir() / NAME
SECOND_MS = 1000
BEGAN_AT = 1_767_571_200_000
RULE = AlarmRule({1: 15_000, 2: 30_000, 3: 90_000}, 150.0, 30 * 60_000)
SCENARIO = """
title = {zh = "告警小演练", en = "Small, with alarms"}
seed = 5
stories_per_s = 0
duration_s = 600

# A flood at one place, the half of it told when the first have become an incident.
[[inject]]
at_s = 10.0
template = "alarm_water"
place = "红旗二村"
count = 8
every_s = 20.0

# A call for help whose source says that all is well: it stays.
[[inject]]
at_s = 20.0
template = "alarm_one_key"
place = "铁路新村"
clear_after_s = 5.0

# Over before anybody has looked through the camera.
[[inject]]
at_s = 30.0
template = "alarm_smoke"
where = "camera"
clear_after_s = 10.0

# For the technicians.
[[inject]]
at_s = 40.0
template = "alarm_occlusion"
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "alarms.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def of_alarms(found: Played) -> list[ev.IncidentReported]:
    return [event for event in found.events(ev.IncidentReported) if event.source == "alarm"]


async def test_what_deserves_it_becomes_an_incident_that_is_served(scenario: Path) -> None:
    found = await played(scenario)
    assert [event.incident_type for event in of_alarms(found)] == ["one_key", "water"]
    assert found.metrics["alarms"] == {"raised": 11, "accepted": 9, "incidents": 2, "cleared": 1, "left": 1}
    assert found.metrics["incidents"] == found.metrics["arrived"] == 2
    assert found.metrics["orders_refused"] == {}
    (standing,) = found.report["alarms"]
    assert standing["type"] == "occlusion"
    (flood,) = (one for one in found.report["incidents"] if one["type"] == "water")
    assert len(flood["source_ids"]) == 8, "one matter, also what came after it was accepted"


async def test_alarms_have_stood_for_as_long_as_is_declared(scenario: Path) -> None:
    found = await played(scenario)
    raised = {event.alarm: event.priority for event in found.events(ev.AlarmRaised)}
    at = {(type(r.event), getattr(r.event, "alarm", "")): r.occurred_at for r in found.records}
    for event in of_alarms(found):
        alarm = event.source_event
        stood_ms = at[ev.AlarmAccepted, alarm] - at[ev.AlarmRaised, alarm]
        assert stood_ms == RULE.stands_ms[raised[alarm]]


@pytest.mark.parametrize("policy", [NEAREST, NONE])
async def test_by_the_other_policies_alarms_are_left_and_counted(scenario: Path, policy: str) -> None:
    found = await played(scenario, policy)
    assert of_alarms(found) == []
    assert found.metrics["alarms"] == {"raised": 11, "accepted": 0, "incidents": 0, "cleared": 1, "left": 10}


async def test_without_alarms_nothing_is_said_of_them_and_the_same_comes_twice_to_the_same(
    scenario: Path,
) -> None:
    first, second = await played(scenario), await played(scenario)
    assert first.records == second.records
    assert json.dumps(first.report, sort_keys=True) == json.dumps(second.report, sort_keys=True)
    quiet = scenario.with_name("quiet.toml")
    quiet.write_text(SCENARIO[: SCENARIO.index("# A flood")], encoding="utf-8")
    assert "alarms" not in (await played(quiet)).metrics


# -- the rule --------------------------------------------------------------------------------------------------------


class Lane:
    """The officer at a lane of alarms that a test raises."""

    def __init__(self, *incidents: Incident) -> None:
        self.projections = Projections([], AlarmLimits())
        for incident in incidents:
            self.projections.desk.incidents[incident.id] = incident
        self.officer = LaneOfficer(RULE, load_incident_types(), lambda: self.projections)

    def raised(
        self, alarm: str, at_s: float, kind: str = "water", priority: int = 3, grid: str = "g1"
    ) -> None:
        event = ev.AlarmRaised(
            alarm, "sensor", alarm, kind, priority, kind, 31.22, 121.47, grid, None,
            device=f"d-{alarm}", emergency=kind == "one_key",
        )  # fmt: skip
        self._fold(f"alarm/{alarm}", event, at_s)

    def _fold(self, stream: str, event: ev.Event, at_s: float) -> None:
        at = BEGAN_AT + round(at_s * SECOND_MS)
        self.projections.desk.apply(stream, event, at, at, "feed:x", "desk-1")
        alarm = self.projections.desk.alarms[stream.partition("/")[2]]
        self.projections.alarm_lane.put(alarm, at, is_new=isinstance(event, ev.AlarmRaised))

    def cleared(self, alarm: str, at_s: float) -> None:
        self._fold(f"alarm/{alarm}", ev.AlarmCleared(alarm), at_s)

    def chatters(self, device: str, at_s: float) -> None:
        """One device again and again, the last time for good."""
        for turn in range(6):
            name = f"{device}{turn}"
            event = ev.AlarmRaised(
                name, "sensor", name, "water", 3, "water", 31.22, 121.47, "g9", None, device=device
            )
            self._fold(f"alarm/{name}", event, at_s + turn)
            if turn < 5:
                self.cleared(name, at_s + turn + 0.5)

    def wishes(self, at_s: float) -> list[Command]:
        return self.officer.wishes(BEGAN_AT + round(at_s * SECOND_MS))

    @property
    def next_s(self) -> float | None:
        at = self.officer.next_at()
        return None if at is None else (at - BEGAN_AT) / SECOND_MS


def known(incident_type: str, opened_s: float, grid: str = "g1", status: str = "accepted") -> Incident:
    at = BEGAN_AT + round(opened_s * SECOND_MS)
    return Incident("i1", ("110:1",), incident_type, 2, "", at, grid=grid, status=status)


def test_a_row_is_one_incident_and_each_alarm_is_decided_on_once() -> None:
    lane = Lane()
    lane.raised("a1", 0)
    lane.raised("a2", 10)
    assert lane.next_s == 90
    assert lane.wishes(89.999) == []
    (wish,) = lane.wishes(90)
    assert isinstance(wish, AcceptAlarms) and wish.alarms == ("a1", "a2")
    assert lane.wishes(90) == [] and lane.next_s is None, "a wish that a rule refused is not tried for ever"


def test_the_most_urgent_comes_first_and_an_emergency_stays_alone() -> None:
    lane = Lane(known("one_key", 0))
    lane.raised("w", 0)
    lane.raised("k", 70, "one_key", 2)
    first, second = lane.wishes(120)
    assert isinstance(first, AcceptAlarms) and first.alarms == ("k",)
    assert isinstance(second, AcceptAlarms) and second.alarms == ("w",)


@pytest.mark.parametrize(
    ("incident", "joined"),
    [
        (known("smoke", 0), True),
        (known("fire", 0), True),
        (known("fire", 0, grid="g2"), False),
        (known("traffic", 0), False),
        (known("fire", -1_800), False),
        (known("fire", 0, status="closed"), False),
    ],
    ids=["same type", "same run card", "elsewhere", "another card", "long ago", "ended"],
)
def test_what_an_open_incident_near_by_tells_already_is_joined_to_it(
    incident: Incident, joined: bool
) -> None:
    lane = Lane(incident)
    lane.raised("s", 0, "smoke", 2)
    (wish,) = lane.wishes(30)
    assert isinstance(wish, AttachAlarms if joined else AcceptAlarms)
    assert (wish.incident == "i1") == joined


def test_what_chatters_what_is_over_and_what_is_for_technicians_is_left() -> None:
    lane = Lane()
    lane.chatters("c", 0)
    lane.raised("p4", 0, "occlusion", 4, "g2")
    lane.raised("gone", 0, grid="g3")
    lane.cleared("gone", 20)
    assert lane.wishes(200) == []
    assert lane.next_s is None


def test_more_than_one_command_holds_are_given_in_several() -> None:
    lane = Lane()
    for number in range(450):
        lane.raised(f"a{number:03}", number / 10)
    accept, *attach = lane.wishes(90)
    assert isinstance(accept, AcceptAlarms) and len(accept.alarms) == 200
    assert [type(one) for one in attach] == [AttachAlarms, AttachAlarms]
    assert {one.incident for one in attach if isinstance(one, AttachAlarms)} == {accept.incident}


# -- the file --------------------------------------------------------------------------------------------------------


def test_the_bundled_rule_is_the_one_that_is_told() -> None:
    assert load_alarm_rule(default_district()) == RULE


@pytest.mark.parametrize(
    ("said", "line", "field"),
    [
        ("[accept]\nP1.stands_s = -1\n", 2, "accept.P1.stands_s"),
        ("[accept]\nP1.stands_s = 'x'\n", 2, "accept.P1.stands_s"),
        ("[accept]\nP1.stands_s = 1e9\n", 2, "accept.P1.stands_s"),
        ("[accept]\nP5.stands_s = 1\n", 2, "accept.P5"),
        ("[accept]\nP2.waits_s = 1\n", 2, "accept.P2.waits_s"),
        ("[accept]\nP2 = 3\n", 2, "accept.P2"),
        ("[join]\n\nwithin_m = true\n", 3, "join.within_m"),
        ("[join]\nwithin_km = 1\n", 2, "join.within_km"),
        ("[joined]\n", 1, "joined"),
    ],
)
def test_a_wrong_entry_names_its_place(tmp_path: Path, said: str, line: int, field: str) -> None:
    own = tmp_path / NAME
    own.write_text(said, encoding="utf-8")
    with pytest.raises(DeclarationFault) as told:
        load_alarm_rule(files=[BUNDLED, own])
    assert (told.value.file, told.value.line, told.value.field) == (own, line, field)
