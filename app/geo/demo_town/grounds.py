"""Owns blocks where open ground matters: park, school, hospital, temple, station ... Must not build dwellings."""

import math
import random

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon

from app.geo.demo_town.plan import Street
from app.geo.demo_town.shape import XY, box_at, inner, long_axis, polar, polygons_of, southing_angle
from app.geo.demo_town.town import Footprint, Ground, Lot, Town

Box = tuple[float, float, float, float, int]


def fill_park(lot: Lot, town: Town, rng: random.Random) -> None:
    """Lawn, a pond with an irregular shore, an islet with a pavilion, paths, a tea house."""
    plot = lot.plot
    angle, length_m, width_m = long_axis(plot)
    at = polar((plot.centroid.x, plot.centroid.y), angle, -0.06 * length_m)
    pond = polygons_of(
        _pond(at, angle, (length_m * 0.2, width_m * 0.24), rng).intersection(inner(plot, 20.0))
    )[0]
    pond = polygons_of(pond.buffer(-5).buffer(5, quad_segs=3))[0].simplify(0.5)
    town.grounds += [Ground(plot, "park", lot.name_zh, lot.name_en), Ground(pond, "water")]
    loop = LineString(polygons_of(pond.buffer(12.0, quad_segs=4))[0].exterior.simplify(1.2).coords)
    town.streets.append(Street(loop, "footway", internal=True))
    for turn in (0.0, 0.25, 0.5, 0.75, 0.9):
        town.streets.extend(_path_out(loop, at, angle + turn * math.tau, plot))
    for u, v, w, d in ((0.37, 0.05, 26.0, 11.0), (0.3, -0.2, 10.0, 10.0), (-0.4, 0.1, 14.0, 9.0)):
        house = box_at(polar(polar(at, angle, u * length_m), angle + 1.57, v * width_m), w, d, angle)
        if plot.contains(house):
            town.footprints.append(Footprint(house, "public", 1))


def _pond(at: XY, angle: float, radii: XY, rng: random.Random) -> Polygon:
    """Two overlapping lobes, smoothed."""
    second = polar(at, angle + 0.5, radii[0] * 0.9)
    lobes = [_lobe(at, angle, radii, rng), _lobe(second, angle + 0.9, (radii[0] * 0.55, radii[1] * 0.6), rng)]
    whole = lobes[0].union(lobes[1]).buffer(-7, quad_segs=4).buffer(15, quad_segs=4).buffer(-8, quad_segs=4)
    return Polygon(polygons_of(whole)[0].exterior).simplify(0.7)


def _lobe(at: XY, angle: float, radii: XY, rng: random.Random) -> Polygon:
    turns = [i * math.tau / 22 for i in range(22)]
    return Polygon([polar(at, t, rng.uniform(0.84, 1.1) * _ellipse(t - angle, *radii)) for t in turns])


def _ellipse(angle: float, a: float, b: float) -> float:
    return a * b / math.hypot(b * math.cos(angle), a * math.sin(angle))


def _path_out(loop: LineString, at: XY, bearing: float, plot: Polygon) -> list[Street]:
    ray = LineString([at, polar(at, bearing, 500.0)])
    start, stop = ray.intersection(loop), ray.intersection(plot.buffer(20.0).exterior)
    if not isinstance(start, Point) or not isinstance(stop, Point):
        return []
    bend = polar(((start.x + stop.x) / 2, (start.y + stop.y) / 2), bearing + 1.57, 7.0)
    return [Street(LineString([(start.x, start.y), bend, (stop.x, stop.y)]), "footway", internal=True)]


def fill_garden(lot: Lot, town: Town, rng: random.Random) -> None:
    """A small public garden with a winding path and a shelter."""
    plot = lot.plot
    angle, length_m, width_m = long_axis(plot)
    middle = (plot.centroid.x, plot.centroid.y)
    town.grounds.append(Ground(plot, "park", lot.name_zh, lot.name_en))
    ends = [polar(middle, angle, sense * (length_m / 2 + 14.0)) for sense in (-1, 1)]
    sway = [
        polar(polar(middle, angle, u * length_m), angle + 1.57, v * width_m)
        for u, v in ((-0.2, 0.16), (0.2, -0.16))
    ]
    town.streets.append(Street(LineString([ends[0], *sway, ends[1]]), "footway", internal=True))
    shelter = box_at(polar(middle, angle + 1.57, 0.3 * width_m), 8.0, 8.0, angle)
    if plot.contains(shelter):
        town.footprints.append(Footprint(shelter, "public", 1))


