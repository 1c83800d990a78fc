"""Owns what is under a point of the screen. Must not paint or change anything.

Order: incident, unit, camera, place, grid; within a kind the nearest symbol. Points are searched in the very positions
in which they were drawn, so that what is clicked is what is seen.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from widgets.map.points import PointPainter

Hit = tuple[str, str]
"""kind, key."""

REACH_PX = 15.0
_DOT_REACH_PX = 8.0
MOST_PICKED = 8
"""A longer list under the pointer is not read; zooming in takes it apart."""


def nearest_point(painter: PointPainter[Any], x_px: float, y_px: float, reach_px: float) -> str | None:
    """The key of the nearest drawn symbol within reach, device pixels."""
    if not len(painter.slots):
        return None
    dx, dy = painter.x_px - x_px, painter.y_px - y_px
    distance = dx * dx + dy * dy
    index = int(np.argmin(distance))
    if distance[index] > reach_px * reach_px:
        return None
    mark = painter.layer.marks[int(painter.slots[index])]
    return None if mark is None else str(mark.key)


class PolygonIndex:
    """Which polygon a point of the plane lies in."""

    def __init__(self, codes: Sequence[str], rings_m: Sequence[npt.NDArray[np.float64]]) -> None:
        self._codes = list(codes)
        self._tree = shapely.STRtree([shapely.Polygon(ring) for ring in rings_m])

    def at(self, x_m: float, y_m: float) -> str | None:
        """The code of the polygon round a point; of several the first."""
        found = self._tree.query(shapely.Point(x_m, y_m), predicate="intersects")
        return self._codes[int(found.min())] if len(found) else None


def pick(
    layers: Sequence[tuple[str, PointPainter[Any], bool]], x_px: float, y_px: float, dpr: float
) -> Hit | None:
    """The first layer in order that has a symbol here; the flag says that a layer is drawn as dots."""
    for kind, painter, as_dots in layers:
        reach_px = (_DOT_REACH_PX if as_dots else REACH_PX) * dpr
        key = nearest_point(painter, x_px, y_px, reach_px)
        if key is not None:
            return kind, key
    return None


def pick_all(
    layers: Sequence[tuple[str, PointPainter[Any], bool]], x_px: float, y_px: float, dpr: float
) -> list[Hit]:
    """Everything that has a symbol here, in the order of the layers, the nearest of each first; MOST_PICKED of each."""
    found: list[Hit] = []
    for kind, painter, as_dots in layers:
        reach_px = (_DOT_REACH_PX if as_dots else REACH_PX) * dpr
        found += [(kind, key) for key in _near_points(painter, x_px, y_px, reach_px)]
    return found


def _near_points(painter: PointPainter[Any], x_px: float, y_px: float, reach_px: float) -> list[str]:
    distance = np.hypot(painter.x_px - x_px, painter.y_px - y_px)
    near = np.flatnonzero(distance <= reach_px)
    nearest = near[np.argsort(distance[near], kind="stable")][:MOST_PICKED]
    marks = (painter.layer.marks[int(slot)] for slot in painter.slots[nearest])
    return [str(mark.key) for mark in marks if mark is not None]
