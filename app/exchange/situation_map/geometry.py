"""GeoJSON of what a district is made of.

Owns the way from rings and lines to features, thousands of shapes joined into few. Must not know colours or layers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely

Feature = dict[str, Any]
Coordinates = Sequence[Sequence[float]]

DECIMALS: Final = 6
"""A tenth of a metre."""
_METRES_PER_DEGREE: Final = 111_320.0
_DIRECTION_OVER_M: Final = 60.0


def collection(features: Iterable[Feature]) -> Feature:
    return {"type": "FeatureCollection", "features": list(features)}


def point(lat: float, lon: float, **properties: object) -> Feature:
    return _feature("Point", [round(lon, DECIMALS), round(lat, DECIMALS)], properties)


def polygon(ring: Coordinates, **properties: object) -> Feature:
    return _feature("Polygon", [rounded(ring)], properties)


def line(points: Coordinates, **properties: object) -> Feature:
    return _feature("LineString", rounded(points), properties)


def joined_polygons(rings: Iterable[Coordinates], **properties: object) -> Feature:
    """One shape of many rings: a browser keeps ten shapes faster than ten thousand."""
    return _feature("MultiPolygon", [[rounded(ring)] for ring in rings], properties)


def joined_lines(lines: Iterable[Coordinates], **properties: object) -> Feature:
    return _feature("MultiLineString", [rounded(points) for points in lines], properties)


def rounded(points: Coordinates) -> list[list[float]]:
    coordinates: list[list[float]] = np.round(np.asarray(points, dtype=np.float64), DECIMALS).tolist()
    return coordinates


def inner_point(ring: Coordinates) -> tuple[float, float]:
    """(lat, lon) of a point well inside a ring, for its name."""
    shape = shapely.Polygon(np.asarray(ring))
    inside = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return inside.y, inside.x


def name_places(roads: Mapping[str, Sequence[Coordinates]]) -> dict[str, tuple[float, float, float]]:
    """Road name -> (lat, lon, turn in degrees clockwise) at the middle of its longest stretch."""
    return {name: _middle(_longest_stretch(lines)) for name, lines in roads.items()}


def by_kind(things: Iterable[Any], kind: str) -> dict[str, list[Any]]:
    """Things by the value of one of their fields, in the order in which they come."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for thing in things:
        groups[getattr(thing, kind)].append(thing)
    return dict(groups)


def _longest_stretch(lines: Sequence[Coordinates]) -> Any:
    merged = shapely.line_merge(shapely.MultiLineString([np.asarray(points) for points in lines]))
    return max(shapely.get_parts(merged), key=shapely.length)


def _middle(stretch: Any) -> tuple[float, float, float]:
    """Text reads from left to right: a road that runs west is read the other way round."""
    half, reach = stretch.length / 2, _DIRECTION_OVER_M / _METRES_PER_DEGREE
    before, middle, after = (
        stretch.interpolate(at) for at in (max(0.0, half - reach), half, min(stretch.length, half + reach))
    )
    east = (after.x - before.x) * math.cos(math.radians(middle.y))
    turn_deg = -math.degrees(math.atan2(after.y - before.y, east))
    if abs(turn_deg) > 90:
        turn_deg -= math.copysign(180, turn_deg)
    return middle.y, middle.x, round(turn_deg, 1)


def _feature(kind: str, coordinates: object, properties: Mapping[str, object]) -> Feature:
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": {"type": kind, "coordinates": coordinates},
    }
