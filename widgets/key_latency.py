"""How long a key takes until the window has painted what it did: measured inside the product, all the time.

Owns the stamps and the ring of the last KEPT keys. Must not know what keys mean.

A key begins when the platform stamped it, if its clock is the monotonic one, else when the window is given it; it ends
when the next paint of the window is through. A key that asks for no paint in its own turn of the loop did nothing that
could be seen and is not counted. Only the main window is watched: a dock that floats is a window of its own.
"""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from widgets.bench.quantiles import quantile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

KEPT: Final = 2_000
_LONGEST_WAIT_MS: Final = 10_000
_CLOCK_TURNS_MS: Final = 1 << 32
"""X11 stamps with 32 bits."""
_SILENT: Final = frozenset(
    {
        Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Milliseconds from key to paint of the last `count` keys."""

    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float


class KeyLatency(QObject):
    """Watches one top-level window from its first showing."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ring = array("d")
        self._next = 0
        self._begun_ms: float | None = None
        self._native: QObject | None = None
        # A timer comes after what was posted, low priority too; singleShot(0) itself is posted, and would come before.
        self._end_of_turn = QTimer(self)
        self._end_of_turn.setSingleShot(True)
        self._end_of_turn.setInterval(0)
        self._end_of_turn.timeout.connect(self._unseen)
        window.installEventFilter(self)

    @property
    def values_ms(self) -> list[float]:
        """The last keys, in no order."""
        return list(self._ring)

    def figures(self) -> KeyFigures | None:
        """None before the first key."""
        if not self._ring:
            return None
        ms = sorted(self._ring)
        return KeyFigures(len(ms), quantile(ms, 0.5), quantile(ms, 0.95), quantile(ms, 0.99), ms[-1])

    def forget(self) -> None:
        """Begins anew."""
        self._ring, self._next, self._begun_ms = array("d"), 0, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and watched is self._native:
            self._pressed(event)  # type: ignore[arg-type]
        elif watched is self._window and kind == QEvent.Type.UpdateRequest and self._begun_ms is not None:
            self._window.event(event)
            self._painted()
            return True
        elif watched is self._window and kind == QEvent.Type.Show:
            self._watch_native()
        return False

    def _watch_native(self) -> None:
        """Keys come to the native window first; it is another one when the widget was reparented."""
        native = self._window.windowHandle()
        if native is not None and native is not self._native:
            self._native = native
            native.installEventFilter(self)

    def _pressed(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or Qt.Key(event.key()) in _SILENT or self._begun_ms is not None:
            return
        self._begun_ms = _stamped_ms(event.timestamp())
        self._end_of_turn.start()

    def _painted(self) -> None:
        assert self._begun_ms is not None
        self._end_of_turn.stop()
        took_ms, self._begun_ms = _now_ms() - self._begun_ms, None
        if len(self._ring) < KEPT:
            self._ring.append(took_ms)
        else:
            self._ring[self._next] = took_ms
            self._next = (self._next + 1) % KEPT

    def _unseen(self) -> None:
        """A paint that was asked for comes before a timer does."""
        self._begun_ms = None


def _now_ms() -> float:
    return time.monotonic_ns() / 1e6


def _stamped_ms(stamp_ms: int) -> float:
    """When the platform took the key; now, where its clock is another one."""
    now_ms = _now_ms()
    waited_ms = (int(now_ms) - stamp_ms) % _CLOCK_TURNS_MS
    return now_ms - waited_ms if waited_ms <= _LONGEST_WAIT_MS else now_ms
