"""bench keys: from a key to its paint with 1,000 events/s coming in, beside the same desk with nothing coming in.

The figures are the product's own (widgets/key_latency.py): keys are posted from another thread with the monotonic
clock's stamp, as a platform does, so that what waits for a busy loop is counted. Idle and busy take turns, two rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow

from app.cli import parse
from widgets.bench.load import SimulatorChild
from widgets.bench.quantiles import quantile
from widgets.console import Console
from widgets.run import run_console

RATE = 1_000
ROUNDS = 2
WARM_S = 4
MEASURED_S = 10
KEY_EVERY_S = 0.07
"""As fast as a hand that scrolls or types; no multiple of a frame."""
TURN_MS = 2_000
"""So long the keyboard is in the queue, then so long in the command line."""
_IN_QUEUE = ((Qt.Key.Key_Down, ""), (Qt.Key.Key_Down, ""), (Qt.Key.Key_Up, ""))
_IN_LINE = (
    (Qt.Key.Key_D, "d"), (Qt.Key.Key_Space, " "), (Qt.Key.Key_1, "1"), (Qt.Key.Key_Space, " "), (Qt.Key.Key_P, "p"),
    *([(Qt.Key.Key_Backspace, "")] * 5),
)  # fmt: skip


def run() -> Iterator[dict[str, Any]]:
    idle_ms: list[float] = []
    busy_ms: list[float] = []
    for _ in range(ROUNDS):
        idle_ms += _measured(0)
        busy_ms += _measured(RATE)
    busy_p99, idle_p99 = quantile(busy_ms, 0.99), quantile(idle_ms, 0.99)
    yield {
        "bench": "keys",
        "figures": {
            "paint_p50_ms_1000": round(quantile(busy_ms, 0.5), 1),
            "paint_p95_ms_1000": round(quantile(busy_ms, 0.95), 1),
            "paint_p99_ms_1000": round(busy_p99, 1),
            "keys_1000": len(busy_ms),
        },
        "baseline": {
            "paint_p50_ms_idle": round(quantile(idle_ms, 0.5), 1),
            "paint_p99_ms_idle": round(idle_p99, 1),
            "keys_idle": len(idle_ms),
        },
        "ratio": {"p99": round(busy_p99 / idle_p99, 2)},
    }


def _measured(rate: int) -> list[float]:
    """Milliseconds of every key of one opening of the console."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["XDG_CONFIG_HOME"] = folder  # the default layout, whatever this user has made of it
        options = parse(["console", "--db", str(Path(folder) / "bench.db"), "--size", "1366x768"])
        options.feed = [stack.enter_context(SimulatorChild(rate)).url] if rate else []
        return _Run(options).measure()


class _Run:
    """One console with a hand on its keys."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._measured: list[float] = []
        self._is_in_line = False

    def measure(self) -> list[float]:
        run_console(self._options, on_usable=self._usable)
        return self._measured

    def _usable(self, console: Console) -> None:
        self._console = console
        console.bridge.app.tasks.start(self._press(), "bench keys")

    async def _press(self) -> None:
        console = self._console
        await asyncio.sleep(WARM_S)
        turns = QTimer(console)
        turns.timeout.connect(self._turn)
        turns.start(TURN_MS)
        self._turn()
        console.head.key_latency.forget()
        hand = _Hand(console.windowHandle(), lambda: _IN_LINE if self._is_in_line else _IN_QUEUE)
        hand.start()
        await asyncio.sleep(MEASURED_S)
        hand.end()
        turns.stop()
        self._measured = console.head.key_latency.values_ms
        console.close()

    def _turn(self) -> None:
        self._is_in_line = not self._is_in_line
        line = self._console.head.line
        if self._is_in_line:
            line.edit.clear()
            line.open()
        else:
            queue: Any = self._console.panel("queue")
            queue.view.setFocus(Qt.FocusReason.ShortcutFocusReason)


class _Hand(threading.Thread):
    """Presses keys at its own pace, whatever the window does."""

    def __init__(self, window: QWindow, keys: Any) -> None:
        super().__init__(name="bench hand")
        self._window, self._keys = window, keys
        self._is_ended = threading.Event()

    def run(self) -> None:
        number = 0
        while not self._is_ended.wait(KEY_EVERY_S):
            keys = self._keys()
            key, text = keys[number % len(keys)]
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(time.monotonic_ns() // 1_000_000)
            QCoreApplication.postEvent(self._window, event)
            number += 1

    def end(self) -> None:
        self._is_ended.set()
        self.join()
