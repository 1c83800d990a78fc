"""Tells a key that is held down from one that is pressed again: what acts must act once, however long it is held.

Owns when keys were pressed and let go over one widget. Must not know what they do.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtGui import QKeyEvent

HELD_S: Final = 0.2
"""Shorter than the delay before any keyboard begins to repeat."""
PAIR_S: Final = 0.03
"""No hand presses a key again so soon after it has let it go."""


class HeldKeys:
    """Some displays tell a repeat as a release and a press at once, without saying that it is one.

    A release whose press was made elsewhere ends a key that was down when the widget got the keyboard.
    """

    def __init__(self) -> None:
        self._pressed = (0, 0.0, False)
        self._released = (0, 0.0, False)

    def is_repeat(self, event: QKeyEvent) -> bool:
        """Whether this press goes on with an earlier one; asked once for each press."""
        now_s, (key, at_s, was_held) = time.monotonic(), self._released
        repeats = event.isAutoRepeat() or (key == event.key() and was_held and now_s - at_s < PAIR_S)
        self._pressed = (event.key(), now_s, repeats)
        return repeats

    def release(self, event: QKeyEvent) -> None:
        now_s, (key, at_s, repeats) = time.monotonic(), self._pressed
        was_held = key != event.key() or repeats or now_s - at_s >= HELD_S
        self._released = (event.key(), now_s, was_held)
