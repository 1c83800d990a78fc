"""The hand on the map: menus of what is under the pointer, rectangles, keys. Everything through real mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain import commands as cmd
from app.domain.errors import StreetdeskError
from app.geo.coordinates import to_wgs84
from app.i18n import set_language
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets import actions as act
from widgets.map.things import place_of
from widgets.panels.map import MapPanel
from widgets.panels.map_menu import ActionMenu

# Menus that pop up ask for what there is only with a window system.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(desk: DeskUnderTest) -> MapPanel:
    panel = MapPanel(desk.bridge)
    desk.qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.view.set_reduced_motion(True)  # nobody waits for three pulses
    panel.show()
    desk.settle()
    desk.wait_until(lambda: panel.view.idle)
    return panel


def report_at(desk: DeskUnderTest, panel: MapPanel, incident: str, at: QPoint, **fields: object) -> None:
    """An incident that stands at a point of the map as it is seen now."""
    panel.view.set_locked(True)
    lat, lon = panel.view.lat_lon_at(QPointF(at))
    desk.report(incident, lat=lat, lon=lon, **fields)
    desk.wait_until(lambda: panel.view.idle)


def put_unit(desk: DeskUnderTest, panel: MapPanel, number: int, at: QPoint) -> str:
    panel.view.set_locked(True)
    unit = desk.app.district.units[number].id
    desk.app.positions.put(TrackPoint(unit, desk.app.clock.now(), *panel.view.lat_lon_at(QPointF(at))))
    desk.settle()
    desk.wait_until(lambda: panel.view.idle)
    return unit


def right_click(panel: MapPanel, at: QPoint) -> ActionMenu:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.view.mapToGlobal(at))
    QApplication.sendEvent(panel.view, event)
    menu = panel.tools.opened_menu
    assert menu is not None
    return menu


def empty_spot(panel: MapPanel) -> QPoint:
    """A point of the map far from every symbol."""
    from widgets.map.things import things_at

    for x in range(200, 700, 12):
        for y in range(80, 460, 12):
            if not any(kind != "grid" for kind, _ in things_at(panel.view, QPointF(x, y))):
                return QPoint(x, y)
    raise AssertionError("no empty spot")


def names_of(menu: ActionMenu) -> list[str]:
    return [item.menu().objectName() if item.menu() else item.objectName() for item in menu.actions()]


def camera_is_drawn(panel: MapPanel, camera: str) -> bool:
    painter = panel.view.frame.cameras
    return any(painter.layer.marks[int(slot)].key == camera for slot in painter.slots)


def item(menu: ActionMenu, name: str) -> Any:
    return next(each for each in menu.actions() if each.objectName() == name)


def submenu(menu: ActionMenu, name: str) -> ActionMenu:
    found = next(each.menu() for each in menu.actions() if each.menu() and each.menu().objectName() == name)
    assert isinstance(found, ActionMenu)
    return found


REFUSED = "another desk was quicker"


def refusing(_submit: object) -> Callable[..., Coroutine[Any, Any, None]]:
    """A bus in front of which another desk was quicker."""

    async def refuse(*_args: object) -> None:
        raise StreetdeskError(REFUSED)

    return refuse


# -- the menu ----------------------------------------------------------------------------------------------------------


def test_the_menu_of_an_incident_has_its_actions_with_their_keys_and_greys_what_makes_no_sense(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    menu = right_click(panel, spot)
    assert set(names_of(menu)) >= {action.id for action in act.INCIDENT_ACTIONS}
    enabled = {action.id for action in act.INCIDENT_ACTIONS if item(menu, action.id).isEnabled()}
    target = act.target_of(desk.bridge.desk, "i1", role=desk.app.config.role)
    assert not act.SUPERVISE.enabled(target)  # a lead's
    assert enabled == {action.id for action in act.INCIDENT_ACTIONS if action.enabled(target)}
    assert item(menu, "dispatch").text().endswith("\tD")
    menu.close()


def test_an_action_without_a_form_is_done_at_once_by_the_key_that_the_menu_shows(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    menu = right_click(panel, spot)
    QTest.keyClick(menu, Qt.Key.Key_A)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].status == "accepted")
    assert panel.tools.opened_menu is None


def test_an_action_with_a_form_is_asked_for_where_its_form_is(desk: DeskUnderTest, panel: MapPanel) -> None:
    asked: list[tuple[str, str]] = []
    panel.tools.menu.form_wanted.connect(lambda incident, action: asked.append((incident, action.id)))
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    menu = right_click(panel, spot)
    item(menu, "escalate").trigger()
    item(menu, "dispatch").trigger()
    menu.close()
    assert asked == [("i1", "escalate"), ("i1", "dispatch")]


def test_what_was_refused_meanwhile_is_told_on_the_map(desk: DeskUnderTest, panel: MapPanel) -> None:
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    menu = right_click(panel, spot)
    desk.app.bus.submit = refusing(desk.app.bus.submit)  # type: ignore[method-assign]
    item(menu, "accept").trigger()
    menu.close()
    desk.wait_until(panel.tools.told.isVisible)
    assert panel.tools.told.failed
    assert desk.bridge.desk.incidents["i1"].number[-3:] in panel.tools.told.text.text
    assert panel.tools.told.text.text.endswith(REFUSED)


def test_several_things_under_one_point_have_a_submenu_each_in_the_order_of_the_layers(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    spot = empty_spot(panel)
    unit = put_unit(desk, panel, 0, spot)
    report_at(desk, panel, "i1", spot)
    menu = right_click(panel, spot)
    subs = [name for name in names_of(menu) if "/" in name]
    assert subs[:2] == ["incident/i1", f"unit/{unit}"]
    assert "accept" in names_of(submenu(menu, "incident/i1"))
    assert "recall" in names_of(submenu(menu, f"unit/{unit}"))
    menu.close()


def test_a_unit_shows_the_way_to_its_task_and_is_recalled_through_the_form(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    spot = empty_spot(panel)
    unit = put_unit(desk, panel, 0, spot)
    desk.report("far")
    desk.do(cmd.AcceptIncident("far"), cmd.DispatchUnits("far", (unit,)))
    tasks: list[str] = []
    forms: list[tuple[str, str]] = []
    panel.tools.menu.task_wanted.connect(tasks.append)
    panel.tools.menu.unit_form_wanted.connect(lambda unit, action: forms.append((unit, action.id)))
    menu = right_click(panel, spot)
    item(menu, "task").trigger()
    item(menu, "recall").trigger()
    item(menu, "en_route").trigger()
    menu.close()
    desk.wait_until(lambda: desk.bridge.desk.units[unit].status == "en_route")
    assert (tasks, forms) == (["far"], [(unit, "recall")])


def test_a_camera_is_shown_on_the_wall_and_begins_an_incident(desk: DeskUnderTest, panel: MapPanel) -> None:
    camera = desk.app.district.cameras[0]
    panel.view.fly_to(camera.lat, camera.lon, 18.0)
    desk.wait_until(lambda: not panel.view.view.gliding and camera_is_drawn(panel, camera.id))
    at = place_of(panel.view, ("camera", camera.id))
    assert at is not None
    told: list[tuple[str, str]] = []
    panel.tools.menu.wall_wanted.connect(lambda key: told.append(("wall", key)))
    panel.incident_from_camera.connect(lambda key: told.append(("report", key)))
    menu = right_click(panel, at.toPoint())
    own = menu if "wall" in names_of(menu) else submenu(menu, f"camera/{camera.id}")
    item(own, "wall").trigger()
    item(own, "incident_from_camera").trigger()
    menu.close()
    assert told == [("wall", camera.id), ("report", camera.id)]


def test_the_bare_ground_takes_a_report_shows_cameras_and_begins_a_measure(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    spot = empty_spot(panel)
    places: list[tuple[float, float]] = []
    panel.incident_at.connect(lambda lat, lon: places.append((lat, lon)))
    panel.tools.menu.near_wanted.connect(lambda lat, lon: places.append((lat, lon)))
    menu = right_click(panel, spot)
    item(menu, "here").trigger()
    item(menu, "near").trigger()
    item(menu, "measure").trigger()
    menu.close()
    here = panel.view.lat_lon_at(QPointF(spot))
    assert places == [pytest.approx(here), pytest.approx(here)]
    tool = panel.view.sketching.tool
    assert (tool.kind, tool.points) == ("line", [pytest.approx(here)])
    panel.view.sketching.stop()


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
def test_coordinates_are_copied_in_the_system_that_was_asked_for(
    desk: DeskUnderTest, panel: MapPanel, system: str
) -> None:
    spot = empty_spot(panel)
    menu = right_click(panel, spot)
    item(submenu(menu, "copy"), system).trigger()
    menu.close()
    lat, lon = map(float, QGuiApplication.clipboard().text().split(","))
    assert to_wgs84(lat, lon, system) == pytest.approx(panel.view.lat_lon_at(QPointF(spot)), abs=1e-5)
    assert panel.tools.told.isVisible()
    assert not panel.tools.told.failed


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_the_menu_opens_from_the_keyboard_on_the_selected_thing(
    desk: DeskUnderTest, panel: MapPanel, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    panel.select("incident", "i1")
    QTest.keyClick(panel.view, key, modifier)
    menu = panel.tools.opened_menu
    assert menu is not None
    assert "accept" in names_of(menu)
    by_platform = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(panel.view, by_platform)
    assert panel.tools.opened_menu is menu
    menu.close()
    desk.wait_until(lambda: panel.tools.opened_menu is None)


def test_the_menu_speaks_both_languages(desk: DeskUnderTest, panel: MapPanel) -> None:
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot)
    try:
        set_language("en")
        menu = right_click(panel, spot)
        assert item(menu, "near").text() == "Nearest cameras on the wall"
        menu.close()
    finally:
        set_language("zh_CN")


def test_news_with_something_to_do_goes_by_itself_but_not_from_under_the_hand(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    told = panel.tools.told
    for failed, stays in ((True, False), (False, True)):
        told.tell("saved", failed=failed, action="open", stays=stays)
        assert not told._over_soon.isActive()
    told.tell("saved", action="open", also=("folder", lambda: None))
    assert told._over_soon.isActive()
    told.offered[0].setFocus()
    told._over_soon.start(0)
    desk.wait_until(lambda: told._over_soon.interval() > 0)
    assert told.isVisible(), "the keyboard is in it"
    panel.view.setFocus()
    told._over_soon.start(0)
    desk.wait_until(told.isHidden)
