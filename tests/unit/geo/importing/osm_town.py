"""A town in OpenStreetMap XML whose every figure can be worked out by hand, and the lists that go with it.

The ground is a square of 1,000 m around (31.0, 121.0), in four grids of 500 m. Metres go east and north of the middle.
"""

from __future__ import annotations

import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

from app.geo.coordinates import LocalPlane

CENTRE = (31.0, 121.0)
CODE = "310198006"
HALF_M = 500.0
Point = tuple[float, float]


def lon_lat(x_m: float, y_m: float) -> tuple[float, float]:
    lat, lon = LocalPlane(*CENTRE).to_lat_lon(x_m, y_m)
    return lon, lat


def square(west: float, south: float, side_m: float) -> list[tuple[float, float]]:
    """A closed ring in degrees."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [lon_lat(west + u * side_m, south + v * side_m) for u, v in corners]


class OsmWriter:
    """Nodes, ways and relations under construction; nodes at one position are one node."""

    def __init__(self) -> None:
        self._nodes: dict[Point, int] = {}
        self._points: list[tuple[int, Point, dict[str, str]]] = []
        self._ways: list[tuple[int, list[int], dict[str, str]]] = []
        self._relations: list[tuple[int, list[tuple[int, str]], dict[str, str]]] = []

    def node(self, x_m: float, y_m: float, **tags: str) -> int:
        number = self._nodes.setdefault((x_m, y_m), len(self._nodes) + 1)
        if tags:
            number = 10_000 + len(self._points)
            self._points.append((number, (x_m, y_m), tags))
        return number

    def way(self, points: list[Point], **tags: str) -> int:
        number = len(self._ways) + 1
        self._ways.append((number, [self.node(*point) for point in points], tags))
        return number

    def box(self, west: float, south: float, width_m: float, height_m: float, **tags: str) -> int:
        east, north = west + width_m, south + height_m
        return self.way([(west, south), (east, south), (east, north), (west, north), (west, south)], **tags)

    def multipolygon(self, outer: int, inner: int, **tags: str) -> None:
        members = [(outer, "outer"), (inner, "inner")]
        self._relations.append((len(self._relations) + 1, members, {"type": "multipolygon"} | tags))

    def xml(self) -> str:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        lines += [_node(number, at, {}) for at, number in self._nodes.items()]
        lines += [_node(number, at, tags) for number, at, tags in self._points]
        for number, refs, tags in self._ways:
            inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            lines.append(f'<way id="{number}" version="1">{inside}{_tags(tags)}</way>')
        for number, members, tags in self._relations:
            inside = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
            lines.append(f'<relation id="{number}" version="1">{inside}{_tags(tags)}</relation>')
        return "\n".join([*lines, "</osm>\n"])


def _node(number: int, at: Point, tags: dict[str, str]) -> str:
    lon, lat = lon_lat(*at)
    return f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{_tags(tags)}</node>'


def _tags(tags: dict[str, str]) -> str:
    """`name_zh` stands for name:zh."""
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in named.items())


def town() -> OsmWriter:
    """Two streets that cross in the middle, a lane, a one-way, a far island; houses, a park, a pond, places."""
    osm = OsmWriter()
    # w1 leaves the ground in the east: its points lie at 700, 1,500 and 3,000 m.
    osm.way(
        [(-400, 0), (0, 0), (400, 0), (700, 0), (1500, 0), (3000, 0)],
        highway="primary", name="人民路", name__en="Renmin Road",
    )  # fmt: skip
    osm.way([(0, -400), (0, 0), (0, 400)], highway="secondary", name="Market Street", bridge="yes")
    osm.way([(0, 400), (400, 400), (400, 0)], highway="residential", oneway="-1")
    osm.way(
        [(-300, 0), (-300, 200)], highway="living_street"
    )  # touches w1 between two of its nodes: not joined
    osm.way([(5000, 5000), (5100, 5000)], highway="primary", name="Far Road")
    osm.way([(-200, -300), (-200, -100)], highway="construction")
    osm.box(100, 100, 20, 10, building="apartments", building__levels="18", name="望湖公寓")
    osm.box(150, 100, 20, 10, building="yes", height="32 m")
    osm.box(-300, -300, 200, 200, landuse="industrial")
    osm.box(-250, -250, 30, 30, building="yes")
    osm.multipolygon(
        osm.box(-100, 100, 60, 60), osm.box(-80, 120, 20, 20), building="school", name="实验小学"
    )
    osm.box(200, 200, 100, 100, leisure="park", name="中山公园")
    osm.multipolygon(osm.box(220, 220, 60, 60), osm.box(240, 240, 20, 20), natural="water", name="镜湖")
    osm.box(4000, 4000, 50, 50, building="house")
    osm.way([(-400, -200), (-100, -200)], waterway="canal", name="柳浜")
    osm.node(50, 50, amenity="police", name="望浦派出所", addr__street="人民路", addr__housenumber="12")
    osm.node(60, 50, amenity="bank")
    osm.node(51, 52, amenity="police", name="望浦派出所")
    osm.node(4000, 4000, amenity="police", name="远处派出所")
    osm.node(-50, -50, railway="station", station="subway", name="人民路站")
    return osm


def write_osm(path: Path, osm: OsmWriter | None = None) -> Path:
    path.write_text((osm or town()).xml(), encoding="utf-8")
    return path


GRID_CORNERS = ((-HALF_M, 0.0), (0.0, 0.0), (-HALF_M, -HALF_M), (0.0, -HALF_M))
"""South-west corners in reading order: north-west, north-east, south-west, south-east."""


def features(rows: list[tuple[dict[str, object], list[tuple[float, float]]]], **more: object) -> str:
    """A FeatureCollection of polygons."""
    listed = [
        {"type": "Feature", "properties": fields, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for fields, ring in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed} | more, ensure_ascii=False)


def write_grids(path: Path, *codes: str) -> Path:
    """The four grids, with the codes given in reading order."""
    rows: list[tuple[dict[str, object], list[tuple[float, float]]]] = []
    for number, corner in enumerate(GRID_CORNERS):
        code = {"code": codes[number]} if number < len(codes) else {}
        rows.append(({"name_zh": f"望浦{number}", **code}, square(*corner, HALF_M)))
    path.write_text(features(rows), encoding="utf-8")
    return path


CAMERAS = (
    "编号,名称,经度,纬度,方位角,类型\n"
    "K1,广场,121.001,31.001,东北,球机\n"
    "K2,路口,120.999,31.001,,\n"
)  # fmt: skip
UNITS = (
    "呼号,类型,经度,纬度,人数,交通工具,技能,装备\n"
    "警01,公安,121.001,31.001,2,警车,巡逻、反诈,无人机、警示锥\n"
    "网01,网格员,120.999,30.999,,,,\n"
)  # fmt: skip
