"""Owns the sea, of which OpenStreetMap has only coastlines, land on their left. Must not read extracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

_BESIDE_M = 1.0


def sea(coastlines: Sequence[Any], ground: Any) -> list[Any]:
    """The polygons of water on the ground, all in metres; none where no coastline touches it.

    Coastlines and the ground's rim divide it into faces. A face is water where more of the coast shows it its right
    side than its left: a coastline that ends on the way, as in a cut extract, floods nothing.
    """
    shore = shapely.intersection(shapely.union_all(np.array(coastlines, dtype=object)), ground)
    if shore.is_empty:
        return []
    faces = shapely.get_parts(shapely.polygonize([shapely.union(shore, ground.boundary)]))
    if not len(faces):
        return []
    right, left = _sides(coastlines, ground)
    votes = _inside(faces, right) - _inside(faces, left)
    return [face for face, vote in zip(faces, votes.tolist(), strict=True) if vote > 0]


def _sides(coastlines: Sequence[Any], ground: Any) -> tuple[Any, Any]:
    """Points a step to the right and to the left of the middle of what each segment has on the ground."""
    lines = [shapely.get_coordinates(line) for line in coastlines]
    segments = np.concatenate([np.stack((points[:-1], points[1:]), axis=1) for points in lines])
    on_ground = shapely.linestrings(segments)
    shapely.prepare(ground)
    cut = ~shapely.contains_properly(ground, on_ground)
    on_ground[cut] = shapely.intersection(on_ground[cut], ground)
    kept = ~shapely.is_empty(on_ground)
    middles = shapely.get_coordinates(shapely.centroid(on_ground[kept]))
    along = segments[kept, 1] - segments[kept, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    to_right = np.column_stack((along[:, 1], -along[:, 0])) / length[:, None] * _BESIDE_M
    return shapely.points(middles + to_right), shapely.points(middles - to_right)


def _inside(faces: Any, points: Any) -> Any:
    """How many of the points each face holds."""
    found = shapely.STRtree(points).query(faces, predicate="contains")[0]
    return np.bincount(found, minlength=len(faces))
