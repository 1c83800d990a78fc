"""How instants are written for the officer: the district's civil time.

Owns the formats. Must not read a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.instants import Instant


def local(at: Instant, utc_offset_min: int) -> datetime:
    """The civil time as a naive-looking UTC datetime that has been moved: for formatting only."""
    return datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=utc_offset_min)


def clock_text(at: Instant, utc_offset_min: int) -> str:
    """14:57:06"""
    return local(at, utc_offset_min).strftime("%H:%M:%S")


def minute_text(at: Instant, now: Instant, utc_offset_min: int) -> str:
    """14:57; with the day where that is not today's: 11-23 06:35"""
    moment = local(at, utc_offset_min)
    is_today = moment.date() == local(now, utc_offset_min).date()
    return moment.strftime("%H:%M" if is_today else "%m-%d %H:%M")
