"""Working time: which instant is so many working days or working hours after another.

Owns the counting. Must not know which days are holidays, that is a `WorkCalendar`'s, nor what time it is now.

Days are counted as the Civil Code does (articles 201 and 203): the day of the report is not counted, and the last day
ends when business closes. Working hours run from the very minute of the report, but only while business is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant

_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_LAST_ORDINAL: Final = date.max.toordinal()
_WEEKEND: Final = (2, 3)
"""Day numbers from 1970-01-01, a Thursday, modulo 7."""
_LONGEST_REST_DAYS: Final = 60
_KEPT: Final = 100_000

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class WorkCalendar(Protocol):
    """Which days are worked."""

    def is_workday(self, day: date) -> bool:
        """Whether business is open on this day."""

    def is_known(self, day: date) -> bool:
        """Whether that has been published; else Monday to Friday is assumed."""


class WeekdayCalendar:
    """Monday to Friday, knowing of no holiday."""

    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5

    def is_known(self, day: date) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When business is open on a working day: (from, until) in ms after midnight, ascending and apart.

    Raises ValueError for periods that are none, overlap or leave the day.
    """

    periods: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        edges = [edge for period in self.periods for edge in period]
        if not edges or edges[0] < 0 or edges[-1] > DAY_MS:
            raise ValueError("working hours must lie within a day")
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("working hours must ascend without touching")

    @property
    def day_ms(self) -> int:
        """How much a working day holds."""
        return sum(until - start for start, until in self.periods)

    @property
    def closes_ms(self) -> int:
        return self.periods[-1][1]

    def gone_ms(self, of_day_ms: int) -> int:
        """How much of the working time has gone by at a time of the day."""
        return sum(min(of_day_ms, until) - start for start, until in self.periods if of_day_ms > start)

    def time_of(self, gone_ms: int) -> int:
        """The first time of the day at which so much, 1 to `day_ms`, has gone by."""
        for start, until in self.periods:
            if gone_ms <= until - start:
                return start + gone_ms
            gone_ms -= until - start
        return self.closes_ms


class WorkTime:
    """Counts in one calendar. What was counted is kept: 100,000 rows ask for the same few days."""

    def __init__(self, calendar: WorkCalendar, hours: WorkingHours) -> None:
        self._calendar, self._hours, self._day_ms = calendar, hours, hours.day_ms
        self._workdays: dict[int, bool] = {}
        self._next: dict[int, int] = {}
        self._closing: dict[tuple[int, int], Instant] = {}

    def after_days(self, start_at: Instant, days: int) -> Instant:
        """The close of business on the last of so many working days, 1 or more."""
        key = (start_at + CENTRE_UTC_OFFSET_MS) // DAY_MS, days
        closing = self._closing.get(key)
        if closing is None:
            closing = self._at(self._nth_workday(*key), self._hours.closes_ms)
            _keep(self._closing, key, closing)
        return closing

    def after_hours(self, start_at: Instant, working_ms: int) -> Instant:
        """When so much working time, 1 ms or more, has gone by."""
        day, of_day_ms = divmod(start_at + CENTRE_UTC_OFFSET_MS, DAY_MS)
        if self._is_workday(day):
            gone_ms = self._hours.gone_ms(of_day_ms)
            if gone_ms + working_ms <= self._day_ms:
                return self._at(day, self._hours.time_of(gone_ms + working_ms))
            working_ms -= self._day_ms - gone_ms
        full_days, rest_ms = divmod(working_ms - 1, self._day_ms)
        return self._at(self._nth_workday(day, full_days + 1), self._hours.time_of(rest_ms + 1))

    def least_ms(self, days: int) -> int:
        """`after_days` is never nearer: a report in the last minute of a day, and the next day is worked."""
        return (days - 1) * DAY_MS + self._hours.closes_ms

    def is_known(self, at: Instant) -> bool:
        """Whether the calendar of that day has been published; else it was counted by weekdays."""
        day = _date_of((at + CENTRE_UTC_OFFSET_MS) // DAY_MS)
        return day is not None and self._calendar.is_known(day)

    def _nth_workday(self, day: int, n: int) -> int:
        """The n-th working day after a day."""
        for _ in range(n):
            day = self._next.get(day) or self._next_workday(day)
        return day

    def _next_workday(self, day: int) -> int:
        for later in range(day + 1, day + 1 + _LONGEST_REST_DAYS):
            if self._is_workday(later):
                _keep(self._next, day, later)
                return later
        raise ValueError(f"no working day in {_LONGEST_REST_DAYS} days")

    def _is_workday(self, day: int) -> bool:
        known = self._workdays.get(day)
        if known is None:
            date_of_day = _date_of(day)
            known = day % 7 not in _WEEKEND if date_of_day is None else self._calendar.is_workday(date_of_day)
            _keep(self._workdays, day, known)
        return known

    @staticmethod
    def _at(day: int, of_day_ms: int) -> Instant:
        return day * DAY_MS + of_day_ms - CENTRE_UTC_OFFSET_MS


def _date_of(day: int) -> date | None:
    """None beyond the years 1 to 9999: a source may say anything."""
    ordinal = _EPOCH_ORDINAL + day
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_ORDINAL else None


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Impossible dates from outside must not fill the memory."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
