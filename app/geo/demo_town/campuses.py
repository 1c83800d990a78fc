"""Owns blocks with one use that the public enters: mall, plaza, office, market, works. Must not build dwellings."""

import math
import random

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

from app.geo.demo_town.shape import XY, box_at, inner, long_axis, polar, polygons_of
from app.geo.demo_town.town import Footprint, Ground, Lot, Town


def fill_commercial(lot: Lot, town: Town, rng: random.Random) -> None:
    """Podiums, some with cut corners, some with a tower beside them; small forecourts."""
    for piece in lots_in(inner(lot.plot, 2.0), rng, rng.choice((2_200.0, 3_600.0, 6_000.0, 9_500.0))):
        ground = inner(piece, rng.uniform(2.5, 5.5))
        if ground.area > 220.0:
            _raise_podium(ground, town, rng)


def lots_in(piece: Polygon, rng: random.Random, most_m2: float) -> list[Polygon]:
    """Cut a plot across its long side until the pieces are small enough."""
    if piece.is_empty or piece.area < most_m2 * rng.uniform(0.7, 1.5):
        return [piece]
    angle, length_m, width_m = long_axis(piece)
    middle = piece.minimum_rotated_rectangle.centroid
    at = polar((middle.x, middle.y), angle, length_m * rng.uniform(-0.15, 0.15))
    across, reach_m = angle + math.pi / 2 + rng.gauss(0, 0.02), length_m + width_m
    knife = LineString([polar(at, across, -reach_m), polar(at, across, reach_m)])
    return [lot for part in polygons_of(split(piece, knife), 60.0) for lot in lots_in(part, rng, most_m2)]


def _raise_podium(ground: Polygon, town: Town, rng: random.Random) -> None:
    podium = _trimmed(ground, rng)
    angle, length_m, width_m = long_axis(podium)
    if width_m > 36.0 and rng.random() < 0.62 and _with_tower(podium, angle, town, rng):
        return
    if width_m > 26.0 and rng.random() < 0.35:
        podium = _notched(podium, angle, (length_m, width_m), rng)
    town.footprints.append(Footprint(podium, "commercial", rng.randint(3, 9)))


def _trimmed(ground: Polygon, rng: random.Random) -> Polygon:
    """Straight, chamfered or rounded corners."""
    style = rng.random()
    if style < 0.5:
        return ground.simplify(0.8)
    cut_m = rng.uniform(2.5, 5.0)
    join = "bevel" if style < 0.8 else "round"
    parts = polygons_of(
        ground.buffer(-cut_m, join_style="mitre").buffer(cut_m, join_style=join, quad_segs=3), 150.0
    )
    return (parts[0] if parts else ground).simplify(0.5)


def _with_tower(podium: Polygon, angle: float, town: Town, rng: random.Random) -> bool:
    """A tower on the corner that points along the axis, the podium around two sides of it."""
    corner = max(podium.exterior.coords[:-1], key=lambda c: c[0] * math.cos(angle) + c[1] * math.sin(angle))
    middle = podium.centroid
    at = (0.6 * corner[0] + 0.4 * middle.x, 0.6 * corner[1] + 0.4 * middle.y)
    tower = box_at(at, rng.uniform(24, 34), rng.uniform(22, 28), angle)
    bay = affinity.translate(box_at(at, 60.0, 34.0, angle), 14 * math.cos(angle), 14 * math.sin(angle))
    inside = polygons_of(tower.intersection(podium), 380.0)
    rest = polygons_of(podium.difference(bay.union(tower.buffer(2.0, join_style="mitre"))), 240.0)
    if not inside or not rest:
        return False
    town.footprints.append(Footprint(inside[0], "commercial", rng.randint(18, 38)))
    town.footprints.extend(
        Footprint(Polygon(part.exterior), "commercial", rng.randint(3, 6)) for part in rest[:2]
    )
    return True


