"""The shift's panel on a real desk, and both leads at it: what tests of the shift share."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import DeskUnderTest
from widgets.panels.shift import ShiftPanel

Key = Qt.Key


def open_panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[ShiftPanel]:
    """With its brief made, and the keyboard."""
    panel = ShiftPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(760, 700)
    panel.show()
    qtbot.waitExposed(panel)
    desk.wait_until(lambda: panel.brief is not None)
    panel.view.setFocus()
    yield panel
    panel.close()


def rested(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    """Until the brief shows what was last told."""
    desk.settle()
    panel.renew()
    desk.wait_until(lambda: not panel._making and not panel._again)


def keys(panel: ShiftPanel, text: str) -> None:
    QTest.keyClicks(panel, text)


def sign(desk: DeskUnderTest, panel: ShiftPanel, name: str, again: str | None = None) -> None:
    """By keys alone: S, the name, Enter, the name, Enter, Enter, and the button held."""
    panel.refusal.dismiss()
    panel.view.setFocus()
    before = panel.shift.waits_for
    keys(panel, "s")
    QTest.keyClicks(panel.form.name, name)
    QTest.keyClick(panel.form.name, Key.Key_Return)
    QTest.keyClicks(panel.form.again, name if again is None else again)
    QTest.keyClick(panel.form.again, Key.Key_Return)
    if panel.form.sign.isEnabled():
        QTest.keyClick(panel.form.role, Key.Key_Return)
        QTest.keyPress(panel.form.sign, Key.Key_Space)
        desk.wait_until(lambda: panel.shift.waits_for != before or not panel.refusal.isHidden())
        QTest.keyRelease(panel.form.sign, Key.Key_Space)
    desk.wait_until(lambda: not panel._making)
