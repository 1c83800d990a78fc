"""Units that call for help themselves, from the call until they have been helped."""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain.distress import units_in_distress
from tests.unit.domain.desk_driver import DeskDriver

CALL = cmd.RaiseAlarm("e1", "field", "e1", "officer_down", 1, "P1 calls", device="unit:p1")


def test_a_unit_is_in_distress_from_its_call_until_its_incident_ends() -> None:
    driver = DeskDriver()
    driver.do(cmd.RaiseAlarm("r1", "field", "r1", "roll_overdue", 1, "silent", device="roll:p2"))
    assert units_in_distress(driver.desk) == set()
    driver.do(CALL)
    assert units_in_distress(driver.desk) == {"p1"}
    driver.do(cmd.AcceptAlarm("e1", "i1"))
    assert units_in_distress(driver.desk) == {"p1"}
    driver.report("i2", 1)
    driver.do(cmd.MergeIncident("i1", "i2"))
    assert units_in_distress(driver.desk) == {"p1"}
    driver.do(cmd.WithdrawIncident("i2", "all well"))
    assert units_in_distress(driver.desk) == set()


def test_a_call_that_a_person_has_ended_is_over() -> None:
    driver = DeskDriver()
    driver.do(CALL)
    driver.do(cmd.CancelAlarms(("e1",), "pressed by mistake"))
    assert units_in_distress(driver.desk) == set()
