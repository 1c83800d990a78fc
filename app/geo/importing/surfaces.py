"""Owns buildings and ground covers out of an extract's polygons and lines. Must not read extracts.

A district's file knows polygons of one ring only: what has holes is cut into pieces that have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.importing.coast import sea
from app.geo.importing.osm_extract import Extract, Feature
from app.geo.importing.osm_rules import building_kind, first_fit, levels, names
from app.geo.importing.outlines import from_plane, to_plane

_LEAST_BUILDING_M2 = 3.0
_LEAST_AREA_M2 = 12.0
_LEAST_HOLE_M2 = 25.0
_MOST_CUTS = 60
Polygons = Any  # an object array of shapely.Polygon


class BuildingProperties(msgspec.Struct, gc=False):
    """What the district's file says of a building."""

    id: str
    kind: str
    levels: int
    name_zh: str | msgspec.UnsetType


class AreaProperties(msgspec.Struct, gc=False):
    """What the district's file says of a ground cover."""

    kind: str
    name_zh: str = ""
    name_en: str = ""


class Surface(NamedTuple):
    """A building or an area to be written: properties, and a polygon of one ring in degrees."""

    properties: BuildingProperties | AreaProperties
    shape: shapely.Polygon


def buildings(features: Sequence[Feature], plane: LocalPlane) -> list[Surface]:
    """Footprints with kind and storeys; what only says "yes" takes its kind from the ground it stands on."""
    found = [one for one in features if one.tags.get("building", "no") != "no"]
    kinds = _kinds(found, [one for one in features if one.tags.get("building", "no") == "no"])
    owners, shapes = _pieces(to_plane(_geometries(found), plane), _LEAST_BUILDING_M2)
    properties = [_building(found[owner], kinds[owner]) for owner in owners]
    _tell_apart(properties)
    return list(map(Surface, properties, from_plane(shapes, plane)))


def _building(one: Feature, kind: str) -> BuildingProperties:
    return BuildingProperties(one.id, kind, levels(one.tags, kind), names(one.tags)[0] or msgspec.UNSET)


def areas(extract: Extract, ground: shapely.Polygon, plane: LocalPlane) -> list[Surface]:
    """Ground covers within the ground, the largest first so that the small lie on top."""
    metric_ground = to_plane(ground, plane)
    covers = [*_covers(extract.surfaces, plane), *_strips(extract.lines, plane)]
    clipped = _clipped(np.array([shape for _, _, shape in covers], dtype=object), metric_ground)
    owners, shapes = _pieces(clipped, _LEAST_AREA_M2)
    properties = [AreaProperties(covers[owner][1], *names(covers[owner][0].tags)) for owner in owners]
    coast = to_plane(_geometries(extract.coast), plane)
    if len(coast):
        waters = _pieces(sea(coast, metric_ground), _LEAST_AREA_M2)[1]
        properties.extend(AreaProperties("water") for _ in waters)
        shapes = np.concatenate((shapes, waters))
    by_size = np.argsort(-shapely.area(shapes), kind="stable").tolist()
    return list(map(Surface, [properties[i] for i in by_size], from_plane(shapes[by_size], plane)))


def _covers(features: Sequence[Feature], plane: LocalPlane) -> Iterator[tuple[Feature, str, Any]]:
    """Feature, kind and polygon in metres of what covers ground."""
    kept = [(one, kind) for one in features if (kind := _area_kind(one)) is not None]
    shapes = to_plane(_geometries(one for one, _ in kept), plane)
    return ((one, kind, shape) for (one, kind), shape in zip(kept, shapes, strict=True))


def _strips(lines: Sequence[Feature], plane: LocalPlane) -> Iterator[tuple[Feature, str, Any]]:
    """The same of railways and streams, which are lines that get a width."""
    kinds = [first_fit("corridor", one.tags) for one in lines]
    half_m = [width_m / 2 for _, width_m in kinds]
    shapes = shapely.buffer(to_plane(_geometries(lines), plane), half_m, quad_segs=2)
    return ((one, kind, shape) for one, (kind, _), shape in zip(lines, kinds, shapes, strict=True))


