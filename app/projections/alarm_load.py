"""How much the desk's alarms ask of one person, against ISA-18.2: per ten minutes, in flood, by source.

Owns the counts of the last day. Must not know single alarms: what a shelf keeps out of the lane asks nothing of anybody
and is counted apart. Bounded: slices of ten seconds and slots of ten minutes, MOST_SOURCES in a slot, nothing older
than KEPT_MS.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from operator import sub
from typing import Final

from app.domain.alarm_limits import AlarmLimits
from app.domain.instants import DAY_MS, Instant

SLICE_MS: Final = 10_000
SLOT_MS: Final = 600_000
"""ISA-18.2 counts alarms per ten minutes and operator."""
KEPT_MS: Final = DAY_MS + 2 * SLOT_MS
MOST_SOURCES: Final = 500
OTHERS: Final = ""
"""The source under which a slot counts what is beyond MOST_SOURCES."""
TOP: Final = 10

_PER_SLOT: Final = SLOT_MS // SLICE_MS


@dataclass(slots=True)
class LoadCounts:
    """Plain data, for a snapshot: slice or slot number -> count, slot number -> count by source."""

    slices: dict[int, int] = field(default_factory=dict)
    sources: dict[int, dict[str, int]] = field(default_factory=dict)
    shelved: dict[int, int] = field(default_factory=dict)
    newest: int = 0
    since: int = 0
    """When the desk's journal began: before that nothing is known. 0 while nothing is."""

    def copy(self) -> LoadCounts:
        by_slot = {slot: dict(counts) for slot, counts in self.sources.items()}
        return LoadCounts(dict(self.slices), by_slot, dict(self.shelved), self.newest, self.since)


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """Of one period. Shares are of 1; `top` are the busiest sources and their counts, `floods` how often one began."""

    total: int
    per_slot: float
    peak: int
    flood_share: float
    floods: int
    top: tuple[tuple[str, int], ...]
    top_share: float
    shelved: int


class AlarmLoad:
    """Counts alarms as they are raised; late ones where they belong."""

    def __init__(self, limits: AlarmLimits) -> None:
        self._limits = limits
        self.counts = LoadCounts()

    def begin(self, at: Instant) -> None:
        """The desk has begun to know; only the first word counts."""
        self.counts.since = self.counts.since or at

    def known_from(self, since: Instant) -> Instant:
        """From when on there is anything to count of a period that begins at `since`."""
        return max(since, self.counts.since)

    def raised(self, at: Instant, source: str, *, shelved: bool = False) -> None:
        counts, slot = self.counts, at // SLOT_MS
        if at < counts.newest - KEPT_MS:
            return
        if at > counts.newest:
            self._forget_before(at - KEPT_MS, since=counts.newest)
            counts.newest = at
        if shelved:
            counts.shelved[slot] = counts.shelved.get(slot, 0) + 1
            return
        counts.slices[at // SLICE_MS] = counts.slices.get(at // SLICE_MS, 0) + 1
        by_source = counts.sources.setdefault(slot, {})
        if source not in by_source and len(by_source) >= MOST_SOURCES:
            source = OTHERS
        by_source[source] = by_source.get(source, 0) + 1

    def _forget_before(self, oldest: Instant, since: Instant) -> None:
        """Once a slot: between two slots there is nothing to forget."""
        if oldest // SLOT_MS == (since - KEPT_MS) // SLOT_MS:
            return
        counts = self.counts
        counts.slices = {n: count for n, count in counts.slices.items() if n >= oldest // SLICE_MS}
        counts.sources = {n: each for n, each in counts.sources.items() if n >= oldest // SLOT_MS}
        counts.shelved = {n: count for n, count in counts.shelved.items() if n >= oldest // SLOT_MS}

    # -- reading -------------------------------------------------------------------------------------------------------

    def in_window(self, now: Instant) -> int:
        """Alarms in the ten minutes before `now`, to the slice."""
        slices, last = self.counts.slices, now // SLICE_MS
        return sum(slices.get(n, 0) for n in range(last - _PER_SLOT + 1, last + 1))

    def is_flood(self, now: Instant) -> bool:
        return self.in_window(now) > self._limits.flood

    def series(self, since: Instant, now: Instant) -> list[int]:
        """Alarms per ten minutes, oldest first; the last period ends with `now`."""
        slices, last = self.counts.slices, now // SLICE_MS
        steps = max(1, -(-(now - since) // SLOT_MS))
        starts = (last - _PER_SLOT * step + 1 for step in range(steps, 0, -1))
        return [sum(slices.get(n, 0) for n in range(start, start + _PER_SLOT)) for start in starts]

    def figures(self, since: Instant, now: Instant) -> LoadFigures:
        """Everything about the period, which reaches back KEPT_MS at the most, as far as it is known.

        Rates are over what is known, ten minutes at least.
        """
        known_from = min(self.known_from(since), now)
        first, last = known_from // SLICE_MS - (known_from > since), now // SLICE_MS
        since = known_from
        total = sum(count for n, count in self.counts.slices.items() if first < n <= last)
        share, floods, peak = self._in_flood(first, last)
        by_source = self._by_source(since, now)
        named = Counter({source: count for source, count in by_source.items() if source != OTHERS})
        top = tuple(named.most_common(TOP))
        every = by_source.total()
        return LoadFigures(
            total,
            total * SLOT_MS / max(SLOT_MS, now - since),
            peak,
            share,
            floods,
            top,
            sum(count for _, count in top) / every if every else 0.0,
            sum(count for slot, count in self.counts.shelved.items() if since // SLOT_MS <= slot),
        )

    def _in_flood(self, first: int, last: int) -> tuple[float, int, int]:
        """(share of the period in flood, how many floods began, most alarms in any ten minutes).

        A flood begins above one limit and ends below another: between them it goes on as it was.
        """
        slices, limits = self.counts.slices, self._limits
        counts = [slices.get(n, 0) for n in range(first - _PER_SLOT + 1, last + 1)]
        sums = list(accumulate(counts, initial=0))
        before, *rolling = map(sub, sums[_PER_SLOT:], sums)
        peak = max(rolling, default=0)
        in_flood = before > limits.flood
        if not in_flood and peak <= limits.flood:
            return 0.0, 0, peak
        flooded = floods = 0
        for count in rolling:
            begins = not in_flood and count > limits.flood
            in_flood = begins or (in_flood and count >= limits.flood_end)
            floods += begins
            flooded += in_flood
        return flooded / max(1, last - first), floods, peak

    def _by_source(self, since: Instant, now: Instant) -> Counter[str]:
        found: Counter[str] = Counter()
        for slot, counts in self.counts.sources.items():
            if since // SLOT_MS <= slot <= now // SLOT_MS:
                found.update(counts)
        return found
