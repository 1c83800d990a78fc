"""Owns residential compounds: rows that face south, lanes, a gate, lawns. Must not touch the streets outside."""

import math
import random
from dataclasses import dataclass
from typing import TypeVar, cast

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.houses import house_shape
from app.geo.demo_town.plan import Street
from app.geo.demo_town.shape import (
    box_at,
    heading_deg,
    inner,
    lines_of,
    long_axis,
    multi,
    points_of,
    polygons_of,
    southing_angle,
)
from app.geo.demo_town.shops import shop_row
from app.geo.demo_town.town import Footprint, Gate, Ground, Town


@dataclass(frozen=True, slots=True)
class Style:
    """How the houses of a compound stand: ranges of lengths in metres, storeys, rows between two lanes."""

    depth_m: tuple[float, float]
    pitch_m: tuple[float, float]
    length_m: tuple[float, float]
    gap_m: tuple[float, float]
    levels: tuple[int, int]
    lane_every: int
    is_new: bool


STYLES = {
    "workers": Style((9.5, 11.0), (20.5, 23.5), (30.0, 58.0), (4.5, 7.0), (4, 6), 3, is_new=False),
    "slab": Style((11.0, 12.8), (25.0, 29.0), (36.0, 62.0), (6.0, 9.0), (6, 7), 3, is_new=False),
    "midrise": Style((13.0, 15.0), (34.0, 39.0), (30.0, 50.0), (8.0, 12.0), (11, 18), 2, is_new=True),
    "tower": Style((17.0, 20.0), (42.0, 48.0), (28.0, 40.0), (12.0, 18.0), (24, 33), 2, is_new=True),
}
LANE_CLEAR_M = 3.4

G = TypeVar("G", bound=BaseGeometry)


