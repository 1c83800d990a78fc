"""Which known reports are worth asking the rule about, by place, by the sound of the address, and by caller.

Owns the shelves of reports, each in the order of time. Must not know what became of a report: who asks sorts out what
has ended.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter
from typing import Final

from app.domain.instants import Instant
from app.duplicates.report import Report
from app.duplicates.rule import Rule, Told, away_m, told

METRES_PER_DEGREE: Final = 111_320.0
MOST_ASKED: Final = 120
"""Candidates of one look-up: with more at one place and time no officer could tell them apart either."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another report, how likely it tells of the same matter."""

    other: Report
    score: float


@dataclass(frozen=True, slots=True)
class _Kept:
    at: Instant
    told: Told
    shelves: tuple[Hashable, ...]


_at = attrgetter("at")
_SHORT, _NO_MATTER, _ANY_MATTER, _MEANT = "short", "", "*", "meant"
_HERE: Final = ((0, 0),)
_AROUND: Final = tuple((north, east) for north in (0, -1, 1) for east in (0, -1, 1))


class DuplicateIndex:
    """Reports by id. Not for several threads at once."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._kept: dict[str, _Kept] = {}
        self._shelves: dict[Hashable, list[_Kept]] = {}
        self._shrink = 0.0
        self._newest_at = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, report_id: str) -> bool:
        return report_id in self._kept

    def put(self, report: Report) -> None:
        """Takes a report in, or its newest words and place."""
        self.drop(report.id)
        cut = told(report, self.rule.vocabulary)
        kept = _Kept(report.at, cut, tuple(self._shelves_of(cut)))
        self._kept[report.id] = kept
        self._newest_at = max(self._newest_at, report.at)
        for shelf in kept.shelves:
            insort(self._shelves.setdefault(shelf, []), kept, key=_at)

    def drop(self, report_id: str) -> None:
        """Forgets a report; one that is not known is no error."""
        kept = self._kept.pop(report_id, None)
        if kept is None:
            return
        for name in kept.shelves:
            shelf = self._shelves[name]
            place = bisect_left(shelf, kept.at, key=_at)
            while shelf[place] is not kept:
                place += 1
            del shelf[place]
            if not shelf:
                del self._shelves[name]

    def prune(self, keep_ms: int) -> list[str]:
        """Forgets what is that much older than the newest report; the ids that are gone.

        Looks at what was put first only: an old report that was put again goes when those before it have gone.
        """
        before_at = self._newest_at - keep_ms
        gone = [key for key, _ in takewhile(lambda item: item[1].at < before_at, self._kept.items())]
        for key in gone:
            self.drop(key)
        return gone

    def get(self, report_id: str) -> Report | None:
        kept = self._kept.get(report_id)
        return kept.told.report if kept else None

    def find(self, report: Report, least_score: float, most: int = 3) -> list[Suggestion]:
        """The likeliest reports of the same matter, the best first; never the report itself."""
        kept = self._kept.get(report.id)
        cut = kept.told if kept and kept.told.report == report else told(report, self.rule.vocabulary)
        found = [
            Suggestion(other.report, calmed)
            for other in self.candidates(cut)
            if (score := self.rule.score(cut, other, least_score)) >= least_score
            and (calmed := self.rule.calmed(score, self._earlier(other))) >= least_score
        ]
        found.sort(key=lambda suggestion: (-suggestion.score, suggestion.other.id))
        return [s for s in found[:most] if s.score >= found[0].score - self.rule.beside]

    # -- shelves -------------------------------------------------------------------------------------------------------

    def candidates(self, cut: Told) -> Iterator[Told]:
        seen = {cut.report.id}
        for shelf in self._looked_through(cut.report, cut):
            for kept in self._within(shelf, cut.report):
                report = kept.told.report
                if report.id not in seen:
                    seen.add(report.id)
                    yield kept.told
                    if len(seen) > MOST_ASKED:
                        return

    def _within(self, name: Hashable, report: Report) -> Iterator[_Kept]:
        """What stands on a shelf within the time in which both types can be of one matter, the newest first."""
        shelf = self._shelves.get(name)
        if shelf is None:
            return
        rule = self.rule
        window_ms = rule.window_of(report.incident_type)
        first = bisect_left(shelf, report.at - window_ms, key=_at)
        last = bisect_right(shelf, report.at + window_ms, key=_at)
        for kept in reversed(shelf[first:last]):
            if abs(kept.at - report.at) <= rule.window_of(kept.told.report.incident_type):
                yield kept

    def _earlier(self, cut: Told) -> int:
        """How many reports of this matter came from this place in the hours before, but for those just before."""
        report, busy = cut.report, self.rule.busy
        if report.lat is None or report.lon is None:
            return 0
        matter = next(iter(sorted(cut.wording.matters)), _NO_MATTER)
        name = (self._pace(report.incident_type), matter, *self._cell(report.lat, report.lon))
        shelf = self._shelves.get(name, [])
        first = bisect_left(shelf, report.at - busy.since_ms, key=_at)
        last = bisect_right(shelf, report.at - busy.until_ms, key=_at)
        places = (away_m(kept.told.report, report) for kept in shelf[first:last])
        return sum(metres is not None and metres <= busy.metres for metres in places)

    def _shelves_of(self, cut: Told) -> Iterator[Hashable]:
        """Under which names a report is kept: where it is, under each matter that it speaks of or means."""
        pace = self._pace(cut.report.incident_type)
        where = tuple(self._where(cut, _HERE))
        for matter in (*(cut.wording.matters or (_NO_MATTER,)), _ANY_MATTER):
            yield from ((pace, matter, *place) for place in where)
        for group in cut.wording.meant:
            yield from ((_MEANT, cut.report.incident_type, group, *place) for place in where)
        if cut.report.caller:
            yield ("caller", cut.report.caller)

    def _looked_through(self, report: Report, cut: Told) -> Iterator[Hashable]:
        """Callers first; then where a report may be, for those that mean or speak of the same matter, or of none."""
        if report.caller:
            yield ("caller", report.caller)
        matters = (*cut.wording.matters, _NO_MATTER) if cut.wording.matters else (_ANY_MATTER,)
        where = tuple(self._where(cut, _AROUND))
        for group in cut.wording.meant if cut.wording.matters else ():
            yield from ((_MEANT, report.incident_type, group, *place) for place in where)
        for pace in (_SHORT, *self.rule.window_ms):
            for matter in matters:
                yield from ((pace, matter, *place) for place in where)

    def _where(self, cut: Told, around: Sequence[tuple[int, int]]) -> Iterator[tuple[Hashable, ...]]:
        """The cell of the map, the sounds of the address, then the cells around."""
        report = cut.report
        if report.lat is None or report.lon is None:
            yield from _sounds(cut)
            return
        row, column = self._cell(report.lat, report.lon)
        cells = [(row + north, column + east) for north, east in around]
        yield cells[0]
        yield from _sounds(cut)
        yield from cells[1:]

    def _pace(self, incident_type: str) -> str:
        """Types that wait for days have shelves of their own: a look-up for the others does not wade through them."""
        return incident_type if incident_type in self.rule.window_ms else _SHORT

    def _cell(self, lat: float, lon: float) -> tuple[int, int]:
        """One scale for all: were it another for each row, cells would not lie above each other."""
        if not self._shrink:
            self._shrink = max(0.1, math.cos(math.radians(lat)))
        side_deg = self.rule.radius_m / METRES_PER_DEGREE
        return math.floor(lat / side_deg), math.floor(lon * self._shrink / side_deg)


def _sounds(cut: Told) -> Iterator[tuple[str, ...]]:
    """Neighbouring syllables of the address: of a name that was misheard in one place, others still agree."""
    name = cut.wording.name
    if len(name) == 1:
        yield name
    for i in range(len(name) - 1):
        yield name[i : i + 2]
