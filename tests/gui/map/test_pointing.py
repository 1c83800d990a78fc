"""The mouse on the map: tools and coordinates follow it, and nothing is said of a place where it is not."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.gui.map.test_map_view import on_screen, unit
from tests.gui.map.town import lat_lon
from widgets.map import MapView
from widgets.map.box_select import BoxSelect
from widgets.map.measures import length_text
from widgets.map.sketch import path_length_m

Settle = Callable[[MapView], None]

# Menus that pop up ask for what there is only with a window system.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def rested(town_map: MapView, settle: Settle) -> MapView:
    """The pointer rests on a unit, whose card is shown."""
    town_map.put_units([unit("u1", -200, 100)])
    settle(town_map)
    for at in (
        QPoint(300, 300),
        on_screen(town_map, -200, 100).toPoint(),
    ):  # Qt tells no move to the same place
        QTest.mouseMove(town_map, at)
    assert town_map._overlay.card is not None
    return town_map


def enter(part: QWidget) -> None:
    """As Qt tells it when the mouse goes from the map to a part that floats over it."""
    at = QPointF(part.rect().center())
    QApplication.sendEvent(part, QEnterEvent(at, at, QPointF(part.mapToGlobal(at.toPoint()))))


@pytest.mark.parametrize("key", [Qt.Key.Key_M, Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_N])
def test_a_tool_follows_the_mouse_and_coordinates_with_it(rested: MapView, key: Qt.Key) -> None:
    rest = rested._overlay.position
    QTest.keyClick(rested, key)
    assert rested._overlay.card is None, "the card would cover the ground that is measured"
    assert rested.sketching.tool.pointer == pytest.approx(lat_lon(-200, 100), abs=2e-5)
    to = on_screen(rested, 150, -50).toPoint()
    QTest.mouseMove(rested, to)
    rested.put_units([unit("u1", -190, 100)])
    rested.draw_now()
    assert rested.sketching.tool.pointer == pytest.approx(rested.lat_lon_at(QPointF(to)))
    assert rested._overlay.position not in ("", rest)
    assert rested._overlay.card is None
    QTest.keyClick(rested, Qt.Key.Key_Escape)
    QTest.mouseMove(rested, on_screen(rested, -190, 100).toPoint())
    assert rested._overlay.card is not None, "with the tool away things say again what they are"


def test_the_measured_line_ends_at_the_mouse(rested: MapView) -> None:
    QTest.keyClick(rested, Qt.Key.Key_M)
    start, end = on_screen(rested, 0, 0).toPoint(), on_screen(rested, 300, 0).toPoint()
    QTest.mouseMove(rested, start)
    QTest.mouseClick(rested, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(rested, end)
    rested.put_units([unit("u1", -190, 100)])
    rested.draw_now()
    points = rested.lat_lon_at(QPointF(start)), rested.lat_lon_at(QPointF(end))
    assert rested.sketching.tool.reading() == length_text(path_length_m(points))


def test_a_note_is_one_point_and_measures_nothing(rested: MapView) -> None:
    QTest.keyClick(rested, Qt.Key.Key_N)
    QTest.mouseClick(rested, Qt.MouseButton.LeftButton, pos=on_screen(rested, 100, 100).toPoint())
    assert rested.sketching.tool.kind == "note"
    assert len(rested.sketching.tool.outline()) == 1


@pytest.mark.parametrize("part", ["map_zoom_in", "layers"])
def test_on_a_part_that_floats_the_mouse_is_not_on_the_map(rested: MapView, part: str) -> None:
    rested.open_sheet("layers")
    rested.hover_at(on_screen(rested, -200, 100))
    floating = rested.sheets["layers"] if part == "layers" else rested.findChild(QWidget, part)
    assert isinstance(floating, QWidget)
    enter(floating if floating.parent() is rested else floating.parentWidget())
    assert (rested._overlay.card, rested._overlay.position) == (None, "")


def test_what_opens_under_a_mouse_that_rests_takes_the_card_away(rested: MapView) -> None:
    cover = QWidget(rested)
    cover.setGeometry(rested.rect())
    cover.show()
    rested.put_units([unit("u1", -199, 100)])
    rested.draw_now()
    assert (rested._overlay.card, rested._overlay.position) == (None, "")
    cover.deleteLater()


def test_under_an_open_menu_nothing_is_said(rested: MapView) -> None:
    menu = QMenu(rested)
    menu.addAction("x")
    menu.popup(rested.mapToGlobal(QPoint(5, 5)))
    rested.put_units([unit("u1", -199, 100)])
    rested.draw_now()
    shown = rested._overlay.card
    menu.close()
    assert shown is None


def test_while_a_rectangle_is_drawn_or_the_ground_dragged_no_card_is_left_behind(rested: MapView) -> None:
    BoxSelect(rested)
    at, left, shift = (
        on_screen(rested, -200, 100).toPoint(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    QTest.mousePress(rested, left, shift, at)
    QTest.mouseMove(rested, at + QPoint(60, 60))
    assert (rested._overlay.card, rested._overlay.position) == (None, "")
    QTest.mouseRelease(rested, left, shift, at + QPoint(60, 60))
    assert rested._overlay.card is None
    rested.hover_at(QPointF(at))
    QTest.mousePress(rested, left, pos=at)
    QTest.mouseMove(rested, at + QPoint(60, 60))
    assert (rested._overlay.card, rested._overlay.position) == (None, "")
    QTest.mouseRelease(rested, left, pos=at + QPoint(60, 60))
    assert rested._overlay.position != ""
