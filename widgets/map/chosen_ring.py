"""Owns how the ring round a chosen thing looks, on the screen and on paper. Must not know what is chosen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.style import tokens

RING_PX: Final = {"incident": 22, "unit": 17}
"""Outside the symbols: a diamond that is cut looks like another priority."""


def paint_rings(painter: QPainter, places: Sequence[tuple[QPointF, str]]) -> None:
    """Rings round things of these places and kinds; the painter counts logical pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width_px in ((tokens().map.label_halo, 4.0), (tokens().accent, 2.0)):
        painter.setPen(QPen(color, width_px, Qt.PenStyle.DotLine if width_px < 3 else Qt.PenStyle.SolidLine))
        for place, kind in places:
            radius = tokens().px(RING_PX[kind])
            painter.drawEllipse(place, radius, radius)
