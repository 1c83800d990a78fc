"""The rule of the view: whatever the officer's hand does to it holds it, and only the officer frees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.domain import commands as cmd
from app.i18n import set_language
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_map_tools import empty_spot, panel, put_unit
from widgets.map.bookmarks import Bookmark
from widgets.panels.map import MapPanel
from widgets.style import apply_theme

__all__ = ["panel"]

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FAR = (31.40, 121.70)


def drag(panel: MapPanel) -> None:
    view = panel.view
    QTest.mousePress(view, LEFT, NONE, QPoint(300, 300))
    for step in range(1, 5):
        QTest.mouseMove(view, QPoint(300 + 20 * step, 300))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(380, 300))


def wheel(panel: MapPanel, *, by_fingers: bool) -> None:
    at = QPointF(400, 300)
    phase = Qt.ScrollPhase.ScrollUpdate if by_fingers else Qt.ScrollPhase.NoScrollPhase
    pixels = QPoint(12, 30) if by_fingers else QPoint()
    event = QWheelEvent(at, at, pixels, QPoint(0, 120), Qt.MouseButton.NoButton, NONE, phase, False)
    QApplication.sendEvent(panel.view, event)


def press(key: Qt.Key) -> Callable[[MapPanel], None]:
    return lambda panel: QTest.keyClick(panel.view, key)


def click(button: str) -> Callable[[MapPanel], None]:
    def do(panel: MapPanel) -> None:
        found = panel.view.findChild(QToolButton, f"map_{button}")
        assert isinstance(found, QToolButton)
        QTest.mouseClick(found, LEFT)

    return do


def bookmark(panel: MapPanel) -> None:
    panel.tools.bookmarks.go_to(Bookmark("x", 31.22, 121.47, 17.0))


def search(panel: MapPanel) -> None:
    """What the search box does with its answer."""
    panel.fly_to("camera", panel.bridge.district.cameras[3].id)


def walk(panel: MapPanel) -> None:
    panel.view.fly_to(*FAR)
    panel.view.steering._rule.locked = False  # as if nobody had ever moved it
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)


MOVES: dict[str, Callable[[MapPanel], None]] = {
    "drag": drag,
    "wheel": lambda panel: wheel(panel, by_fingers=False),
    "trackpad": lambda panel: wheel(panel, by_fingers=True),
    "left": press(Qt.Key.Key_Left),
    "down": press(Qt.Key.Key_Down),
    "plus": press(Qt.Key.Key_Plus),
    "minus": press(Qt.Key.Key_Minus),
    "0": press(Qt.Key.Key_0),
    "home": press(Qt.Key.Key_Home),
    "button +": click("zoom_in"),
    "button -": click("zoom_out"),
    "button fit": click("fit"),
    "bookmark": bookmark,
    "search": search,
    "tab": walk,
}


@pytest.mark.parametrize("move", MOVES)
def test_any_move_by_hand_holds_the_view_and_says_so(desk: DeskUnderTest, panel: MapPanel, move: str) -> None:
    camera = desk.app.district.cameras[0]
    desk.report("i1", lat=camera.lat, lon=camera.lon)
    desk.wait_until(lambda: "i1" in panel.view.scene.incidents and panel.view.idle)
    assert not panel.view.locked
    MOVES[move](panel)
    assert panel.view.locked
    lock = panel.view.findChild(QToolButton, "map_lock")
    assert isinstance(lock, QToolButton)
    assert lock.isChecked()


def test_nothing_but_the_officer_frees_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    drag(panel)
    panel.view.hover_at(None)  # a card that is shown counts up
    desk.wait_until(lambda: panel.view.idle)
    before = panel.view.view.target
    desk.report("far", lat=FAR[0], lon=FAR[1], priority=1)
    desk.report("near", lat=31.22, lon=121.47)
    desk.do(cmd.WithdrawIncident("near", "报错了"))
    unit = desk.app.district.units[0].id
    desk.app.positions.put(TrackPoint(unit, desk.app.clock.now(), *FAR))
    desk.settle()
    panel.tools.show_incident("far")
    panel.tools.told.tell("x", failed=True)
    panel.view.stack.show("heat", True)
    panel.hide()
    panel.view.set_reduced_motion(True)  # nobody waits for three pulses
    panel.show()
    panel.resize(panel.width() - 60, panel.height() - 40)
    apply_theme(QApplication.instance(), "light")  # type: ignore[arg-type]
    set_language("en")
    panel.retranslate()
    desk.bridge.restored.emit()
    desk.wait_until(lambda: not panel.view.view.gliding)
    assert panel.view.locked
    assert panel.view.view.target == before
    apply_theme(QApplication.instance(), "dark")  # type: ignore[arg-type]
    set_language("zh_CN")


@pytest.mark.parametrize("how", ["key", "button"])
def test_freed_it_shows_what_there_is_and_fits_again_by_itself(
    desk: DeskUnderTest, panel: MapPanel, how: str
) -> None:
    drag(panel)
    MOVES["plus"](panel)
    if how == "key":
        QTest.keyClick(panel.view, Qt.Key.Key_L)
    else:
        click("lock")(panel)
    assert not panel.view.locked
    desk.report("far", lat=FAR[0], lon=FAR[1])
    desk.wait_until(lambda: panel.view.idle)
    left, top, right, bottom = panel.view.view.target_bounds()
    x_m, y_m = panel.view.scene.projection.to_metres(*FAR)
    assert left < x_m < right
    assert top < y_m < bottom


def test_the_note_names_a_key_only_where_it_works(desk: DeskUnderTest, panel: MapPanel) -> None:
    """In the queue and in the lane L means other things."""
    panel.view.setFocus()
    desk.wait_until(panel.view.hasFocus)
    panel.view.set_locked(True)
    assert panel.view._overlay.lock_note == "视图已锁定 · L 解锁"
    panel.view.clearFocus()
    assert "L" not in panel.view._overlay.lock_note
    assert "点锁" in panel.view._overlay.lock_note


def test_looking_without_moving_does_not_hold_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    spot = empty_spot(panel)
    QTest.mouseClick(panel.view, LEFT, NONE, spot)
    QTest.mousePress(panel.view, LEFT, Qt.KeyboardModifier.ShiftModifier, spot)
    QTest.mouseMove(panel.view, spot + QPoint(60, 60))
    QTest.mouseRelease(panel.view, LEFT, Qt.KeyboardModifier.ShiftModifier, spot + QPoint(60, 60))
    QTest.keyClick(panel.view, Qt.Key.Key_B)
    QTest.keyClick(panel.tools.bookmarks.sheet, Qt.Key.Key_Escape)
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not panel.view.locked


def test_following_a_unit_holds_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = put_unit(desk, panel, 0, empty_spot(panel))
    panel.view.set_locked(False)
    panel.view.follow(unit)
    assert panel.view.locked
