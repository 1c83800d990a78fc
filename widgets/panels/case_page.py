"""Owns an incident on one upright sheet of A4: what, where, who, clocks, notes, and as much of its story as fits.

Must not know an incident: it is given words and a painter. Everything is in logical pixels of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QPen

from app.i18n import tr
from widgets.parts.clamped_label import wrapped_lines
from widgets.parts.painting import paint_text, text_width
from widgets.parts.symbols import paint_symbol
from widgets.style import font, tokens

PAPER: Final = "A4 upright"
WIDTH_PX: Final = 794.0
HEIGHT_PX: Final = WIDTH_PX * 297 / 210
_MARGIN_PX, _GAP_PX, _BAND_PX = 40.0, 24.0, 6.0
_LEFT_PART, _SYMBOL_PX, _STORY_PART = 0.58, 34.0, 0.3
_HEAD_LINES, _FIRST_KEPT = 3, 2


@dataclass(frozen=True, slots=True)
class Block:
    """A head and lines that wrap."""

    head: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page says. `exercise` is "" for real work; `story` is in the order in which things happened."""

    number: str
    title: str
    status: str
    priority: int
    made: str
    notes: str
    exercise: str
    left: Sequence[Block]
    right: Sequence[Block]
    story: Block


class CasePage:
    """One page, whatever there is to say: columns are cut, the story is shortened, and both say how much is missing."""

    def __init__(self, words: PageWords) -> None:
        self._words = words
        self._box = QRectF(
            _MARGIN_PX,
            _MARGIN_PX,
            WIDTH_PX - 2 * _MARGIN_PX,
            HEIGHT_PX - 2 * _MARGIN_PX - _line(font("small")),
        )

    def painting(self, painter: QPainter) -> Iterator[None]:
        """Paint the page; the painter stands in logical pixels with the page's corner at (0, 0)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, WIDTH_PX, HEIGHT_PX), tokens().panel)
        top = self._paint_head(painter)
        yield
        story_px = min(self._story_px(), self._box.height() * _STORY_PART)
        foot = self._box.bottom() - story_px - _GAP_PX
        ends = []
        for blocks, box in zip((self._words.left, self._words.right), self._columns(top, foot), strict=True):
            ends.append(_paint_blocks(painter, blocks, box))
            yield
        self._paint_story(painter, max(ends) + _GAP_PX / 2)
        yield
        self._paint_foot(painter)
        if self._words.exercise:
            self._paint_exercise_frame(painter)
        yield

    def _columns(self, top: float, foot: float) -> tuple[QRectF, QRectF]:
        box, left_px = self._box, round(self._box.width() * _LEFT_PART)
        left = QRectF(box.left(), top, left_px - _GAP_PX, foot - top)
        return left, QRectF(box.left() + left_px, top, box.width() - left_px, foot - top)

    # -- head and foot -----------------------------------------------------------------------------------------------

    def _paint_head(self, painter: QPainter) -> float:
        """Where it ends."""
        look, words, box = tokens(), self._words, self._box
        symbol = QRectF(box.left(), box.top(), _SYMBOL_PX, _SYMBOL_PX)
        paint_symbol(painter, f"priority/{words.priority}", symbol, look.priority.of(words.priority))
        left = symbol.right() + _GAP_PX / 2
        number = QRectF(left, box.top(), box.right() - left, _SYMBOL_PX)
        paint_text(painter, number, words.number, font("clock", bold=True), look.text)
        if words.exercise:
            self._paint_exercise(painter, number)
        top = symbol.bottom() + look.space_s
        for line in wrapped_lines(words.title, font("clock", bold=True), box.width())[:_HEAD_LINES]:
            row = QRectF(box.left(), top, box.width(), _line(font("clock", bold=True)))
            paint_text(painter, row, line, font("clock", bold=True), look.text)
            top = row.bottom()
        status = QRectF(box.left(), top, box.width(), _line(font("title")))
        paint_text(painter, status, words.status, font("title"), look.text_second)
        rule = status.bottom() + look.space_s
        painter.setPen(QPen(look.control_line, 1))
        painter.drawLine(QPointF(box.left(), rule), QPointF(box.right(), rule))
        return rule + look.space_m

    def _paint_exercise(self, painter: QPainter, box: QRectF) -> None:
        """A plate that nobody takes for real."""
        face = font("clock", bold=True)
        plate = QRectF(box)
        plate.setLeft(box.right() - text_width(self._words.exercise, face) - _GAP_PX)
        painter.fillRect(plate, tokens().exercise)
        middle = Qt.AlignmentFlag.AlignHCenter
        paint_text(painter, plate, self._words.exercise, face, tokens().priority.ink, middle)

    def _paint_exercise_frame(self, painter: QPainter) -> None:
        for side in (
            QRectF(0, 0, WIDTH_PX, _BAND_PX),
            QRectF(0, HEIGHT_PX - _BAND_PX, WIDTH_PX, _BAND_PX),
            QRectF(0, 0, _BAND_PX, HEIGHT_PX),
            QRectF(WIDTH_PX - _BAND_PX, 0, _BAND_PX, HEIGHT_PX),
        ):
            painter.fillRect(side, tokens().exercise)
            painter.fillRect(side, QBrush(tokens().text, Qt.BrushStyle.BDiagPattern))

    def _paint_foot(self, painter: QPainter) -> None:
        face = font("small")
        row = QRectF(self._box.left(), self._box.bottom(), self._box.width(), _line(face) * 1.5)
        paint_text(painter, row, self._words.made, face, tokens().text_second)
        right = Qt.AlignmentFlag.AlignRight
        paint_text(painter, row, self._words.notes, face, tokens().text_second, right)

    # -- story -------------------------------------------------------------------------------------------------------

    def _story_px(self) -> float:
        lines = sum(len(_wrapped(line, self._box.width())) for line in self._words.story.lines)
        return (lines + 2) * _line(font("row"))

    def _paint_story(self, painter: QPainter, top: float) -> None:
        box = QRectF(self._box.left(), top, self._box.width(), self._box.bottom() - top)
        room = int((box.height() - _line(font("row")) - tokens().space_xs) // _line(font("row")))
        _paint_blocks(painter, [Block(self._words.story.head, self._fitting(room))], box)

    def _fitting(self, room: int) -> list[str]:
        """How it began and how it stands now; what lies between gives way, and is counted."""
        lines = list(self._words.story.lines)
        heights = [len(_wrapped(line, self._box.width())) for line in lines]
        if sum(heights) <= room:
            return lines
        left = room - 1 - sum(heights[:_FIRST_KEPT])
        first_of_end = len(lines)
        while first_of_end > _FIRST_KEPT and heights[first_of_end - 1] <= left:
            first_of_end -= 1
            left -= heights[first_of_end]
        missing = tr("card.print.more", count=first_of_end - _FIRST_KEPT)
        return [*lines[:_FIRST_KEPT], missing, *lines[first_of_end:]]


def _paint_blocks(painter: QPainter, blocks: Sequence[Block], box: QRectF) -> float:
    """Heads and lines from the top down as far as the box goes; where they end."""
    look, row_px, top = tokens(), _line(font("row")), box.top()
    for block in blocks:
        if not block.lines or top + 2 * row_px > box.bottom():
            continue
        head = QRectF(box.left(), top, box.width(), row_px)
        paint_text(painter, head, block.head, font("row", bold=True), look.text_second)
        top = head.bottom() + look.space_xs
        wrapped = [part for line in block.lines for part in _wrapped(line, box.width())]
        room = max(1, int((box.bottom() - top) // row_px))
        if len(wrapped) > room:
            missing = tr("card.print.more", count=len(wrapped) - room + 1)
            wrapped = [*wrapped[: room - 1], missing]
        for part in wrapped:
            paint_text(painter, QRectF(box.left(), top, box.width(), row_px), part, font("row"), look.text)
            top += row_px
        top += look.space_m
    return top


def _wrapped(line: str, width_px: float) -> list[str]:
    return wrapped_lines(line, font("row"), width_px)


def _line(face: QFont) -> float:
    return QFontMetricsF(face).height()
