"""Owns the way through an OpenStreetMap extract, PBF or XML: one stream, and only what touches the ground is kept.

Memory is bounded by what is kept and by the index of node positions, which is a file on disk for large extracts.
Must not decide what tags become: osm_rules.py says which keys matter, others what is made of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.geo.importing.faults import ImportFault
from app.geo.importing.osm_nodes import Ints, WayNodes
from app.geo.importing.osm_rules import first_fit, is_named, keys_of, keys_read, road_class
from app.geo.importing.packages import package
from app.geo.importing.sources import check_file
from app.geo.importing.wkb_bounds import Bounds, is_near

MOST_KEPT = 1_500_000
LARGEST_INDEX_IN_MEMORY_BYTES = 128 * 1024 * 1024
BATCH = 10_000
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.xml", ".xml", ".osm.gz", ".osm.bz2")

_PLAIN_XML = (".osm", ".xml")
_HEAD_BYTES = 64 * 1024
_SURFACE_TABLES = ("area", "place", "building_on")
Tags = dict[str, str]


@dataclass(slots=True)
class Feature:
    """An object that was kept: id as `w123`, tags, geometry in degrees; `refs` are node ids of a road, else none."""

    id: str
    tags: Tags
    geometry: Any
    refs: Ints | None = None


@dataclass(slots=True)
class Extract:
    """What an extract holds on the ground asked for. `broken` counts objects whose geometry cannot be made."""

    roads: list[Feature] = field(default_factory=list)
    lines: list[Feature] = field(default_factory=list)
    coast: list[Feature] = field(default_factory=list)
    surfaces: list[Feature] = field(default_factory=list)
    points: list[Feature] = field(default_factory=list)
    box: shapely.Polygon | None = None
    objects: int = 0
    broken: int = 0


def read_extract(path: Path, ground: shapely.Polygon | None) -> Extract:
    """Everything of use that touches `ground` (degrees), or all where that is None. Raises ImportFault."""
    if not path.name.lower().endswith(SUFFIXES):
        raise ImportFault(path.name, "unknown_osm", suffix=path.suffix or "?")
    check_file(path)
    osmium = package("osmium", path.name)
    with tempfile.TemporaryDirectory(prefix="streetdesk-import-") as folder:
        try:
            extract = _read(osmium, path, ground, Path(folder))
        except (RuntimeError, UnicodeDecodeError) as error:
            raise ImportFault(path.name, "broken_osm", reason=error) from None
    if not extract.objects:
        raise ImportFault(path.name, "empty_osm")
    return extract


def _read(osmium: Any, path: Path, ground: shapely.Polygon | None, folder: Path) -> Extract:
    is_small = path.stat().st_size <= LARGEST_INDEX_IN_MEMORY_BYTES
    with WayNodes(osmium, folder) as nodes:
        extract = _Reading(osmium, path, ground, nodes).run(
            "flex_mem" if is_small else f"sparse_file_array,{folder}/nodes"
        )
    whole = [road for road in extract.roads if road.refs is None]
    for road, refs in zip(whole, nodes.of([road.id for road in whole]), strict=True):
        road.refs = refs
    return extract


class _Reading:
    """One pass over a file."""

    def __init__(self, osmium: Any, path: Path, ground: shapely.Polygon | None, nodes: WayNodes) -> None:
        self._osmium = osmium
        self._nodes = nodes
        self._path = path
        self.extract = Extract()
        self._wkb = osmium.geom.WKBFactory()
        self._near: Bounds | None = None if ground is None else ground.bounds
        if ground is None:
            ground = self.extract.box = self._box()
        self._bounds = ground.bounds if ground is not None else (-180.0, -90.0, 180.0, 90.0)
        if ground is not None:
            shapely.prepare(ground)
        self._roads = _Batch(self.extract.roads, ground)
        self._lines = _Batch(self.extract.lines, ground)
        self._surfaces = _Batch(self.extract.surfaces, ground)
        self._coast = _Batch(self.extract.coast, ground)

    def _box(self) -> shapely.Polygon | None:
        """What the extract says that it covers."""
        box = self._osmium.io.Reader(self._head(), self._osmium.osm.NOTHING).header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
        return shapely.box(low.lon, low.lat, high.lon, high.lat)

    def _head(self) -> Any:
        """What holds the header: of XML osmium would go through the whole file for it."""
        if self._path.suffix.lower() not in _PLAIN_XML:
            return str(self._path)
        with self._path.open("rb") as file:
            return self._osmium.io.FileBuffer(file.read(_HEAD_BYTES), "osm")

    def run(self, index: str) -> Extract:
        """Reads the file. Raises RuntimeError of osmium for what is broken."""
        handler = self._osmium.SimpleHandler()
        handler.node, handler.way, handler.area = self._add_point, self._add_way, self._add_surface
        handler.apply_file(str(self._path), idx=index, filters=self._filters())
        for batch in (self._roads, self._lines, self._surfaces, self._coast):
            batch.flush()
        return self.extract

    def _filters(self) -> list[Any]:
        """Only objects with a tag that matters come up to Python."""
        osm, with_key = self._osmium.osm, self._osmium.filter.KeyFilter
        surfaces = with_key("building", *sorted(keys_of(*_SURFACE_TABLES)))
        return [
            surfaces.enable_for(osm.AREA | osm.RELATION),
            with_key("highway", "natural", *sorted(keys_of("corridor"))).enable_for(osm.WAY),
            with_key(*sorted(keys_of("place"))).enable_for(osm.NODE),
        ]

    def _keep(self, feature: Feature, batch: _Batch) -> None:
        if batch.add(feature):
            self._check_size()

    def _add_surface(self, one: Any) -> None:
        self.extract.objects += 1
        shape = self._made(self._wkb.create_multipolygon, one)
        if shape is None:
            return
        tags = _surface_tags(one.tags)
        if tags is not None:
            name = f"{'w' if one.from_way() else 'r'}{one.orig_id()}"
            self._keep(Feature(name, tags, shape), self._surfaces)

    def _add_way(self, one: Any) -> None:
        self.extract.objects += 1
        tags = one.tags
        if "highway" in tags:
            self._add_road(one)
        elif tags.get("natural") == "coastline":
            self._add_line(one, {}, self._coast)
        elif (
            first_fit("corridor", tags) is not None
            and not one.is_closed()
            and tags.get("tunnel", "no") == "no"
        ):
            self._add_line(one, _with_name(tags, "line"), self._lines)

    def _add_line(self, one: Any, tags: Tags, batch: _Batch) -> None:
        line = self._made(self._wkb.create_linestring, one)
        if line is not None:
            self._keep(Feature(f"w{one.id}", tags, line), batch)

    def _add_road(self, one: Any) -> None:
        try:
            line = self._wkb.create_linestring(one, self._osmium.geom.ALL)
        except (RuntimeError, self._osmium.InvalidLocationError):
            self._add_cut_road(one)
            return
        if self._near is None or is_near(line, self._near):
            tags = _with_name(one.tags, "road")
            if road_class(tags) is not None:
                self._nodes.put(one)
                self._keep(Feature(f"w{one.id}", tags, line), self._roads)

    def _add_cut_road(self, one: Any) -> None:
        """An extract's rim cuts ways, and what is left of them are roads all the same."""
        tags = _with_name(one.tags, "road")
        nodes = [(node.ref, node.lon, node.lat) for node in one.nodes if node.location.valid()]
        if len(nodes) < 2:
            self.extract.broken += 1
        elif road_class(tags) is not None:
            refs, lon, lat = zip(*nodes, strict=True)
            line = shapely.to_wkb(shapely.linestrings(lon, lat), hex=True)
            self._keep(Feature(f"w{one.id}", tags, line, np.array(refs, dtype=np.int64)), self._roads)

    def _made(self, make: Callable[[Any], str], one: Any) -> str | None:
        """The geometry as hexadecimal WKB; None where it cannot be made or lies far off."""
        try:
            shape = make(one)
        except (RuntimeError, self._osmium.InvalidLocationError):
            self.extract.broken += 1
            return None
        return shape if self._near is None or is_near(shape, self._near) else None

    def _add_point(self, one: Any) -> None:
        self.extract.objects += 1
        tags, location = one.tags, one.location
        if not is_named(tags) or not location.valid():
            return
        west, south, east, north = self._bounds
        lon, lat = location.lon, location.lat
        if west <= lon <= east and south <= lat <= north:
            picked = _picked(tags, "place")
            if first_fit("place", picked) is not None:
                self.extract.points.append(Feature(f"n{one.id}", picked, shapely.Point(lon, lat)))
                if len(self.extract.points) % BATCH == 0:
                    self._check_size()

    def _check_size(self) -> None:
        extract = self.extract
        kept = len(extract.roads) + len(extract.lines) + len(extract.surfaces) + len(extract.points)
        if kept > MOST_KEPT:
            raise ImportFault(self._path.name, "too_much_ground", most=MOST_KEPT)


