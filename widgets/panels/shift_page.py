"""Owns a hand-over on one to three upright sheets of A4: head, figures, sections, both signatures.

Must not know a shift: it is given lines that are worded, and a painter. Everything is in logical pixels of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen

from app.i18n import tr
from widgets.panels.shift_page_plan import Block, Placed, planned
from widgets.parts.clamped_label import wrapped_lines
from widgets.parts.painting import paint_text, text_width
from widgets.style import font, tokens

PAPER: Final = "A4 upright"
WIDTH_PX: Final = 794.0
HEIGHT_PX: Final = WIDTH_PX * 297 / 210
MOST_PAGES: Final = 3
_MARGIN_PX, _BAND_PX, _GAP_PX = 44.0, 6.0, 8.0
_MARK_PX: Final = 28.0
_MOST_WRAPPED: Final = 4
_MOST_SHARE: Final = 0.34
"""Of the width, for each of the two columns beside the title."""
_MEASURED: Final = 8
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line on paper, in columns: a mark, the title, what is second, what stands at the right end.

    `wraps` lets the title take up to four lines, with what is second under it.
    """

    mark: str
    title: str
    second: str = ""
    aside: str = ""
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class SheetSection:
    """`count` things, of which `rows` are worded; where room is short it gets as much of it as its `weight`."""

    title: str
    count: int
    rows: tuple[SheetRow, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What the sheets say; `exercise` is "" for real work. Texts are masked by whoever makes them.

    Each of `signatures` is a line and, once it is signed, one with its digest.
    """

    title: str
    made: str
    figures: str
    sections: Sequence[SheetSection]
    signatures: Sequence[tuple[str, str]]
    foot: str = ""
    exercise: str = ""


class ShiftSheets:
    """The pages of one hand-over. Every section is on paper; one that is cut says how much is left out."""

    def __init__(self, words: SheetWords) -> None:
        self._words = words
        self._line_px = round(QFontMetricsF(font("small")).height() * 1.25)
        self.box = QRectF(_MARGIN_PX, _MARGIN_PX, WIDTH_PX - 2 * _MARGIN_PX, HEIGHT_PX - 2 * _MARGIN_PX)
        self._figures = wrapped_lines(words.figures, font("small"), self.box.width())
        self._wrapped: dict[SheetRow, list[str]] = {}
        self._columns = [self._widths(section) for section in words.sections]
        blocks = [self._block(section) for section in words.sections]
        rooms = [self._room(number) for number in range(MOST_PAGES)]
        self.pages = planned(blocks, rooms, self._signatures_px)

    @property
    def _signatures_px(self) -> float:
        return len(self._words.signatures) * 4 * self._line_px

    def painting(self, painter: QPainter, number: int) -> Iterator[None]:
        """Paint page `number`, from 0; the painter stands in logical pixels with the page's corner at (0, 0)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, WIDTH_PX, HEIGHT_PX), tokens().panel)
        y = self._paint_head(painter, number)
        yield
        for place in self.pages[number]:
            y = self._paint(painter, place, y)
            yield
        if number == len(self.pages) - 1:
            self._paint_signatures(painter)
        self._paint_foot(painter, number)
        if self._words.exercise:
            self._paint_exercise_frame(painter)
        yield

    # -- measuring -----------------------------------------------------------------------------------------------------

    def _room(self, number: int) -> float:
        head = 3.0 * self._line_px + (len(self._figures) * self._line_px if number == 0 else 0)
        return self.box.height() - head - 2 * self._line_px

    def _block(self, section: SheetSection) -> Block:
        heights = tuple(self._height(row) for row in section.rows)
        head_px = self._line_px + 2 * _GAP_PX
        return Block(head_px, heights, float(self._line_px), section.count, section.weight)

    def _height(self, row: SheetRow) -> float:
        if not row.wraps:
            return float(self._line_px)
        return (len(self._titles(row)) + bool(row.second)) * self._line_px + _GAP_PX / 2

    def _titles(self, row: SheetRow) -> list[str]:
        found = self._wrapped.get(row)
        if found is None:
            aside_px = text_width(row.aside, font("small")) + _GAP_PX if row.aside else 0.0
            width = self.box.width() - aside_px - _GAP_PX
            found = self._wrapped[row] = wrapped_lines(row.title, font("small"), width)[:_MOST_WRAPPED]
        return found

    def _widths(self, section: SheetSection) -> tuple[float, float, float]:
        """Of mark, second and aside: as wide as their widest, within bounds; the title has the rest."""
        rows = [row for row in section.rows if not row.wraps]
        most = self.box.width() * _MOST_SHARE
        second, aside = (
            min(most, _widest({row.second for row in rows})),
            min(most, _widest({row.aside for row in rows})),
        )
        return _MARK_PX if any(row.mark for row in rows) else 0.0, second, aside

    # -- painting ------------------------------------------------------------------------------------------------------

    def _write(
        self,
        painter: QPainter,
        text: str,
        left: float,
        y: float,
        width: float,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        second: bool = False,
    ) -> None:
        ink = tokens().text_second if second else tokens().text
        paint_text(painter, QRectF(left, y, width, self._line_px), text, font("small"), ink, align)

    def _paint_head(self, painter: QPainter, number: int) -> float:
        words, box = self._words, self.box
        line = QRectF(box.left(), box.top(), box.width(), 1.6 * self._line_px)
        title = f"{words.exercise}  {words.title}" if words.exercise else words.title
        paint_text(painter, line, title, font("title", bold=True), tokens().text)
        self._write(painter, words.made, box.left(), line.bottom(), box.width(), second=True)
        y = box.top() + 3 * self._line_px
        for text in self._figures if number == 0 else ():
            self._write(painter, text, box.left(), y, box.width())
            y += self._line_px
        return y

    def _paint(self, painter: QPainter, place: Placed, y: float) -> float:
        section = self._words.sections[place.section]
        if place.kind == "head":
            return self._paint_section(painter, section, y)
        if place.kind == "row":
            return self._paint_row(painter, section.rows[place.row], self._columns[place.section], y)
        self._write(painter, self._note(section, place), self.box.left(), y, self.box.width(), second=True)
        return y + self._line_px

    def _note(self, section: SheetSection, place: Placed) -> str:
        left = section.count - place.row
        return tr("shift.print.cut", count=left) if left else tr("shift.section.empty")

    def _paint_section(self, painter: QPainter, section: SheetSection, y: float) -> float:
        look, box = tokens(), self.box
        line = QRectF(box.left(), y + _GAP_PX, box.width(), self._line_px)
        paint_text(painter, line, f"{section.title}  {section.count}", font("small", bold=True), look.text)
        self._rule(painter, line.bottom() + _GAP_PX / 4)
        return y + self._line_px + 2 * _GAP_PX

    def _paint_row(
        self, painter: QPainter, row: SheetRow, widths: tuple[float, float, float], y: float
    ) -> float:
        if row.wraps:
            return self._paint_wrapped(painter, row, y)
        box, (mark, second, aside) = self.box, widths
        right = box.right() - aside
        middle = right - second - (2 * _GAP_PX if second and aside else 0.0)
        left = box.left() + mark
        self._write(painter, row.mark, box.left(), y, mark)
        gap = 2 * _GAP_PX if second or aside else 0.0
        self._write(painter, row.title, left, y, middle - left - gap)
        self._write(painter, row.second, middle, y, second, second=True)
        self._write(painter, row.aside, right, y, aside, _RIGHT)
        return y + self._line_px

    def _paint_wrapped(self, painter: QPainter, row: SheetRow, y: float) -> float:
        box = self.box
        self._write(painter, row.aside, box.left(), y, box.width(), _RIGHT)
        for text in self._titles(row):
            self._write(painter, text, box.left(), y, box.width())
            y += self._line_px
        if row.second:
            left = box.left() + 2 * _GAP_PX
            self._write(painter, row.second, left, y, box.right() - left, second=True)
            y += self._line_px
        return y + _GAP_PX / 2

    def _rule(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(tokens().control_line, 1))
        painter.drawLine(QPointF(self.box.left(), y), QPointF(self.box.right(), y))

    def _paint_signatures(self, painter: QPainter) -> None:
        """Each with room for a hand."""
        box = self.box
        y = box.bottom() - self._signatures_px - 1.5 * self._line_px
        for signed, digest in self._words.signatures:
            self._write(painter, signed, box.left(), y, box.width())
            self._write(painter, digest, box.left(), y + self._line_px, box.width(), second=True)
            y += 4 * self._line_px
            self._rule(painter, y - 0.6 * self._line_px)

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        box, y = self.box, self.box.bottom() - self._line_px
        page = tr("shift.print.page", page=number + 1, pages=len(self.pages))
        self._write(painter, self._words.foot, box.left(), y, box.width(), second=True)
        self._write(painter, page, box.left(), y, box.width(), _RIGHT, second=True)

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


def _widest(texts: Iterable[str]) -> float:
    """Only the longest few are measured: a Chinese character is about as wide as two letters."""
    longest = sorted(texts, key=lambda text: len(text.encode("gb18030")), reverse=True)[:_MEASURED]
    return max((text_width(text, font("small")) for text in longest if text), default=0.0)
