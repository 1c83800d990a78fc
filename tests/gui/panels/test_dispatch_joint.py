"""All that waits, solved together on a sheet beside the dispatch panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.dispatch_desk import centre, crowd, press
from widgets.panels import joint_sheet
from widgets.panels.dispatch import DispatchPanel

Key = Qt.Key


@pytest.fixture
def panel(dispatch_panel: DispatchPanel) -> DispatchPanel:
    return dispatch_panel


def test_all_that_waits_is_solved_and_sent_with_two_keys(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    desk.report("i2", priority=1, **centre(desk))
    desk.wait_until(lambda: panel.is_settled)
    press(panel, Key.Key_J)
    desk.wait_until(lambda: panel.joint.advice is not None)
    assert panel.joint.is_open
    assert [errand.incident.id for errand in panel.joint.advice.errands] == ["i2", "i1"]
    going = [unit for errand in panel.joint.advice.errands for unit, _ in errand.units]
    assert len(going) == len(set(going)) == panel.joint.advice.unit_count
    QTest.keyClick(panel.joint, Key.Key_D)
    desk.wait_until(lambda: all(desk.bridge.desk.incidents[key].units for key in ("i1", "i2")))
    desk.wait_until(lambda: not panel.joint.is_open)


def test_one_is_struck_out_of_the_plan_and_who_still_has_nobody_is_told(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    crowd(desk, panel)
    desk.report("i2", priority=1, **centre(desk))
    desk.report("bare", "老人晕倒", priority=2, incident_type="medical", **centre(desk))
    for unit in ("d1", "d2", "d3"):
        desk.do(cmd.SetUnitStatus(unit, "off_duty"))
    press(panel, Key.Key_J)
    sheet = panel.joint
    desk.wait_until(lambda: sheet.advice is not None)
    keys = [row.key for row in sheet.list.rows]
    shown_rows = [row.text for row in sheet.list.rows]
    assert sheet.advice is not None
    assert sheet.advice.errands[0].is_bare, "first who has nobody"
    assert "覆盖" in sheet.cover.text()
    struck = next(one.incident.id for one in sheet.advice.errands if one.units)
    for _ in range(keys.index(struck)):
        QTest.keyClick(sheet, Key.Key_Down)
    kept = {one.incident.id for one in sheet.going} - {struck}
    all_go = sum(len(one.units) for one in sheet.advice.errands)
    assert f"派 {all_go} 队" in sheet.saving.text()
    QTest.keyClick(sheet, Key.Key_Space)
    assert next(row.note for row in sheet.list.rows if row.key == struck) == "不派"
    assert {one.incident.id for one in sheet.going} == kept
    left = sum(len(one.units) for one in sheet.going)
    assert f"派 {left} 队" in sheet.saving.text(), "as the button below it says"
    assert "另 1 起不派" in sheet.saving.text()
    assert sheet.send_button.isEnabled() is bool(kept)
    QTest.keyClick(sheet, Key.Key_Space)
    QTest.keyClick(sheet, Key.Key_D)
    desk.wait_until(lambda: not sheet.is_open)
    assert desk.bridge.desk.incidents[struck].units
    assert "仍无人可派" in panel.refusal.text
    assert any("没有可派的：急救 1" in text for text in shown_rows)


def test_a_plan_that_has_stood_for_long_is_not_sent_unless_it_still_holds(
    desk: DeskUnderTest, panel: DispatchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_sheet, "FRESH_MS", -1)
    crowd(desk, panel)
    press(panel, Key.Key_J)
    sheet = panel.joint
    desk.wait_until(lambda: sheet.advice is not None)
    desk.do(cmd.SetUnitStatus("p1", "off_duty"))
    QTest.keyClick(sheet, Key.Key_D)
    desk.wait_until(lambda: "重算" in sheet.refusal.text)
    assert desk.bridge.desk.incidents["i1"].units == ()
    new = {unit for errand in sheet.going for unit, _ in errand.units}
    assert "p1" not in new
    QTest.keyClick(sheet, Key.Key_D)
    desk.wait_until(lambda: set(desk.bridge.desk.incidents["i1"].units) == new)
