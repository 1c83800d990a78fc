"""What the hand on the map means in the other panels of a whole console."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest, Opened
from widgets import actions as act
from widgets.console import Console
from widgets.panels.map import MapPanel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support|does not support raise", extend=True)


def map_of(console: Console) -> MapPanel:
    panel = console.panel("map")
    assert isinstance(panel, MapPanel)
    return panel


def panel_of(console: Console, name: str) -> Any:
    return console.panel(name)


def menu_item(console: Console, things: list[tuple[str, str]], name: str) -> Any:
    menu = map_of(console).tools.menu.menu_for(things, 31.2211, 121.475)
    return next(item for item in menu.actions() if item.objectName() == name)


@pytest.mark.parametrize("action", [act.ESCALATE, act.CLOSE, act.WITHDRAW])
def test_a_form_opens_on_the_card_of_that_incident(
    opened: Opened, desk: DeskUnderTest, action: act.Action
) -> None:
    console = opened()
    desk.report("i1", lat=31.2211, lon=121.475)
    menu_item(console, [("incident", "i1")], action.id).trigger()
    assert console.selection.incident == "i1"
    assert panel_of(console, "card").sheet.isVisible()


def test_a_recall_is_asked_for_on_the_board(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    unit = desk.app.district.units[0].id
    desk.report("i1", lat=31.2211, lon=121.475)
    desk.do(cmd.AcceptIncident("i1"), cmd.DispatchUnits("i1", (unit,)))
    menu_item(console, [("unit", unit)], "recall").trigger()
    board = panel_of(console, "units")
    assert board.recall_bar.isVisible()
    assert (board.recall_bar.unit, board.recall_bar.incident) == (unit, "i1")


def test_units_of_a_rectangle_are_ticked_and_sent_by_the_dispatch_panel(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    desk.report("i1", lat=31.2211, lon=121.475)
    desk.do(cmd.AcceptIncident("i1"))
    console.selection.select_incident("i1")
    units = [unit.id for unit in desk.app.district.units[:3]]
    chosen = map_of(console).tools.chosen
    chosen.choose([("unit", unit) for unit in units])
    QTest.mouseClick(chosen.bar.send, Qt.MouseButton.LeftButton)
    dispatch = panel_of(console, "dispatch")
    desk.wait_until(lambda: dispatch.is_settled and dispatch.candidates.get(units[0]) is not None)
    can_go = [unit for unit in units if dispatch.candidates.get(unit).can_be_sent]
    assert can_go
    assert set(dispatch.chosen) == set(can_go)
    dispatch.send()
    desk.wait_until(lambda: set(desk.bridge.desk.incidents["i1"].units) == set(can_go))


def test_the_wall_turns_to_a_camera_and_to_what_is_near(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    wall = panel_of(console, "wall")
    camera = desk.app.district.cameras[20]
    menu_item(console, [("camera", camera.id)], "wall").trigger()
    assert console.selection.camera == camera.id
    assert camera.id in wall._pages.on_page()
    first = desk.app.district.cameras[7]
    map_of(console).tools.menu.near_wanted.emit(first.lat, first.lon)
    assert wall._pages.on_page()[0] == first.id


def test_a_report_from_the_ground_has_its_place(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    menu_item(console, [], "here").trigger()
    assert console.report_sheet.isVisible()
    assert console.report_sheet.point == pytest.approx((31.2211, 121.475))


def test_buttons_and_menu_open_the_sheets(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    tools = map_of(console).tools
    for name, sheet in (("bookmarks", tools.bookmarks.sheet), ("export", tools.export.sheet)):
        button: Any = map_of(console).view.findChild(QToolButton, f"map_{name}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert sheet.isVisible()
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    menu_item(console, [], "export").trigger()
    assert tools.export.sheet.isVisible()
    assert map_of(console).view.lat_lon_at(QPointF(1, 1))


def test_who_looks_at_a_unit_in_the_dispatch_list_keeps_his_incident_on_the_map(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    desk.report("i1", lat=31.2211, lon=121.475)
    unit = desk.app.district.units[0].id
    console.wiring.dispatch("i1")
    panel_of(console, "dispatch").unit_picked.emit(unit)
    scene = map_of(console).view.scene
    assert (scene.selected, scene.chosen_incident) == (("unit", unit), "i1")
    console.selection.select_unit("")
    assert scene.chosen_incident == "i1"
    console.selection.select_incident("")
    assert scene.chosen_incident == ""