def _picked(tags: Any, kind: str) -> Tags:
    """What is asked of such objects: each tag is a call into osmium, and going through all of them is many."""
    get = tags.get
    return {key: value for key in keys_read(kind) if (value := get(key)) is not None}


def _with_name(tags: Any, kind: str) -> Tags:
    picked = _picked(tags, kind)
    return picked | _picked(tags, "name") if is_named(tags) else picked


def _surface_tags(tags: Any) -> Tags | None:
    """The tags of a polygon, None where it is neither a building nor a ground cover nor a place."""
    building = tags.get("building", "no")
    if building != "no" and len(tags) == 1:
        return {"building": building}
    picked = _picked(tags, "building" if building != "no" else "cover")
    if is_named(tags):
        picked |= _picked(tags, "place")
    if building != "no" or any(first_fit(table, picked) is not None for table in _SURFACE_TABLES):
        return picked
    return None


class _Batch:
    """Objects that wait for one test against the ground; geometry is parsed many at a time."""

    def __init__(self, target: list[Feature], ground: shapely.Polygon | None) -> None:
        self._target = target
        self._ground = ground
        self._waiting: list[Feature] = []

    def add(self, feature: Feature) -> bool:
        """An object whose geometry is hexadecimal WKB as yet; whether those that waited have been looked at."""
        self._waiting.append(feature)
        is_full = len(self._waiting) >= BATCH
        if is_full:
            self.flush()
        return is_full

    def flush(self) -> None:
        """Keep those that touch the ground, drop the rest."""
        if not self._waiting:
            return
        shapes = shapely.from_wkb([bytes.fromhex(feature.geometry) for feature in self._waiting])
        for feature, shape, kept in zip(self._waiting, shapes, self._touches(shapes).tolist(), strict=True):
            if kept:
                feature.geometry = shape
                self._target.append(feature)
        self._waiting.clear()

    def _touches(self, shapes: Any) -> Any:
        """Which of an array of geometries lie at least partly on the ground."""
        if self._ground is None:
            return np.ones(len(shapes), dtype=bool)
        return shapely.intersects(self._ground, shapes)
