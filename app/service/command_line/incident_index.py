"""Owns how an incident is meant by its number's end, and which open ones are offered first. Must not word anything."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from app.domain.incident import ACCEPTED, REPORTED, Incident

_NUMBER: Final = re.compile(r"(?:(?P<day>\d{4}|\d{8})-)?(?P<tail>\d{1,7})")
_LONGEST_TAIL: Final = 5
_MOST_LOOKED_AT: Final = 400
_WAITING: Final = (REPORTED, ACCEPTED)

Rank = tuple[bool, int, int, str]


class IncidentIndex:
    """Ids by their number, and open ids in the order in which an officer is likely to mean them."""

    def __init__(self, incidents: Iterable[Incident] = ()) -> None:
        self._by_tail: dict[int, list[str]] = defaultdict(list)
        self._open: list[Rank] = []
        self._ranks: dict[str, Rank] = {}
        self._days: dict[str, str] = {}
        for incident in incidents:
            self._know(incident)
            if incident.is_open:
                self._ranks[incident.id] = _rank(incident)
        self._open = sorted(self._ranks.values())

    def put(self, incident: Incident) -> None:
        """Takes in the newer state of an incident."""
        if incident.id not in self._days:
            self._know(incident)
        rank, before = _rank(incident) if incident.is_open else None, self._ranks.get(incident.id)
        if rank == before:
            return
        if before is not None:
            del self._open[bisect_left(self._open, before)]
            del self._ranks[incident.id]
        if rank is not None:
            insort(self._open, rank)
            self._ranks[incident.id] = rank

    def meant_by(self, word: str) -> list[str]:
        """Ids that a number can mean, newest first: of one tail the open ones, else the newest of all days."""
        number = _NUMBER.fullmatch(word)
        if number is None:
            return []
        day = number["day"]
        known = [
            key
            for key in reversed(self._by_tail.get(int(number["tail"]), []))
            if not day or self._days[key].endswith(day)
        ]
        still_open = [key for key in known if key in self._ranks]
        return still_open or known[:1]

    def first_open(self, fits: Callable[[str], bool], limit: int) -> list[str]:
        """Open ids, those that wait first, then by priority and age; those that fit before those that do not."""
        fitting: list[str] = []
        others: list[str] = []
        for rank in self._open[:_MOST_LOOKED_AT]:
            (fitting if fits(rank[-1]) else others).append(rank[-1])
            if len(fitting) == limit:
                break
        return [*fitting, *others][:limit]

    def beginning_with(self, figures: str, limit: int) -> list[str]:
        """Open ids whose number's end begins with these figures, the number itself first."""
        if not figures.isdecimal() or not 0 < len(figures.lstrip("0")) <= _LONGEST_TAIL:
            return []
        found: list[str] = []
        for tail in _tails(int(figures)):
            found += [key for key in reversed(self._by_tail.get(tail, ())) if key in self._ranks]
            if len(found) >= limit:
                break
        return found[:limit]

    def _know(self, incident: Incident) -> None:
        day, _, tail = incident.number.rpartition("-")
        self._days[incident.id] = day
        if tail.isdecimal():
            self._by_tail[int(tail)].append(incident.id)


def _tails(head: int) -> Iterator[int]:
    """The number, then every longer one that begins with it."""
    first, count = head, 1
    while first < 10**_LONGEST_TAIL:
        yield from range(first, first + count)
        first, count = first * 10, count * 10


def _rank(incident: Incident) -> Rank:
    is_under_way = incident.status not in _WAITING
    return is_under_way, incident.priority, -incident.opened_at, incident.id
