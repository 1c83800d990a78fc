"""Owns what can be wrong with the ground of grids: overlaps, holes, what lies beyond the boundary. Not codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.importing.district_files import DistrictFiles, Item
from app.geo.importing.findings import Finding, at, error, grade
from app.geo.importing.outlines import to_plane

# Two surveys of one kerb differ by some square metres; from the size of a small house on, somebody lives there.
SLIVER_M2 = 5.0
HOUSE_M2 = 100.0
_FAR_SHARE = 0.1
_SAME_LINE_M = 0.3
Metric = Any  # shapely geometry in metres of the plane


def grid_findings(files: DistrictFiles, plane: LocalPlane) -> Iterator[Finding]:
    """Grids that cross themselves, lie on each other, leave ground without a grid or lie beyond the boundary."""
    shapes = [to_plane(grid.geometry, plane) for grid in files.grids]
    for grid, shape in zip(files.grids, shapes, strict=True):
        if not shape.is_valid:
            yield error(
                "grid_crosses_itself",
                _name(grid, shape, plane),
                reason=shapely.is_valid_reason(grid.geometry),
            )
    whole = [shape if shape.is_valid else shapely.make_valid(shape) for shape in shapes]
    yield from _overlaps(files.grids, whole, plane)
    if files.boundary is not None and whole:
        boundary = shapely.make_valid(to_plane(files.boundary, plane))
        yield from _beyond(files.grids, whole, boundary, plane)
        yield from _holes(whole, boundary, plane)


def _overlaps(grids: Sequence[Item], shapes: Sequence[Metric], plane: LocalPlane) -> Iterator[Finding]:
    tree = shapely.STRtree(shapes)
    first, second = tree.query(np.array(shapes, dtype=object), predicate="intersects")
    for i, j in sorted((int(i), int(j)) for i, j in zip(first, second, strict=True) if i < j):
        shared = shapes[i].intersection(shapes[j])
        if shared.area >= SLIVER_M2:
            place = f"{grids[i].text('code')} / {grids[j].text('code')} · {_at(shared, plane)}"
            yield grade(shared.area >= HOUSE_M2, "grid_overlap", place, area_m2=round(shared.area))


def _beyond(
    grids: Sequence[Item], shapes: Sequence[Metric], boundary: Metric, plane: LocalPlane
) -> Iterator[Finding]:
    around = boundary.buffer(_SAME_LINE_M)
    for grid, shape in zip(grids, shapes, strict=True):
        outside = shape.difference(around).area
        if outside >= SLIVER_M2:
            is_error = outside > _FAR_SHARE * shape.area
            place = _name(grid, shape, plane)
            yield grade(
                is_error,
                "grid_beyond",
                place,
                area_m2=round(outside),
                percent=round(100 * outside / shape.area),
            )


def _holes(shapes: Sequence[Metric], boundary: Metric, plane: LocalPlane) -> Iterator[Finding]:
    """Ground of the boundary that no grid covers; what falls into it would belong to nobody."""
    covered = shapely.union_all(np.array([shape.buffer(_SAME_LINE_M) for shape in shapes], dtype=object))
    for hole in shapely.get_parts(boundary.buffer(-_SAME_LINE_M).difference(covered)):
        if hole.area >= SLIVER_M2:
            yield grade(hole.area >= HOUSE_M2, "grid_hole", _at(hole, plane), area_m2=round(hole.area))


def _name(grid: Item, shape: Metric, plane: LocalPlane) -> str:
    return f"{grid.text('code') or grid.where} · {_at(shape, plane)}"


def _at(shape: Metric, plane: LocalPlane) -> str:
    point = shapely.point_on_surface(shape)
    return at(*plane.to_lat_lon(point.x, point.y))
