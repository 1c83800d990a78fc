"""Owns what an officer draws on the map: its kinds, its measures and its neutral form. Must not paint or read input.

`SketchItem` carries no Qt, no file and no desk: a command can hand `to_json(item)` to other desks as it stands.
"""

import itertools
import math
from dataclasses import dataclass
from typing import Any, cast

from app.domain.sketch import KINDS, LEAST_POINTS, MOST_POINTS, MOST_RADIUS_M, MOST_TEXT, SketchKind
from app.geo.coordinates import EARTH_RADIUS_M, distance_m

__all__ = ["KINDS", "LEAST_POINTS", "MOST_POINTS", "MOST_TEXT", "SketchKind"]

RING_RADII_M = (100.0, 200.0, 500.0)


class SketchError(Exception):
    """A text that is no sketch; `str()` says why."""


@dataclass(frozen=True, slots=True)
class SketchItem:
    """One drawing. `points` are (lat, lon) in degrees of WGS-84; `radii_m` belong to rings; `made_at` is UTC ms."""

    id: str
    kind: SketchKind
    points: tuple[tuple[float, float], ...]
    text: str = ""
    radii_m: tuple[float, ...] = ()
    made_at: int = 0

    @property
    def length_m(self) -> float:
        """Along the line; round an area."""
        closed = (*self.points, self.points[0]) if self.kind == "area" else self.points
        return path_length_m(closed)

    @property
    def area_m2(self) -> float:
        return area_m2(self.points) if self.kind == "area" else 0.0


def to_json(item: SketchItem) -> dict[str, Any]:
    """Plain values: {"id", "kind", "points": [[lat, lon], ...], "text", "radii_m", "made_at"}."""
    return {
        "id": item.id,
        "kind": item.kind,
        "points": [list(point) for point in item.points],
        "text": item.text,
        "radii_m": list(item.radii_m),
        "made_at": item.made_at,
    }


def from_json(value: Any) -> SketchItem:
    """The other way. Raises SketchError for anything that is not a sketch, whoever has sent it."""
    try:
        kind = value["kind"]
        if kind not in KINDS:
            raise SketchError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
        item = SketchItem(
            str(value["id"]),
            cast(SketchKind, kind),
            tuple(_position(point) for point in value["points"]),
            str(value.get("text", ""))[:MOST_TEXT],
            tuple(_radius(radius) for radius in value.get("radii_m", ())),
            int(value.get("made_at", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise SketchError(f"not a sketch: {fault!r}") from fault
    if not LEAST_POINTS[item.kind] <= len(item.points) <= MOST_POINTS:
        raise SketchError(f"{item.kind} with {len(item.points)} points")
    return item


def path_length_m(points: tuple[tuple[float, float], ...]) -> float:
    return sum(distance_m(*one, *other) for one, other in itertools.pairwise(points))


def area_m2(points: tuple[tuple[float, float], ...]) -> float:
    """Inside a ring of positions, open or closed, on the plane that touches the earth at its middle."""
    if len(points) < 3:
        return 0.0
    lat = math.radians(sum(point[0] for point in points) / len(points))
    first = points[0]
    xs = [math.radians(lon - first[1]) * math.cos(lat) * EARTH_RADIUS_M for _, lon in points]
    ys = [math.radians(lat_deg - first[0]) * EARTH_RADIUS_M for lat_deg, _ in points]
    twice = sum(x * ys[i - 1] - xs[i - 1] * y for i, (x, y) in enumerate(zip(xs, ys, strict=True)))
    return abs(twice) / 2


def _position(value: Any) -> tuple[float, float]:
    lat, lon = (float(number) for number in value)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise SketchError(f"{lat}, {lon} is no position")
    return lat, lon


def _radius(value: Any) -> float:
    radius_m = float(value)
    if not 0 < radius_m <= MOST_RADIUS_M:
        raise SketchError(f"{radius_m} m is no radius")
    return radius_m
