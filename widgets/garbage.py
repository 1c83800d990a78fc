"""Collects garbage on the Qt thread, and nowhere else.

Python collects on whatever thread happens to allocate. A widget or a timer that is part of garbage would end on the
journal's thread, and Qt falls over (seen: a sheet ended while a map was being written). Owns the collector while it
lives. Must not be used where there is no Qt.

The records of a shift are immutable and hold no cycles, so the two younger generations find nearly all garbage: what
lives long is not walked again and again, which would stop everything for a tenth of a second. What holds a window of
its own says when it begins and when it has ended: `keep_what_stands` and `collect_all_soon`.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 100
YOUNG = 5_000
"""New containers after which the youngest generation is looked through: under a millisecond."""
OLDER_EVERY = 10


def keep_what_stands() -> None:
    """From now on nobody looks through what is there."""
    gc.freeze()


def collect_all_soon(owner: QObject) -> None:
    """Looks once through everything made since `keep_what_stands`, when Qt comes to it, unless `owner` has gone."""
    QTimer.singleShot(0, owner, _collect_all)


def _collect_all() -> None:
    gc.collect()


class GarbageCollector(QObject):
    """Takes the automatic collector's place until `close`; looks from `begin` on.

    A start makes hundreds of thousands of containers that stay, and no garbage to speak of: to look through them
    before the queue is painted costs an officer 30 ms and finds nothing.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._young = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """The start is over, well or badly."""
        self._timer.start()

    def look(self) -> None:
        """Collects when enough has come together."""
        if gc.get_count()[0] < YOUNG:
            return
        self._young += 1
        gc.collect(1 if self._young % OLDER_EVERY == 0 else 0)

    def close(self) -> None:
        """Gives the collector back."""
        self._timer.stop()
        gc.enable()
