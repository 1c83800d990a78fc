"""Owns the drawing of patrol routes and check points: the line, the sense in which it is walked, the numbered stops.

Must not write names: those are labels and give way to others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.geo.patrols import NO_PATROLS, CheckPoint, Patrols
from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.shapes import to_polygon
from widgets.map.strokes import faded, grown, logical_px_per_m, pen, stand_at, touches
from widgets.map.view import Bounds
from widgets.style import font, tokens

NUMBERS_FROM_ZOOM = 14.5
_ARROW_EVERY_PX = 90.0
_ARROW = ((-4.0, -4.5), (4.0, 0.0), (-4.0, 4.5))
_STOP_PX = 8.0
_MARGIN_PX = 12.0

Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Route:
    """A route on the plane: its line in metres, and how far along it every vertex lies."""

    key: str
    line: Line
    run_m: npt.NDArray[np.float64]
    bounds: Bounds

    def at(self, along_m: npt.NDArray[np.float64]) -> Line:
        """(n, 2) points so far along."""
        x_m = np.interp(along_m, self.run_m, self.line[:, 0])
        return np.column_stack([x_m, np.interp(along_m, self.run_m, self.line[:, 1])])


@dataclass(frozen=True, slots=True)
class Stop:
    """A check point on the plane."""

    point: CheckPoint
    x_m: float
    y_m: float

    @property
    def bounds(self) -> Bounds:
        return grown((self.x_m, self.y_m, self.x_m, self.y_m), self.point.radius_m)


class PatrolDrawing:
    """The patrols of one district."""

    name = "patrols"
    every_s = 0.0

    def __init__(self) -> None:
        self.patrols = NO_PATROLS
        self.routes: list[Route] = []
        self.stops: list[Stop] = []
        self._changed = False

    @property
    def has_changes(self) -> bool:
        return self._changed

    def take_changes(self) -> list[Bounds]:
        changed, self._changed = self._changed, False
        return [EVERYWHERE] if changed else []

    def set_patrols(self, patrols: Patrols, projection: Projection) -> None:
        self.patrols = patrols
        self.routes = [_route(route.id, projection.plane(np.array(route.line))) for route in patrols.routes]
        self.stops = [
            Stop(point, *projection.to_metres(point.lat, point.lon)) for point in patrols.check_points
        ]
        self._changed = True

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        wide = grown(bounds, _MARGIN_PX / logical_px_per_m(zoom))
        boxes = [*(route.bounds for route in self.routes), *(stop.bounds for stop in self.stops)]
        return not any(touches(box, wide) for box in boxes)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        pixel_m = 1 / logical_px_per_m(zoom)
        wide = grown(bounds, _MARGIN_PX * pixel_m)
        routes = [route for route in self.routes if touches(route.bounds, wide)]
        stops = [stop for stop in self.stops if touches(stop.bounds, wide)]
        for stop in stops:
            painter.setPen(pen(tokens().map.patrol, 1.2 * pixel_m, 0.7, (4.0, 3.0)))
            painter.setBrush(faded(tokens().map.patrol, 0.10))
            painter.drawEllipse(QPointF(stop.x_m, stop.y_m), stop.point.radius_m, stop.point.radius_m)
            yield
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width_px in ((tokens().map.label_halo, 4.5), (tokens().map.patrol, 2.4)):
            for route in routes:
                painter.setPen(pen(color, width_px * pixel_m))
                painter.drawPolyline(to_polygon(route.line))
                yield
        for route in routes:
            yield from _paint_arrows(painter, route, wide, zoom)
        for stop in stops:
            _paint_stop(painter, stop, zoom)
            yield


def _route(key: str, line: Line) -> Route:
    steps = np.hypot(np.diff(line[:, 0]), np.diff(line[:, 1]))
    low, high = line.min(axis=0), line.max(axis=0)
    bounds = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    return Route(key, line, np.concatenate([[0.0], np.cumsum(steps)]), bounds)


def _paint_arrows(painter: QPainter, route: Route, bounds: Bounds, zoom: float) -> Iterator[None]:
    """Arrow heads every so far along, wide enough apart to be followed by the eye."""
    length_m, every_m = float(route.run_m[-1]), _ARROW_EVERY_PX / logical_px_per_m(zoom)
    count = max(1, int(length_m / every_m))
    along_m = (np.arange(count) + 0.5) * length_m / count
    ahead_m = 3.0 / logical_px_per_m(zoom)
    before, after = route.at(along_m - ahead_m), route.at(along_m + ahead_m)
    turns_deg = np.degrees(np.arctan2(after[:, 1] - before[:, 1], after[:, 0] - before[:, 0]))
    for (x_m, y_m), turn_deg in zip(route.at(along_m).tolist(), turns_deg.tolist(), strict=True):
        if touches((x_m, y_m, x_m, y_m), bounds):
            painter.save()
            stand_at(painter, x_m, y_m, zoom)
            painter.rotate(turn_deg)
            painter.setPen(pen(tokens().map.label_halo, 1.5))
            painter.setBrush(tokens().map.patrol)
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in _ARROW]))
            painter.restore()
            yield


def _paint_stop(painter: QPainter, stop: Stop, zoom: float) -> None:
    """A disc with the place of the stop on its route; a dot where the map is small."""
    painter.save()
    stand_at(painter, stop.x_m, stop.y_m, zoom)
    numbered = zoom >= NUMBERS_FROM_ZOOM
    radius = tokens().px(_STOP_PX if numbered else _STOP_PX / 2)
    painter.setPen(pen(tokens().map.patrol, 1.8))
    painter.setBrush(tokens().map.label_halo)
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    if numbered:
        painter.setFont(font("small", bold=True))
        box = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        painter.setPen(tokens().map.label)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(stop.point.number))
    painter.restore()
