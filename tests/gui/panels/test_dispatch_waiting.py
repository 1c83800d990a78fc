"""Busy units that are soon free, read in the panel and on the sheet of all that waits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.dispatch_desk import centre
from widgets.panels.dispatch import DispatchPanel

Key = Qt.Key
AGO_MIN = 29
"""So long the busy ambulance has been on scene: by the centre's times its work takes half an hour at most."""


@pytest.fixture
def panel(dispatch_panel: DispatchPanel) -> DispatchPanel:
    return dispatch_panel


def busy_ambulance(desk: DeskUnderTest) -> None:
    """d1 works in the middle of the district and is nearly done; the other two medical teams are off duty."""
    desk.report("first", incident_type="medical", **centre(desk))
    desk.do(
        cmd.DispatchUnits("first", ("d1",)),
        cmd.SetUnitStatus("d2", "off_duty"),
        cmd.SetUnitStatus("d3", "off_duty"),
    )
    at = desk.app.clock.now() - AGO_MIN * 60_000
    arrived = cmd.SetUnitStatus("d1", "on_scene", "first")
    desk.run(desk.app.bus.submit(arrived, replace(desk.app.context(), occurred_at=at)))
    desk.app.positions.put(TrackPoint("d1", desk.app.clock.now(), *centre(desk).values()))
    desk.settle()


def open_for(desk: DeskUnderTest, panel: DispatchPanel, incident: str) -> list[str]:
    panel.show_incident(incident)
    desk.wait_until(lambda: panel.is_settled and panel._advice is not None)
    panel.view.setFocus()
    return [row.text for row in panel.advice_head.lines.rows]


def test_the_busy_one_that_would_be_there_first_is_named_and_picked_with_a_click(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    busy_ambulance(desk)
    desk.report("second", incident_type="medical", priority=3, **centre(desk))
    lines = open_for(desk, panel, "second")
    assert any(re.fullmatch(r"急救01 约 1 分后空出，\d 分可到；现在无人可派", line) for line in lines)
    assert panel.recommended == ()
    with desk.qtbot.waitSignal(panel.unit_picked) as picked:
        panel.advice_head.lines.picked.emit("d1")
    assert picked.args == ["d1"]


def test_what_waits_is_listed_with_whom_for_and_is_not_sent(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    busy_ambulance(desk)
    desk.report("second", incident_type="medical", priority=3, **centre(desk))
    desk.report("crowd", priority=3, **centre(desk))
    open_for(desk, panel, "second")
    QTest.keyClick(panel.view, Key.Key_J)
    desk.wait_until(lambda: panel.joint.advice is not None)
    rows = {row.key: row for row in panel.joint.list.rows}
    waits = rows["second"].text.splitlines()[1]
    assert re.fullmatch(r"等 急救01：约 1 分后空出，\d 分可到；现在无人可派", waits)
    assert "1 个缺口等在办力量" in panel.joint.saving.text()
    QTest.keyClick(panel.joint, Key.Key_D)
    incidents = desk.bridge.desk.incidents
    desk.wait_until(lambda: bool(incidents["crowd"].units) and panel.pages.currentWidget() is not panel.joint)
    assert incidents["second"].units == ()
    assert desk.bridge.desk.units["d1"].incident == "first"
    desk.do(cmd.SetUnitStatus("d1", "available", "first"))
    desk.wait_until(lambda: panel.is_settled and panel.recommended == ("d1",))
