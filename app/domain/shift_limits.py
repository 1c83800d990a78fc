"""The centre's declared limits of a shift: time in a status, rest, late hand-over, patience with patrols.

Owns the values and what they mean. Must not read a file: app/centre/shift_file.py does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.clocks import GREEN, RED, YELLOW
from app.domain.instants import Instant

_MIN_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MIN_MS


@dataclass(frozen=True, slots=True)
class ShiftLimits:
    """Milliseconds. `status`: from when on each watched status is marked, and overdue. Defaults as the file."""

    status: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {
            "dispatched": (3 * _MIN_MS, 5 * _MIN_MS),
            "en_route": (15 * _MIN_MS, 25 * _MIN_MS),
            "on_scene": (60 * _MIN_MS, 120 * _MIN_MS),
            "returning": (30 * _MIN_MS, 60 * _MIN_MS),
            "out_of_service": (120 * _MIN_MS, 480 * _MIN_MS),
        }
    )
    rest_ms: int = 8 * _HOUR_MS
    longest_duty_ms: int = 12 * _HOUR_MS
    ending_ms: int = 30 * _MIN_MS
    """Work takes at least so long: whose turn ends before that is about to go off."""
    late_ms: int = 120 * _MIN_MS
    expiring_ms: int = 24 * _HOUR_MS
    grace_ms: int = 5 * _MIN_MS
    gap_ms: int = 120_000

    def light(self, status: str, since_at: Instant, now: Instant) -> str:
        """green, yellow or red for a unit that has been in `status` since then; green where nothing is known."""
        limits = self.status.get(status)
        if limits is None or not since_at:
            return GREEN
        lasting_ms = now - since_at
        return RED if lasting_ms >= limits[1] else YELLOW if lasting_ms >= limits[0] else GREEN
