"""Owns the old quarter: small crooked houses wall to wall, and terraces of lane houses. Must not touch other blocks."""

import math
import random

from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.ops import split

from app.geo.demo_town.shape import box_at, long_axis, polygons_of, southing_angle
from app.geo.demo_town.town import Footprint, Ground, Town


def fill_old_block(plot: Polygon, town: Town, rng: random.Random) -> None:
    """Crowd the plot with houses; a third of the blocks is built as terraces that face south."""
    is_terraced = rng.random() < 0.36 and plot.area > 1_600
    shapes = _terraces(plot, rng) if is_terraced else _crooked_houses(plot, town, rng)
    for shape in shapes:
        kind = "commercial" if rng.random() < 0.05 else "old"
        town.footprints.append(Footprint(shape, kind, rng.choice((1, 2, 2, 2, 3))))


def _crooked_houses(plot: Polygon, town: Town, rng: random.Random) -> list[Polygon]:
    houses: list[Polygon] = []
    big = rng.uniform(130.0, 230.0)
    for cell in _cells(plot, rng, big, depth=0):
        lot = rng.random()
        if lot < 0.05:
            town.grounds.append(
                Ground(cell.buffer(-0.8, join_style="mitre"), "green")
            ) if cell.area > 60 else None
        elif lot > 0.11:
            houses.extend(_house_on(cell, rng))
    return houses


def _house_on(cell: Polygon, rng: random.Random) -> list[Polygon]:
    wall_m = rng.choice((0.2, 0.2, 0.3, 0.7, 1.1))
    parts = polygons_of(cell.buffer(-wall_m, join_style="mitre", mitre_limit=2.0), 22.0)[:1]
    shapes = [_with_court(part, rng) for part in parts]
    return [shape for shape in shapes if shape.is_valid and not shape.interiors and shape.area > 20.0]


def _with_court(house: Polygon, rng: random.Random) -> Polygon:
    """Every fourth of the larger houses folds around a court."""
    if house.area < 110.0 or rng.random() > 0.3:
        return house.simplify(0.3)
    angle, length_m, width_m = long_axis(house)
    side = rng.choice((-0.5, 0.5)) * width_m
    middle = house.centroid
    at = (middle.x - side * math.sin(angle), middle.y + side * math.cos(angle))
    folded = polygons_of(house.difference(box_at(at, length_m * 0.4, width_m * 0.9, angle)), 40.0)
    return (folded[0] if folded else house).simplify(0.3)


def _cells(piece: Polygon, rng: random.Random, big_m2: float, depth: int) -> list[Polygon]:
    angle, length_m, width_m = long_axis(piece)
    if (piece.area < rng.uniform(0.5, 1.6) * big_m2 and length_m < 26.0) or depth > 12:
        return [piece]
    across = angle + math.pi / 2 + rng.gauss(0, 0.08)
    middle = piece.minimum_rotated_rectangle.centroid
    shift_m, reach_m = length_m * rng.uniform(-0.14, 0.14), length_m + width_m
    x, y = middle.x + shift_m * math.cos(angle), middle.y + shift_m * math.sin(angle)
    dx, dy = reach_m * math.cos(across), reach_m * math.sin(across)
    parts = polygons_of(split(piece, LineString([(x - dx, y - dy), (x + dx, y + dy)])), 12.0)
    if len(parts) < 2:
        return parts
    return [cell for part in parts for cell in _cells(part, rng, big_m2, depth + 1)]


def _terraces(plot: Polygon, rng: random.Random) -> list[Polygon]:
    """Rows two rooms deep, each behind a lane of three metres, cut into houses of a few bays."""
    angle = southing_angle(plot, math.radians(40))
    centre = plot.centroid
    level = affinity.rotate(plot, -angle, origin=centre, use_radians=True)
    _, south, _, north = level.bounds
    rows: list[Polygon] = []
    depth_m = rng.uniform(8.6, 11.0)
    y = south + depth_m / 2 + 0.6
    while y < north:
        rows.extend(_terrace(level, y, depth_m, rng))
        y += depth_m + rng.choice((2.6, 3.2, 3.8))
    return [affinity.rotate(row, angle, origin=centre, use_radians=True) for row in rows]


def _terrace(level: Polygon, y: float, depth_m: float, rng: random.Random) -> list[Polygon]:
    houses: list[Polygon] = []
    west, _, east, _ = level.bounds
    x = west + rng.uniform(-4.0, 0.0)
    while x < east:
        run_m = rng.choice((12.0, 16.0, 20.0, 24.0, 32.0))
        bar = box_at((x + run_m / 2, y + rng.uniform(-0.3, 0.3)), run_m - 0.3, depth_m).intersection(level)
        parts = [part for part in polygons_of(bar, 30.0)[:1] if not part.interiors]
        houses.extend(part for part in parts if not part.buffer(-1.8).is_empty)
        x += run_m + (2.4 if rng.random() < 0.15 else 0.0)
    return houses
