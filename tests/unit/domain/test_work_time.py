"""Working time: holidays, make-up workdays, noon, night and the end of a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.centre.work_calendar import ChineseCalendar
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant, format_iso, parse_iso
from app.domain.work_time import WeekdayCalendar, WorkingHours, WorkTime

HOUR_MS = 3_600_000
HOURS = WorkingHours(
    ((9 * HOUR_MS, 12 * HOUR_MS), (13 * HOUR_MS + HOUR_MS // 2, 17 * HOUR_MS + HOUR_MS // 2))
)
CALENDAR = ChineseCalendar()
WORK = WorkTime(CALENDAR, HOURS)
DAY_OF_WORK_MS = 7 * HOUR_MS

instants = st.integers(parse_iso("2025-12-01T00:00:00+08:00"), parse_iso("2027-03-01T00:00:00+08:00"))
edges = st.builds(
    lambda day, of_day_ms, off_ms: day * DAY_MS + of_day_ms + off_ms - CENTRE_UTC_OFFSET_MS,
    st.integers(20_430, 20_860),
    st.sampled_from([0, *(edge for period in HOURS.periods for edge in period)]),
    st.integers(-1, 1),
)
moments = instants | edges


def at(text: str) -> Instant:
    return parse_iso(f"{text}+08:00")


def said(instant: Instant) -> str:
    return format_iso(instant + CENTRE_UTC_OFFSET_MS)[:16].replace("T", " ")


def local(instant: Instant) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant + CENTRE_UTC_OFFSET_MS)


@cache
def is_workday(day: date) -> bool:
    return CALENDAR.is_workday(day)


def worked_ms(start: Instant, end: Instant) -> int:
    """Working time between two instants, counted day by day as plainly as can be."""
    total, day = 0, local(start).date()
    while day <= local(end).date():
        midnight = at(f"{day}T00:00:00")
        if is_workday(day):
            for opens, closes in HOURS.periods:
                total += max(0, min(end, midnight + closes) - max(start, midnight + opens))
        day += timedelta(1)
    return total


# -- known days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "days", "due"),
    [
        ("2026-11-18T10:00:00", 1, "2026-11-19 17:30"),
        ("2026-11-20T23:59:59", 1, "2026-11-23 17:30"),  # Friday night: Monday
        ("2026-11-21T08:00:00", 1, "2026-11-23 17:30"),  # Saturday: Monday as well
        ("2026-09-30T10:00:00", 1, "2026-10-08 17:30"),  # over National Day
        ("2026-09-30T10:00:00", 3, "2026-10-10 17:30"),  # Saturday the 10th is worked
        ("2026-09-30T10:00:00", 4, "2026-10-12 17:30"),
        ("2026-02-13T10:00:00", 1, "2026-02-14 17:30"),  # Saturday before Spring Festival is worked
        ("2026-02-13T10:00:00", 2, "2026-02-24 17:30"),
        ("2026-02-27T10:00:00", 1, "2026-02-28 17:30"),  # a make-up Saturday, the last of February
        ("2026-02-28T10:00:00", 1, "2026-03-02 17:30"),
        ("2025-12-31T18:00:00", 1, "2026-01-04 17:30"),  # the Sunday after New Year is worked
    ],
)
def test_working_days_over_holidays_and_make_up_workdays(reported: str, days: int, due: str) -> None:
    assert said(WORK.after_days(at(reported), days)) == due


@pytest.mark.parametrize(
    ("reported", "hours", "due"),
    [
        ("2026-11-18T10:00:00", 2, "2026-11-18 12:00"),
        ("2026-11-18T10:00:01", 2, "2026-11-18 13:30"),  # the last second is left for after noon
        ("2026-11-18T12:30:00", 1, "2026-11-18 14:30"),  # noon does not count
        ("2026-11-18T03:00:00", 1, "2026-11-18 10:00"),  # before it opens
        ("2026-11-18T17:00:00", 1, "2026-11-19 09:30"),
        ("2026-11-20T20:00:00", 8, "2026-11-24 10:00"),  # a night and a weekend, then a day and an hour
        ("2026-09-30T16:30:00", 2, "2026-10-08 10:00"),
    ],
)
def test_working_hours_over_noon_night_and_holidays(reported: str, hours: int, due: str) -> None:
    assert said(WORK.after_hours(at(reported), hours * HOUR_MS)) == due


def test_a_year_that_is_not_published_is_counted_by_weekdays_and_says_so() -> None:
    assert CALENDAR.known_years.start <= 2004
    assert 2026 in CALENDAR.known_years
    unknown = date(CALENDAR.known_years.stop, 1, 1)
    days = [unknown + timedelta(n) for n in range(60)]
    assert [CALENDAR.is_workday(day) for day in days] == [WeekdayCalendar().is_workday(day) for day in days]
    assert not CALENDAR.is_known(unknown)
    assert WORK.is_known(at("2026-12-31T12:00:00"))
    assert not WORK.is_known(at(f"{unknown}T00:00:00"))


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_time_are_counted_too(year: int) -> None:
    start = parse_iso(f"{year:04d}-{'01-01' if year == 1 else '12-31'}T12:00:00+00:00")
    assert WORK.after_days(start, 40) > start
    assert WORK.after_hours(start, 40 * HOUR_MS) > start
    assert not WORK.is_known(WORK.after_days(start, 40))


@pytest.mark.parametrize(
    "periods",
    [(), ((9, 9),), ((9, 8),), ((9, 12), (11, 13)), ((9, 12), (12, 13)), ((-1, 5),), ((0, DAY_MS + 1),)],
)
def test_working_hours_that_cannot_be(periods: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="working hours"):
        WorkingHours(periods)


# -- what holds for all ------------------------------------------------------------------------------------------------


@given(moments, st.integers(1, 60))
@example(at("2026-09-30T23:59:59"), 3)
def test_a_limit_of_working_days(start: Instant, days: int) -> None:
    """It ends at the close of a worked day, and so many worked days follow the day of the report until then."""
    due = WORK.after_days(start, days)
    assert due - start >= WORK.least_ms(days)
    end = local(due)
    assert is_workday(end.date())
    assert (end.hour, end.minute, end.second) == (17, 30, 0)
    between = [
        local(start).date() + timedelta(n) for n in range(1, (end.date() - local(start).date()).days + 1)
    ]
    assert sum(map(is_workday, between)) == days


@given(moments, st.integers(1, 40 * HOUR_MS))
def test_a_limit_of_working_hours(start: Instant, limit_ms: int) -> None:
    """Exactly so much working time lies before it, and it never ends while business is closed."""
    due = WORK.after_hours(start, limit_ms)
    assert due - start >= limit_ms
    assert worked_ms(start, due) == limit_ms
    assert worked_ms(due - 1, due) == 1


@given(moments, moments, st.integers(1, 20), st.integers(1, 20 * HOUR_MS))
def test_a_later_report_is_never_due_earlier(one: Instant, other: Instant, days: int, limit_ms: int) -> None:
    earlier, later = sorted((one, other))
    assert WORK.after_days(earlier, days) <= WORK.after_days(later, days)
    assert WORK.after_hours(earlier, limit_ms) <= WORK.after_hours(later, limit_ms)


@given(moments, st.integers(1, 20), st.integers(1, 20))
def test_a_longer_limit_is_never_due_earlier(start: Instant, days: int, more: int) -> None:
    assert WORK.after_days(start, days) < WORK.after_days(start, days + more)
    assert WORK.after_hours(start, days * HOUR_MS) < WORK.after_hours(start, (days + more) * HOUR_MS)


@given(moments, st.integers(0, 6), st.integers(1, 7 * HOUR_MS))
def test_whole_days_of_work_and_the_rest_add_up(start: Instant, full_days: int, rest_ms: int) -> None:
    first = WORK.after_hours(start, full_days * DAY_OF_WORK_MS) if full_days else start
    assert WORK.after_hours(first, rest_ms) == WORK.after_hours(start, full_days * DAY_OF_WORK_MS + rest_ms)


def test_a_calendar_without_work_is_named() -> None:
    class Holidays(WeekdayCalendar):
        def is_workday(self, day: date) -> bool:
            return False

    with pytest.raises(ValueError, match="no working day"):
        WorkTime(Holidays(), HOURS).after_days(0, 1)
