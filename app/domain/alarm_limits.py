"""The centre's declared limits for alarms: what is an emergency, a flood, chattering, how long may be shelved.

Owns the values and what they mean. Must not read a file: data/alarms.toml is read by service/alarm_limits.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """Milliseconds where a name ends in `_ms`; shares are of 1. The defaults are those of the file."""

    emergency_types: frozenset[str] = frozenset({"one_key", "officer_down", "sos"})
    """Kinds of alarm that stay until a person cancels them, whatever their source says later."""
    group_gap_ms: int = 5 * MINUTE_MS
    group_longest_ms: int = 30 * MINUTE_MS
    chattering_count: int = 5
    chattering_ms: int = 10 * MINUTE_MS
    shelf_longest_ms: Mapping[int, int] = field(
        default_factory=lambda: {2: 30 * MINUTE_MS, 3: 240 * MINUTE_MS, 4: 480 * MINUTE_MS}
    )
    """By priority; what has no entry cannot be shelved."""
    shelf_choices_ms: tuple[int, ...] = tuple(m * MINUTE_MS for m in (15, 30, 60, 120, 240, 480))
    stale_ms: int = DAY_MS
    acceptable: int = 1
    """Alarms in ten minutes that one person handles well (ISA-18.2)."""
    flood: int = 10
    """More than this in ten minutes is a flood."""
    flood_end: int = 5
    """Fewer than this in ten minutes and the flood is over."""
    flood_share: float = 0.01
    top_ten_share: float = 0.05
    mute_ms: int = 10 * MINUTE_MS
    repeat_ms: int = 10_000
    shift_starts_ms: tuple[int, ...] = (8 * 60 * MINUTE_MS, 20 * 60 * MINUTE_MS)
    """Milliseconds after civil midnight, ascending."""
    review_before_ms: int = 30 * MINUTE_MS
    """So long before the end of a shift what is shelved is to be looked through."""

    def is_emergency(self, alarm_type: str) -> bool:
        return alarm_type in self.emergency_types

    def longest_shelf_ms(self, priority: int) -> int:
        """0 for a priority that cannot be shelved."""
        return self.shelf_longest_ms.get(priority, 0)

    def shift_start(self, now: Instant) -> Instant:
        """When the shift began in which `now` lies."""
        return max(start for start in self._starts_near(now) if start <= now)

    def shift_end(self, now: Instant) -> Instant:
        """When the next shift begins."""
        return min(start for start in self._starts_near(now) if start > now)

    def review_is_due(self, now: Instant) -> bool:
        return self.shift_end(now) - now <= self.review_before_ms

    def _starts_near(self, now: Instant) -> list[Instant]:
        midnight = (now + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS
        days = (midnight - DAY_MS, midnight, midnight + DAY_MS)
        return [day + start_ms for day in days for start_ms in self.shift_starts_ms]
