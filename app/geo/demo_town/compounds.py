"""Owns residential compounds: rows of slabs that face south, lanes, gates, shops along the street."""

import math
import random
from dataclasses import dataclass

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.plan import Street
from app.geo.demo_town.shape import box_at, heading_deg, inner, lines_of, multi, polygons_of, southing_angle
from app.geo.demo_town.town import Footprint, Gate, Ground, Town


@dataclass(frozen=True, slots=True)
class Style:
    """How the houses of a compound stand; lengths in metres."""

    depth_m: tuple[float, float]
    pitch_m: tuple[float, float]
    length_m: tuple[float, float]
    gap_m: tuple[float, float]
    levels: tuple[int, int]
    lane_every: int


STYLES = {
    "workers": Style((9.5, 11.0), (22.0, 25.0), (34.0, 62.0), (5.0, 8.0), (4, 6), 3),
    "slab": Style((11.0, 12.8), (26.0, 30.0), (38.0, 66.0), (7.0, 11.0), (6, 7), 3),
    "midrise": Style((13.0, 15.0), (40.0, 46.0), (30.0, 52.0), (11.0, 16.0), (11, 18), 2),
    "tower": Style((16.0, 19.0), (56.0, 66.0), (27.0, 40.0), (20.0, 28.0), (24, 33), 2),
}


