"""Owns where a name stands inside an outline: far from every side. Must not know what is named.

A whole country's rivers are kilometres long and a few metres wide. The largest circle in one of those takes a tenth of
a second to find and says little: of a slender outline the widest of a few cuts across it will do.
"""

from typing import Any

import numpy as np
import shapely

from widgets.map.road_names import Line

_SLENDER = 5.0
"""So many times longer round than a circle of the same area."""
_TOLERANCE_M, _TOLERANCE_PART = 2.0, 1 / 16
_CUTS = 15


def inner_point(ring: Line) -> tuple[tuple[float, float], float]:
    """A point (x, y) inside a ring (n, 2) of the plane, and twice its distance from the nearest side, metres."""
    polygon = shapely.Polygon(ring)
    round_m = 2 * float(np.sqrt(np.pi * polygon.area))
    if polygon.length <= _SLENDER * round_m:
        return _middle_of_circle(polygon)
    whole = polygon if polygon.is_valid else polygon.buffer(0)
    points = _middles_of_cuts(whole)
    if not len(points):
        return _middle_of_circle(polygon)
    away_m = shapely.distance(shapely.boundary(whole), points)
    best = points[int(away_m.argmax())]
    return (float(shapely.get_x(best)), float(shapely.get_y(best))), 2 * float(away_m.max())


def _middle_of_circle(polygon: Any) -> tuple[tuple[float, float], float]:
    mean_width_m = 2 * polygon.area / polygon.length if polygon.length else 0.0
    tolerance_m = max(_TOLERANCE_M, mean_width_m * _TOLERANCE_PART)
    radius = shapely.maximum_inscribed_circle(polygon, tolerance=tolerance_m)
    centre = shapely.get_point(radius, 0)
    return (float(shapely.get_x(centre)), float(shapely.get_y(centre))), 2 * float(shapely.length(radius))


def _middles_of_cuts(polygon: Any) -> Any:
    """Points in the middle of every piece that cuts across the longer side of the box leave inside."""
    left, top, right, bottom = polygon.bounds
    share = (np.arange(_CUTS) + 0.5) / _CUTS
    if bottom - top > right - left:
        along = top + share * (bottom - top)
        ends = [((left - 1, y), (right + 1, y)) for y in along.tolist()]
    else:
        along = left + share * (right - left)
        ends = [((x, top - 1), (x, bottom + 1)) for x in along.tolist()]
    pieces = shapely.get_parts(shapely.intersection(polygon, shapely.linestrings(ends)))
    lines = pieces[shapely.length(pieces) > 0]
    return shapely.line_interpolate_point(lines, 0.5, normalized=True)