def _notched(podium: Polygon, angle: float, size: XY, rng: random.Random) -> Polygon:
    """A delivery yard bitten out of the long side."""
    middle = podium.centroid
    side = polar((middle.x, middle.y), angle + math.pi / 2, rng.choice((-0.5, 0.5)) * size[1])
    at = polar(side, angle, rng.uniform(-0.2, 0.2) * size[0])
    return polygons_of(podium.difference(box_at(at, size[0] * 0.3, size[1] * 0.7, angle)))[0]


def fill_mall(lot: Lot, town: Town, rng: random.Random) -> None:
    """Two great halls with rounded corners on either side of a court that is open to the street."""
    ground = inner(lot.plot, 7.0)
    angle, _, width_m = long_axis(ground)
    body = ground.buffer(-14.0).buffer(14.0, quad_segs=5).simplify(0.4)
    court = box_at((body.centroid.x, body.centroid.y), 20.0, width_m * 2, angle + rng.gauss(0, 0.05))
    town.grounds.append(Ground(lot.plot, "plaza"))
    for half, levels in zip(polygons_of(body.difference(court), 400.0), (6, 5, 4), strict=False):
        town.footprints.append(Footprint(half, "commercial", levels, lot.name_zh))


def fill_plaza(lot: Lot, town: Town, rng: random.Random) -> None:
    """Paving, beds at the corners, a round pool, the glass boxes over the metro stairs."""
    square = inner(lot.plot, 0.5)
    angle, length_m, width_m = long_axis(square)
    middle = (square.centroid.x, square.centroid.y)
    town.grounds.append(Ground(square, "plaza", lot.name_zh, lot.name_en))
    for u, v in ((-0.3, 0.3), (0.3, 0.3), (-0.3, -0.3), (0.3, -0.3)):
        at = polar(polar(middle, angle, u * length_m), angle + math.pi / 2, v * width_m)
        bed = box_at(at, length_m * 0.22, width_m * 0.15, angle).buffer(-3).buffer(3, quad_segs=3)
        if square.contains(bed):
            town.grounds.append(Ground(bed, "green"))
    town.grounds.append(Ground(Point(middle).buffer(min(length_m, width_m) * 0.13, quad_segs=6), "water"))
    for u in (-0.44, 0.44):
        kiosk = box_at(polar(middle, angle, u * length_m), 7.0, 15.0, angle)
        if square.contains(kiosk):
            town.footprints.append(Footprint(kiosk, "public", 1))


def fill_market(lot: Lot, town: Town, rng: random.Random) -> None:
    """A hall with a saw-tooth front and a row of stalls behind it."""
    ground = inner(lot.plot, 3.0)
    angle, length_m, width_m = long_axis(ground)
    middle = (ground.centroid.x, ground.centroid.y)
    hall = box_at(polar(middle, angle + math.pi / 2, -0.08 * width_m), 0.84 * length_m, 0.58 * width_m, angle)
    stalls = box_at(polar(middle, angle + math.pi / 2, 0.4 * width_m), 0.8 * length_m, 6.0, angle)
    town.grounds.append(Ground(lot.plot, "plaza"))
    for shape, levels, name in ((hall, 2, lot.name_zh), (stalls, 1, "")):
        for part in polygons_of(shape.intersection(ground), 100.0)[:1]:
            town.footprints.append(Footprint(part, "market", levels, name))


def fill_industrial(lot: Lot, town: Town, rng: random.Random) -> None:
    """Sheds of every size side by side, yards here and there."""
    for piece in lots_in(inner(lot.plot, 5.0), rng, rng.choice((1_900.0, 3_200.0, 5_400.0))):
        shed = inner(piece, rng.uniform(2.5, 5.0))
        if shed.area < 160.0 or rng.random() < 0.12:
            continue
        angle, length_m, width_m = long_axis(shed)
        size = (length_m * rng.uniform(0.8, 1.0), width_m * rng.uniform(0.72, 1.0))
        frame = box_at((shed.centroid.x, shed.centroid.y), *size, angle)
        for part in polygons_of(frame.intersection(shed), 120.0)[:1]:
            town.footprints.append(Footprint(part, "industrial", rng.choice((1, 1, 2, 3))))