class Compound:
    """One compound on one plot, worked out in a frame where its rows run exactly east-west."""

    def __init__(self, plot: Polygon, style: str, name: tuple[str, str], rng: random.Random) -> None:
        self._rng = rng
        self._style = STYLES[style]
        self._name = name
        self._angle = southing_angle(plot, math.radians(24)) + rng.gauss(0, 0.012)
        self._pivot = plot.centroid
        self._plot = self._level(plot)
        self._inset = inner(self._plot, 4.0)
        self._spines: list[LineString] = []
        self._lanes: list[LineString] = []
        self._houses: list[Polygon] = []
        self._greens: list[Polygon] = []

    def build(self, town: Town, face: Polygon, frontage: BaseGeometry) -> None:
        """Put the compound into the town; `face` reaches to the street centre lines, shops line the `frontage`."""
        shops = shop_row(self._plot, self._level(frontage), self._rng)
        self._inset = _largest(self._inset.difference(multi(shops).buffer(5.5))) or self._inset
        if self._inset.area > 900.0:
            self._lay_spines(self._level(face))
            self._lay_ring()
            self._raise_rows()
            self._lanes = _connected(self._lanes)
            self._add_gate(town)
        self._hand_over(town, [s for s in shops if all(lane.distance(s) > 4.0 for lane in self._lanes)])

    def _level(self, shape: G) -> G:
        return cast(G, affinity.rotate(shape, -self._angle, origin=self._pivot, use_radians=True))

    def _set_back(self, shape: G) -> G:
        return cast(G, affinity.rotate(shape, self._angle, origin=self._pivot, use_radians=True))

    # lanes

    def _lay_spines(self, face: Polygon) -> None:
        west, _, east, _ = self._inset.bounds
        shares: tuple[float, ...] = (self._rng.uniform(0.4, 0.6),)
        if east - west > 165.0:
            shares = (self._rng.uniform(0.26, 0.36), self._rng.uniform(0.64, 0.74))
        self._opens_south = self._rng.random() < 0.62
        for number, share in enumerate(shares):
            self._lay_spine(west + (east - west) * share, face, to_street=number == 0)

    def _lay_spine(self, x: float, face: Polygon, to_street: bool) -> None:
        ray = LineString([(x, self._inset.bounds[1] - 200), (x, self._inset.bounds[3] + 200)])
        inside, through = lines_of(ray.intersection(self._inset)), lines_of(ray.intersection(face))
        if not inside or not through:
            return
        low, high = inside[0].bounds[1] + 5.0, inside[0].bounds[3] - 5.0
        if to_street and self._opens_south:
            low = through[0].bounds[1]
        elif to_street:
            high = through[0].bounds[3]
        self._spines.append(LineString([(x, low), (x, high)]))
        self._lanes.append(self._spines[-1])

    def _lay_ring(self) -> None:
        """New compounds have a fire lane all round; their houses stand inside it."""
        ring = _largest(self._inset.buffer(-18.0).buffer(12.0, quad_segs=4))
        if self._style.is_new and ring and long_axis(ring)[2] > 100.0 and self._rng.random() < 0.7:
            self._lanes.append(LineString(ring.simplify(0.8).exterior.coords))
            self._inset = inner(ring, 5.0)

    def _lay_cross_lane(self, y: float) -> None:
        west, _, east, _ = self._inset.bounds
        rows = lines_of(LineString([(west - 5, y), (east + 5, y)]).intersection(inner(self._inset, 4.0)))
        for row in rows:
            if row.length > 40.0 and any(row.distance(spine) < 0.1 for spine in self._spines):
                self._lanes.append(row)

    # houses

    def _raise_rows(self) -> None:
        rng, style = self._rng, self._style
        depth_m = rng.uniform(*style.depth_m)
        heights = self._row_heights(depth_m, rng.uniform(*style.pitch_m))
        lane_row = rng.randrange(style.lane_every)
        for row, y in enumerate(heights):
            has_lane = row % style.lane_every == lane_row and row + 1 < len(heights)
            self._raise_row(y, depth_m, with_garden=style.is_new and row == 1, with_lawn=not has_lane)
            if has_lane:
                self._lay_cross_lane((y + heights[row + 1]) / 2)

    def _row_heights(self, depth_m: float, pitch_m: float) -> list[float]:
        """The rows from north to south, shifted so that they hold the most houses."""
        _, bottom, _, top = self._inset.bounds
        layouts = []
        for shift in range(7):
            first = top - depth_m / 2 - 1.0 - shift * pitch_m / 8
            count = int((first - bottom - depth_m / 2) // pitch_m) + 1
            layouts.append([first - i * pitch_m * (1.0 + 0.02 * (i % 2)) for i in range(max(0, count))])
        return max(layouts, key=lambda rows: sum(self._room_m(y, depth_m) for y in rows))

    def _room_m(self, y: float, depth_m: float) -> float:
        return sum(end - start for start, end in self._free_spans(y, depth_m))

    def _raise_row(self, y: float, depth_m: float, with_garden: bool, with_lawn: bool) -> None:
        for start, end in self._free_spans(y, depth_m):
            if with_garden and end - start > 70.0:
                start = self._lay_garden(start, end, y, depth_m)
            self._fill_span((start, end), y, depth_m, with_lawn)

    def _free_spans(self, y: float, depth_m: float) -> list[tuple[float, float]]:
        """Where on this row a house fits between the rims and the spines, from west to east."""
        spans = [(-math.inf, math.inf)]
        for dy in (-depth_m / 2 - 0.4, 0.0, depth_m / 2 + 0.4):
            spans = _common(spans, self._spans_at(y + dy))
        for spine in self._spines:
            if spine.bounds[1] - 6 < y < spine.bounds[3] + 6:
                x = spine.bounds[0]
                spans = _common(spans, [(-math.inf, x - 5.5), (x + 5.5, math.inf)])
        return [span for span in spans if span[1] - span[0] > 12.0]

    def _spans_at(self, y: float) -> list[tuple[float, float]]:
        west, _, east, _ = self._inset.bounds
        cut = LineString([(west - 5, y), (east + 5, y)]).intersection(self._inset)
        return sorted((line.bounds[0], line.bounds[2]) for line in lines_of(cut))

    def _fill_span(self, span: tuple[float, float], y: float, depth_m: float, with_lawn: bool) -> None:
        rng, style = self._rng, self._style
        width_m = span[1] - span[0]
        gap_m = rng.uniform(*style.gap_m)
        count = max(1, round((width_m + gap_m) / (rng.uniform(*style.length_m) + gap_m)))
        each_m = min((width_m - gap_m * (count - 1)) / count, style.length_m[1] * 1.1)
        spread_m = (width_m - each_m * count) / (count - 1) if count > 1 else 0.0
        if each_m < 11.0:
            return
        for i in range(count):
            west = span[0] + i * (each_m + spread_m)
            if rng.random() > 0.02:
                shape = house_shape(west, each_m, y + rng.uniform(-0.5, 0.5), depth_m, style.is_new, rng)
                self._houses.append(shape)
            if with_lawn and rng.random() < 0.75:
                self._greens.append(self._lawn(west, each_m, y, depth_m))

    def _lawn(self, west: float, length_m: float, y: float, depth_m: float) -> Polygon:
        """A bed before the south side, with the doorsteps left open."""
        deep_m = 5.0 if not self._style.is_new else 9.0
        middle = (west + length_m / 2, y - depth_m / 2 - 2.2 - deep_m / 2)
        return box_at(middle, length_m * self._rng.uniform(0.75, 0.96), deep_m)

    def _lay_garden(self, start: float, end: float, y: float, depth_m: float) -> float:
        width_m = min(52.0, (end - start) * 0.45)
        bed = (
            box_at((start + width_m / 2, y), width_m - 5.0, depth_m + 12.0).buffer(-6).buffer(6, quad_segs=4)
        )
        self._greens.append(bed)
        return start + width_m

    # handing over

    def _hand_over(self, town: Town, shops: list[Polygon]) -> None:
        rng, placed = self._rng, list(shops)
        for house in self._houses:
            if self._clear_of_lanes(house) and self._inset.buffer(0.5).contains(house):
                levels = rng.randint(*self._style.levels)
                town.footprints.append(Footprint(self._set_back(house), "residential", levels))
                placed.append(house)
        for shop in shops:
            town.footprints.append(Footprint(self._set_back(shop), "commercial", rng.choice((1, 2, 2, 3))))
        for lane in self._lanes:
            town.streets.append(Street(self._set_back(lane), "alley", internal=True))
        self._plant(town, multi(placed))

    def _plant(self, town: Town, built: BaseGeometry) -> None:
        for green in self._greens:
            is_free = self._plot.contains(green) and self._clear_of_lanes(green)
            if green.area > 40 and is_free and green.distance(built) > 0.8:
                town.grounds.append(Ground(self._set_back(green), "green"))

    def _clear_of_lanes(self, shape: Polygon) -> bool:
        return all(lane.distance(shape) > LANE_CLEAR_M for lane in self._lanes)

    def _add_gate(self, town: Town) -> None:
        if not self._lanes:
            return
        line = self._lanes[0]
        outer, far = sorted(line.coords, key=lambda c: c[1], reverse=not self._opens_south)
        rim = points_of(self._plot.exterior.intersection(line))
        at = min(rim, key=lambda p: math.dist((p.x, p.y), outer), default=Point(outer))
        a, b = self._set_back(LineString([(at.x, at.y), far])).coords
        bearing = heading_deg((a[0], a[1]), (b[0], b[1]))
        town.gates.append(Gate(Point(a), bearing, *self._name, kind="compound"))


def _largest(shape: BaseGeometry) -> Polygon | None:
    parts = polygons_of(shape)
    return parts[0] if parts else None


def _common(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others]
    return sorted(pair for pair in pairs if pair[1] > pair[0])


def _connected(lanes: list[LineString]) -> list[LineString]:
    """The lanes that hang on the first one, which leads to the street."""
    kept = lanes[:1]
    rest = lanes[1:]
    while new := [lane for lane in rest if any(lane.distance(other) < 0.05 for other in kept)]:
        kept.extend(new)
        rest = [lane for lane in rest if lane not in new]
    return kept
