"""Owns the division of the town into blocks by streets. Must not put anything on a block."""

import math
import random
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

from app.geo.demo_town.plan import Plan, Site, Street
from app.geo.demo_town.shape import XY, compactness, lines_of, long_axis, polygons_of

TARGET_M2 = {
    "commercial": 26_000.0,
    "old": 5_200.0,
    "workers": 27_000.0,
    "slab": 34_000.0,
    "midrise": 40_000.0,
    "tower": 42_000.0,
    "industrial": 45_000.0,
}
SNAP_M = 26.0
SITE_MARGIN = 0.24  # a cut keeps this share of a site's side away from its middle


@dataclass(slots=True)
class Block:
    """Ground between street centre lines, with what it is for."""

    face: Polygon
    use: str
    site: Site | None = None


class BlockMaker:
    """Divides the skeleton's faces again and again; the streets that do so gather in `streets`."""

    def __init__(self, plan: Plan, rng: random.Random) -> None:
        self._plan = plan
        self._rng = rng
        self.streets: list[Street] = []
        self._junctions: list[XY] = []

    def make(self) -> list[Block]:
        """Every block of the frame that may be built on."""
        faces = skeleton_faces(self._plan)
        self._junctions = [(x, y) for face in faces for x, y in face.exterior.coords[:1]]
        return [block for face in faces for block in self._divide(face, 0)]

    def _divide(self, face: Polygon, depth: int) -> list[Block]:
        use = self._use_of(face)
        site = self._site_in(face)
        limit_m2 = site.max_area_m2 if site else TARGET_M2[use] * self._rng.uniform(1.2, 1.9)
        if face.area <= limit_m2 or depth > 9:
            return [Block(face, site.kind if site else use, site)]
        best = self._best_cut(face, use, site)
        if best is None:
            return [Block(face, site.kind if site else use, site)]
        line, pieces = best
        self._lay(line, face, use)
        return [block for piece in pieces for block in self._divide(piece, depth + 1)]

    def _use_of(self, face: Polygon) -> str:
        at = face.centroid
        return min(self._plan.seeds, key=lambda seed: math.dist(seed[0], (at.x, at.y)))[1]

    def _site_in(self, face: Polygon) -> Site | None:
        return next((site for site in self._plan.sites if face.contains(Point(site.point))), None)

    def _best_cut(
        self, face: Polygon, use: str, site: Site | None
    ) -> tuple[LineString, list[Polygon]] | None:
        tries = [self._try_cut(face, use, site) for _ in range(14)]
        good = [cut for cut in tries if cut is not None]
        return max(good, key=lambda cut: cut[0])[1:] if good else None

    def _try_cut(
        self, face: Polygon, use: str, site: Site | None
    ) -> tuple[float, LineString, list[Polygon]] | None:
        line = self._snapped(self._stroke(face), face)
        pieces = polygons_of(split(face, _lengthened(line)))
        if len(pieces) != 2 or min(p.area for p in pieces) < 0.2 * face.area:
            return None
        if (
            site
            and min(p.exterior.distance(Point(site.point)) for p in pieces)
            < SITE_MARGIN * site.max_area_m2**0.5
        ):
            return None
        if min(long_axis(piece)[2] for piece in pieces) < (26.0 if use == "old" else 62.0):
            return None
        shape = min(compactness(piece) for piece in pieces)
        balance = min(p.area for p in pieces) / face.area
        return shape + 0.5 * balance + 0.25 * _squareness(line, face), line, pieces

    def _stroke(self, face: Polygon) -> LineString:
        angle, length_m, width_m = long_axis(face)
        rectangle = shapely.minimum_rotated_rectangle(face).centroid
        along_m = length_m * self._rng.uniform(-0.16, 0.16)
        middle = (rectangle.x + along_m * math.cos(angle), rectangle.y + along_m * math.sin(angle))
        across = angle + math.pi / 2 + self._rng.gauss(0.0, 0.11)
        half_m = width_m * 0.75 + 30.0
        bend_m = width_m * self._rng.gauss(0.0, 0.035)
        points = [_bowed(middle, across, t * half_m, bend_m * (1 - (t / 0.7) ** 2)) for t in _STEPS]
        inside = lines_of(LineString(points).intersection(face))
        return inside[0] if inside else LineString(points)

    def _snapped(self, line: LineString, face: Polygon) -> LineString:
        """The line with each end at a junction that is near, the rest of it giving way in proportion."""
        coords = [(x, y) for x, y in line.coords]
        head, tail = (self._junction_near(coords[end], face) for end in (0, -1))
        shares = [line.project(Point(point), normalized=True) for point in coords]
        return LineString(
            [
                tuple(
                    p + (h - a) * (1 - t) + (e - z) * t
                    for p, h, a, e, z in zip(point, head, coords[0], tail, coords[-1], strict=True)
                )
                for point, t in zip(coords, shares, strict=True)
            ]
        )

    def _junction_near(self, end: XY, face: Polygon) -> XY:
        near = [
            node
            for node in self._junctions
            if math.dist(node, end) < SNAP_M and face.exterior.distance(Point(node)) < 0.1
        ]
        return min(near, key=lambda node: math.dist(node, end), default=end)

    def _lay(self, line: LineString, face: Polygon, use: str) -> None:
        road_class = "tertiary" if face.area > 160_000 else "residential"
        if use == "old" and face.area < 24_000:
            road_class = "alley"
        self.streets.append(Street(line, road_class))
        self._junctions.extend(
            [(line.coords[0][0], line.coords[0][1]), (line.coords[-1][0], line.coords[-1][1])]
        )


_STEPS = (-1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0)


def _bowed(middle: XY, direction: float, along_m: float, aside_m: float) -> XY:
    return (
        middle[0] + along_m * math.cos(direction) - aside_m * math.sin(direction),
        middle[1] + along_m * math.sin(direction) + aside_m * math.cos(direction),
    )


def _lengthened(line: LineString, by_m: float = 1.0) -> LineString:
    coords = [(x, y) for x, y in line.coords]
    head = _beyond(coords[1], coords[0], by_m)
    tail = _beyond(coords[-2], coords[-1], by_m)
    return LineString([head, *coords, tail])


def _beyond(inner: XY, end: XY, by_m: float) -> XY:
    factor = by_m / max(math.dist(inner, end), 1e-6)
    return (end[0] + (end[0] - inner[0]) * factor, end[1] + (end[1] - inner[1]) * factor)


def _squareness(line: LineString, face: Polygon) -> float:
    """1 where both ends meet the rim at a right angle, 0 where one runs along it."""
    ring = face.exterior
    worst = 1.0
    for end, inside in ((line.coords[0], line.coords[1]), (line.coords[-1], line.coords[-2])):
        at = ring.project(Point(end))
        a, b = ring.interpolate(at - 4.0), ring.interpolate(at + 4.0)
        rim = math.atan2(b.y - a.y, b.x - a.x)
        way = math.atan2(inside[1] - end[1], inside[0] - end[0])
        worst = min(worst, abs(math.sin(way - rim)))
    return worst


def skeleton_faces(plan: Plan) -> list[Polygon]:
    """The faces between the hand-drawn streets, without the corridors where nothing is built."""
    lines = [street.line for street in plan.streets if not street.elevated]
    noded = shapely.unary_union([*lines, plan.frame.exterior], grid_size=0.05)
    faces = polygons_of(shapely.polygonize(list(noded.geoms)), 1_500.0)
    kept = [face for face in faces if plan.frame.contains(face.representative_point())]
    return [face for face in kept if face.intersection(plan.corridors).area < 0.5 * face.area]
