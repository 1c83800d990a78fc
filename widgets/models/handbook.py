"""How much stands on each page of the worker's handbook: today, this week, overdue, waiting for feedback.

Owns the counts, brought up to date with every row and never by going through all of them but at midnight. Must not
filter: ledger_filter.py says what belongs on which page.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping

from app.domain.instants import Instant
from widgets.models.civil_days import CivilDays
from widgets.models.ledger_filter import is_in
from widgets.models.ledger_rows import NEVER, LedgerRow

_Part = tuple[bool, bool, bool, float]
"""What a row adds: today, this week, waiting, and when it is due."""


class Handbook:
    """Counts for one civil day."""

    def __init__(self, days: CivilDays, rows: Mapping[str, LedgerRow]) -> None:
        self.days = days
        self._parts: dict[str, _Part] = {}
        self._today = self._week = self._waiting = 0
        self._due: list[float] = []
        for key, row in rows.items():
            self._add(key, row)
        self._due.sort()

    def put(self, rows: Mapping[str, LedgerRow]) -> None:
        """New and changed rows."""
        for key, row in rows.items():
            self._take_out(key)
            self._add(key, row, in_order=True)

    def drop(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._take_out(key)

    def counts(self, now: Instant) -> dict[str, int]:
        """By page, see ledger_filter.TABS."""
        return {
            "today": self._today,
            "week": self._week,
            "overdue": bisect_left(self._due, now),
            "waiting": self._waiting,
        }

    def _add(self, key: str, row: LedgerRow, *, in_order: bool = False) -> None:
        """Only what adds something is remembered: nearly all of a ledger is over and done with."""
        part = (
            is_in(row, self.days.today), is_in(row, self.days.week), row.waits_for_feedback, row.due_at,
        )  # fmt: skip
        if part == (False, False, False, NEVER):
            return
        self._parts[key] = part
        self._count(part, 1)
        if part[3] != NEVER:
            (insort if in_order else list.append)(self._due, part[3])

    def _take_out(self, key: str) -> None:
        part = self._parts.pop(key, None)
        if part is None:
            return
        self._count(part, -1)
        if part[3] != NEVER:
            del self._due[bisect_left(self._due, part[3])]

    def _count(self, part: _Part, by: int) -> None:
        self._today += by * part[0]
        self._week += by * part[1]
        self._waiting += by * part[2]
