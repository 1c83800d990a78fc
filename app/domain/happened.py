"""When something happened, as an officer types it: a clock time, a date with one, or minutes ago.

Owns the ways to write it and its limits. Must not read a clock and must not know a zone but by its offset.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.domain.errors import Refusal
from app.domain.instants import DAY_MS, Instant

AHEAD_MS: Final = 5 * 60_000
"""A wrist watch may be fast; what lies further ahead has not happened."""
LONGEST_AGO_MS: Final = 366 * DAY_MS

_LONGEST_TYPED: Final = 40
_AGO: Final = re.compile(r"-\s*(\d{1,6})")
_TIME: Final = r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})"
_MOMENT: Final = re.compile(
    rf"(?:(?:(?P<year>\d{{4}})[-/.])?(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})\s+)?{_TIME}"
)


def happened_at(subject: str, typed: str, now: Instant, utc_offset_min: int) -> Instant:
    """The instant that was typed; `now` for nothing. A time without a date is the last one that has been.

    "14:30", "1430", "11-21 23:50", "2026-11-21 23:50", "-15" (minutes ago). Raises Refusal naming the field.
    """
    text = unicodedata.normalize("NFKC", typed[: _LONGEST_TYPED + 1]).strip()
    if not text:
        return now
    at = _read(subject, text, now, utc_offset_min)
    if at > now + AHEAD_MS:
        raise Refusal("happened_ahead", subject, typed=text, limit_min=AHEAD_MS // 60_000)
    if at < now - LONGEST_AGO_MS:
        raise Refusal("happened_long_ago", subject, typed=text, limit_days=LONGEST_AGO_MS // DAY_MS)
    return at


def _read(subject: str, text: str, now: Instant, utc_offset_min: int) -> Instant:
    ago, moment = _AGO.fullmatch(text), _MOMENT.fullmatch(text)
    if ago is not None:
        return now - int(ago[1]) * 60_000
    if moment is None or not text.isascii():
        raise Refusal("happened_unreadable", subject, typed=text)
    given = {name: int(value) for name, value in moment.groupdict().items() if value is not None}
    try:
        return _last(given, now, timedelta(minutes=utc_offset_min))
    except (ValueError, OverflowError):
        raise Refusal("happened_impossible", subject, typed=text) from None


def _last(given: dict[str, Any], now: Instant, offset: timedelta) -> Instant:
    """The last such moment that is not ahead of now. Raises ValueError for a day or a time that there is none of."""
    here = datetime.fromtimestamp(now / 1000, UTC) + offset
    base = here.replace(second=0, microsecond=0)
    moment = base.replace(**given) if "year" in given or "month" not in given else _of_a_year(base, given)
    ahead = moment - here > timedelta(milliseconds=AHEAD_MS)
    if ahead and "year" not in given:
        moment = moment - timedelta(days=1) if "month" not in given else _of_a_year(base, given, 1)
    return round((moment - offset).timestamp() * 1000)


def _of_a_year(base: datetime, given: dict[str, Any], years_ago: int = 0) -> datetime:
    return base.replace(year=base.year - years_ago, **given)
