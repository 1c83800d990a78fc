"""Slow roads: where and when ways take longer, and how a way that is gone through them takes its time.

Owns jams and the table of time that follows from them, the same for the same way and instant. Must not tell the desk:
its estimates are those of free roads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.instants import Instant
from app.drill.motion import Way
from app.geo.coordinates import distance_m
from app.geo.district import Travel

NEVER: Final = float("inf")
LEAST_M_PER_DEGREE: Final = 110_500.0
"""Of latitude, anywhere."""


@dataclass(frozen=True, slots=True)
class Jam:
    """From `from_at` until `to_at` these modes take `slower` times as long, within `radius_m` of a place (WGS-84).

    A radius of 0 is everywhere. A stretch of road between two points of a way is in it when its middle is.
    """

    from_at: Instant
    to_at: Instant
    slower: float
    travel: frozenset[Travel]
    lat: float = 0.0
    lon: float = 0.0
    radius_m: float = 0.0

    def reaches(self, lat: float, lon: float) -> bool:
        if not self.radius_m:
            return True
        # Most are nowhere near, which the difference in latitude alone tells.
        is_near = abs(lat - self.lat) * LEAST_M_PER_DEGREE <= self.radius_m
        return is_near and distance_m(self.lat, self.lon, lat, lon) <= self.radius_m


class Timetable:
    """When a unit is how far: seconds on free roads by seconds in truth, both from setting out, linear between."""

    def __init__(self, real_s: Sequence[float], free_s: Sequence[float]) -> None:
        self._real_s, self._free_s = real_s, free_s

    @property
    def duration_s(self) -> float:
        return self._real_s[-1]

    def free_s(self, real_s: float) -> float:
        """How long one would have been under way on free roads to be where one is now."""
        k = self._piece(real_s)
        return self._free_s[k - 1] + (real_s - self._real_s[k - 1]) / self._slower(k)

    def slower(self, real_s: float) -> float:
        """By how much one is slower just then."""
        return self._slower(self._piece(real_s))

    def _piece(self, real_s: float) -> int:
        return min(max(1, bisect_right(self._real_s, real_s)), len(self._real_s) - 1)

    def _slower(self, piece: int) -> float:
        free_s = self._free_s[piece] - self._free_s[piece - 1]
        return (self._real_s[piece] - self._real_s[piece - 1]) / free_s if free_s > 0 else 1.0


def timetable(way: Way, travel: Travel, since_at: Instant, jams: Sequence[Jam]) -> Timetable | None:
    """For a way that is gone from `since_at` on; None where no jam holds it up."""
    met = [jam for jam in jams if travel in jam.travel and _may_meet(jam, since_at, way.duration_s)]
    if not met or way.duration_s <= 0:
        return None
    real, free = [0.0], [0.0]
    for until_s, lat, lon in way.stretches():
        here = [jam for jam in met if jam.reaches(lat, lon)]
        for real_s, free_s in _gone(since_at, real[-1], free[-1], until_s, here):
            real.append(real_s)
            free.append(free_s)
    return Timetable(real, free) if real[-1] > free[-1] + 1e-6 else None


def _may_meet(jam: Jam, since_at: Instant, duration_s: float) -> bool:
    """Other jams may keep one under way until this one begins: only what is over is left out."""
    return jam.to_at > since_at and jam.slower > 1.0 and duration_s > 0


def _gone(
    since_at: Instant, real_s: float, free_s: float, until_s: float, jams: Sequence[Jam]
) -> Iterator[tuple[float, float]]:
    """The pieces of one stretch: (real, free) at the end of each, cut where a jam begins or ends."""
    while free_s < until_s:
        slower, turns_s = _pace(jams, since_at, real_s)
        needs_s = (until_s - free_s) * slower
        if real_s + needs_s <= turns_s:
            yield real_s + needs_s, until_s
            return
        free_s += (turns_s - real_s) / slower
        real_s = turns_s
        yield real_s, free_s


def _pace(jams: Sequence[Jam], since_at: Instant, real_s: float) -> tuple[float, float]:
    """The worst of the jams in force just then, and until when (seconds since setting out) that does not change."""
    slower, turns_s = 1.0, NEVER
    for jam in jams:
        from_s, to_s = (jam.from_at - since_at) / 1000, (jam.to_at - since_at) / 1000
        if from_s <= real_s < to_s:
            slower = max(slower, jam.slower)
        turns_s = min([turns_s, *(edge_s for edge_s in (from_s, to_s) if edge_s > real_s)])
    return slower, turns_s
