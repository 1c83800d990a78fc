"""Owns rows of shops along a street. Must not know what stands behind them."""

import random

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.shape import inner, lines_of, polygons_of

DEPTH_M = 8.6


def shop_row(plot: Polygon, frontage: BaseGeometry, rng: random.Random) -> list[Polygon]:
    """Low houses in a broken row along the plot's rim where it is `frontage`; none overlap."""
    row: list[Polygon] = []
    bounds = inner(plot, 0.6)
    for line in lines_of(frontage, 30.0):
        at_m = rng.uniform(3.0, 12.0)
        while at_m < line.length - 12.0:
            run_m = min(rng.uniform(14.0, 42.0), line.length - at_m)
            row.extend(_shop(line, at_m, run_m, bounds, row))
            at_m += run_m + rng.choice((1.0, 1.0, 1.0, 3.5, 9.0, 24.0))
    return row


def _shop(line: LineString, at_m: float, run_m: float, bounds: Polygon, row: list[Polygon]) -> list[Polygon]:
    a, b = line.interpolate(at_m), line.interpolate(at_m + run_m)
    bar = LineString([(a.x, a.y), (b.x, b.y)]).buffer(DEPTH_M, cap_style="flat")
    parts = polygons_of(bar.intersection(bounds), 70.0)[:1]
    return [shop for part in parts if _is_house_like(shop := part.simplify(0.6)) and _is_free(shop, row)]


def _is_house_like(shape: Polygon) -> bool:
    """Nearly a rectangle, and not too thin."""
    rectangle = shape.minimum_rotated_rectangle
    return not shape.interiors and shape.area > 0.84 * rectangle.area and not shape.buffer(-2.6).is_empty


def _is_free(shape: Polygon, row: list[Polygon]) -> bool:
    return all(other.distance(shape) > 0.3 for other in row[-12:])
