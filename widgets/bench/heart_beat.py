"""How late a 10 ms timer of the Qt loop comes: the pulse of a console that answers.

Owns the timer and the bare baseline: the same timer in a process that does nothing else. Must not know the console.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer

BEAT_MS = 10
BARE_S = 5


class HeartBeat(QObject):
    """`late_ms` grows by one value a beat: milliseconds beyond the 10 that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now_s = time.perf_counter()
        self.late_ms.append(max(0.0, (now_s - self._last_s) * 1000 - BEAT_MS))
        self._last_s = now_s

    def stop(self) -> None:
        self._timer.stop()


def bare_late_ms() -> list[float]:
    """The baseline, measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "widgets.bench.heart_beat"],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=BARE_S * 10,
    )
    return msgspec.json.decode(done.stdout, type=list[float])


def main() -> int:
    app = QCoreApplication(sys.argv)
    beat = HeartBeat()
    QTimer.singleShot(BARE_S * 1000, app.quit)
    app.exec()
    sys.stdout.write(msgspec.json.encode(beat.late_ms).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
