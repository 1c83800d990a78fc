"""Owns blocks with one use: mall, plaza, park, hospital, school, market, office, works. Must not build dwellings."""

import math
import random
from collections.abc import Callable

import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

from app.geo.demo_town.plan import Street
from app.geo.demo_town.shape import XY, box_at, inner, long_axis, polygons_of, without
from app.geo.demo_town.town import Footprint, Ground, Town

Fill = Callable[[Polygon, Town, random.Random, tuple[str, str]], None]


def fill_commercial(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """Podiums with cut corners, towers beside them."""
    for lot in _lots(inner(plot, 3.0), rng, 5_200.0):
        ground = inner(lot, rng.uniform(3.0, 6.0))
        if ground.area < 250.0:
            continue
        _podium_and_tower(ground, town, rng)


def _lots(piece: Polygon, rng: random.Random, most_m2: float) -> list[Polygon]:
    if piece.is_empty or piece.area < most_m2 * rng.uniform(0.8, 1.4):
        return [piece]
    angle, length_m, width_m = long_axis(piece)
    middle = piece.minimum_rotated_rectangle.centroid
    shift = length_m * rng.uniform(-0.12, 0.12)
    cx, cy = middle.x + shift * math.cos(angle), middle.y + shift * math.sin(angle)
    across, reach = angle + math.pi / 2 + rng.gauss(0, 0.02), length_m + width_m
    knife = LineString([_polar((cx, cy), across, -reach), _polar((cx, cy), across, reach)])
    return [lot for part in polygons_of(split(piece, knife), 60.0) for lot in _lots(part, rng, most_m2)]


def _polar(at: XY, angle: float, distance_m: float) -> XY:
    return (at[0] + distance_m * math.cos(angle), at[1] + distance_m * math.sin(angle))


def _podium_and_tower(ground: Polygon, town: Town, rng: random.Random) -> None:
    shape = ground.buffer(-4.0, join_style="mitre").buffer(4.0, join_style="bevel").simplify(0.5)
    parts = polygons_of(shape, 200.0)
    if not parts:
        return
    podium = parts[0]
    angle, length_m, width_m = long_axis(podium)
    if min(length_m, width_m) > 38.0 and rng.random() < 0.6:
        corner = max(podium.exterior.coords[:-1], key=lambda c: (c[0] * math.cos(angle) + c[1] * math.sin(angle)))
        middle = podium.centroid
        at = (0.62 * corner[0] + 0.38 * middle.x, 0.62 * corner[1] + 0.38 * middle.y)
        tower = box_at(at, rng.uniform(24, 34), rng.uniform(22, 28), angle)
        rest = podium.difference(affinity.scale(tower, 9.0, 1.16).union(tower.buffer(2.5, join_style="mitre")))
        inside = polygons_of(tower.intersection(podium), 300.0)
        keep = polygons_of(rest, 220.0)
        if inside and keep:
            town.footprints.append(Footprint(inside[0], "commercial", rng.randint(18, 38)))
            town.footprints.extend(Footprint(part, "commercial", rng.randint(3, 6)) for part in keep)
            return
    town.footprints.append(Footprint(podium, "commercial", rng.randint(3, 8)))


def fill_mall(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """One great podium with a curved corner, an atrium court open to the street, two towers."""
    ground = inner(plot, 8.0)
    angle, length_m, width_m = long_axis(ground)
    body = ground.buffer(-14.0).buffer(14.0, quad_segs=5).simplify(0.4)
    middle = body.centroid
    court = box_at((middle.x, middle.y), 20.0, width_m * 2, angle)
    halves = polygons_of(body.difference(court), 400.0)
    for half, levels in zip(halves, (6, 5, 4), strict=False):
        town.footprints.append(Footprint(half, "commercial", levels, name[0]))
    town.grounds.append(Ground(polygons_of(ground.intersection(court))[0], "plaza"))


def fill_plaza(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """Paving with beds and the glass boxes over the metro stairs."""
    square = inner(plot, 1.0)
    middle = square.centroid
    town.grounds.append(Ground(square, "plaza", *name))
    angle, length_m, width_m = long_axis(square)
    for du, dv in ((-0.28, 0.28), (0.28, 0.28), (-0.28, -0.28), (0.28, -0.28)):
        u = _polar(_polar((middle.x, middle.y), angle, du * length_m), angle + math.pi / 2, dv * width_m)
        bed = box_at(u, length_m * 0.26, width_m * 0.16, angle).buffer(-3).buffer(3, quad_segs=3)
        if square.contains(bed):
            town.grounds.append(Ground(bed, "green"))
    pool = Point(middle.x, middle.y).buffer(min(length_m, width_m) * 0.12, quad_segs=6)
    town.grounds.append(Ground(pool, "water"))


def fill_park(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """Lawn, a pond with an irregular shore, a path around it, a tea house."""
    town.grounds.append(Ground(plot, "park", *name))
    angle, length_m, width_m = long_axis(plot)
    at = _polar((plot.centroid.x, plot.centroid.y), angle, -0.06 * length_m)
    shore = [
        _polar(at, t * math.tau / 26, rng.uniform(0.86, 1.1) * _ellipse(t * math.tau / 26 - angle, length_m * 0.21, width_m * 0.25))
        for t in range(26)
    ]
    pond = Polygon(shore).buffer(-6).buffer(12, quad_segs=3).buffer(-6, quad_segs=3).simplify(0.8)
    town.grounds.append(Ground(polygons_of(pond)[0], "water"))
    loop = polygons_of(pond.buffer(13.0, quad_segs=4))[0].exterior.simplify(1.2)
    town.streets.append(Street(LineString(loop.coords), "footway", internal=True))
    for bearing in (angle, angle + math.pi, angle + math.pi / 2):
        town.streets.extend(_path_out(loop, at, bearing, plot))
    tea_house = box_at(_polar(at, angle, 0.36 * length_m), 22.0, 12.0, angle)
    if plot.contains(tea_house):
        town.footprints.append(Footprint(tea_house, "public", 1))


def _ellipse(angle: float, a: float, b: float) -> float:
    return a * b / math.hypot(b * math.cos(angle), a * math.sin(angle))


def _path_out(loop: LineString, at: XY, bearing: float, plot: Polygon) -> list[Street]:
    ray = LineString([at, _polar(at, bearing, 400.0)])
    start, stop = ray.intersection(loop), ray.intersection(plot.buffer(14.0).exterior)
    if not isinstance(start, Point) or not isinstance(stop, Point):
        return []
    bend = _polar(((start.x + stop.x) / 2, (start.y + stop.y) / 2), bearing + 1.57, 6.0)
    return [Street(LineString([(start.x, start.y), bend, (stop.x, stop.y)]), "footway", internal=True)]


def fill_hospital(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """Out-patient hall at the street, a comb of wards, a tower, lawns between."""
    ground = inner(plot, 7.0)
    angle, length_m, width_m = long_axis(ground)
    origin = (ground.centroid.x, ground.centroid.y)

    def put(u: float, v: float, w: float, d: float, levels: int, label: str = "") -> None:
        _put(town, ground, (origin, angle), (u, v, w, d), ("hospital", levels, label))

    put(-0.30 * length_m, -0.24 * width_m, 0.30 * length_m, 0.26 * width_m, 5, name[0])
    put(-0.30 * length_m, 0.22 * width_m, 0.24 * length_m, 18.0, 4)
    for i, v in enumerate((-0.34, -0.06, 0.22)):
        put(0.08 * length_m, v * width_m, 0.28 * length_m, 17.0, 9 + 3 * i)
    put(0.36 * length_m, -0.02 * width_m, 24.0, 0.5 * width_m, 6)
    town.grounds.extend(
        Ground(bed, "green")
        for bed in (_at(origin, angle, (0.08 * length_m, v * width_m, 0.24 * length_m, 10.0)) for v in (-0.2, 0.08))
        if ground.contains(bed)
    )


def fill_school(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """A running track, teaching wings that face south, a gymnasium."""
    ground = inner(plot, 5.0)
    angle, length_m, width_m = long_axis(ground)
    origin = (ground.centroid.x, ground.centroid.y)
    radius_m = min(0.22 * width_m, 34.0)
    straight_m = min(0.5 * width_m, 84.0)
    centre = _polar(origin, angle, -0.27 * length_m)
    track = LineString([_polar(centre, angle + 1.5708, -straight_m / 2), _polar(centre, angle + 1.5708, straight_m / 2)]).buffer(radius_m, quad_segs=8)
    while not ground.contains(track) and track.area > 1500:
        track = affinity.scale(track, 0.93, 0.93)
    town.grounds.append(Ground(plot, "green"))
    town.grounds.append(Ground(track, "school_yard", *name))
    town.grounds.append(Ground(track.buffer(-7.5, quad_segs=8), "green"))
    ground = polygons_of(ground.difference(track.buffer(6.0)))[0]
    for i, v in enumerate((-0.33, -0.03, 0.27)):
        _put(town, ground, (origin, angle), (0.2 * length_m, v * width_m, 0.36 * length_m, 14.0), ("school", 4 + i % 2, name[0] if i == 0 else ""))
    _put(town, ground, (origin, angle), (0.44 * length_m, 0.06 * width_m, 13.0, 0.5 * width_m), ("school", 4, ""))


def fill_market(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """A hall with stalls around it."""
    ground = inner(plot, 4.0)
    hall = inner(ground, 8.0)
    angle, length_m, width_m = long_axis(hall)
    body = polygons_of(box_at((hall.centroid.x, hall.centroid.y), 0.86 * length_m, 0.86 * width_m, angle).intersection(hall))[0]
    town.footprints.append(Footprint(body, "market", 2, name[0]))
    for stall in _lots(Polygon(ground.exterior).difference(body.buffer(6.0)), rng, 240.0) if False else []:
        town.footprints.append(Footprint(stall, "market", 1))


def fill_office(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """A main building, a service hall and a yard."""
    ground = inner(plot, 9.0)
    angle, length_m, width_m = long_axis(ground)
    origin = (ground.centroid.x, ground.centroid.y)
    _put(town, ground, (origin, angle), (0.0, 0.2 * width_m, 0.62 * length_m, 18.0), ("public", 8, name[0]))
    _put(town, ground, (origin, angle), (-0.28 * length_m, -0.22 * width_m, 0.28 * length_m, 22.0), ("public", 3, ""))
    _put(town, ground, (origin, angle), (0.28 * length_m, -0.22 * width_m, 0.24 * length_m, 20.0), ("public", 4, ""))


def fill_industrial(plot: Polygon, town: Town, rng: random.Random, name: tuple[str, str]) -> None:
    """Sheds of every size around yards, a lane between them."""
    for lot in _lots(inner(plot, 6.0), rng, 4_200.0):
        shed = inner(lot, rng.uniform(4.0, 8.0))
        angle, length_m, width_m = long_axis(shed) if shed.area > 200 else (0.0, 0.0, 0.0)
        if width_m < 9.0 or rng.random() < 0.1:
            continue
        frame = box_at((shed.centroid.x, shed.centroid.y), length_m * rng.uniform(0.7, 0.98), width_m * rng.uniform(0.6, 0.95), angle)
        town.footprints.extend(Footprint(part, "industrial", rng.choice((1, 1, 2, 3))) for part in polygons_of(frame.intersection(shed), 120.0)[:1])


def _at(origin: XY, angle: float, spec: tuple[float, float, float, float]) -> Polygon:
    u, v, width_m, depth_m = spec
    return box_at(_polar(_polar(origin, angle, u), angle + math.pi / 2, v), width_m, depth_m, angle)


def _put(town: Town, ground: Polygon, frame: tuple[XY, float], spec: tuple[float, float, float, float], what: tuple[str, int, str]) -> None:
    shape = _at(*frame, spec).intersection(ground)
    taken = shapely.unary_union([f.shape for f in town.footprints[-12:]]) if town.footprints else Polygon()
    for part in polygons_of(shape, 120.0)[:1]:
        for free in without(part, taken.buffer(3.0))[:1]:
            if free.area > 120.0:
                town.footprints.append(Footprint(free, *what))


FILLS: dict[str, Fill] = {
    "commercial": fill_commercial,
    "mall": fill_mall,
    "plaza": fill_plaza,
    "park": fill_park,
    "hospital": fill_hospital,
    "school": fill_school,
    "market": fill_market,
    "office": fill_office,
    "industrial": fill_industrial,
}
