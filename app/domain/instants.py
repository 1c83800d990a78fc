"""UTC instants as integer milliseconds.

Owns the conversion between `Instant` and ISO 8601 text. Must not know what time it is now: that is service/clock.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

Instant: TypeAlias = int
"""Milliseconds since 1970-01-01T00:00:00Z."""

CENTRE_UTC_OFFSET_MS = 8 * 3_600_000
"""All of China keeps one civil time (UTC+8, no summer time); the day of an incident number follows it."""

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def format_iso(at: Instant) -> str:
    """ISO 8601 in UTC with milliseconds, e.g. ``2026-11-22T06:57:00.000Z``."""
    return (_EPOCH + at * _MS).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at % 1000:03d}Z"


def parse_iso(text: str) -> Instant:
    """The instant that an ISO 8601 text with an offset names.

    Raises ValueError naming the text when it is no date or has no offset: a time without one is a guess.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an ISO 8601 time such as 2026-11-22T06:57:00Z") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset; write 2026-11-22T06:57:00Z or …+08:00")
    return (moment - _EPOCH) // _MS


def civil_day(at: Instant) -> str:
    """The centre's civil day as YYYYMMDD."""
    return _day_name((at + CENTRE_UTC_OFFSET_MS) // DAY_MS)


def civil_clock(at: Instant) -> str:
    """The centre's civil time of day, such as 14:57:06."""
    return (_EPOCH + (at + CENTRE_UTC_OFFSET_MS) * _MS).strftime("%H:%M:%S")


@lru_cache(maxsize=64)
def _day_name(day: int) -> str:
    return (_EPOCH + day * DAY_MS * _MS).strftime("%Y%m%d")
