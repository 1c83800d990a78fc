"""Owns how a cluster looks: a ring in the colours of its priorities, the shape of the worst, the total.

Must not place it. Rings and totals are sprites of their own, so that a few hundred pictures do for every cluster that
there can be.
"""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from widgets.map.cluster_groups import PRIORITIES, Ints
from widgets.map.sprites import SpriteSheet
from widgets.parts.symbols import paint_symbol
from widgets.style import font, tokens

SIDE_PX = 46
_PLATE_PX, _RING_PX, _RING_WIDTH_PX, _BADGE_PX = 18.0, 15.5, 4.5, 19.0
_PARTS = 8
_GAP_DEG = 5.0
_FULL_CIRCLE = 360 * 16
_EXACT = 999

Column = npt.NDArray[np.int32]


def ring_codes(counts: Ints) -> Column:
    """One number for how a ring is shared out in eighths, each priority that is there at least one; (n, 4) counts."""
    total = counts.sum(axis=1, keepdims=True)
    parts = np.maximum(counts * _PARTS // np.maximum(1, total), (counts > 0).astype(np.int64))
    rows = np.arange(len(counts))
    parts[rows, counts.argmax(axis=1)] += _PARTS - parts.sum(axis=1)
    return (parts @ np.array([1000, 100, 10, 1])).astype(np.int32)


def total_text(total: int) -> str:
    return str(total) if total <= _EXACT else f"{total / 1000:.1f}k"


class ClusterSymbols:
    """Sprites of rings and totals at one device pixel ratio."""

    def __init__(self, dpr: float) -> None:
        self.sheet = SpriteSheet()
        self.dpr = dpr

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution."""
        self.dpr = dpr
        self.sheet.clear()

    @property
    def side_px(self) -> int:
        """Device pixels."""
        return round(tokens().px(SIDE_PX) * self.dpr) | 1

    def ring(self, code: int) -> int:
        """The sprite of a ring."""
        known = self.sheet.find(("ring", code))
        if known is not None:
            return known
        parts = [code // 10 ** (PRIORITIES - p) % 10 for p in range(1, PRIORITIES + 1)]
        side = self.side_px
        middle = side // 2
        return self.sheet.add(
            ("ring", code), (side, side), (middle, middle), lambda p: self._paint_ring(p, parts)
        )

    def total(self, total: int) -> int:
        """The sprite of a total."""
        text = total_text(total)
        known = self.sheet.find(("total", text))
        if known is not None:
            return known
        face = font("row" if len(text) < 3 else "small", bold=True)
        metrics = QFontMetricsF(face)
        width = math.ceil(metrics.horizontalAdvance(text) * self.dpr) + 2
        height = math.ceil(metrics.height() * self.dpr)

        def paint(painter: QPainter) -> None:
            painter.scale(self.dpr, self.dpr)
            painter.setFont(face)
            painter.setPen(tokens().text)
            painter.drawText(QPointF(1 / self.dpr, metrics.ascent()), text)

        return self.sheet.add(("total", text), (width, height), (width // 2, height // 2), paint)

    def _paint_ring(self, painter: QPainter, parts: list[int]) -> None:
        scale = self.dpr * tokens().scale
        middle = self.side_px / 2
        painter.translate(middle, middle)
        painter.scale(scale, scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().map.label_halo)
        painter.drawEllipse(QPointF(0, 0), _PLATE_PX + 1.5, _PLATE_PX + 1.5)
        self._paint_segments(painter, parts)
        worst = next(p for p, part in enumerate(parts, 1) if part)
        away = _RING_PX * math.sqrt(0.5) + 1.0
        box = QRectF(away - _BADGE_PX / 2, -away - _BADGE_PX / 2, _BADGE_PX, _BADGE_PX)
        paint_symbol(painter, f"priority/{worst}", box, tokens().priority.of(worst), halo=True)

    def _paint_segments(self, painter: QPainter, parts: list[int]) -> None:
        box = QRectF(-_RING_PX, -_RING_PX, 2 * _RING_PX, 2 * _RING_PX)
        gap = _GAP_DEG * 16 if sum(part > 0 for part in parts) > 1 else 0.0
        start = 90.0 * 16
        for priority, part in enumerate(parts, 1):
            if not part:
                continue
            span = _FULL_CIRCLE * part / _PARTS
            pen = QPen(tokens().priority.of(priority), _RING_WIDTH_PX)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(box, round(start - gap / 2), round(-(span - gap)))
            start -= span
