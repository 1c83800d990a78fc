"""The story of a unit on its sheet: what it did, from its menu, kept up, and closed with Esc."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.roles import SYSTEM
from app.i18n import set_language, tr
from app.projections.unit_timeline import MOST_LINES
from tests.gui.conftest import DeskUnderTest
from widgets.panels.map import MapPanel


@pytest.fixture
def panel(desk: DeskUnderTest) -> MapPanel:
    panel = MapPanel(desk.bridge)
    desk.qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    desk.settle()
    return panel


def from_position(desk: DeskUnderTest, command: cmd.Command) -> None:
    desk.run(desk.app.bus.submit(command, cmd.Context("geofence", SYSTEM, "desk-1", desk.app.clock.now())))
    desk.settle()


def open_story(desk: DeskUnderTest, panel: MapPanel, unit: str) -> None:
    menu = panel.tools.menu.menu_for([("unit", unit)], 31.2, 121.4)
    next(action for action in menu.actions() if action.objectName() == "story").trigger()
    desk.wait_until(lambda: bool(panel.unit_story.sheet.lines.lines))


def texts(panel: MapPanel) -> list[str]:
    return [line.what for line in panel.unit_story.sheet.lines.lines]


def test_every_thing_a_unit_does_is_a_line_the_newest_first(desk: DeskUnderTest, panel: MapPanel) -> None:
    set_language("en")
    panel.retranslate()
    unit, district = desk.app.district.units[0].id, desk.app.district
    desk.report("i1")
    number = desk.app.projections.desk.incidents["i1"].number
    desk.do(cmd.AcceptIncident("i1"), cmd.DispatchUnits("i1", (unit,)), cmd.AnswerTask(unit, "i1", True))
    desk.do(cmd.SetUnitStatus(unit, un.EN_ROUTE, "i1"))
    from_position(desk, cmd.ObserveUnitArea(unit, un.DISTRICT, district.code, False))
    from_position(desk, cmd.SetUnitStatus(unit, un.ON_SCENE, "i1"))
    open_story(desk, panel, unit)
    assert texts(panel) == [
        f"On scene at {number}",
        "Left the district",
        f"En route to {number}",
        f"Accepted {number}",
        f"Sent to {number}",
    ]
    assert panel.unit_story.sheet.lines.lines[0].who == "from its position"
    set_language("zh_CN")
    panel.retranslate()
    desk.wait_until(lambda: texts(panel)[:1] == [tr("unit_story.on_scene", incident=number)])


def test_what_happens_while_it_is_open_is_added_and_escape_closes_it(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    unit = desk.app.district.units[0].id
    desk.do(cmd.SetUnitStatus(unit, un.OFF_DUTY))
    open_story(desk, panel, unit)
    assert texts(panel) == [tr("terms.unit_status.off_duty")]
    desk.do(cmd.SetUnitStatus(unit, un.AVAILABLE))
    desk.wait_until(lambda: len(texts(panel)) == 2)
    QTest.keyClick(panel.unit_story.sheet, Qt.Key.Key_Escape)
    assert not panel.unit_story.sheet.isVisible()
    desk.do(cmd.SetUnitStatus(unit, un.OFF_DUTY))
    assert len(texts(panel)) == 2


def test_a_unit_that_did_nothing_says_so(desk: DeskUnderTest, panel: MapPanel) -> None:
    panel.unit_story.show(desk.app.district.units[1].id)
    desk.wait_until(lambda: panel.unit_story.sheet.lines.note == tr("unit_story.empty"))
    assert panel.unit_story.sheet.isVisible()


def test_of_a_long_life_the_newest_lines_are_read(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = desk.app.district.units[0].id
    for n in range(MOST_LINES + 6):
        context = desk.app.context()
        status = un.OFF_DUTY if n % 2 == 0 else un.AVAILABLE
        desk.run(desk.app.bus.submit(cmd.SetUnitStatus(unit, status), context))
    desk.settle()
    lines = desk.run(desk.app.unit_timeline(unit))
    assert len(lines) == MOST_LINES
    assert lines[-1].seq == desk.app.projections.seq
