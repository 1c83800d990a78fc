"""The Chinese working days of the kept library `chinesecalendar`, read when they are first needed.

Owns the library's reading and its edges. Must not count: domain/work_time.py does.

Measured against `holidays` (vacanza) 0.109 over 2004 to 2026: both know the make-up workdays and differ in one day
(2005-12-31). chinesecalendar is an 11 KB wheel and is read in 3 ms (24 ms before it is compiled); holidays is 1.7 MB
(8.9 MB installed), needs dateutil, takes 50 ms (190) and 55 ms more for its first year, and guesses a year that is not
published without a word.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from types import ModuleType


class ChineseCalendar:
    """Public holidays and make-up workdays as published each autumn for the next year; other years by weekdays."""

    def is_workday(self, day: date) -> bool:
        if not self.is_known(day):
            return day.weekday() < 5
        return bool(self._library.is_workday(day))

    def is_known(self, day: date) -> bool:
        return day.year in self.known_years

    def read(self) -> None:
        """Reads the library now, on a thread that nobody waits for, rather than when somebody asks."""
        _ = self.known_years

    @cached_property
    def known_years(self) -> range:
        """The years whose days have been published."""
        days = self._library.holidays
        return range(min(days).year, max(days).year + 1)

    @cached_property
    def _library(self) -> ModuleType:
        import chinese_calendar

        library: ModuleType = chinese_calendar
        return library


chinese_calendar_of_work = ChineseCalendar()
"""The one of this process: what it has read is read once."""
