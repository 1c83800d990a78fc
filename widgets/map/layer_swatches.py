"""Owns the small picture that stands for a layer in lists. Must not know whether it is shown."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets.map.basemap import load_color
from widgets.map.closure_drawing import paint_no_entry
from widgets.map.heat import shade
from widgets.map.legend import paint_patrol, paint_ring, paint_track
from widgets.map.strokes import faded, pen
from widgets.parts.symbols import paint_symbol
from widgets.style import tokens

Paint = Callable[[QPainter, QRectF], None]


class Swatch(QWidget):
    """The picture of one layer."""

    def __init__(self, layer: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._layer = layer
        self.renew()

    def renew(self) -> None:
        self.setFixedSize(tokens().px(26), tokens().px(20))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _PAINTS[self._layer](painter, QRectF(self.rect()).adjusted(2, 2, -2, -2))
        painter.end()


def _fill(color: Callable[[], QColor], edge: Callable[[], QColor]) -> Paint:
    def paint(painter: QPainter, box: QRectF) -> None:
        painter.setPen(pen(edge(), 1.0))
        painter.setBrush(color())
        painter.drawRoundedRect(box, 2, 2)

    return paint


def _line(color: Callable[[], QColor], width_px: float, dashes: tuple[float, ...] = ()) -> Paint:
    def paint(painter: QPainter, box: QRectF) -> None:
        painter.setPen(pen(color(), width_px, dashes=dashes))
        middle = box.center().y()
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))

    return paint


def _symbol(name: str, color: Callable[[], QColor]) -> Paint:
    def paint(painter: QPainter, box: QRectF) -> None:
        side = min(box.width(), box.height())
        square = QRectF(box.center().x() - side / 2, box.top(), side, side)
        paint_symbol(painter, name, square, color(), halo=False)

    return paint


def _paint_load(painter: QPainter, box: QRectF) -> None:
    painter.fillRect(box, tokens().map.district)
    for level in range(1, 5):
        left = box.left() + box.width() * (level - 1) / 4
        painter.fillRect(QRectF(left, box.top(), box.width() / 4, box.height()), load_color(level))


def _paint_heat(painter: QPainter, box: QRectF) -> None:
    ramp = QLinearGradient(box.topLeft(), box.topRight())
    for step in range(6):
        ramp.setColorAt(step / 5, shade(step / 5))
    painter.fillRect(box, ramp)


def _paint_roads(painter: QPainter, box: QRectF) -> None:
    middle = box.center().y()
    for color, width_px in ((tokens().control_line, 6.0), (tokens().map.road_fill["primary"], 4.0)):
        painter.setPen(pen(color, width_px))
        painter.drawLine(QPointF(box.left() + 3, middle), QPointF(box.right() - 3, middle))


def _paint_cone(painter: QPainter, box: QRectF) -> None:
    painter.setPen(pen(tokens().map.view_cone, 1.0))
    painter.setBrush(faded(tokens().map.view_cone, 0.3))
    tip = QPointF(box.left() + 2, box.center().y())
    painter.drawPolygon(QPolygonF([tip, box.topRight(), box.bottomRight()]))


def _paint_place(painter: QPainter, box: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for radius, color in ((4.0, tokens().map.label), (1.8, tokens().map.label_halo)):
        painter.setBrush(color)
        painter.drawEllipse(box.center(), radius, radius)


def _paint_sketch(painter: QPainter, box: QRectF) -> None:
    painter.setPen(pen(tokens().map.sketch, 2.0))
    points = [
        box.bottomLeft(),
        QPointF(box.center().x() - 2, box.top() + 3),
        QPointF(box.right() - 4, box.bottom() - 4),
    ]
    painter.drawPolyline(QPolygonF([*points, box.topRight()]))


def _paint_closure(painter: QPainter, box: QRectF) -> None:
    middle = box.center().y()
    painter.setPen(pen(tokens().danger, 2.4, dashes=(1.6, 1.0)))
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
    paint_no_entry(painter, box.center(), 6.0)


def _paint_coverage(painter: QPainter, box: QRectF) -> None:
    paint_ring(painter, box.adjusted(-2, -2, 2, 2), tokens().map.coverage_near)


_PAINTS: dict[str, Paint] = {
    "base": _fill(lambda: tokens().map.water, lambda: tokens().map.water_line),
    "buildings": _fill(lambda: tokens().map.building["default"], lambda: tokens().control_line),
    "grids": _paint_load,
    "roads": _paint_roads,
    "cones": _paint_cone,
    "communities": _line(lambda: tokens().map.district_line, 2.5),
    "heat": _paint_heat,
    "coverage": _paint_coverage,
    "patrols": paint_patrol,
    "tracks": paint_track,
    "closures": _paint_closure,
    "sketch": _paint_sketch,
    "places": _paint_place,
    "cameras": _symbol("camera", lambda: tokens().camera),
    "units": _symbol("unit/police", lambda: tokens().unit),
    "incidents": _symbol("priority/2", lambda: tokens().priority.p2),
}
