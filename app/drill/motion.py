"""How a unit moves along a way: where it is, which way it looks and how fast it is, as a pure function of time.

Owns the way's geometry and its pace: steady, with a short start and a short stop. Must not know why the unit moves.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from app.geo.coordinates import bearing_deg, distance_m
from app.geo.district import Travel
from app.geo.road_graph import WALK_M_PER_S, Route

PATROL_MPS: Final[dict[Travel, float]] = {"foot": 1.1, "ebike": 3.0, "car": 5.5}
ACCELERATION_MPS2: Final[dict[Travel, float]] = {"foot": 0.8, "ebike": 0.9, "car": 1.6}
"""Starting and stopping alike: a car is at its speed after five seconds."""


@dataclass(frozen=True, slots=True)
class Fix:
    """WGS-84 degrees; `heading_deg` clockwise from north, None while standing; `speed_mps` metres a second."""

    lat: float
    lon: float
    heading_deg: float | None
    speed_mps: float


class Way:
    """A line of (lat, lon), gone along at `cruise_mps`; started and stopped at `acceleration_mps2`, else at once."""

    def __init__(
        self,
        points: Sequence[tuple[float, float]],
        cruise_mps: float,
        acceleration_mps2: float = math.inf,
    ) -> None:
        self._points = points
        legs = (distance_m(*here, *there) for here, there in pairwise(points))
        self._metres = list(accumulate(legs, initial=0.0))
        length_m = self._metres[-1]
        # A short way is all start and stop.
        self._top_mps = min(cruise_mps, math.sqrt(length_m * acceleration_mps2)) if length_m > 0 else 0.0
        self._ramp_s = self._top_mps / acceleration_mps2
        self.duration_s = length_m / self._top_mps + self._ramp_s if length_m > 0 else 0.0

    @property
    def end(self) -> tuple[float, float]:
        """(lat, lon) of the last point."""
        return self._points[-1]

    def at(self, elapsed_s: float) -> Fix:
        """Where one is after so many seconds; before the start and after the end one stands."""
        if elapsed_s < 0 or elapsed_s >= self.duration_s:
            return Fix(*self._points[0 if elapsed_s < 0 else -1], None, 0.0)
        gone_m = self._gone_m(elapsed_s)
        k = min(bisect_right(self._metres, gone_m), len(self._metres) - 1)
        here, there = self._points[k - 1], self._points[k]
        leg_m = self._metres[k] - self._metres[k - 1]
        share = (gone_m - self._metres[k - 1]) / leg_m if leg_m > 0 else 1.0
        lat = here[0] + (there[0] - here[0]) * share
        lon = here[1] + (there[1] - here[1]) * share
        return Fix(lat, lon, bearing_deg(*here, *there) if leg_m > 0 else None, self._speed_mps(elapsed_s))

    def stretches(self) -> Iterator[tuple[float, float, float]]:
        """Between each two points: (seconds at its end, lat, lon of its middle)."""
        for k, (here, there) in enumerate(pairwise(self._points), start=1):
            yield self._elapsed_s(self._metres[k]), (here[0] + there[0]) / 2, (here[1] + there[1]) / 2

    def _elapsed_s(self, gone_m: float) -> float:
        """When one has gone so far: the inverse of `_gone_m`."""
        ramp_m, left_m = self._top_mps * self._ramp_s / 2, self._metres[-1] - gone_m
        if gone_m < ramp_m:
            return math.sqrt(2 * gone_m * self._ramp_s / self._top_mps)
        if left_m < ramp_m:
            return self.duration_s - math.sqrt(2 * max(0.0, left_m) * self._ramp_s / self._top_mps)
        return gone_m / self._top_mps + self._ramp_s / 2 if self._top_mps > 0 else 0.0

    def _gone_m(self, elapsed_s: float) -> float:
        left_s = self.duration_s - elapsed_s
        if elapsed_s < self._ramp_s:
            return self._top_mps * elapsed_s**2 / self._ramp_s / 2
        if left_s < self._ramp_s:
            return self._metres[-1] - self._top_mps * left_s**2 / self._ramp_s / 2
        return self._top_mps * (elapsed_s - self._ramp_s / 2)

    def _speed_mps(self, elapsed_s: float) -> float:
        ramp_s = min(elapsed_s, self.duration_s - elapsed_s)
        return self._top_mps * (ramp_s / self._ramp_s if ramp_s < self._ramp_s else 1.0)


def driven(route: Route, travel: Travel, keenness: float) -> Way:
    """A route to a call or home from it, at the mean of the speeds by which the desk estimates it (geo/road_graph.py).

    `keenness` is the unit's own share of the usual speed.
    """
    pace_mps = route.length_m / route.duration_s if route.duration_s > 0 else WALK_M_PER_S
    return Way(_points(route), pace_mps * keenness, ACCELERATION_MPS2[travel])


def strolled(routes: Sequence[Route], travel: Travel, keenness: float) -> Way:
    """Routes end to end as on patrol: a round has no place where one starts or stops."""
    return Way([point for route in routes for point in _points(route)], PATROL_MPS[travel] * keenness)


def _points(route: Route) -> list[tuple[float, float]]:
    return [(float(lat), float(lon)) for lon, lat in route.line]
