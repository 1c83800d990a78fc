"""Owns pens and paths in metres, as everything that is painted on the plane needs them. Must not know what is drawn."""

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.map.shapes import to_polygon
from widgets.map.view import METRE_ZOOM, Bounds


def logical_px_per_m(zoom: float) -> float:
    return 2.0 ** (zoom - METRE_ZOOM)


def faded(color: QColor, opacity: float) -> QColor:
    shade = QColor(color)
    shade.setAlphaF(color.alphaF() * opacity)
    return shade


def pen(color: QColor, width_m: float, opacity: float = 1.0, dashes: tuple[float, ...] = ()) -> QPen:
    """A round pen; dashes count widths."""
    result = QPen(
        faded(color, opacity),
        width_m,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )
    if dashes:
        result.setDashPattern(list(dashes))
        result.setCapStyle(Qt.PenCapStyle.FlatCap)
    return result


def grown(bounds: Bounds, by_m: float) -> Bounds:
    return bounds[0] - by_m, bounds[1] - by_m, bounds[2] + by_m, bounds[3] + by_m


def touches(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def path_of(shape: shapely.Geometry) -> QPainterPath:
    """The outlines of a polygon or of many, holes included."""
    path = QPainterPath()
    for part in shapely.get_parts(shape):
        for edge in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
            path.addPolygon(to_polygon(np.asarray(shapely.get_coordinates(edge))))
    return path


def stand_at(painter: QPainter, x_m: float, y_m: float, zoom: float) -> None:
    """Put a painter of the plane on a point of it, from where it counts logical pixels."""
    transform = painter.transform()
    at = transform.map(QPointF(x_m, y_m))
    scale = transform.m11() / logical_px_per_m(zoom)
    painter.resetTransform()
    painter.translate(at)
    painter.scale(scale, scale)