def fill_hospital(lot: Lot, town: Town, rng: random.Random) -> None:
    """Out-patient hall at the street, a comb of wards joined by a spine, a tower, lawns between."""
    boxes: list[Box] = [
        (-0.31, -0.2, 0.3, 0.42, 5), (-0.31, 0.27, 0.26, 0.24, 4), (0.06, -0.36, 0.3, 0.13, 11),
        (0.06, -0.08, 0.3, 0.13, 13), (0.06, 0.2, 0.3, 0.13, 9), (0.05, 0.42, 0.3, 0.1, 3),
        (0.36, -0.14, 0.2, 0.3, 18), (0.36, 0.28, 0.22, 0.2, 4),
    ]  # fmt: skip
    ground = inner(lot.plot, 5.0)
    _raise_boxes(ground, boxes, "hospital", lot.name_zh, town)
    angle, length_m, width_m = long_axis(ground)
    middle = (ground.centroid.x, ground.centroid.y)
    for v in (-0.22, 0.06, 0.31):
        at = polar(polar(middle, angle, 0.06 * length_m), angle + math.pi / 2, v * width_m)
        town.grounds.append(Ground(box_at(at, 0.26 * length_m, 0.07 * width_m, angle), "green"))


def fill_office(lot: Lot, town: Town, rng: random.Random) -> None:
    """A main building, two wings and a service hall around a yard."""
    boxes: list[Box] = [
        (0.0, 0.26, 0.66, 0.26, 8),
        (-0.34, -0.16, 0.16, 0.46, 4),
        (0.34, -0.16, 0.16, 0.46, 4),
        (0.0, -0.3, 0.2, 0.14, 2),
    ]
    ground = inner(lot.plot, 7.0)
    _raise_boxes(ground, boxes, "public", lot.name_zh, town)
    bed = (
        box_at((ground.centroid.x, ground.centroid.y), 22.0, 10.0, long_axis(ground)[0]).buffer(-3).buffer(3)
    )
    town.grounds.append(Ground(bed, "green"))


def fill_kindergarten(lot: Lot, town: Town, rng: random.Random) -> None:
    """An L of two storeys around a play yard."""
    boxes: list[Box] = [(-0.05, 0.26, 0.7, 0.26, 3), (-0.3, -0.14, 0.2, 0.42, 3)]
    ground = inner(lot.plot, 4.0)
    angle, length_m, width_m = long_axis(ground)
    town.grounds.append(Ground(lot.plot, "green"))
    yard = box_at(
        polar((ground.centroid.x, ground.centroid.y), angle + 1.5708, -0.16 * width_m),
        0.36 * length_m,
        0.4 * width_m,
        angle,
    )
    yard = affinity.translate(yard, 0.14 * length_m * math.cos(angle), 0.14 * length_m * math.sin(angle))
    town.grounds.append(
        Ground(yard.buffer(-3).buffer(3, quad_segs=3), "school_yard", lot.name_zh, lot.name_en)
    )
    _raise_boxes(ground, boxes, "school", lot.name_zh, town)


def fill_school(lot: Lot, town: Town, rng: random.Random) -> None:
    """A running track, teaching wings that face south, a laboratory wing across, ball courts."""
    ground = inner(lot.plot, 4.0)
    town.grounds.append(Ground(lot.plot, "green"))
    rest = _lay_track(ground, (lot.name_zh, lot.name_en), 1.0, town)
    boxes: list[Box] = [
        (0.08, 0.38, 0.7, 0.15, 5),
        (0.08, 0.08, 0.7, 0.15, 5),
        (0.08, -0.22, 0.7, 0.15, 4),
        (-0.38, 0.08, 0.13, 0.62, 4),
        (0.1, -0.42, 0.5, 0.1, 2),
    ]
    _raise_boxes(inner(rest, 3.0), boxes, "school", lot.name_zh, town, southing_angle(rest, 0.6))


