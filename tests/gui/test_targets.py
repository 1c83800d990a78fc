"""What is clicked is large enough to be met, 24 logical px each way; where the keyboard goes can be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.gui.conftest import DeskUnderTest, Opened
from widgets.style import apply_theme, tokens

# Windows that float cannot be raised where there is no window system.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


def _too_small(root: QWidget) -> Iterator[str]:
    least_px = tokens().size_small_button
    for button in root.findChildren(QAbstractButton):
        is_corner = "Corner" in button.metaObject().className()  # of a table: a button to Qt alone
        if button.isVisible() and not is_corner and min(button.width(), button.height()) < least_px:
            name = button.text() or button.accessibleName() or button.objectName()
            yield f"{root.objectName()}: {type(button).__name__} {name!r} {button.width()} x {button.height()}"


@pytest.mark.parametrize(("scale", "width_px", "height_px"), [(1.0, 1366, 768), (2.0, 3840, 2160)])
def test_no_button_of_any_panel_is_smaller_than_what_can_be_met(
    opened: Opened, desk: DeskUnderTest, qapp: QApplication, scale: float, width_px: int, height_px: int
) -> None:
    apply_theme(qapp, "dark", scale)
    try:
        console = opened(width_px, height_px)
        assert tokens().size_small_button == round(24 * scale)
        middle = desk.bridge.district
        desk.report("i1", lat=middle.centre_lat, lon=middle.centre_lon)
        console.selection.select_incident("i1")
        small = list(_too_small(console.strip))
        for name in console.docks:
            console.dock(name).bring_up()
            desk.settle()
            small += _too_small(console.dock(name))
        assert small == []
    finally:
        apply_theme(qapp, "dark")


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_keyboard_goes_round_and_always_stands_in_sight(
    opened: Opened, desk: DeskUnderTest, key: Qt.Key
) -> None:
    desk.report("i1")
    console = opened(1920, 1080)
    console.activateWindow()
    desk.wait_until(console.isActiveWindow)
    console.dock("queue").bring_up()
    rows = console.panel("queue").view  # type: ignore[attr-defined]
    desk.wait_until(lambda: QApplication.focusWidget() is rows)
    first, been = QApplication.focusWidget(), []
    while (widget := QApplication.focusWidget()) is not None and widget not in been:
        assert widget.isVisible()
        assert console.rect().intersects(QRect(widget.mapTo(console, QPoint(0, 0)), widget.size()))
        been.append(widget)
        QTest.keyClick(widget, key)
    assert QApplication.focusWidget() is first
    docks = {name for name, dock in console.docks.items() if any(dock.isAncestorOf(each) for each in been)}
    assert docks >= {"queue", "map", "wall"}
