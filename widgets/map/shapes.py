"""Owns outlines in metres, their bounding boxes and their simplified forms. Must not know colours or zoom rules."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely
import shiboken6
from PySide6.QtGui import QPolygonF

from widgets.map.projection import Projection
from widgets.map.view import Bounds

_POINT_BYTES = 16

Outline = npt.NDArray[np.float64]
Points = Outline | tuple[tuple[float, float], ...]


def to_polygon(outline: Outline) -> QPolygonF:
    """(n, 2) doubles as a QPolygonF, copied as one block of memory."""
    polygon = QPolygonF()
    polygon.resize(len(outline))
    if len(outline):
        first = cast(Any, polygon.data())
        memory = cast(Any, shiboken6.VoidPtr)(first, len(outline) * _POINT_BYTES, True)
        np.frombuffer(memory, dtype=np.float64)[:] = np.ascontiguousarray(outline).ravel()
    return polygon


class Shapes:
    """Outlines of one kind of thing, each made into a polygon when it is first drawn at a tolerance."""

    def __init__(self, outlines: Sequence[Points]) -> None:
        self._polygons: dict[tuple[int, float], QPolygonF] = {}
        lengths = np.array([len(outline) for outline in outlines], dtype=np.int64)
        self._ends = np.cumsum(lengths)
        self._starts = self._ends - lengths
        self._points = np.concatenate(outlines) if len(outlines) else np.zeros((0, 2))
        # All boxes in one go: thousands of small calls would hold up whoever prepares a district.
        boxes = (
            [np.minimum.reduceat(self._points, self._starts), np.maximum.reduceat(self._points, self._starts)]
            if len(outlines)
            else [np.zeros((0, 4))]
        )
        self.boxes = np.concatenate(boxes, axis=1)
        self.extent_m = np.maximum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])

    @classmethod
    def projected(cls, rings: Sequence[Points], projection: Projection) -> "Shapes":
        """Outlines given in degrees, longitude first."""
        shapes = cls(rings)
        shapes._points = projection.plane(shapes._points)
        corners = projection.plane(shapes.boxes.reshape(-1, 2)).reshape(-1, 4)
        # North is up in degrees and down on the plane.
        shapes.boxes = corners[:, (0, 3, 2, 1)]
        shapes.extent_m = np.maximum(corners[:, 2] - corners[:, 0], corners[:, 1] - corners[:, 3])
        return shapes

    def __len__(self) -> int:
        return len(self._starts)

    def outline(self, index: int) -> Outline:
        return self._points[self._starts[index] : self._ends[index]]

    def within(self, bounds: Bounds, least_m: float = 0.0) -> list[int]:
        """The shapes whose boxes touch these bounds and that are at least so large, in their own order."""
        boxes = self.boxes
        hit = (
            (boxes[:, 0] <= bounds[2])
            & (boxes[:, 2] >= bounds[0])
            & (boxes[:, 1] <= bounds[3])
            & (boxes[:, 3] >= bounds[1])
        )
        if least_m > 0:
            hit &= self.extent_m >= least_m
        found: list[int] = np.flatnonzero(hit).tolist()
        return found

    def polygon(self, index: int, tolerance_m: float = 0.0) -> QPolygonF:
        """A shape as a polygon in metres, off by at most the tolerance."""
        key = (index, tolerance_m)
        polygon = self._polygons.get(key)
        if polygon is None:
            polygon = self._polygons[key] = to_polygon(_simplified(self.outline(index), tolerance_m))
        return polygon


def _simplified(outline: Outline, tolerance_m: float) -> Outline:
    if tolerance_m <= 0 or len(outline) <= 5:
        return outline
    line = shapely.simplify(shapely.linestrings(outline), tolerance_m)
    return np.asarray(shapely.get_coordinates(line))
