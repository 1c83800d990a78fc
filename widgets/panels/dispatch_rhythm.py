"""Owns when the dispatch panel asks anew, shows what it was told, and says that an answer is long in coming.

Must not ask or show anything: it says when.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

SILENT_MS: Final = 150
"""An answer takes two frames as a rule: only one that is longer in coming is announced."""
SOON_MS: Final = 50
"""A status that has changed is shown this soon; a storm of them is ranked at most so often."""
POSITIONS_MS: Final = 500
AGES_MS: Final = 5000
"""With no word from anybody, ages alone can put a unit out of sight."""


class DispatchRhythm(QObject):
    """`due`: ask anew. `head_due`: show what stands above the list, in a turn of its own. `is_long`: announce it."""

    due = Signal()
    head_due = Signal()
    is_long = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._since_asked = QElapsedTimer()
        self._due, self._head, self._long = (
            self._timer(told) for told in (self.due, self.head_due, self.is_long)
        )

    def _timer(self, told: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(told)
        return timer

    @property
    def is_quiet(self) -> bool:
        """Is neither a question due nor an answer to be shown?"""
        return not self._due.isActive() and not self._head.isActive()

    @property
    def is_old(self) -> bool:
        """Was it asked so long ago that ages alone may have changed the answer?"""
        return self._since_asked.isValid() and self._since_asked.elapsed() > AGES_MS

    def within(self, ms: int) -> None:
        """It is asked anew so soon, or sooner where that is due already."""
        if not 0 <= self._due.remainingTime() <= ms:
            self._due.start(ms)

    def asked(self) -> None:
        self._due.stop()
        self._since_asked.start()

    def failed(self) -> None:
        self._due.stop()

    def show_head(self) -> None:
        """Both at once would be more than a hand notices: the list goes before."""
        self._head.start(0)

    def keeps_silent(self) -> bool:
        """Whether an answer is as good as there; if it is not, `is_long` follows."""
        is_silent = self._since_asked.isValid() and self._since_asked.elapsed() < SILENT_MS
        if is_silent:
            self._long.start(SILENT_MS)
        return is_silent
