"""What a phone lists of a run card: by level and place, and what was ticked whatever the level is by now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.centre.types_file import load_incident_types
from app.dispatch.run_card import PlaceRule, RunCard, Step, Words
from app.domain.incident import Incident
from app.domain.incident_parts import Tick
from app.domain.plain import replace as changed
from app.geo.district import Place
from app.link.field.view import checklist

TYPES = load_incident_types()
FIRE = Incident("i1", ("110:1",), "fire", 2, "smoke", 0, lat=31.22, lon=121.47)
NEAR = Place("L1", "school", "小学", "School", "", "", 31.2201, 121.4701)


def step(name: str, level: int = 1) -> Step:
    return Step(name, Words(name, name), level)


CARD = RunCard(
    "fire", Words("火警", "Fire"), {}, (),
    places=(PlaceRule("weak", frozenset({"school"}), 120.0, level=2),),
    tasks=(step("way"), step("gas", 2), step("lead", 3)), checklist=(step("trapped"), step("children", 2)),
)  # fmt: skip


def listed(incident: Incident, *places: Place) -> list[str]:
    return [item.id for item in checklist(incident, TYPES, {"fire": CARD}, places)]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, ["task.way", "check.trapped"]),
        (2, ["task.way", "task.gas", "check.trapped", "check.children"]),
        (3, ["task.way", "task.gas", "task.lead", "check.trapped", "check.children"]),
    ],
)
def test_tasks_join_with_the_level_that_an_officer_has_set(level: int, expected: list[str]) -> None:
    assert listed(changed(FIRE, alarm_level=level)) == expected


def test_near_a_school_the_list_begins_higher() -> None:
    assert listed(FIRE, NEAR) == listed(changed(FIRE, alarm_level=2))
    assert listed(FIRE, replace(NEAR, lat=31.23)) == listed(FIRE)
    assert listed(changed(FIRE, lat=None, lon=None), NEAR) == listed(FIRE)


def test_what_was_ticked_stays_in_its_place_when_the_level_sinks() -> None:
    ticked = changed(FIRE, alarm_level=1, ticks=(Tick("task.gas", "p1", 5),))
    assert listed(ticked) == ["task.way", "task.gas", "check.trapped"]


def test_a_tick_of_no_line_lists_nothing() -> None:
    assert listed(changed(FIRE, ticks=(Tick("task.strange", "p1", 5),))) == listed(FIRE)
