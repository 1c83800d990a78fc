"""The alarm level of an incident: a fact of its own, set when units are sent or by itself; ticks outlive it."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.errors import Refusal
from tests.unit.domain.desk_driver import DeskDriver


@pytest.fixture
def driver() -> DeskDriver:
    driver = DeskDriver()
    driver.report("i1")
    return driver


def test_sending_at_a_level_sets_it_in_the_same_step(driver: DeskDriver) -> None:
    events = driver.do(cmd.DispatchUnits("i1", ("p1",), level=2))
    assert ev.IncidentAlarmLevelSet("i1", 2) in events
    assert driver.desk.incidents["i1"].alarm_level == 2
    again = driver.do(cmd.DispatchUnits("i1", ("p2",), level=2))
    assert not any(isinstance(event, ev.IncidentAlarmLevelSet) for event in again)


def test_sending_without_a_level_leaves_it(driver: DeskDriver) -> None:
    driver.do(cmd.SetAlarmLevel("i1", 3))
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert driver.desk.incidents["i1"].alarm_level == 3


def test_what_is_ticked_stays_when_the_level_changes(driver: DeskDriver) -> None:
    driver.do(cmd.TickItem("i1", "task.way", True))
    driver.do(cmd.SetAlarmLevel("i1", 2))
    driver.do(cmd.SetAlarmLevel("i1", 1))
    assert driver.desk.incidents["i1"].tick("task.way") is not None
    assert driver.do(cmd.SetAlarmLevel("i1", 1)) == []


@pytest.mark.parametrize("level", [0, 4, -1])
def test_another_level_there_is_not(driver: DeskDriver, level: int) -> None:
    with pytest.raises(Refusal, match="alarm_level_unknown"):
        driver.do(cmd.SetAlarmLevel("i1", level))


def test_the_level_of_what_has_ended_stays(driver: DeskDriver) -> None:
    driver.do(cmd.WithdrawIncident("i1", "nothing there"))
    with pytest.raises(Refusal, match="incident_ended"):
        driver.do(cmd.SetAlarmLevel("i1", 2))
