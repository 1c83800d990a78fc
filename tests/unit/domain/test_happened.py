"""A time is read as it is said at a desk; impossible ones, and what has not happened yet, are refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.domain.happened import AHEAD_MS, LONGEST_AGO_MS, happened_at
from app.domain.instants import format_iso, parse_iso

NOW = parse_iso("2026-11-22T11:30:00Z")
SHANGHAI_MIN = 480


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("", "2026-11-22T11:30"),
        ("14:30", "2026-11-22T06:30"),
        ("1430", "2026-11-22T06:30"),
        ("19:34", "2026-11-22T11:34"),
        ("19:36", "2026-11-21T11:36"),
        ("23:50", "2026-11-21T15:50"),
        ("11-21 23:50", "2026-11-21T15:50"),
        ("12-31 10:00", "2025-12-31T02:00"),
        ("2026/11/21 23:50", "2026-11-21T15:50"),
        ("-15", "2026-11-22T11:15"),
        ("\uff11\uff14\uff1a\uff13\uff10", "2026-11-22T06:30"),
    ],
)
def test_it_is_read_as_it_is_said(typed: str, utc: str) -> None:
    assert format_iso(happened_at("i", typed, NOW, SHANGHAI_MIN)).startswith(utc)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("2-30 10:00", "happened_impossible"),
        ("25:00", "happened_impossible"),
        ("2026-13-01 10:00", "happened_impossible"),
        ("0000-01-01 10:00", "happened_impossible"),
        ("2026-11-22 19:36", "happened_ahead"),
        ("9999-12-31 23:59", "happened_ahead"),
        ("2025-11-20 10:00", "happened_long_ago"),
        ("-999999", "happened_long_ago"),
        ("yesterday", "happened_unreadable"),
        ("<b>14:30</b>", "happened_unreadable"),
        ("1" * 1_000_000, "happened_unreadable"),
    ],
)
def test_what_cannot_have_been_is_refused_by_name(typed: str, rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        happened_at("i", typed, NOW, SHANGHAI_MIN)
    assert refused.value.rule == rule


@given(st.one_of(st.text(max_size=50), st.from_regex(r"(\d{4}-)?\d{1,2}-\d{1,2} \d{1,2}:\d{2}", fullmatch=True)),
       st.integers(0, 4_000_000_000_000), st.integers(-720, 840))  # fmt: skip
def test_whatever_is_typed_lies_within_the_limits_or_is_refused(
    typed: str, now: int, offset_min: int
) -> None:
    try:
        at = happened_at("i", typed, now, offset_min)
    except Refusal:
        return
    assert now - LONGEST_AGO_MS <= at <= now + AHEAD_MS
