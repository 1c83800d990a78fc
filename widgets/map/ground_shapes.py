"""Owns a district's ground as shapes on the plane, made ready for painting. Must not touch Qt: threads make it.

A large district takes a second: whoever shows one makes it aside and hands it to `MapView.set_district`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from app.geo.district import District
from app.geo.surface import Area, Road
from widgets.map import cartography as rules
from widgets.map.projection import Projection
from widgets.map.shapes import Outline, Shapes

_AREA_ORDER = ("green", "park", "school_yard", "plaza", "rail", "water")
_OPEN = ("water", "park")
_GRAIN_M = 0.01
"""Borders that neighbours share are the same line down to this."""


@dataclass(frozen=True, slots=True)
class GroundShapes:
    """`land` is each grid less rivers and parks, whose own colours are what people find their way by.

    `grid_lines` are the grids' borders, each piece once: neighbours share most of them.
    """

    areas: Shapes
    area_kinds: tuple[str, ...]
    buildings: Shapes
    building_kinds: tuple[str, ...]
    shadows_m: tuple[float, ...]
    roads: dict[str, Shapes]
    land: tuple[Any, ...]
    grid_lines: Shapes

    @classmethod
    def of(cls, district: District, projection: Projection) -> GroundShapes:
        """Reads the ground's files when nobody has yet. Raises DistrictError."""
        areas = sorted(district.areas, key=lambda area: _order_of(area.kind))
        grids = [
            shapely.Polygon(projection.plane(np.asarray(grid.ring))).buffer(0) for grid in district.grids
        ]
        return cls(
            Shapes.projected([area.ring for area in areas], projection),
            tuple(area.kind for area in areas),
            Shapes.projected([building.ring for building in district.buildings], projection),
            tuple(building.kind for building in district.buildings),
            tuple(rules.shadow_m(building.levels) for building in district.buildings),
            _roads_by_class(district.roads, projection),
            _land(grids, areas, projection),
            _borders(grids),
        )


def _order_of(kind: str) -> int:
    return _AREA_ORDER.index(kind) if kind in _AREA_ORDER else 0


def _roads_by_class(roads: tuple[Road, ...], projection: Projection) -> dict[str, Shapes]:
    lines: dict[str, list[Outline]] = defaultdict(list)
    for road in roads:
        lines[road.road_class].append(road.line)
    known = [c for c in rules.ROADS if c in lines]
    order = [*(c for c in lines if c not in known), *known]
    return {c: Shapes.projected(lines[c], projection) for c in order}


def _land(grids: list[Any], areas: list[Area], projection: Projection) -> tuple[Any, ...]:
    opens = [shapely.Polygon(projection.plane(area.ring)).buffer(0) for area in areas if area.kind in _OPEN]
    if not opens:
        return tuple(grids)
    tree = shapely.STRtree(opens)
    return tuple(
        shapely.difference(
            grid, shapely.union_all([opens[i] for i in tree.query(grid, "intersects").tolist()])
        )
        for grid in grids
    )


def _borders(grids: list[Any]) -> Shapes:
    if not grids:
        return Shapes([])
    rings = shapely.set_precision(shapely.boundary(np.array(grids, dtype=object)), _GRAIN_M)
    merged = shapely.line_merge(shapely.union_all(rings))
    return Shapes([np.asarray(shapely.get_coordinates(line)) for line in shapely.get_parts(merged)])
