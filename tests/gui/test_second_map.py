"""The second map: opened from menu and key, its own view and layers, remembered, and gone when it is closed."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest, Opened
from widgets.console import Console
from widgets.console_menu import SECOND_MAP_KEY
from widgets.panels.map import MapPanel
from widgets.panels.map_kept_view import read_view
from widgets.second_map import view_file

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support|does not support raise", extend=True)


@pytest.fixture(autouse=True)
def no_files() -> Iterator[None]:
    folder = view_file().parent
    yield
    for path in folder.glob("*.json"):
        path.unlink()


def open_second(desk: DeskUnderTest, console: Console) -> MapPanel:
    console.activateWindow()
    desk.wait_until(console.isActiveWindow)
    QTest.keyClick(
        console, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    desk.wait_until(lambda: console.second_map.panel is not None)
    panel = console.second_map.panel
    assert panel is not None
    return panel


def close_second(desk: DeskUnderTest, console: Console) -> None:
    console.second_map.dock.close()
    desk.wait_until(lambda: console.second_map.panel is None)
    desk.settle()


def test_it_stands_in_the_menu_with_its_key(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    assert console.second_map.dock.isHidden()
    menu = console.open_menu(console.strip.menu)
    entry = next(item for item in menu.actions() if item.text().endswith(SECOND_MAP_KEY))
    entry.trigger()
    menu.close()
    desk.wait_until(lambda: console.second_map.panel is not None)
    assert console.second_map.dock.isFloating()


def test_both_maps_follow_the_same_desk_each_with_its_own_view_and_layers(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    second, first = open_second(desk, console), console.panel("map")
    assert isinstance(first, MapPanel)
    desk.report("i1", lat=31.2211, lon=121.475)
    desk.wait_until(lambda: "i1" in second.view.scene.incidents and "i1" in first.view.scene.incidents)
    unit = desk.app.district.units[0].id
    desk.app.positions.put(TrackPoint(unit, desk.app.clock.now(), 31.22, 121.47))
    desk.settle()
    desk.wait_until(lambda: second.view.scene.units.slot(unit) is not None)
    before = first.view.view.target
    QTest.keyClick(second.view, Qt.Key.Key_Plus)
    second.view.stack.show("cameras", False)
    assert first.view.view.target == before
    assert first.view.stack.visible("cameras")
    console.selection.select_incident("i1")
    assert first.view.scene.selected == second.view.scene.selected == ("incident", "i1")


def test_a_click_on_it_selects_for_everybody(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    second = open_second(desk, console)
    second.view.picked.emit("unit", desk.app.district.units[0].id)
    assert console.selection.unit == desk.app.district.units[0].id


def test_f11_makes_it_a_wall_and_puts_it_back(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    open_second(desk, console).view.setFocus()
    console.second_map.dock.set_wall(True)
    assert console.second_map.dock.is_wall
    console.toggle_wall()
    assert not console.second_map.dock.is_wall
    assert console.second_map.panel is not None


def test_it_comes_back_with_its_place_view_and_layers(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened(remember=True)
    second = open_second(desk, console)
    for _ in range(3):
        QTest.keyClick(second.view, Qt.Key.Key_Plus)
    second.view.stack.show("heat", True)
    console.second_map.dock.setGeometry(40, 50, 700, 500)
    desk.wait_until(lambda: not second.view.view.gliding)
    wanted = second.view.view.target
    console.close()
    console.shut_down()
    again = opened(remember=True)
    desk.wait_until(lambda: again.second_map.panel is not None)
    panel = again.second_map.panel
    assert panel is not None
    target = panel.view.view.target
    assert (target.x_m, target.y_m, target.zoom) == pytest.approx(
        (wanted.x_m, wanted.y_m, wanted.zoom), abs=0.1
    )
    assert panel.view.locked
    assert panel.view.stack.visible("heat")
    first = again.panel("map")
    assert isinstance(first, MapPanel)
    assert not first.view.stack.visible("heat")
    assert again.second_map.dock.size().width() == pytest.approx(700, abs=4)


def test_its_view_is_on_the_disk_while_it_stands_open(opened: Opened, desk: DeskUnderTest) -> None:
    """A desk that is killed comes back with both maps as they were."""
    console = opened(remember=True)
    second = open_second(desk, console)
    desk.wait_until(lambda: second.view.steering.district is not None)
    for _ in range(2):
        QTest.keyClick(second.view, Qt.Key.Key_Plus)
    zoom = second.view.view.target.zoom
    desk.wait_until(lambda: (seen := read_view(view_file())) is not None and seen.zoom == zoom)
    assert not console.second_map.dock.isHidden()


def test_closed_once_it_stays_closed(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened(remember=True)
    open_second(desk, console)
    close_second(desk, console)
    console.close()
    again = opened(remember=True)
    assert again.second_map.dock.isHidden()
    assert again.second_map.panel is None


def test_a_view_file_that_cannot_be_read_is_told_and_left_alone(opened: Opened, desk: DeskUnderTest) -> None:
    view_file().parent.mkdir(parents=True, exist_ok=True)
    view_file().write_text("not even JSON", encoding="utf-8")
    console = opened(remember=True)
    told: list[str] = []
    console.bridge.trouble_changed.connect(told.append)
    second = open_second(desk, console)
    desk.wait_until(lambda: any(str(view_file()) in text for text in told))
    QTest.keyClick(second.view, Qt.Key.Key_Plus)
    close_second(desk, console)
    assert view_file().read_text(encoding="utf-8") == "not even JSON"


def test_closing_it_leaves_nothing_behind(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    second = open_second(desk, console)
    desk.report("i1", lat=31.2211, lon=121.475)
    QTest.mouseMove(second.view, QPoint(200, 200))
    gone = [
        weakref.ref(thing) for thing in (second, second.view, second.view.frame, second.tools, second.layers)
    ]
    del second
    close_second(desk, console)
    desk.do(cmd.AcceptIncident("i1"))
    desk.bridge.ticked.emit(desk.app.clock.now())
    console.set_theme("light")
    console.set_theme("dark")
    gc.collect()
    desk.wait_until(lambda: (gc.collect(), all(ref() is None for ref in gone))[1])


def test_it_can_be_opened_and_closed_again_and_again(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    for _ in range(3):
        second = open_second(desk, console)
        assert second.view.isVisible()
        del second
        close_second(desk, console)
    assert sum(isinstance(child, MapPanel) for child in console.findChildren(MapPanel)) == 1
