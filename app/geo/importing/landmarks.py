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
    named = [(one, str(kind)) for one in features if names(one.tags)[0] and (kind := _kind(one)) is not None]
    points = shapely.point_on_surface(np.array([one.geometry for one, _ in named], dtype=object))
    inside = shapely.intersects(ground, points) if named else []
    at = shapely.get_coordinates(points)
    rows: dict[tuple[str, str, int, int], PlaceRow] = {}
    for (one, kind), lon_lat, (grid, off_m), is_inside in zip(
        named, at, locator.nearest(at), inside, strict=True
    ):
        key = (names(one.tags)[0], kind, *np.floor(lon_lat / _SAME_PLACE_DEG).astype(int).tolist())
        if is_inside and key not in rows:
            rows[key] = (
                _properties(one, kind, grid if off_m == 0 else ""),
                (float(lon_lat[0]), float(lon_lat[1])),
            )
    return list(rows.values())


def _kind(one: Feature) -> str | None:
    kind = first_fit("place", one.tags)
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
