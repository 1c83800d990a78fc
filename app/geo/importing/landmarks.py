"""Owns the named places out of an extract, each once, with its grid. Must not read extracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from app.geo.importing.locating import GridLocator
from app.geo.importing.osm_extract import Feature
from app.geo.importing.osm_rules import address, first_fit, names

# Two of one name and kind within a cell of this many degrees, some 300 m, are one place: a station's many nodes.
_SAME_PLACE_DEG = 0.003

PlaceRow = tuple[dict[str, Any], tuple[float, float]]


def places(features: Sequence[Feature], ground: shapely.Polygon, locator: GridLocator) -> list[PlaceRow]:
    """Properties and (lon, lat) of every named place on the ground."""
    named = [(one, kind, name) for one in features if (name := names(one.tags)[0]) and (kind := _kind(one))]
    if not named:
        return []
    points = shapely.point_on_surface(np.array([one.geometry for one, _, _ in named], dtype=object))
    inside = np.flatnonzero(shapely.intersects(ground, points)).tolist()
    at = shapely.get_coordinates(points)
    cells, grids = np.floor(at / _SAME_PLACE_DEG).astype(int).tolist(), locator.nearest(at)
    first: dict[tuple[str, str, int, int], int] = {}
    for i in inside:
        _, kind, name = named[i]
        first.setdefault((name, kind, *cells[i]), i)
    return [
        (
            _properties(named[i][0], named[i][1], grids[i][0] if grids[i][1] == 0 else ""),
            tuple(at[i].tolist()),
        )
        for i in first.values()
    ]


def _kind(one: Feature) -> str | None:
    kind: str | None = first_fit("place", one.tags)
    is_metro = kind == "station" and (one.tags.get("station") == "subway" or one.tags.get("subway") == "yes")
    return "metro_station" if is_metro else kind


def _properties(one: Feature, kind: str, grid: str) -> dict[str, Any]:
    name_zh, name_en = names(one.tags)
    return {
        "id": one.id,
        "kind": kind,
        "name_zh": name_zh,
        "name_en": name_en,
        "grid": grid,
        "address_zh": address(one.tags),
    }
