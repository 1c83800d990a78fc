"""The sheet below the lamps: by key and by the lamp, with the figures that were measured, and back again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.i18n import LANGUAGES, set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1366, 768)
    console.show()
    console.activateWindow()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    yield console
    console.shut_down()
    console.deleteLater()


def press(console: Console, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    QTest.keyClick(console.windowHandle(), key, modifier)


def test_keys_are_measured_and_told_in_both_languages(desk: DeskUnderTest, console: Console) -> None:
    console.dock("queue").bring_up()
    before = QApplication.focusWidget()
    latency = console.head.key_latency
    console.head.line.open()
    for _ in range(3):
        count = len(latency.values_ms)
        press(console, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier)
        desk.wait_until(lambda count=count: len(latency.values_ms) > count)  # type: ignore[misc]
    console.head.line.dismiss()
    for language in LANGUAGES:
        set_language(language)
        press(console, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        sheet, figures = console.head.health, latency.figures()
        assert figures is not None
        assert sheet.isVisible()
        assert sheet.lines[0] == (
            tr("health.keys"),
            tr(
                "health.keys.figures",
                p50=f"{figures.p50_ms:.0f}",
                p95=f"{figures.p95_ms:.0f}",
                p99=f"{figures.p99_ms:.0f}",
            ),
        )
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert sheet.isHidden()
        assert QApplication.focusWidget() is before


def test_the_lamp_opens_it_and_it_stays_within_the_window(desk: DeskUnderTest, console: Console) -> None:
    QTest.mouseClick(console.strip.database, Qt.MouseButton.LeftButton)
    sheet = console.head.health
    assert sheet.isVisible()
    assert console.rect().contains(sheet.geometry())
    assert any(how == tr("health.keys.none") or "p99" in how for _, how in sheet.lines)
    console.dock("queue").bring_up()
    assert sheet.isHidden()
