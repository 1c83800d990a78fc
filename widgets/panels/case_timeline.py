"""Owns the story of one incident as it is read: newest first, when, what, by whom, and what came late.

Must not fetch or word it: lines come ready-made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.parts.clamped_label import wrapped_lines
from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.style import font, tokens


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line ready to be painted; `late` and `tip` are empty for what came in time."""

    seq: int
    when: str
    what: str
    who: str
    late: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class _Laid:
    line: StoryLine
    top: float
    height: float
    wrapped: tuple[str, ...]


class CaseTimeline(QWidget):
    """Height follows from width and lines; a word in the place of lines says why there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[StoryLine, ...] = ()
        self._note = ""
        self._laid: tuple[_Laid, ...] = ()
        self._laid_for: tuple[int, float] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow_theme(self)

    @property
    def lines(self) -> tuple[StoryLine, ...]:
        return self._lines

    @property
    def note(self) -> str:
        """What stands there instead of lines."""
        return self._note

    def set_lines(self, lines: Sequence[StoryLine], note: str = "") -> None:
        """Shows these lines in this order."""
        if (tuple(lines), note) == (self._lines, self._note):
            return
        self._lines, self._note, self._laid_for = tuple(lines), note, None
        self.setAccessibleDescription("\n".join(f"{x.when} {x.what} {x.who} {x.late}" for x in lines) or note)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        laid = self._lay(width)
        return round(laid[-1].top + laid[-1].height) if laid else tokens().size_row

    def sizeHint(self) -> QSize:
        width = max(self.width(), tokens().px(200))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(120), tokens().size_row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = tokens()
        if not self._lines:
            paint_text(painter, QRectF(self.rect()), self._note, font("row"), look.text_second)
        laid = self._lay(self.width())
        for place, entry in enumerate(laid):
            if event.rect().intersects(QRectF(0, entry.top, self.width(), entry.height).toRect()):
                self._paint(painter, entry, place == 0, place == len(laid) - 1)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            y = event.pos().y()
            tip = next((e.line.tip for e in self._lay(self.width()) if e.top <= y < e.top + e.height), "")
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    # -- laying out --------------------------------------------------------------------------------------------------

    def _lay(self, width: int) -> tuple[_Laid, ...]:
        if self._laid_for == (width, tokens().scale):
            return self._laid
        wrap = partial(wrapped_lines, face=font("row"), width=width - self._text_left())
        laid, top = [], 0.0
        for line in self._lines:
            wrapped = tuple(wrap(line.what))
            height = len(wrapped) * _line_px() + QFontMetricsF(font("small")).height() + tokens().space_s
            laid.append(_Laid(line, top, height, wrapped))
            top += height
        self._laid, self._laid_for = tuple(laid), (width, tokens().scale)
        return self._laid

    def _time_px(self) -> float:
        return max((text_width(line.when, font("body")) for line in self._lines), default=0.0)

    def _text_left(self) -> float:
        return self._time_px() + tokens().space_s + tokens().px(12) + tokens().space_s

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, painter: QPainter, entry: _Laid, is_first: bool, is_last: bool) -> None:
        look, line, left = tokens(), entry.line, self._text_left()
        middle = entry.top + _line_px() / 2
        box = QRectF(0, entry.top, self._time_px(), _line_px())
        paint_text(painter, box, line.when, font("body"), look.text_second, Qt.AlignmentFlag.AlignRight)
        rail_x = self._time_px() + look.space_s + look.px(4)
        self._paint_rail(painter, QPointF(rail_x, middle), entry, is_first, is_last)
        painter.setFont(font("row"))
        painter.setPen(look.text)
        for row, text in enumerate(entry.wrapped):
            box = QRectF(left, entry.top + row * _line_px(), self.width() - left, _line_px())
            paint_text(painter, box, text, font("row"), look.text)
        self._paint_foot(painter, entry, left)

    def _paint_rail(
        self, painter: QPainter, at: QPointF, entry: _Laid, is_first: bool, is_last: bool
    ) -> None:
        look = tokens()
        dot = look.px(3)
        painter.setPen(QPen(look.line, 1))
        if not is_first:
            painter.drawLine(QPointF(at.x(), entry.top), at - QPointF(0, dot + look.px(2)))
        if not is_last:
            painter.drawLine(at + QPointF(0, dot + look.px(2)), QPointF(at.x(), entry.top + entry.height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.yellow if entry.line.late else _dot_color(is_first))
        painter.drawEllipse(at, dot, dot)

    def _paint_foot(self, painter: QPainter, entry: _Laid, left: float) -> None:
        look, small = tokens(), font("small")
        height = QFontMetricsF(small).height()
        top = entry.top + len(entry.wrapped) * _line_px()
        paint_text(
            painter, QRectF(left, top, self.width() - left, height), entry.line.who, small, look.text_second
        )
        if entry.line.late:
            left += text_width(entry.line.who, small) + look.space_s
            box = QRectF(left, top, self.width() - left, height)
            paint_text(painter, box, entry.line.late, small, look.yellow)


def _line_px() -> float:
    return QFontMetricsF(font("row")).height()


def _dot_color(is_first: bool) -> QColor:
    return tokens().text if is_first else tokens().text_second
