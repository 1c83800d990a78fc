"""Choosing an incident, on the map or in the queue, brings its cameras to a wall that shows what is near."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import DeskUnderTest
from widgets.console import Console

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    """A window with two incidents at the feet of two cameras that are far from each other."""
    first, last = desk.app.district.cameras[0], desk.app.district.cameras[-1]
    desk.report("i1", lat=first.lat, lon=first.lon)
    desk.report("i2", lat=last.lat, lon=last.lon)
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1920, 1080)
    console.show()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    yield console
    console.shut_down()
    console.deleteLater()


def first_camera(console: Console) -> str:
    wall: Any = console.dock("wall").panel
    return str(wall._pages.on_page()[0])


def click_on_map(desk: DeskUnderTest, console: Console, incident: str) -> None:
    view: Any = console.dock("map").panel.view  # type: ignore[union-attr]
    desk.wait_until(lambda: view.scene.incidents.slot(incident) in view.frame.incidents.slots.tolist())
    desk.wait_until(lambda: not view.view.gliding)
    slot = view.scene.incidents.slot(incident)
    at = QPointF(
        *view.view.to_screen(float(view.scene.incidents.x_m[slot]), float(view.scene.incidents.y_m[slot]))
    )
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())


def click_in_queue(desk: DeskUnderTest, console: Console, incident: str) -> None:
    table: Any = console.dock("queue").panel.view  # type: ignore[union-attr]
    desk.wait_until(lambda: table.model().rowCount() == 2)
    model: Any = table.model()
    row = table.table.row_of(incident)
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(model.index(row, 0)).center()
    )


@pytest.mark.parametrize("choose", [click_on_map, click_in_queue], ids=["map", "queue"])
def test_a_wall_that_shows_what_is_near_goes_with_the_choice(
    desk: DeskUnderTest, console: Console, choose: Any
) -> None:
    first, last = desk.app.district.cameras[0].id, desk.app.district.cameras[-1].id
    wall: Any = console.dock("wall").panel
    choose(desk, console, "i2")
    assert console.selection.incident == "i2"
    assert first_camera(console) == first  # the district's order, until the officer asks for what is near
    QTest.mouseClick(wall.header.near, Qt.MouseButton.LeftButton)
    assert first_camera(console) == last
    choose(desk, console, "i1")
    assert console.selection.incident == "i1"
    assert first_camera(console) == first
    choose(desk, console, "i2")
    assert first_camera(console) == last
    ringed = console.dock("map").panel.view.frame.near_cameras.ringed  # type: ignore[union-attr]
    assert ringed[0] == (last, True)
    QTest.mouseClick(wall.header.near, Qt.MouseButton.LeftButton)
    assert first_camera(console) == first
    choose(desk, console, "i1")
    assert first_camera(console) == first