# -- kinds ------------------------------------------------------------------------------------------------------------


def _area_kind(one: Feature) -> str | None:
    if one.tags.get("building", "no") != "no" or one.tags.get("tunnel", "no") != "no":
        return None
    kind = first_fit("area", one.tags)
    is_way_over_ground = "highway" in one.tags and one.tags.get("area") != "yes" and one.id.startswith("w")
    return None if kind is None or is_way_over_ground else str(kind)


def _kinds(found: Sequence[Feature], others: Sequence[Feature]) -> list[str]:
    kinds = [building_kind(one.tags) for one in found]
    grounds = [(one, kind) for one in others if (kind := first_fit("building_on", one.tags)) is not None]
    if grounds:
        unknown = [i for i, kind in enumerate(kinds) if kind is None]
        tree = shapely.STRtree(_geometries([one for one, _ in grounds]))
        points = shapely.centroid(_geometries([found[i] for i in unknown]))
        for i, ground in tree.query(points, predicate="within").T.tolist():
            kinds[unknown[i]] = str(grounds[ground][1])
    return [kind or "residential" for kind in kinds]


# -- shapes -----------------------------------------------------------------------------------------------------------


def _geometries(features: Iterable[Feature]) -> Any:
    return np.array([one.geometry for one in features], dtype=object)


def _clipped(shapes: Any, ground: Any) -> Any:
    if not len(shapes):
        return shapes
    shapely.prepare(ground)
    cut = np.flatnonzero(~shapely.contains_properly(ground, shapes))
    whole = shapely.make_valid(shapes[cut])
    shapes = shapes.copy()
    shapes[cut] = shapely.intersection(whole, ground)
    return shapes


def _pieces(shapes: Any, least_m2: float) -> tuple[list[int], Polygons]:
    """Polygons of one ring, and of which geometry each is a part, by its index; what is tiny is left away."""
    parts, owners = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    large = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) >= least_m2)
    parts, owners = parts[large], owners[large]
    pierced = np.flatnonzero(shapely.get_num_interior_rings(parts))
    if not len(pierced):
        return owners.tolist(), parts
    cut = {
        i: [piece for piece in _without_holes(parts[i]) if piece.area >= least_m2] for i in pierced.tolist()
    }
    pieces = [(owner, piece) for i, owner in enumerate(owners.tolist()) for piece in cut.get(i, (parts[i],))]
    return [owner for owner, _ in pieces], np.array([piece for _, piece in pieces], dtype=object)


def _without_holes(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    """Cut through the middle of each hole that can be seen; the others are filled."""
    holes = [hole for hole in polygon.interiors if shapely.Polygon(hole).area >= _LEAST_HOLE_M2]
    waiting = [shapely.make_valid(shapely.Polygon(polygon.exterior, holes))]
    whole: list[shapely.Polygon] = []
    for _ in range(_MOST_CUTS):
        if not waiting:
            return whole
        for part in shapely.get_parts(waiting.pop()).tolist():
            if part.geom_type == "Polygon" and part.interiors:
                waiting.extend(_halves(part))
            elif part.geom_type == "Polygon":
                whole.append(part)
    rest = [part for part in shapely.get_parts(waiting).tolist() if part.geom_type == "Polygon"]
    return [*whole, *(shapely.Polygon(part.exterior) for part in rest)]


def _halves(polygon: shapely.Polygon) -> list[Any]:
    """West and east of the middle of its largest hole."""
    largest = max(polygon.interiors, key=lambda ring: shapely.Polygon(ring).area)
    middle = shapely.Polygon(largest).representative_point().x
    west, south, east, north = polygon.bounds
    sides = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
    return [polygon.intersection(side) for side in sides]


def _tell_apart(buildings: Iterable[BuildingProperties]) -> None:
    """Those that came in several pieces."""
    seen: dict[str, int] = {}
    for building in buildings:
        piece = seen[building.id] = seen.get(building.id, 0) + 1
        if piece > 1:
            building.id = f"{building.id}-{piece}"
