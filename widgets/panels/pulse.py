"""Owns the pulse of a row that has just come: so many beats, then it stands. Must not know why a row pulses."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable

from PySide6.QtCore import QElapsedTimer, QTimer

from widgets.panels.table_view import KeyedTableView
from widgets.style import tokens

_FRAME_MS = 50


class Pulse:
    """Beats for keys of one view. With no beats in the tokens (reduced motion) nothing ever moves."""

    def __init__(self, view: KeyedTableView) -> None:
        self._view = view
        self._began_ms: dict[Hashable, int] = {}
        self._clock = QElapsedTimer()
        self._clock.start()
        self._frame = QTimer(view)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._beat)

    @property
    def beats(self) -> bool:
        return bool(self._began_ms)

    def start(self, keys: Iterable[Hashable]) -> None:
        if tokens().motion_pulse_count == 0 or not self._view.isVisible():
            return
        now_ms = self._clock.elapsed()
        self._began_ms |= dict.fromkeys(keys, now_ms)
        if self._began_ms:
            self._frame.start()

    def strength(self, key: Hashable) -> float:
        """0 to 1: how strongly the row glows now."""
        began_ms = self._began_ms.get(key)
        if began_ms is None:
            return 0.0
        beat = (self._clock.elapsed() - began_ms) / tokens().motion_pulse_ms
        return 0.5 - 0.5 * math.cos(2 * math.pi * beat)

    def stop(self) -> None:
        self._began_ms.clear()
        self._frame.stop()

    def _beat(self) -> None:
        over_ms = self._clock.elapsed() - tokens().motion_pulse_count * tokens().motion_pulse_ms
        beating = list(self._began_ms)
        self._began_ms = {key: at for key, at in self._began_ms.items() if at > over_ms}
        for key in beating:
            self._view.update_key(key)
        if not self._began_ms or not self._view.isVisible():
            self.stop()
