"""Owns the painted bits of the status strip: open incidents by priority, the clock, the exercise mark.

Must not read the desk or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.badge import paint_priority_badge
from widgets.parts.lamp import Lamp
from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.style import font, tokens

PRIORITIES = (1, 2, 3, 4)
_WIDEST_COUNT = "888"


class PriorityCounts(QWidget):
    """Shape, letter and number for each priority; what is at nought steps back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[int, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    @property
    def counts(self) -> dict[int, int]:
        return dict(self._counts)

    def set_counts(self, counts: Mapping[int, int], description: str) -> None:
        """Open incidents by priority; `description` says the same in words."""
        self._counts = {priority: counts.get(priority, 0) for priority in PRIORITIES}
        self.setToolTip(description)
        self.setAccessibleName(description)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._cell_px() * len(PRIORITIES)), tokens().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        for number, priority in enumerate(PRIORITIES):
            count, left = self._counts.get(priority, 0), number * self._cell_px()
            painter.setOpacity(1.0 if count else 0.45)
            paint_priority_badge(painter, QRectF(left, 0, look.size_symbol, self.height()), priority)
            text_left = left + look.size_symbol + look.space_xs
            box = QRectF(text_left, 0, self._cell_px() - look.size_symbol - look.space_xs, self.height())
            color = look.text if count else look.text_second
            paint_text(painter, box, str(count), font("row", bold=bool(count)), color)
        painter.end()

    def _cell_px(self) -> float:
        look = tokens()
        return (
            look.size_symbol
            + look.space_xs
            + text_width(_WIDEST_COUNT, font("row", bold=True))
            + look.space_xs
        )


class BigClock(QWidget):
    """The time, large, with the date beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time = self._date = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    @property
    def text(self) -> str:
        return f"{self._date} {self._time}"

    def set_time(self, time_text: str, date_text: str) -> None:
        wider = len(date_text) != len(self._date)
        self._time, self._date = time_text, date_text
        self.setAccessibleName(self.text)
        if wider:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = tokens()
        width = text_width("88:88:88", font("clock")) + text_width(self._date, font("body")) + look.space_s
        return QSize(round(width), look.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        time_px = text_width("88:88:88", font("clock"))
        date_box = QRectF(0, 0, self.width() - time_px - look.space_s, self.height())
        paint_text(painter, date_box, self._date, font("body"), look.text_second, Qt.AlignmentFlag.AlignRight)
        time_box = QRectF(self.width() - time_px, 0, time_px, self.height())
        paint_text(painter, time_box, self._time, font("clock"), look.text)
        painter.end()


class PlainLamp(Lamp):
    """A lamp of something that has no age: no room is kept for one."""

    def sizeHint(self) -> QSize:
        look = tokens()
        width = look.px(18) + text_width(self.text(), font("body")) + look.space_xs
        return QSize(round(width), look.px(24))


class ExerciseMark(QWidget):
    """The word that keeps an exercise from being taken for the real thing, on hatched ground."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(
            round(text_width(self._text, font("body", bold=True))) + 2 * tokens().space_m, tokens().px(22)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, look.exercise)
        paint_text(
            painter, box, self._text, font("body", bold=True), look.on_accent, Qt.AlignmentFlag.AlignHCenter
        )
        painter.end()


def paint_hatching(painter: QPainter, box: QRectF) -> None:
    """Ground of an exercise: amber with dark stripes that slant."""
    look = tokens()
    painter.fillRect(box, look.exercise)
    painter.fillRect(box, QBrush(look.window, Qt.BrushStyle.BDiagPattern))
