"""How a unit moves along a way: where it is, which way it looks and how fast it is, as a pure function of time.

Owns the way's geometry and the small unevenness of any walk or drive. Must not know why the unit moves.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from app.geo.coordinates import bearing_deg, distance_m
from app.geo.road_graph import Route

UNEVENNESS = 0.35
"""Share by which speed swings around its mean: lights, crossings, people in the way."""
SWING_S = 23.0


@dataclass(frozen=True, slots=True)
class Fix:
    """WGS-84 degrees; `heading_deg` clockwise from north, None while standing; `speed_mps` metres a second."""

    lat: float
    lon: float
    heading_deg: float | None
    speed_mps: float


class Way:
    """A line with the seconds at which each of its points is passed; `phase` makes every unit's unevenness its own."""

    def __init__(
        self, points: Sequence[tuple[float, float]], seconds: Sequence[float], phase: float = 0.0
    ) -> None:
        self._points = points
        self._seconds = seconds
        self._phase = phase
        self.duration_s = self._inverse_end(seconds[-1]) if seconds[-1] > 0 else 0.0

    @property
    def end(self) -> tuple[float, float]:
        """(lat, lon) of the last point."""
        return self._points[-1]

    def at(self, elapsed_s: float) -> Fix:
        """Where one is after so many seconds; before the start and after the end one stands."""
        even_s = self._even_s(elapsed_s)
        if elapsed_s < 0 or elapsed_s >= self.duration_s:
            lat, lon = self._points[0 if elapsed_s < 0 else -1]
            return Fix(lat, lon, None, 0.0)
        k = min(bisect_right(self._seconds, even_s), len(self._seconds) - 1)
        here, there = self._points[k - 1], self._points[k]
        leg_s = self._seconds[k] - self._seconds[k - 1]
        share = (even_s - self._seconds[k - 1]) / leg_s if leg_s > 0 else 0.0
        lat = here[0] + (there[0] - here[0]) * share
        lon = here[1] + (there[1] - here[1]) * share
        leg_m = distance_m(*here, *there)
        speed = leg_m / leg_s * self._swing(elapsed_s) if leg_s > 0 else 0.0
        return Fix(lat, lon, bearing_deg(*here, *there) if leg_m > 0 else None, speed)

    def _even_s(self, elapsed_s: float) -> float:
        """The timetable's second at which one is after `elapsed_s` of uneven going; strictly rising."""
        turn = 2 * math.pi / SWING_S
        swing = math.sin(turn * elapsed_s + self._phase) - math.sin(self._phase)
        return elapsed_s + UNEVENNESS / turn * swing

    def _swing(self, elapsed_s: float) -> float:
        return 1 + UNEVENNESS * math.cos(2 * math.pi / SWING_S * elapsed_s + self._phase)

    def _inverse_end(self, even_s: float) -> float:
        """When the timetable's last second is reached; bisection, since the timetable has no closed inverse."""
        low, high = 0.0, even_s + SWING_S
        for _ in range(48):
            middle = (low + high) / 2
            low, high = (middle, high) if self._even_s(middle) < even_s else (low, middle)
        return high


def driven(route: Route, haste: float, phase: float) -> Way:
    """A route at the speeds of its roads, `haste` times as fast."""
    points = [(float(lat), float(lon)) for lon, lat in route.line]
    return Way(points, [float(s) / haste for s in route.seconds], phase)


def strolled(routes: Sequence[Route], speed_mps: float, phase: float) -> Way:
    """Routes end to end at one speed, as on patrol."""
    points = [(float(lat), float(lon)) for route in routes for lon, lat in route.line]
    legs = (distance_m(*here, *there) / speed_mps for here, there in pairwise(points))
    return Way(points, list(accumulate(legs, initial=0.0)), phase)
