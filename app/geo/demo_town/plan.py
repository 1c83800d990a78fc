"""Owns what is drawn by hand: reads plan.toml and turns its strokes into curves. Must not invent anything at random."""

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.shape import XY, lines_of, point_along, polygons_of, smooth

CARRIAGEWAY_HALF_M = {
    "trunk": 12.0,
    "primary": 12.0,
    "secondary": 8.0,
    "tertiary": 5.5,
    "residential": 3.2,
    "alley": 1.4,
    "footway": 1.2,
}
PAVEMENT_M = {
    "trunk": 3.0,
    "primary": 5.0,
    "secondary": 4.5,
    "tertiary": 3.5,
    "residential": 2.0,
    "alley": 0.3,
    "footway": 0.8,
}


@dataclass(slots=True)
class Street:
    """A stretch of road before it is cut at its crossings."""

    line: LineString
    road_class: str
    name_zh: str = ""
    name_en: str = ""
    oneway: bool = False
    elevated: bool = False
    internal: bool = False

    def strip(self, extra_m: float = 0.0) -> Polygon:
        """Carriageway and pavements."""
        half_m = CARRIAGEWAY_HALF_M[self.road_class] + PAVEMENT_M[self.road_class] + extra_m
        return self.line.buffer(half_m, quad_segs=3)


@dataclass(frozen=True, slots=True)
class Site:
    """A block with one use, fixed by hand."""

    kind: str
    point: XY
    max_area_m2: float
    name_zh: str
    name_en: str


@dataclass(slots=True)
class Plan:
    """The skeleton of the town."""

    facts: dict[str, Any]
    table: dict[str, Any]
    frame: Polygon
    river: Polygon
    creek: Polygon
    boundary: Polygon
    corridors: BaseGeometry
    streets: list[Street]
    rail: Polygon
    ring_line: LineString
    sites: list[Site]
    seeds: list[tuple[XY, str]] = field(default_factory=list)

    @property
    def water(self) -> BaseGeometry:
        """River and creek."""
        return self.river.union(self.creek)


def read_plan() -> Plan:
    """The plan as curves in metres."""
    table = tomllib.loads((Path(__file__).with_name("plan.toml")).read_text(encoding="utf-8"))
    facts = table["district"]
    frame = box(
        -facts["half_width_m"], -facts["half_height_m"], facts["half_width_m"], facts["half_height_m"]
    )
    lines = {name: smooth(table[name]["line"]) for name in ("river", "creek", "rail", "ring")}
    riverside = lines["river"].buffer(table["embankment"]["offset_m"])
    river = _river(lines["river"], table["river"]["half_width_m"])
    creek = lines["creek"].buffer(table["creek"]["half_width_m"], quad_segs=3)
    roads = _named_roads(table, riverside)
    return Plan(
        facts=facts,
        table=table,
        frame=frame,
        river=river.intersection(frame),
        creek=creek.difference(river).intersection(frame),
        boundary=_boundary(lines, _line_named(table, roads, "road", 6)),
        corridors=_corridors(table, lines, riverside),
        streets=[
            *roads,
            *_banks(table, lines),
            *_sides(table, lines, riverside),
            *_promenade(table, lines),
            *_ring(table, lines),
        ],
        rail=lines["rail"].buffer(table["rail"]["half_width_m"]).intersection(frame),
        ring_line=lines["ring"],
        sites=[
            Site(s["kind"], tuple(s["point"]), s["max_area_m2"], s["name_zh"], s["name_en"])
            for s in table["site"]
        ],
        seeds=[(tuple(point), zone["kind"]) for zone in table["zone"] for point in zone["seeds"]],
    )


def _river(line: LineString, half_width_m: float) -> Polygon:
    """Banks that come and go a little, each in its own way."""
    stations = [i * 18.0 for i in range(int(line.length / 18.0) + 1)]
    banks: list[list[XY]] = [[], []]
    for s in stations:
        at, heading = point_along(line, s)
        east, north = math.cos(math.radians(heading)), -math.sin(math.radians(heading))
        for bank, sense, phase in zip(banks, (1, -1), (0.4, 2.1), strict=True):
            reach_m = sense * (
                half_width_m + 6.0 * math.sin(s / 135.0 + phase) + 3.0 * math.sin(s / 48.0 + 3 * phase)
            )
            bank.append((at.x + reach_m * east, at.y + reach_m * north))
    return Polygon([*banks[0], *reversed(banks[1])]).buffer(0).simplify(0.6)


def _line_named(table: dict[str, Any], roads: list[Street], key: str, index: int) -> LineString:
    name = table[key][index]["name_zh"]
    return next(road.line for road in roads if road.name_zh == name)


