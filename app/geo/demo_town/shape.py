"""Owns plane geometry that the town needs and shapely lacks. Must not know what a shape stands for."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]


def smooth(points: Sequence[XY], step_m: float = 22.0) -> LineString:
    """A centripetal-like Catmull-Rom curve through the points, thinned to 0.35 m."""
    padded = [_mirror(points[0], points[1]), *points, _mirror(points[-1], points[-2])]
    curve: list[XY] = [points[0]]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces = max(1, round(math.dist(b, c) / step_m))
        curve.extend(_catmull_rom(a, b, c, d, i / pieces) for i in range(1, pieces + 1))
    return LineString(curve).simplify(0.35)


def _mirror(end: XY, inner: XY) -> XY:
    return (2 * end[0] - inner[0], 2 * end[1] - inner[1])


def _catmull_rom(a: XY, b: XY, c: XY, d: XY, t: float) -> XY:
    x, y = (
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
        for p, q, r, s in zip(a, b, c, d, strict=True)
    )
    return (x, y)


def box_at(centre: XY, width_m: float, depth_m: float, angle_rad: float = 0.0) -> Polygon:
    """A rectangle around `centre`, `width_m` along the direction `angle_rad` (counter-clockwise from east)."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    return Polygon(
        [
            (centre[0] + u * width_m * c - v * depth_m * s, centre[1] + u * width_m * s + v * depth_m * c)
            for u, v in corners
        ]
    )


def polygons_of(shape: BaseGeometry, least_m2: float = 1.0) -> list[Polygon]:
    """The polygons in any geometry, largest first, ordered by place where equal."""
    parts = [shape] if isinstance(shape, Polygon) else list(getattr(shape, "geoms", []))
    found = [part for part in parts if isinstance(part, Polygon) and part.area >= least_m2]
    return sorted(found, key=lambda p: (-round(p.area, 1), p.centroid.x, p.centroid.y))


def lines_of(shape: BaseGeometry, least_m: float = 0.5) -> list[LineString]:
    """The lines in any geometry, longest first."""
    parts = [shape] if isinstance(shape, LineString) else list(getattr(shape, "geoms", []))
    found = [part for part in parts if isinstance(part, LineString) and part.length >= least_m]
    return sorted(found, key=lambda line: (-round(line.length, 2), line.coords[0]))


def long_axis(polygon: Polygon) -> tuple[float, float, float]:
    """Direction (radians), length and width of the smallest rectangle around the polygon."""
    ring = list(shapely.minimum_rotated_rectangle(polygon).exterior.coords)
    sides = [(math.dist(ring[i], ring[i + 1]), ring[i], ring[i + 1]) for i in (0, 1)]
    length, a, b = max(sides)
    return math.atan2(b[1] - a[1], b[0] - a[0]), length, min(sides)[0]


def compactness(polygon: Polygon) -> float:
    """1 for a disc, 0.785 for a square, near 0 for a sliver."""
    return float(4 * math.pi * polygon.area / polygon.length**2)


def edges_of(polygon: Polygon) -> Iterator[tuple[XY, XY]]:
    """The sides of the outer ring, one after the other."""
    ring = [(x, y) for x, y in polygon.exterior.coords]
    return pairwise(ring)


def southing_angle(polygon: Polygon, most_rad: float) -> float:
    """The angle of the side that runs most nearly east-west, 0 where none does within `most_rad`."""
    best_angle, best_length = 0.0, 0.0
    for a, b in edges_of(polygon.simplify(4.0)):
        angle = math.remainder(math.atan2(b[1] - a[1], b[0] - a[0]), math.pi)
        length = math.dist(a, b)
        if abs(angle) <= most_rad and length > best_length:
            best_angle, best_length = angle, length
    return best_angle


def heading_deg(a: XY, b: XY) -> float:
    """Compass bearing from a to b in the plane."""
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360


def point_along(line: LineString, distance_m: float) -> tuple[Point, float]:
    """The point at a distance along the line and the compass bearing of the line there."""
    at = line.interpolate(distance_m)
    ahead = line.interpolate(min(distance_m + 2.0, line.length))
    behind = line.interpolate(max(distance_m - 2.0, 0.0))
    return at, heading_deg((behind.x, behind.y), (ahead.x, ahead.y))


def inner(polygon: Polygon, margin_m: float) -> Polygon:
    """The largest part of the polygon that is left inside the margin; empty where nothing is."""
    parts = polygons_of(polygon.buffer(-margin_m, join_style="mitre"))
    return parts[0] if parts else Polygon()


def multi(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The union of many shapes; empty for none."""
    return shapely.unary_union(list(shapes)) if shapes else MultiPolygon()


def points_of(shape: BaseGeometry) -> list[Point]:
    """The points in any geometry."""
    parts = [shape] if isinstance(shape, Point) else list(getattr(shape, "geoms", []))
    return [part for part in parts if isinstance(part, Point) and not part.is_empty]


def polar(at: XY, angle_rad: float, distance_m: float) -> XY:
    """The point at a distance in a direction, counter-clockwise from east."""
    return (at[0] + distance_m * math.cos(angle_rad), at[1] + distance_m * math.sin(angle_rad))
