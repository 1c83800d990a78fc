"""Owns a tiny trend with its threshold: the answer to "is it getting worse", not to "how much"."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme
from widgets.style import tokens


class Sparkline(QWidget):
    """Values left to right, oldest first; None is a gap.

    Above the threshold the line takes the warning colour.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float | None, ...] = ()
        self._threshold: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def set_values(
        self, values: Sequence[float | None], threshold: float | None = None, description: str = ""
    ) -> None:
        """Show a trend; `description` says the same in words for a screen reader and the tool tip."""
        self._values, self._threshold = tuple(values), threshold
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(96), tokens().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 4, -4, -4)
        if self._threshold is not None:
            self._paint_threshold(painter, box)
        for run in self._runs(box):
            self._paint_run(painter, run, box)
        self._paint_last(painter, box)
        painter.end()

    def _top(self) -> float:
        known = [value for value in self._values if value is not None]
        return max([*known, self._threshold or 0.0, 1e-9])

    def _y(self, value: float, box: QRectF) -> float:
        return box.bottom() - max(0.0, value) / self._top() * box.height()

    def _runs(self, box: QRectF) -> list[list[QPointF]]:
        runs: list[list[QPointF]] = [[]]
        step = box.width() / max(1, len(self._values) - 1)
        for i, value in enumerate(self._values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(QPointF(box.left() + i * step, self._y(value, box)))
        return [run for run in runs if run]

    def _paint_threshold(self, painter: QPainter, box: QRectF) -> None:
        pen = QPen(tokens().control_line, 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        y = round(self._y(self._threshold or 0.0, box)) + 0.5
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _paint_run(self, painter: QPainter, run: list[QPointF], box: QRectF) -> None:
        line = QPolygonF(run)
        painter.setPen(self._pen(tokens().text_second))
        painter.drawPolyline(line)
        if self._threshold is None:
            return
        painter.save()
        painter.setClipRect(QRectF(box.left() - 4, 0, box.width() + 8, self._y(self._threshold, box)))
        painter.setPen(self._pen(tokens().yellow))
        painter.drawPolyline(line)
        painter.restore()

    def _paint_last(self, painter: QPainter, box: QRectF) -> None:
        if not self._values or self._values[-1] is None:
            return
        over = self._threshold is not None and self._values[-1] > self._threshold
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().yellow if over else tokens().text)
        painter.drawEllipse(QPointF(box.right(), self._y(self._values[-1], box)), 2.5, 2.5)

    def _pen(self, color: QColor) -> QPen:
        return QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
