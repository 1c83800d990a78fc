"""Key to paint: what is painted is counted from its key, what paints nothing is not."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from widgets.key_latency import KEPT, KeyLatency


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    window.latency = KeyLatency(window)  # type: ignore[attr-defined]
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window.centralWidget().setFocus()
    qtbot.waitUntil(lambda: window.centralWidget().hasFocus())
    return window


def press(window: QMainWindow, key: Qt.Key, text: str = "", waited_ms: int = 0) -> None:
    """As a platform gives it: stamped with the monotonic clock when the key went down."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(time.monotonic_ns() // 1_000_000 - waited_ms)
    QCoreApplication.postEvent(window.windowHandle(), event)


def test_a_key_is_counted_when_its_paint_is_through(window: QMainWindow, qtbot: QtBot) -> None:
    latency: KeyLatency = window.latency  # type: ignore[attr-defined]
    assert latency.figures() is None
    for _ in range(5):
        before = len(latency.values_ms)
        press(window, Qt.Key.Key_A, "a")
        qtbot.waitUntil(lambda before=before: len(latency.values_ms) == before + 1)  # type: ignore[misc]
    figures = latency.figures()
    assert figures is not None
    assert figures.count == 5
    assert 0 <= figures.p50_ms <= figures.p95_ms <= figures.p99_ms <= figures.worst_ms


def test_the_time_that_a_key_waited_for_the_loop_is_counted(window: QMainWindow, qtbot: QtBot) -> None:
    latency: KeyLatency = window.latency  # type: ignore[attr-defined]
    press(window, Qt.Key.Key_A, "a", waited_ms=500)
    qtbot.waitUntil(lambda: len(latency.values_ms) == 1)
    assert latency.values_ms[0] >= 499


def test_a_stamp_of_another_clock_is_not_believed(window: QMainWindow, qtbot: QtBot) -> None:
    latency: KeyLatency = window.latency  # type: ignore[attr-defined]
    press(window, Qt.Key.Key_A, "a", waited_ms=3_600_000)
    qtbot.waitUntil(lambda: len(latency.values_ms) == 1)
    assert latency.values_ms[0] < 3_000_000


def test_a_key_without_a_paint_and_modifiers_are_not_counted(window: QMainWindow, qtbot: QtBot) -> None:
    latency: KeyLatency = window.latency  # type: ignore[attr-defined]
    window.centralWidget().clearFocus()
    QCoreApplication.sendPostedEvents()
    press(window, Qt.Key.Key_F5)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Shift)
    qtbot.waitUntil(lambda: not latency._end_of_turn.isActive())
    window.update()
    qtbot.waitUntil(lambda: latency._begun_ms is None)
    assert latency.values_ms == []


def test_only_the_last_keys_are_kept(window: QMainWindow) -> None:
    latency: KeyLatency = window.latency  # type: ignore[attr-defined]
    for _ in range(KEPT + 10):
        latency._begun_ms = 0.0
        latency._painted()
    assert len(latency.values_ms) == KEPT
    latency.forget()
    assert latency.figures() is None