class Compound:
    """One compound on one plot, worked out in a frame where its rows run exactly east-west."""

    def __init__(self, plot: Polygon, style: str, name: tuple[str, str], rng: random.Random) -> None:
        self._rng = rng
        self._style = STYLES[style]
        self._is_new = style in ("midrise", "tower")
        self._name = name
        self._angle = southing_angle(plot, math.radians(24)) + rng.gauss(0, 0.012)
        self._pivot = plot.centroid
        self._plot = self._turned(plot, -1)
        self._inset = inner(self._plot, 5.0)
        self._lanes: list[LineString] = []
        self._houses: list[Polygon] = []
        self._greens: list[Polygon] = []

    def build(self, town: Town, face: Polygon, frontage: BaseGeometry) -> None:
        """Put the compound into the town; `face` reaches to the street centre lines, shops line the `frontage`."""
        shops = self._shops(self._turned(frontage, -1))
        self._inset = max(polygons_of(self._inset.difference(multi(shops).buffer(7.0))), default=self._inset, key=_area)
        if self._inset.area < 900.0:
            self._place(town, [], shops)
            return
        self._lay_lanes(self._turned(face, -1))
        rows_top, rows_bottom = self._inset.bounds[3], self._inset.bounds[1]
        self._raise_rows(rows_top, rows_bottom)
        shops = [shop for shop in shops if not any(lane.distance(shop) < 4.5 for lane in self._lanes)]
        self._place(town, self._lanes, shops)
        self._add_gate(town)

    def _turned(self, shape: BaseGeometry, sense: int) -> BaseGeometry:
        return affinity.rotate(shape, sense * self._angle, origin=self._pivot, use_radians=True)

    # lanes

    def _lay_lanes(self, face: BaseGeometry) -> None:
        west, south, east, north = self._inset.bounds
        x = west + (east - west) * self._rng.uniform(0.38, 0.62)
        through = lines_of(LineString([(x, south - 200), (x, north + 200)]).intersection(face))[0]
        low, high = sorted((through.coords[0], through.coords[-1]), key=lambda c: c[1])
        inside = lines_of(LineString([(x, south - 200), (x, north + 200)]).intersection(self._inset))[0]
        inner_low, inner_high = inside.bounds[1] + 5.0, inside.bounds[3] - 5.0
        opens_south = self._rng.random() < 0.62
        both = self._rng.random() < 0.2
        bottom = low[1] if opens_south or both else inner_low
        top = high[1] if not opens_south or both else inner_high
        self._spine_x = x
        self._opens_south = opens_south
        self._lanes = [LineString([(x, bottom), (x, top)])]
        self._inner_span = (inner_low, inner_high)

    def _cross_lane(self, y: float) -> None:
        if not self._inner_span[0] + 2 <= y <= self._inner_span[1] - 2:
            return
        west, _, east, _ = self._inset.bounds
        row = lines_of(LineString([(west - 5, y), (east + 5, y)]).intersection(inner(self._inset, 4.0)))
        holding = [line for line in row if line.bounds[0] < self._spine_x < line.bounds[2]]
        if holding and holding[0].length > 40.0:
            self._lanes.append(holding[0])

    # houses

    def _raise_rows(self, top: float, bottom: float) -> None:
        rng, style = self._rng, self._style
        depth_m = rng.uniform(*style.depth_m)
        pitch_m = rng.uniform(*style.pitch_m)
        y, row = top - depth_m / 2 - rng.uniform(1.0, 4.0), 0
        while y - depth_m / 2 > bottom:
            if row % style.lane_every == style.lane_every - 1 and y - pitch_m > bottom:
                self._cross_lane(y - pitch_m / 2 + 1.0)
            self._raise_row(y, depth_m, garden=self._is_new and row == 1)
            y -= pitch_m * rng.uniform(0.97, 1.05)
            row += 1

    def _raise_row(self, y: float, depth_m: float, garden: bool) -> None:
        for start, end in self._free_spans(y, depth_m):
            if garden and end - start > 60.0:
                start = self._lay_garden(start, end, y, depth_m)
            self._fill_span(start, end, y, depth_m)

    def _free_spans(self, y: float, depth_m: float) -> list[tuple[float, float]]:
        west, _, east, _ = self._inset.bounds
        free: BaseGeometry = LineString([(west - 5, 0), (east + 5, 0)])
        for dy in (-depth_m / 2 - 0.5, 0.0, depth_m / 2 + 0.5):
            cut = LineString([(west - 5, y + dy), (east + 5, y + dy)]).intersection(self._inset)
            free = free.intersection(affinity.translate(cut, 0, -y - dy))
        spine_low, spine_high = self._lanes[0].bounds[1], self._lanes[0].bounds[3]
        if spine_low - 6 < y < spine_high + 6:
            x = self._spine_x
            free = free.difference(box_at((x, 0.0), 12.0, 4.0))
        return [(line.bounds[0], line.bounds[2]) for line in lines_of(free, 14.0)]

    def _fill_span(self, start: float, end: float, y: float, depth_m: float) -> None:
        rng, style = self._rng, self._style
        length_m = rng.uniform(*style.length_m)
        gap_m = rng.uniform(*style.gap_m)
        count = max(1, int((end - start + gap_m) // (length_m + gap_m)))
        each_m = min((end - start - gap_m * (count - 1)) / count, style.length_m[1] * 1.12)
        if each_m < 13.0:
            return
        slack = (end - start) - each_m * count
        step = each_m + gap_m + max(0.0, (slack - gap_m * (count - 1)) / max(1, count - 1) if count > 1 else 0.0)
        for i in range(count):
            west = start + i * step
            if west + each_m <= end + 0.01 and rng.random() > 0.015:
                self._houses.append(self._house(west, each_m, y + rng.uniform(-0.6, 0.6), depth_m))

    def _house(self, west: float, length_m: float, y: float, depth_m: float) -> Polygon:
        """A slab with stair wells on the north side, a tower with wings, or a slab in two steps."""
        low, high = y - depth_m / 2, y + depth_m / 2
        east, rng = west + length_m, self._rng
        if self._is_new and length_m < 44.0:
            notch, wing = depth_m * 0.22, length_m * 0.3
            return Polygon(
                [(west, low + notch), (west + wing, low + notch), (west + wing, low), (east - wing, low), (east - wing, low + notch),
                 (east, low + notch), (east, high), (east - wing, high), (east - wing, high - notch * 0.8), (west + wing, high - notch * 0.8), (west + wing, high), (west, high)]
            )  # fmt: skip
        if rng.random() < 0.45 and length_m > 30.0:
            step = rng.choice((-1.6, 1.6))
            half = west + length_m * rng.choice((0.33, 0.5, 0.67))
            shift_low, shift_high = max(0.0, step), min(0.0, step)
            return Polygon(
                [(west, low), (half, low), (half, low + shift_low - shift_high), (east, low + shift_low - shift_high), (east, high), (half, high),
                 (half, high - abs(step)), (west, high - abs(step))]
            )  # fmt: skip
        return Polygon([(west, low), (east, low), (east, high), (west, high)])

    def _lay_garden(self, start: float, end: float, y: float, depth_m: float) -> float:
        width = min(48.0, (end - start) * 0.5)
        bed = box_at((start + width / 2, y), width - 6.0, depth_m + 14.0).buffer(-5).buffer(5, quad_segs=4)
        if self._inset.contains(bed) and all(bed.distance(lane) > 5 for lane in self._lanes):
            self._greens.append(bed)
        return start + width

    # shops

    def _shops(self, frontage: BaseGeometry) -> list[Polygon]:
        """Two-storey shops in a broken row along the better streets."""
        strip = self._plot.intersection(frontage.buffer(9.5, cap_style="flat")) if not frontage.is_empty else Polygon()
        pieces: list[Polygon] = []
        for line in lines_of(frontage, 30.0):
            at = self._rng.uniform(2.0, 10.0)
            while at < line.length - 14.0:
                run = min(self._rng.uniform(16.0, 44.0), line.length - at)
                pieces.extend(self._shop(line, at, run, strip))
                at += run + self._rng.choice((1.2, 1.2, 4.0, 12.0, 26.0))
        return pieces

    def _shop(self, line: LineString, at: float, run: float, strip: BaseGeometry) -> list[Polygon]:
        a, b = line.interpolate(at), line.interpolate(at + run)
        bar = LineString([(a.x, a.y), (b.x, b.y)]).buffer(8.6, cap_style="flat").intersection(strip)
        parts = polygons_of(bar.intersection(inner(self._plot, 0.6)), 60.0)
        return [part.simplify(0.4) for part in parts[:1] if len(part.interiors) == 0]

    # handing over

    def _place(self, town: Town, lanes: list[LineString], shops: list[Polygon]) -> None:
        placed: list[Polygon] = list(shops)
        for house in self._houses:
            if all(lane.distance(house) > 3.4 for lane in lanes) and self._inset.contains(house):
                town.footprints.append(
                    Footprint(self._turned(house, 1), "residential", self._rng.randint(*self._style.levels))
                )
                placed.append(house)
        town.footprints.extend(
            Footprint(self._turned(shop, 1), "commercial", self._rng.choice((1, 2, 2, 3))) for shop in shops
        )
        town.grounds.extend(Ground(self._turned(green, 1), "green") for green in self._greens)
        town.streets.extend(Street(self._turned(lane, 1), "residential", internal=True) for lane in lanes)

    def _add_gate(self, town: Town) -> None:
        line = self._lanes[0]
        ends = sorted(line.coords, key=lambda c: c[1], reverse=not self._opens_south)
        spot = self._plot.exterior.intersection(line)
        at = min(_points(spot), key=lambda p: math.dist((p.x, p.y), ends[0]), default=Point(ends[0]))
        turned = self._turned(LineString([(at.x, at.y), ends[1]]), 1)
        a, b = turned.coords[0], turned.coords[-1]
        town.gates.append(Gate(Point(a), heading_deg((a[0], a[1]), (b[0], b[1])), *self._name, kind="compound"))


def _area(polygon: Polygon) -> float:
    return float(polygon.area)


def _points(shape: BaseGeometry) -> list[Point]:
    if shape.is_empty:
        return []
    return [shape] if isinstance(shape, Point) else [g for g in shape.geoms if isinstance(g, Point)]