def _named_roads(table: dict[str, Any], riverside: Polygon) -> list[Street]:
    roads = []
    for row in table["road"]:
        line = smooth(row["line"])
        if not row.get("crosses_river"):
            line = lines_of(line.difference(riverside))[0]
        roads.append(Street(line, row["class"], row["name_zh"], row["name_en"]))
    return roads


def _banks(table: dict[str, Any], lines: dict[str, LineString]) -> list[Street]:
    row = table["embankment"]
    edges = [lines["river"].offset_curve(sign * row["offset_m"]) for sign in (-1, 1)]
    return [Street(edge, "secondary", row["name_zh"], row["name_en"]) for edge in edges]


def _sides(table: dict[str, Any], lines: dict[str, LineString], riverside: Polygon) -> list[Street]:
    creek, rail = table["creek_side"], table["rail_side"]
    north, south = (
        lines_of(lines["creek"].offset_curve(s * creek["offset_m"]).difference(riverside))[0] for s in (1, -1)
    )
    east, west = (lines["rail"].offset_curve(s * rail["offset_m"]) for s in (1, -1))
    return [
        Street(north, "residential", creek["name_zh"], creek["name_en"]),
        Street(south, "footway", creek["walk_zh"], creek["walk_en"]),
        Street(east, "tertiary", rail["name_zh"], rail["name_en"]),
        Street(west, "residential", "", ""),
    ]


def _promenade(table: dict[str, Any], lines: dict[str, LineString]) -> list[Street]:
    """A walk on the west bank, reached from the embankment every few blocks."""
    row, out_m = table["promenade"], table["embankment"]["offset_m"]
    walk = lines["river"].offset_curve(-row["offset_m"]).simplify(0.5)
    names = (row["name_zh"], row["name_en"])
    paths = [Street(walk, "footway", *names, internal=True)]
    at_m = row["every_m"] / 2
    while at_m < walk.length:
        at, heading = point_along(walk, at_m)
        side = math.radians(heading + 90.0)
        reach_m = out_m - row["offset_m"] + 3.0
        far = (at.x + reach_m * math.sin(side), at.y + reach_m * math.cos(side))
        paths.append(Street(LineString([(at.x, at.y), far]), "footway", internal=True))
        at_m += row["every_m"]
    return paths


def _ring(table: dict[str, Any], lines: dict[str, LineString]) -> list[Street]:
    """The viaduct, its one-way sides (traffic keeps right) and its ramps."""
    ring, side = table["ring"], table["ring_side"]
    north = lines["ring"].offset_curve(side["offset_m"]).reverse()
    south = lines["ring"].offset_curve(-side["offset_m"])
    river = lines["river"].buffer(table["embankment"]["offset_m"])
    banks = [
        Street(part, "secondary", side["name_zh"], side["name_en"], oneway=True)
        for edge in (north, south)
        for part in lines_of(edge.difference(river))
    ]
    ramps = [_ramp(lines["ring"], x, lower) for x in ring["ramps_x_m"] for lower in (north, south)]
    tops = MultiPoint([ramp.line.coords[0] for ramp in ramps])
    deck = shapely.ops.split(shapely.snap(lines["ring"], tops, 0.01), tops)
    trunk = [
        Street(part, "trunk", ring["name_zh"], ring["name_en"], elevated=True) for part in lines_of(deck)
    ]
    return [*trunk, *banks, *ramps]


def _ramp(ring: LineString, x_m: float, lower: LineString) -> Street:
    start = lines_of(ring.intersection(LineString([(x_m, -2000), (x_m, 2000)])), 0.0)
    at = start[0] if start else ring.intersection(LineString([(x_m, -2000), (x_m, 2000)]))
    top, _ = point_along(ring, ring.project(at))
    foot, _ = point_along(lower, lower.project(top) + 95.0)
    middle, _ = point_along(lower, lower.project(top) + 55.0)
    bend = (0.55 * middle.x + 0.45 * top.x, 0.72 * middle.y + 0.28 * top.y)
    return Street(smooth([(top.x, top.y), bend, (foot.x, foot.y)]), "tertiary", internal=True)


def _boundary(lines: dict[str, LineString], south: LineString) -> Polygon:
    edges = [lines["rail"], lines["ring"], lines["river"], south]
    faces = polygons_of(shapely.polygonize(list(shapely.unary_union(edges, grid_size=0.05).geoms)), 10_000.0)
    return next(face for face in faces if face.contains(shapely.Point(0, 0)))


def _corridors(table: dict[str, Any], lines: dict[str, LineString], riverside: Polygon) -> BaseGeometry:
    """Ground between a river, creek, railway or viaduct and its side roads, where nothing is built."""
    return shapely.unary_union(
        [
            riverside,
            lines["creek"].buffer(table["creek_side"]["offset_m"]),
            lines["rail"].buffer(table["rail_side"]["offset_m"]),
            lines["ring"].buffer(table["ring_side"]["offset_m"]),
        ]
    )
