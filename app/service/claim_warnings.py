"""The warning before acting on what another desk has claimed: told once, then the same command goes through.

Owns which command was warned of which claim, for a short while. Must not warn: that is domain/claiming.py.
"""

from __future__ import annotations

import time
from typing import Final

from app.domain.commands import Command
from app.domain.errors import Refusal

HEEDED_S: Final = 30.0
"""Long enough to read the sentence and to call over; who comes back later is warned again."""
_WARNING: Final = "claimed_elsewhere"


class ClaimWarnings:
    """One officer's: it is the newest warning that he has read."""

    def __init__(self) -> None:
        self._warned: tuple[Command, str, float] | None = None

    def despite(self, command: Command) -> str:
        """The desk of whose claim the officer was just warned for this very command; "" for none."""
        if self._warned is None:
            return ""
        warned, desk, told_s = self._warned
        return desk if warned == command and time.monotonic() - told_s < HEEDED_S else ""

    def told(self, command: Command, refusal: Refusal) -> None:
        if refusal.rule == _WARNING:
            self._warned = (command, str(refusal.facts["desk"]), time.monotonic())
