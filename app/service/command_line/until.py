"""Until when, as an officer types it: a time of day, a day with it, or for how long. Pure; it never raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from app.domain.instants import DAY_MS, Instant, civil_clock, civil_day
from app.i18n import texts
from app.service.command_line.reading import Choice
from app.service.command_line.words import folded

_CLOCK: Final = re.compile(r"(?:(?P<month>\d{1,2})-(?P<day>\d{1,2})\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_SPAN: Final = re.compile(r"(?P<count>\d{1,3})\s*(?P<unit>\D+)")
_UNITS_MS: Final = {"min": 60_000, "h": 3_600_000, "d": DAY_MS}


def until_of(text: str, now: Instant, utc_offset_min: int) -> Instant | None:
    """The instant that 14:30, 11-23 06:00, 90m or 2h mean now; None for anything else.

    A time of day that is over is tomorrow's, a day of the year that is over next year's.
    """
    plain = folded(text.strip())
    span, clock = _SPAN.fullmatch(plain), _CLOCK.fullmatch(plain)
    if clock is not None:
        return _clock(clock, now, utc_offset_min)
    unit_ms = _units().get(span["unit"]) if span is not None else None
    return now + int(span["count"]) * unit_ms if span is not None and unit_ms is not None else None


@cache
def _units() -> dict[str, int]:
    """Every word for a span of time in either language."""
    return {
        word: ms
        for unit, ms in _UNITS_MS.items()
        for text in texts(f"roads.span.{unit}")
        for word in text.split()
    }


def _clock(found: re.Match[str], now: Instant, utc_offset_min: int) -> Instant | None:
    offset = timedelta(minutes=utc_offset_min)
    here = datetime.fromtimestamp(now / 1000, UTC) + offset
    day = (int(found["month"]), int(found["day"])) if found["month"] else (here.month, here.day)
    try:
        meant = datetime(here.year, *day, int(found["hour"]), int(found["minute"]), tzinfo=UTC)
        if meant <= here:
            meant = meant.replace(year=here.year + 1) if found["month"] else meant + timedelta(days=1)
    except ValueError:
        return None
    return round((meant - offset).timestamp() * 1000)


def end_choice(at: Instant, now: Instant, typed: str = "") -> Choice:
    """An instant as a choice: its time of day, with the day where that is not today's."""
    clock, day = civil_clock(at)[:5], civil_day(at)
    said = clock if day == civil_day(now) else f"{day[4:6]}-{day[6:]} {clock}"
    return Choice("until", str(at), said, typed or clock, typed or said, said)
