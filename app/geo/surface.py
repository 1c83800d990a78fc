"""Owns the shape of a district's ground and its reading: roads, buildings, areas. Must not compute on it.

They are many times more than the rest of a district, and only the map and the roads' graph want them: district.py reads
them when they are first asked for. Arrays are float64 of shape (n, 2), longitude and latitude in degrees of WGS-84; a
ring repeats its first point as its last. Arrays are read-only and share one buffer per file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from app.geo.coordinate_arrays import LonLat, lines_of, rings_of
from app.geo.geojson import Collection, LineGeometry, PolygonGeometry, decode

RoadClass = Literal["trunk", "primary", "secondary", "tertiary", "residential", "alley", "footway"]
BuildingKind = Literal[
    "residential", "commercial", "public", "school", "hospital", "market", "industrial", "old"
]
AreaKind = Literal["water", "park", "plaza", "school_yard", "rail", "green"]


@dataclass(frozen=True, slots=True)
class Road:
    """A road between two nodes of the graph; `line` runs from `from_node` to `to_node`, a one-way in that sense."""

    id: str
    name_zh: str
    name_en: str
    road_class: RoadClass
    oneway: bool
    bridge: bool
    from_node: int
    to_node: int
    line: LonLat


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint; `levels` counts storeys above ground, `name_zh` is "" for most."""

    id: str
    kind: BuildingKind
    levels: int
    name_zh: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Area:
    """Ground with a cover of its own: water, park, plaza, school yard, rail, green. Names may be ""."""

    kind: AreaKind
    name_zh: str
    name_en: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Surface:
    """What lies on the ground of one district."""

    roads: tuple[Road, ...]
    buildings: tuple[Building, ...]
    areas: tuple[Area, ...]


def read_surface(directory: Path) -> Surface:
    """Reads the three files. Raises DistrictError for a missing or a broken one."""
    return Surface(
        roads=_read_roads(directory / "roads.geojson"),
        buildings=_read_buildings(directory / "buildings.geojson"),
        areas=_read_areas(directory / "areas.geojson"),
    )


class _RoadProps(
    msgspec.Struct, rename={"road_class": "class", "from_node": "from", "to_node": "to"}, gc=False
):
    id: str
    name_zh: str
    name_en: str
    road_class: RoadClass
    oneway: bool
    from_node: int
    to_node: int
    bridge: bool = False


class _BuildingProps(msgspec.Struct, gc=False):
    id: str
    kind: BuildingKind
    levels: int
    name_zh: str = ""


class _AreaProps(msgspec.Struct, gc=False):
    kind: AreaKind
    name_zh: str = ""
    name_en: str = ""


def _read_roads(path: Path) -> tuple[Road, ...]:
    features = decode(path, Collection[_RoadProps, LineGeometry])
    lines = lines_of(path, features)
    props = (feature.properties for feature in features)
    return tuple(
        Road(p.id, p.name_zh, p.name_en, p.road_class, p.oneway, p.bridge, p.from_node, p.to_node, line)
        for p, line in zip(props, lines, strict=True)
    )


def _read_buildings(path: Path) -> tuple[Building, ...]:
    features = decode(path, Collection[_BuildingProps, PolygonGeometry])
    props = (feature.properties for feature in features)
    rings = rings_of(path, features)
    return tuple(
        Building(p.id, p.kind, p.levels, p.name_zh, ring) for p, ring in zip(props, rings, strict=True)
    )


def _read_areas(path: Path) -> tuple[Area, ...]:
    features = decode(path, Collection[_AreaProps, PolygonGeometry])
    pairs = zip(features, rings_of(path, features), strict=True)
    return tuple(Area(f.properties.kind, f.properties.name_zh, f.properties.name_en, r) for f, r in pairs)
