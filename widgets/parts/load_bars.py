"""Owns a small chart of counts over time against two limits: what is acceptable and what is too much.

Must not know the app: it takes ready-made values and words.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.style import font, tokens


class LoadBars(QWidget):
    """One bar a period, oldest first. A bar above the limit takes the warning colour, others second ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[int, ...] = ()
        self._acceptable, self._limit = 1, 10
        self._first = self._last = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    @property
    def values(self) -> tuple[int, ...]:
        return self._values

    def set_values(
        self, values: Sequence[int], acceptable: int, limit: int, ends: tuple[str, str], description: str
    ) -> None:
        """`ends` are written under the first and the last bar; `description` says the same for a screen reader."""
        self._values, self._acceptable, self._limit = tuple(values), acceptable, limit
        self._first, self._last = ends
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(300), tokens().px(112))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        margin = text_width("888", font("small")) + look.space_xs
        foot = look.px(16)
        box = QRectF(margin, look.space_xs, self.width() - margin, self.height() - foot - look.space_xs)
        self._paint_bars(painter, box)
        for value in (self._acceptable, self._limit):
            self._paint_limit(painter, box, value, margin)
        ends = QRectF(margin, box.bottom(), box.width(), foot)
        paint_text(painter, ends, self._first, font("small"), look.text_second)
        paint_text(painter, ends, self._last, font("small"), look.text_second, Qt.AlignmentFlag.AlignRight)
        painter.setPen(QPen(look.line, 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.end()

    def _top(self) -> float:
        """A calm day still shows the limit, with air above it."""
        return max([*self._values, round(1.3 * self._limit)])

    def _y(self, value: float, box: QRectF) -> float:
        return box.bottom() - value / self._top() * box.height()

    def _paint_bars(self, painter: QPainter, box: QRectF) -> None:
        look = tokens()
        step = box.width() / max(1, len(self._values))
        width = max(1.0, step - 1)
        for place, value in enumerate(self._values):
            if value:
                color = look.yellow if value > self._limit else look.text_second
                top = min(self._y(value, box), box.bottom() - 1)
                painter.fillRect(QRectF(box.left() + place * step, top, width, box.bottom() - top), color)

    def _paint_limit(self, painter: QPainter, box: QRectF, value: int, margin: float) -> None:
        look, y = tokens(), round(self._y(value, box)) + 0.5
        painter.setPen(QPen(look.control_line, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        half = look.px(8)
        words = QRectF(0, y - half, margin - look.space_xs, 2 * half)
        paint_text(painter, words, str(value), font("small"), look.text_second, Qt.AlignmentFlag.AlignRight)
