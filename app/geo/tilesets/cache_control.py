"""Owns how long an answer of a tile server is good for, by what the server says. Must not store anything."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from app.domain.instants import DAY_MS, Instant

DEFAULT_LIFE_MS = 7 * DAY_MS
LEAST_LIFE_MS = 60_000
"""A tile that is looked at is not asked for again within this time, whatever the server says."""
MOST_LIFE_MS = 365 * DAY_MS

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})")


def may_be_stored(headers: Mapping[str, str]) -> bool:
    return "no-store" not in headers.get("Cache-Control", "").lower()


def expires_at(headers: Mapping[str, str], now: Instant) -> Instant:
    """When an answer that came now is past its time: max-age, else Expires, else a week."""
    return now + min(MOST_LIFE_MS, max(LEAST_LIFE_MS, _life_ms(headers, now)))


def _life_ms(headers: Mapping[str, str], now: Instant) -> int:
    control = headers.get("Cache-Control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return 0
    if found := _MAX_AGE.search(control):
        return int(found.group(1)) * 1000 - _age_ms(headers)
    if "Expires" in headers:
        return _date_ms(headers["Expires"]) - now
    return DEFAULT_LIFE_MS


def _age_ms(headers: Mapping[str, str]) -> int:
    """How long a proxy on the way has kept it already."""
    age = headers.get("Age", "0")
    return int(age) * 1000 if age.isdecimal() else 0


def _date_ms(text: str) -> int:
    """A date that cannot be read is past: so says HTTP."""
    try:
        return round(parsedate_to_datetime(text).timestamp() * 1000)
    except ValueError:
        return 0
