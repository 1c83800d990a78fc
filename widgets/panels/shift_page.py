"""Owns a hand-over on one to three upright sheets of A4: head, figures, sections, both signatures.

Must not know a shift: it is given rows that are worded, and a painter. Everything is in logical pixels of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen

from app.i18n import tr
from widgets.parts.clamped_label import wrapped_lines
from widgets.parts.painting import paint_text, text_width
from widgets.parts.section_list import SectionRow
from widgets.style import font, tokens

PAPER: Final = "A4 upright"
WIDTH_PX: Final = 794.0
HEIGHT_PX: Final = WIDTH_PX * 297 / 210
MOST_PAGES: Final = 3
_MARGIN_PX, _BAND_PX, _GAP_PX = 44.0, 6.0, 8.0
_SIGNATURES_PX: Final = 92.0


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What the sheets say; `exercise` is "" for real work. Texts are masked by whoever makes them."""

    title: str
    made: str
    figures: str
    rows: Sequence[SectionRow]
    signatures: tuple[str, str]
    exercise: str = ""


class ShiftSheets:
    """The pages of one hand-over. `pages` are rows page by page; of what has no room each section says how much."""

    def __init__(self, words: SheetWords) -> None:
        self._words = words
        self._line_px = round(QFontMetricsF(font("small")).height() * 1.25)
        self.box = QRectF(_MARGIN_PX, _MARGIN_PX, WIDTH_PX - 2 * _MARGIN_PX, HEIGHT_PX - 2 * _MARGIN_PX)
        self._heights: dict[tuple[str, ...], float] = {}
        self.pages = self._shared_out()

    def painting(self, painter: QPainter, number: int) -> Iterator[None]:
        """Paint page `number`, from 0; the painter stands in logical pixels with the page's corner at (0, 0)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, WIDTH_PX, HEIGHT_PX), tokens().panel)
        y = self._paint_head(painter, number)
        yield
        for row in self.pages[number]:
            y = self._paint_row(painter, row, y)
            yield
        if number == len(self.pages) - 1:
            self._paint_signatures(painter)
        self._paint_foot(painter, number)
        if self._words.exercise:
            self._paint_exercise_frame(painter)
        yield

    # -- sharing out ---------------------------------------------------------------------------------------------------

    def _shared_out(self) -> list[list[SectionRow]]:
        """Every section is on paper: the longest are cut, all at the same length, until three pages hold them."""
        sections = _sections(self._words.rows)
        longest = max(map(len, sections), default=0)
        for most in range(longest, 0, -1):
            pages = self._filled([row for section in sections for row in _cut(section, most)])
            if len(pages) <= MOST_PAGES:
                return pages
        return self._filled([section[0] for section in sections])[:MOST_PAGES]

    def _filled(self, rows: Sequence[SectionRow]) -> list[list[SectionRow]]:
        """Page after page; the last one has room for the signatures. No head of a section ends a page."""
        pages: list[list[SectionRow]] = [[]]
        room = self._room(0)
        for place, row in enumerate(rows):
            ahead = self._height(rows[place + 1]) if row.kind == "head" and place + 1 < len(rows) else 0.0
            needed = self._height(row)
            if needed + ahead > room:
                pages.append([])
                room = self._room(len(pages) - 1)
            pages[-1].append(row)
            room -= needed
        if room < _SIGNATURES_PX:
            pages.append([])
        return pages

    def _room(self, number: int) -> float:
        return self.box.height() - self._head_px(number) - 3 * self._line_px

    def _head_px(self, number: int) -> float:
        title = 3.0 * self._line_px
        figures = len(self._figure_lines()) * self._line_px + _GAP_PX
        return title + figures if number == 0 else title

    def _figure_lines(self) -> list[str]:
        return wrapped_lines(self._words.figures, font("small"), self.box.width())

    def _height(self, row: SectionRow) -> float:
        key = (row.kind, row.title, row.second, row.aside)
        if key not in self._heights:
            self._heights[key] = self._measured(row)
        return self._heights[key]

    def _measured(self, row: SectionRow) -> float:
        if row.kind == "head":
            return self._line_px + 2 * _GAP_PX
        return len(self._texts(row)) * self._line_px + _GAP_PX / 2

    def _texts(self, row: SectionRow) -> list[str]:
        """The row's lines: its title, wrapped beside what stands at the right, then what is second."""
        aside_px = text_width(row.aside, font("small")) + _GAP_PX if row.aside else 0.0
        lines = wrapped_lines(row.title, font("small"), self.box.width() - aside_px - 3 * _GAP_PX)[:4]
        if row.second:
            lines += wrapped_lines(row.second, font("small"), self.box.width() - 5 * _GAP_PX)[:3]
        return lines

    # -- painting ------------------------------------------------------------------------------------------------------

    def _paint_head(self, painter: QPainter, number: int) -> float:
        look, words, box = tokens(), self._words, self.box
        line = QRectF(box.left(), box.top(), box.width(), 1.6 * self._line_px)
        title = f"{words.exercise}  {words.title}" if words.exercise else words.title
        paint_text(painter, line, title, font("title", bold=True), look.text)
        line.translate(0, 1.6 * self._line_px)
        line.setHeight(self._line_px)
        paint_text(painter, line, words.made, font("small"), look.text_second)
        y = box.top() + 3 * self._line_px
        if number == 0:
            for text in self._figure_lines():
                paint_text(
                    painter, QRectF(box.left(), y, box.width(), self._line_px), text, font("small"), look.text
                )
                y += self._line_px
            y += _GAP_PX
        return y

    def _paint_row(self, painter: QPainter, row: SectionRow, y: float) -> float:
        if row.kind == "head":
            return self._paint_section(painter, row, y)
        look, box = tokens(), self.box
        titles = len(self._texts(row)) - len(
            wrapped_lines(row.second, font("small"), box.width() - 5 * _GAP_PX)[:3] if row.second else []
        )
        right = QRectF(box.left(), y, box.width(), self._line_px)
        paint_text(painter, right, row.aside, font("small"), look.text, Qt.AlignmentFlag.AlignRight)
        for place, text in enumerate(self._texts(row)):
            is_title = place < titles
            left = box.left() + (_GAP_PX if is_title else 3 * _GAP_PX)
            line = QRectF(left, y, box.right() - left, self._line_px)
            paint_text(painter, line, text, font("small"), look.text if is_title else look.text_second)
            y += self._line_px
        return y + _GAP_PX / 2

    def _paint_section(self, painter: QPainter, row: SectionRow, y: float) -> float:
        look, box = tokens(), self.box
        line = QRectF(box.left(), y + _GAP_PX, box.width(), self._line_px)
        paint_text(painter, line, f"{row.title}  {row.aside}".strip(), font("small", bold=True), look.text)
        painter.setPen(QPen(look.control_line, 1))
        foot = line.bottom() + _GAP_PX / 4
        painter.drawLine(QPointF(box.left(), foot), QPointF(box.right(), foot))
        return y + self._line_px + 2 * _GAP_PX

    def _paint_signatures(self, painter: QPainter) -> None:
        look, box = tokens(), self.box
        top = box.bottom() - _SIGNATURES_PX - 1.5 * self._line_px
        for place, text in enumerate(self._words.signatures):
            line = QRectF(box.left(), top + place * _SIGNATURES_PX / 2, box.width(), self._line_px)
            paint_text(painter, line, text, font("small"), look.text)
            painter.setPen(QPen(look.control_line, 1))
            foot = line.bottom() + 1.4 * self._line_px
            painter.drawLine(QPointF(box.left(), foot), QPointF(box.right(), foot))

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        box = self.box
        line = QRectF(box.left(), box.bottom() - self._line_px, box.width(), self._line_px)
        page = tr("shift.print.page", page=number + 1, pages=len(self.pages))
        note = tr("shift.print.masked")
        paint_text(painter, line, note, font("small"), tokens().text_second)
        paint_text(painter, line, page, font("small"), tokens().text_second, Qt.AlignmentFlag.AlignRight)

    def _paint_exercise_frame(self, painter: QPainter) -> None:
        """Hatched, as round the window."""
        for side in (
            QRectF(0, 0, WIDTH_PX, _BAND_PX),
            QRectF(0, HEIGHT_PX - _BAND_PX, WIDTH_PX, _BAND_PX),
            QRectF(0, 0, _BAND_PX, HEIGHT_PX),
            QRectF(WIDTH_PX - _BAND_PX, 0, _BAND_PX, HEIGHT_PX),
        ):
            painter.fillRect(side, tokens().exercise)
            painter.fillRect(side, QBrush(tokens().text, Qt.BrushStyle.BDiagPattern))


def _sections(rows: Sequence[SectionRow]) -> list[list[SectionRow]]:
    """Each with its head."""
    sections: list[list[SectionRow]] = []
    for row in rows:
        if row.kind == "head" or not sections:
            sections.append([])
        sections[-1].append(row)
    return sections


def _cut(section: Sequence[SectionRow], most: int) -> list[SectionRow]:
    """The head and the first lines of a section, and how many are left out."""
    if len(section) <= most:
        return list(section)
    kept = list(section[:most])
    left = sum(row.kind == "row" for row in section[most:])
    return [*kept, SectionRow("note", tr("shift.print.cut", count=left))] if left else kept