def fill_sports(lot: Lot, town: Town, rng: random.Random) -> None:
    """A track with a stand, a round hall, courts."""
    ground = inner(lot.plot, 5.0)
    town.grounds.append(Ground(lot.plot, "plaza"))
    rest = _lay_track(ground, (lot.name_zh, lot.name_en), 1.15, town)
    middle = inner(rest, 6.0).representative_point()
    hall = middle.buffer(min(24.0, inner(rest, 2.0).exterior.distance(middle)), quad_segs=6)
    town.footprints.append(Footprint(hall, "public", 2, lot.name_zh))


def _lay_track(ground: Polygon, name: tuple[str, str], scale: float, town: Town) -> Polygon:
    """A stadium-shaped track at one end of the ground; returns the ground that is left."""
    angle, length_m, width_m = long_axis(ground)
    half_m, radius_m = min(0.26 * width_m, 42.0) * scale, min(0.2 * width_m, 32.0) * scale
    centre = polar((ground.centroid.x, ground.centroid.y), angle, -0.3 * length_m)
    across = angle + math.pi / 2
    track = LineString([polar(centre, across, -half_m), polar(centre, across, half_m)]).buffer(
        radius_m, quad_segs=8
    )
    for _ in range(24):
        if ground.contains(track):
            break
        middle = ground.centroid
        track = affinity.scale(track, 0.96, 0.96)
        track = affinity.translate(
            track, (middle.x - track.centroid.x) * 0.04, (middle.y - track.centroid.y) * 0.04
        )
    town.grounds += [Ground(track, "school_yard", *name), Ground(track.buffer(-7.0, quad_segs=8), "green")]
    knife = box_at(polar(centre, angle, -length_m / 2), length_m + 2 * radius_m + 8.0, 4 * width_m, angle)
    rest = polygons_of(ground.difference(knife))
    return rest[0] if rest else ground


def fill_temple(lot: Lot, town: Town, rng: random.Random) -> None:
    """Three halls on an axis that runs south, side halls, courts paved with stone."""
    ground = inner(lot.plot, 2.0)
    town.grounds.append(Ground(lot.plot, "plaza", lot.name_zh, lot.name_en))
    boxes: list[Box] = [
        (0.0, -0.38, 0.34, 0.11, 1),
        (0.0, -0.02, 0.44, 0.2, 2),
        (0.0, 0.36, 0.4, 0.15, 2),
        (-0.38, -0.1, 0.13, 0.5, 1),
        (0.38, -0.1, 0.13, 0.5, 1),
    ]
    _raise_boxes(ground, boxes, "public", lot.name_zh, town, southing_angle(ground, 0.7))


def fill_station(lot: Lot, town: Town, rng: random.Random) -> None:
    """A hall along the tracks, a forecourt, the roofs of the bus terminal."""
    ground = inner(lot.plot, 3.0)
    town.grounds.append(Ground(lot.plot, "plaza", lot.name_zh, lot.name_en))
    boxes: list[Box] = [
        (-0.36, 0.05, 0.2, 0.66, 3),
        (0.1, -0.24, 0.42, 0.045, 1),
        (0.1, -0.13, 0.42, 0.045, 1),
        (0.22, 0.3, 0.3, 0.18, 4),
    ]
    _raise_boxes(ground, boxes, "public", lot.name_zh, town, southing_angle(ground, 0.7))


def _raise_boxes(
    ground: Polygon, boxes: list[Box], kind: str, name_zh: str, town: Town, angle: float | None = None
) -> None:
    """Boxes given as shares of the ground's own frame; the first one bears the name, none overlap."""
    turn = long_axis(ground)[0] if angle is None else angle
    level = affinity.rotate(ground, -turn, origin=(0, 0), use_radians=True)
    west, south, east, north = level.bounds
    raised: list[Polygon] = []
    for u, v, w, d, levels in boxes:
        at = ((west + east) / 2 + u * (east - west), (south + north) / 2 + v * (north - south))
        shape = affinity.rotate(
            box_at(at, w * (east - west), d * (north - south)), turn, origin=(0, 0), use_radians=True
        )
        for part in polygons_of(shape.intersection(ground), 60.0)[:1]:
            is_square = part.area > 0.8 * part.minimum_rotated_rectangle.area
            if is_square and all(other.distance(part) > 0.5 for other in raised):
                town.footprints.append(Footprint(part, kind, levels, "" if raised else name_zh))
                raised.append(part)
