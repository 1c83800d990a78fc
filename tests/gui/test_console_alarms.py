"""Alarms and sound at the whole window, and the sizes that it takes from its screen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest, Opened
from widgets.layouts import scale_for


def test_a_mute_stands_in_the_strip_until_it_ends(desk: DeskUnderTest, opened: Opened) -> None:
    console = opened()
    desk.wait_until(lambda: console._sound is not None)
    QTest.keyClick(console, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert console.strip.mute.isChecked()
    assert "P3 P4" in console.strip.mute.text()
    QTest.keyClick(console, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert console.strip.mute.text() == ""
    assert not console.strip.mute.isChecked()


def test_one_key_goes_to_the_most_urgent_alarm_from_anywhere(desk: DeskUnderTest, opened: Opened) -> None:
    console = opened()
    desk.do_as_feed(
        cmd.RaiseAlarm("a1", "camera", "1", "smoke", 3, "烟", grid="g1"),
        cmd.RaiseAlarm("a2", "camera", "2", "crowd", 2, "人群", grid="g2"),
    )
    console.dock("map").take_keyboard()
    QTest.keyClick(console, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    lane: Any = console.panel("alarms")
    assert lane.view.current_key == "a2"
    lane.delegate.pulse.stop()


def test_the_sheets_of_the_lane_leave_it_in_sight(desk: DeskUnderTest, opened: Opened) -> None:
    console = opened(1366, 768)
    lane: Any = console.panel("alarms")
    for sheet in (lane.load_sheet, lane.shelved_sheet):
        sheet.open()
        where = sheet.geometry()
        assert console.rect().contains(where)
        assert where.left() >= lane.mapTo(console, lane.rect().topRight()).x()
        sheet.dismiss()


@pytest.mark.parametrize(
    ("height_px", "scale"),
    [(600, 1.0), (768, 1.0), (1080, 1.0), (1200, 1.0), (1440, 1.25), (2160, 2.0), (4320, 2.0)],
)
def test_sizes_grow_with_the_screen(height_px: int, scale: float) -> None:
    assert scale_for(height_px) == scale
