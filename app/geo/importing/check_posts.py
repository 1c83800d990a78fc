"""Owns what can be wrong with where cameras, units and places stand. Must not look at their other fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.importing.district_files import DistrictFiles, Item
from app.geo.importing.findings import Finding, at, grade, warning
from app.geo.importing.outlines import to_plane

# A camera across the boundary road is worth a look; one further off has a wrong position.
ACROSS_THE_ROAD_M = 100.0
_OTHER_GRID_M = 50.0


def post_findings(files: DistrictFiles, plane: LocalPlane) -> Iterator[Finding]:
    """Cameras, units and places outside the boundary, and those that stand far from the grid they are said to be in."""
    if files.boundary is not None:
        boundary = shapely.make_valid(to_plane(files.boundary, plane))
        for kind, items in (("camera", files.cameras), ("unit", files.units), ("place", files.places)):
            yield from _outside(kind, items, boundary, plane)
    grids = {grid.text("code"): shapely.make_valid(to_plane(grid.geometry, plane)) for grid in files.grids}
    for item in (*files.cameras, *files.units):
        yield from _elsewhere(item, grids, plane)


def _outside(kind: str, items: Sequence[Item], boundary: Any, plane: LocalPlane) -> Iterator[Finding]:
    if not items:
        return
    points = to_plane(np.array([item.geometry for item in items], dtype=object), plane)
    distances = shapely.distance(boundary, points)
    for item, off_m in zip(items, distances.tolist(), strict=True):
        if off_m > 0:
            is_error = kind != "place" and off_m > ACROSS_THE_ROAD_M
            yield grade(is_error, f"{kind}_outside", _name(item), distance_m=round(off_m) or 1)


def _elsewhere(item: Item, grids: dict[str, Any], plane: LocalPlane) -> Iterator[Finding]:
    said = grids.get(item.text("grid"))
    if said is None:
        return
    off_m = said.distance(to_plane(item.geometry, plane))
    if off_m > _OTHER_GRID_M:
        yield warning("grid_differs", _name(item), code=item.text("grid"), distance_m=round(off_m))


def _name(item: Item) -> str:
    return f"{item.text('id') or item.where} · {at(item.geometry.y, item.geometry.x)}"
