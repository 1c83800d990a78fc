"""Owns the old quarter: small crooked houses wall to wall, and rows of lane houses. Must not touch other blocks."""

import math
import random

from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.ops import split

from app.geo.demo_town.shape import box_at, long_axis, polygons_of
from app.geo.demo_town.town import Footprint, Town


def fill_old_block(plot: Polygon, town: Town, rng: random.Random) -> None:
    """Crowd the plot with houses; one in three blocks is built as rows of lane houses."""
    shapes = _lane_rows(plot, rng) if rng.random() < 0.3 and plot.area > 1800 else _crooked_houses(plot, rng)
    for shape in shapes:
        kind = "commercial" if rng.random() < 0.06 else "old"
        town.footprints.append(Footprint(shape, kind, rng.choice((1, 2, 2, 2, 3))))


def _crooked_houses(plot: Polygon, rng: random.Random) -> list[Polygon]:
    houses = []
    for cell in _cells(plot, rng, depth=0):
        if rng.random() < 0.07:
            continue
        house = cell.buffer(-rng.choice((0.2, 0.25, 0.5, 0.9)), join_style="mitre", mitre_limit=2.0)
        houses.extend(part.simplify(0.3) for part in polygons_of(house, 22.0)[:1])
    return [house for house in houses if house.is_valid and not house.interiors]


def _cells(piece: Polygon, rng: random.Random, depth: int) -> list[Polygon]:
    angle, length_m, width_m = long_axis(piece)
    if (piece.area < rng.uniform(85.0, 260.0) and length_m < 24.0) or depth > 12:
        return [piece]
    along = angle + math.pi / 2 + rng.gauss(0, 0.09)
    middle = piece.minimum_rotated_rectangle.centroid
    shift = length_m * rng.uniform(-0.14, 0.14)
    cx, cy = middle.x + shift * math.cos(angle), middle.y + shift * math.sin(angle)
    reach = length_m + width_m
    knife = LineString(
        [
            (cx - reach * math.cos(along), cy - reach * math.sin(along)),
            (cx + reach * math.cos(along), cy + reach * math.sin(along)),
        ]
    )
    parts = polygons_of(split(piece, knife), 12.0)
    if len(parts) < 2:
        return parts
    return [cell for part in parts for cell in _cells(part, rng, depth + 1)]


def _lane_rows(plot: Polygon, rng: random.Random) -> list[Polygon]:
    """Terraces two rooms deep, back to a lane of three metres, cut into houses of a few bays."""
    angle, length_m, width_m = long_axis(plot)
    centre = plot.centroid
    level = affinity.rotate(plot, -angle, origin=centre, use_radians=True)
    west, south, east, north = level.bounds
    rows = []
    y, depth_m = south + 6.0, rng.uniform(9.0, 11.0)
    while y < north:
        rows.extend(_terrace(level, west, east, y, depth_m, rng))
        y += depth_m + rng.choice((2.6, 3.2, 4.0))
    return [affinity.rotate(row, angle, origin=centre, use_radians=True) for row in rows]


def _terrace(
    level: Polygon, west: float, east: float, y: float, depth_m: float, rng: random.Random
) -> list[Polygon]:
    houses = []
    x = west + rng.uniform(0.0, 4.0)
    while x < east:
        run_m = rng.choice((12.0, 16.0, 20.0, 24.0))
        bar = box_at((x + run_m / 2, y), run_m - 0.3, depth_m).intersection(level)
        houses.extend(part for part in polygons_of(bar, 30.0)[:1] if not part.interiors)
        x += run_m + (2.4 if rng.random() < 0.12 else 0.0)
    return houses
