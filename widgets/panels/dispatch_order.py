"""Owns whether the order of the candidates stands because somebody is reading it, and whether it has changed meanwhile.

Must not rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QElapsedTimer

from widgets.models.dispatch_candidates import CandidateRow

HANDS_ON_MS: Final = 8000
"""After a hand the order stands for so long; with the keyboard in the list as long as it is there."""
DIGITS: Final = 9
"""Behind them nobody reads a number."""


class HeldOrder:
    """A digit must mean the unit that was read beside it."""

    def __init__(self, has_keyboard: Callable[[], bool]) -> None:
        self._has_keyboard = has_keyboard
        self._hand = QElapsedTimer()
        self._is_free = True

    def touch(self) -> None:
        """A hand was on the list."""
        self._hand.start()

    def release(self) -> None:
        """The next answer is shown in its own order: it is about something else, or the officer wants it."""
        self._hand.invalidate()
        self._is_free = True

    def answered(self) -> None:
        """An answer has been shown."""
        self._is_free = False

    def places(self, rows: Iterable[CandidateRow]) -> Mapping[str, int]:
        """The places that stand; empty when the list may be put in order."""
        is_read = self._has_keyboard() or (self._hand.isValid() and self._hand.elapsed() < HANDS_ON_MS)
        return {row.unit.id: row.place for row in rows} if is_read and not self._is_free else {}


def has_changed(shown: Sequence[str], best_first: Sequence[str]) -> bool:
    """Would the digits mean others if the list were put in order?"""
    return list(shown[:DIGITS]) != list(best_first[:DIGITS])
