"""Today, this week and other stretches of days in the centre's civil time. Must not read a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.instants import DAY_MS, Instant

PERIODS = ("today", "yesterday", "this_week", "last_week", "last_7_days", "this_month", "last_30_days")
"""Stretches that move on with the day; they are what a saved view keeps."""
_MINUTE_MS = 60_000
_THURSDAY = 3
"""1970-01-01 was a Thursday, the fourth day of a week that begins on Monday."""


@dataclass(frozen=True, slots=True)
class Days:
    """From `since` to before `until`."""

    since: Instant
    until: Instant


class CivilDays:
    """The days round one instant. Two of the same civil day are equal."""

    def __init__(self, now: Instant, utc_offset_min: int) -> None:
        self._offset_ms = utc_offset_min * _MINUTE_MS
        self.number = (now + self._offset_ms) // DAY_MS
        self.today = self._days(self.number, 1)
        self.week = self._days(self.number - (self.number + _THURSDAY) % 7, 7)

    def period(self, name: str) -> Days:
        """One of PERIODS. Raises KeyError."""
        day, monday = self.number, self.number - (self.number + _THURSDAY) % 7
        first, count = {
            "today": (day, 1),
            "yesterday": (day - 1, 1),
            "this_week": (monday, 7),
            "last_week": (monday - 7, 7),
            "last_7_days": (day - 6, 7),
            "this_month": (day - self._day_of_month + 1, self._day_of_month),
            "last_30_days": (day - 29, 30),
        }[name]
        return self._days(first, count)

    def day(self, text: str) -> Days:
        """The civil day that 2026-11-22 names. Raises ValueError."""
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        return self._days(int(moment.timestamp() * 1000) // DAY_MS, 1)

    @property
    def _day_of_month(self) -> int:
        return datetime.fromtimestamp(self.number * DAY_MS / 1000, UTC).day

    def _days(self, first: int, count: int) -> Days:
        since = first * DAY_MS - self._offset_ms
        return Days(since, since + count * DAY_MS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CivilDays) and (self.number, self._offset_ms) == (
            other.number,
            other._offset_ms,
        )

    def __hash__(self) -> int:
        return hash((self.number, self._offset_ms))
