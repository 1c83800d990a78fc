"""Owns the drawing of closed roads: a broken red line over the road, and a no-entry sign where it is seen from afar.

Must not know who has closed them, and must not write names: those are labels and give way to others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.shapes import to_polygon
from widgets.map.strokes import grown, logical_px_per_m, pen, stand_at, touches
from widgets.map.view import Bounds
from widgets.style import tokens

EVERY_SIGN_FROM_ZOOM = 16.5
"""Below it one piece of a street bears the sign for all."""
NAMES_FROM_ZOOM = 14.5
_LINE_PX, _HALO_PX = 3.4, 6.4
_DASHES = (2.2, 1.4)
_SIGN_PX = 8.0
_MARGIN_PX = 14.0

Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClosedRoad:
    """A closed piece of road: `line` (n, 2) lon/lat. `text` stands beside the sign of the piece that `bears_name`."""

    key: str
    line: Line
    text: str
    bears_name: bool


@dataclass(frozen=True, slots=True)
class _Drawn:
    item: ClosedRoad
    line: Line
    bounds: Bounds
    middle: tuple[float, float]


class ClosureDrawing:
    """The closed roads of one map."""

    name = "closures"
    every_s = 0.0

    def __init__(self) -> None:
        self._drawn: tuple[_Drawn, ...] = ()
        self._changes: list[Bounds] = []

    @property
    def items(self) -> tuple[ClosedRoad, ...]:
        return tuple(drawn.item for drawn in self._drawn)

    @property
    def has_changes(self) -> bool:
        return bool(self._changes)

    def take_changes(self) -> list[Bounds]:
        changes, self._changes = self._changes, []
        return changes

    def set_items(self, items: Iterable[ClosedRoad], projection: Projection) -> None:
        """These and no others; also for another plane."""
        self._drawn = tuple(_drawn(item, projection) for item in items)
        self._changes = [EVERYWHERE]

    def names(self) -> Iterator[tuple[str, float, float]]:
        """(text, x_m, y_m) of what is written at closed roads."""
        for drawn in self._drawn:
            if drawn.item.bears_name:
                yield drawn.item.text, *drawn.middle

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        wide = grown(bounds, _MARGIN_PX / logical_px_per_m(zoom))
        return not any(touches(drawn.bounds, wide) for drawn in self._drawn)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        pixel_m = 1 / logical_px_per_m(zoom)
        wide = grown(bounds, _MARGIN_PX * pixel_m)
        seen = [drawn for drawn in self._drawn if touches(drawn.bounds, wide)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in (
            pen(tokens().map.label_halo, _HALO_PX * pixel_m),
            pen(tokens().danger, _LINE_PX * pixel_m, dashes=_DASHES),
        ):
            for drawn in seen:
                painter.setPen(stroke)
                painter.drawPolyline(to_polygon(drawn.line))
                yield
        for drawn in seen:
            if drawn.item.bears_name or zoom >= EVERY_SIGN_FROM_ZOOM:
                painter.save()
                stand_at(painter, *drawn.middle, zoom)
                paint_no_entry(painter, QPointF(0, 0), tokens().px(_SIGN_PX))
                painter.restore()
                yield


def paint_no_entry(painter: QPainter, middle: QPointF, radius: float) -> None:
    """A red disc with a bar."""
    painter.setPen(pen(tokens().map.label_halo, radius * 0.25))
    painter.setBrush(tokens().danger)
    painter.drawEllipse(middle, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().on_danger)
    bar = QRectF(middle.x() - radius * 0.6, middle.y() - radius * 0.18, radius * 1.2, radius * 0.36)
    painter.drawRect(bar)


def _drawn(item: ClosedRoad, projection: Projection) -> _Drawn:
    line = projection.plane(item.line)
    low, high = line.min(axis=0), line.max(axis=0)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    middle = tuple(float(np.interp(run[-1] / 2, run, line[:, axis])) for axis in (0, 1))
    bounds = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    return _Drawn(item, line, bounds, middle)  # type: ignore[arg-type]
