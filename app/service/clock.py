"""The only place that asks the machine for the time.

Owns wall-clock time for the whole program: live (SystemClock) and exercise (DrillClock). Must not sleep or schedule.
"""

from __future__ import annotations

import time
from typing import Protocol

from app.domain.instants import Instant


class Clock(Protocol):
    """Anything that says what time it is, as UTC milliseconds."""

    def now(self) -> Instant: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Instant:
        return time.time_ns() // 1_000_000


class DrillClock:
    """Time that starts at `start_at` and runs `speed` times as fast as the machine's steady clock."""

    def __init__(self, start_at: Instant, speed: float = 1.0) -> None:
        self._start_at = start_at
        self._speed = speed
        self._began_s = time.monotonic()

    def now(self) -> Instant:
        return self._start_at + round((time.monotonic() - self._began_s) * 1000 * self._speed)


class SetClock:
    """Stands still until it is set: for replay, for drills without a window and for tests."""

    def __init__(self, at: Instant) -> None:
        self._at = at

    def now(self) -> Instant:
        return self._at

    def set(self, at: Instant) -> None:
        self._at = at
