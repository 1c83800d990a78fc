"""Owns how the sketch in the officer's hand is shown: its shape, and what it measures beside the pointer.

It changes with every move of the pointer, so it is painted on the glass, and only where it was and is.
"""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from widgets.map.scene import Scene
from widgets.map.sketch_drawing import paint_shape
from widgets.map.sketch_tool import SketchTool
from widgets.map.view import Viewport
from widgets.style import font, tokens

_EDGE_PX = 8
_TEXT_AWAY_PX = 14


class SketchDraft:
    """The picture of one tool on one view."""

    def __init__(self, tool: SketchTool, scene: Scene, view: Viewport) -> None:
        self._tool = tool
        self._scene = scene
        self._view = view

    def rect(self) -> QRect:
        """What it covers, logical pixels; empty while nothing is drawn."""
        points = self._screen_points()
        if self._tool.kind is None or not points:
            return QRect()
        xs, ys = [point.x() for point in points], [point.y() for point in points]
        edge = _EDGE_PX + max(self._radii_m(), default=0.0) * self._view.px_per_m
        box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        box = box.adjusted(-edge, -edge, edge, edge)
        return box.united(self._text_box(points[-1])).toAlignedRect().adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter) -> None:
        """Paint it on a painter that counts logical pixels."""
        points = self._screen_points()
        if self._tool.kind is None or not points:
            return
        view = self._view
        outline = [self._scene.projection.to_metres(*point) for point in self._tool.outline()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top = view.to_plane(0, 0)
        painter.scale(view.px_per_m, view.px_per_m)
        painter.translate(-left, -top)
        paint_shape(painter, self._tool.kind, np.array(outline), self._radii_m(), view.zoom, open_end=True)
        painter.restore()
        self._paint_text(painter, points[-1])

    def _radii_m(self) -> tuple[float, ...]:
        """Of the rings whose middle is set."""
        return self._tool.radii_m if self._tool.kind == "rings" and self._tool.points else ()

    def _screen_points(self) -> list[QPointF]:
        places = (self._scene.projection.to_metres(*point) for point in self._tool.outline())
        return [QPointF(*self._view.to_screen(*place)) for place in places]

    def _text_box(self, at: QPointF) -> QRectF:
        """Beside the pointer, inside the map."""
        metrics, pad = QFontMetricsF(font("body", bold=True)), tokens().space_xs
        width = math.ceil(metrics.horizontalAdvance(self._tool.reading())) + 2 * pad
        height = math.ceil(metrics.height()) + pad
        left = at.x() + _TEXT_AWAY_PX
        if left + width > self._view.width_px - pad:
            left = at.x() - _TEXT_AWAY_PX - width
        top = min(max(pad, at.y() + _TEXT_AWAY_PX), self._view.height_px - height - pad)
        return QRectF(left, top, width, height)

    def _paint_text(self, painter: QPainter, at: QPointF) -> None:
        text = self._tool.reading()
        if not text:
            return
        box = self._text_box(at)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().raised)
        painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.setFont(font("body", bold=True))
        painter.setPen(tokens().text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
