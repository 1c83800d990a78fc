"""Owns the drawing of posts and of what they reach: 200 m and 500 m round every unit's home. Must not judge coverage.

Posts that stand at one door are one post. The reach of all posts is one outline, so that a gap is seen as a gap. It is
worked out for the posts that reach what is painted: that is right within it, and no district has too many of them.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath

from widgets.map.layers import LayerStack
from widgets.map.overlays import EVERYWHERE
from widgets.map.strokes import grown, logical_px_per_m, path_of, pen, stand_at, touches
from widgets.map.view import Bounds
from widgets.style import tokens

NEAR_M, FAR_M = 200.0, 500.0
_SAME_POST_M = 15.0
_MARK_PX = 4.0
_FILL = {NEAR_M: 0.10, FAR_M: 0.06}
# Corners of a quarter of a circle: off by less than a tenth of a pixel at any zoom.
_LEAST_CORNERS, _MOST_CORNERS, _CORNERS_PER_ROOT_PX = 3, 48, 1.8


class Coverage:
    """Posts in metres on the plane."""

    name = "coverage"
    every_s = 0.0

    def __init__(self, stack: LayerStack) -> None:
        self._stack = stack
        self._posts = np.zeros((0, 2))
        self._changed = False

    @property
    def posts(self) -> npt.NDArray[np.float64]:
        """(n, 2) metres."""
        return self._posts

    @property
    def has_changes(self) -> bool:
        return self._changed

    def take_changes(self) -> list[Bounds]:
        changed, self._changed = self._changed, False
        return [EVERYWHERE] if changed else []

    def set_posts(self, posts_m: Iterable[tuple[float, float]]) -> None:
        cells: dict[tuple[int, int], tuple[float, float]] = {}
        for x_m, y_m in posts_m:
            cells.setdefault((round(x_m / _SAME_POST_M), round(y_m / _SAME_POST_M)), (x_m, y_m))
        self._posts = np.array(list(cells.values())).reshape(-1, 2)
        self._changed = True

    def radii_m(self) -> list[float]:
        """The reaches that the officer wants to see, the wide one first."""
        offered = (("far", FAR_M), ("near", NEAR_M))
        return [radius_m for name, radius_m in offered if self._stack.option(self.name, name)]

    def reach(self, radius_m: float, bounds: Bounds, zoom: float) -> QPainterPath:
        """One outline round what posts reach within bounds, as fine as can be seen at a zoom."""
        left, top, right, bottom = grown(bounds, radius_m)
        x_m, y_m = self._posts[:, 0], self._posts[:, 1]
        near = self._posts[(x_m >= left) & (x_m <= right) & (y_m >= top) & (y_m <= bottom)]
        corners = round(math.sqrt(radius_m * logical_px_per_m(zoom)) * _CORNERS_PER_ROOT_PX)
        quarter = min(_MOST_CORNERS, max(_LEAST_CORNERS, corners))
        return path_of(shapely.union_all(shapely.buffer(shapely.points(near), radius_m, quad_segs=quarter)))

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        if not len(self._posts):
            return True
        left, top, right, bottom = grown(
            bounds, max([*self.radii_m(), 3 * _MARK_PX / logical_px_per_m(zoom)])
        )
        x_m, y_m = self._posts[:, 0], self._posts[:, 1]
        return not bool(((x_m >= left) & (x_m <= right) & (y_m >= top) & (y_m <= bottom)).any())

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        pixel_m = 1 / logical_px_per_m(zoom)
        for radius_m in self.radii_m():
            path = self.reach(radius_m, grown(bounds, 4 * pixel_m), zoom)
            yield
            color = coverage_color(radius_m)
            fill = QColor(color)
            fill.setAlphaF(_FILL[radius_m])
            painter.fillPath(path, fill)
            yield
            painter.strokePath(path, pen(color, 1.5 * pixel_m, 0.9))
            yield
        near = grown(bounds, 3 * _MARK_PX * pixel_m)
        for x_m, y_m in self._posts.tolist():
            if touches((x_m, y_m, x_m, y_m), near):
                _paint_post(painter, x_m, y_m, zoom)
                yield


def coverage_color(radius_m: float) -> QColor:
    return tokens().map.coverage_near if radius_m == NEAR_M else tokens().map.coverage_far


def _paint_post(painter: QPainter, x_m: float, y_m: float, zoom: float) -> None:
    """A small open square: a fixed place, not somebody who moves."""
    painter.save()
    stand_at(painter, x_m, y_m, zoom)
    half = tokens().px(_MARK_PX)
    painter.setPen(pen(tokens().map.post, 1.6))
    painter.setBrush(tokens().map.label_halo)
    painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
    painter.setBrush(tokens().map.post)
    painter.drawEllipse(QPointF(0, 0), 1.0, 1.0)
    painter.restore()
