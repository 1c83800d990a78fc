"""Owns the sheet of paper round a printed map: title, time, exercise, legend, scale, the list of what was chosen.

Must not know an incident or a unit, nor write a file: it is given words and a painter. Everything is in logical pixels
of the page; `painting` stops after every piece.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.i18n import tr
from widgets.map.hit import Hit
from widgets.map.legend import Block, legend_blocks
from widgets.map.map_view import MapView
from widgets.map.overlay import scale_bar
from widgets.map.print_frame import MapPrint
from widgets.parts.painting import paint_text, text_width
from widgets.parts.symbols import paint_symbol, unit_color, unit_fill
from widgets.style import font, tokens

HEADER_PX, FOOTER_PX, MARGIN_PX = 52.0, 92.0, 16.0
_LIST_PART, _ROW_PX, _BAND_PX = 0.24, 17.0, 6.0
_UNIT_STATES = ("available", "en_route", "on_scene")


@dataclass(frozen=True, slots=True)
class PrintWords:
    """What the page says besides the map: `exercise` is "" for real work; `rows` are names with their state."""

    title: str
    made: str
    notes: tuple[str, ...]
    exercise: str = ""
    list_title: str = ""
    rows: Sequence[tuple[str, str]] = field(default_factory=tuple)
    chosen: Sequence[Hit] = field(default_factory=tuple)
    """Who wears a ring on the map."""


class PrintPage:
    """One page of `size_px` with all that is on the screen of a map; `exact` for a page made round the screen."""

    def __init__(self, view: MapView, size_px: QSizeF, words: PrintWords, dpr: float, *, exact: bool) -> None:
        self._view = view
        self._words = words
        self.size_px = size_px
        inner = QRectF(
            MARGIN_PX, MARGIN_PX, size_px.width() - 2 * MARGIN_PX, size_px.height() - 2 * MARGIN_PX
        )
        self._header = QRectF(inner.left(), inner.top(), inner.width(), HEADER_PX)
        self._footer = QRectF(inner.left(), inner.bottom() - FOOTER_PX, inner.width(), FOOTER_PX)
        self.map_box = inner.adjusted(0, HEADER_PX, 0, -FOOTER_PX)
        self._list = QRectF()
        if words.rows:
            width = round(inner.width() * _LIST_PART)
            self._list = QRectF(
                self.map_box.right() - width, self.map_box.top(), width, self.map_box.height()
            )
            self.map_box.adjust(0, 0, -width - MARGIN_PX / 2, 0)
        self._dpr, self._exact = dpr, exact

    def painting(self, painter: QPainter) -> Iterator[None]:
        """Paint the page; the painter stands in logical pixels with the page's corner at (0, 0)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(QPointF(0, 0), self.size_px), tokens().panel)
        size, chosen = self.map_box.size(), self._words.chosen
        map_print = MapPrint(self._view, size, self._dpr, exact=self._exact, chosen=chosen)
        painter.save()
        painter.translate(self.map_box.topLeft())
        yield from map_print.painting(painter)
        painter.restore()
        painter.setPen(QPen(tokens().control_line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.map_box)
        self._paint_header(painter)
        yield
        yield from self._paint_footer(painter, map_print.viewport.px_per_m)
        self._paint_list(painter)
        if self._words.exercise:
            self._paint_exercise_frame(painter)
        yield

    # -- head --------------------------------------------------------------------------------------------------------

    def _paint_header(self, painter: QPainter) -> None:
        words, box = self._words, self._header
        left = box.left()
        if words.exercise:
            left = (
                self._paint_exercise(painter, QRectF(left, box.top() + 4, 0, box.height() - 16)) + MARGIN_PX
            )
        half = box.height() / 2 - 4
        right_px = text_width(words.made, font("row", bold=True)) + MARGIN_PX
        title = QRectF(left, box.top(), box.right() - right_px - left, box.height() - 8)
        paint_text(painter, title, words.title, font("clock", bold=True), tokens().text)
        made = QRectF(box.left(), box.top(), box.width(), half)
        paint_text(
            painter, made, words.made, font("row", bold=True), tokens().text, Qt.AlignmentFlag.AlignRight
        )
        note = made.translated(0, half)
        paint_text(
            painter,
            note,
            "  ·  ".join(words.notes),
            font("small"),
            tokens().text_second,
            Qt.AlignmentFlag.AlignRight,
        )

    def _paint_exercise(self, painter: QPainter, box: QRectF) -> float:
        """A plate that nobody takes for real; where it ends."""
        face = font("clock", bold=True)
        box.setWidth(text_width(self._words.exercise, face) + 2 * MARGIN_PX)
        painter.fillRect(box, tokens().exercise)
        paint_text(
            painter, box, self._words.exercise, face, tokens().priority.ink, Qt.AlignmentFlag.AlignHCenter
        )
        return box.right()

    def _paint_exercise_frame(self, painter: QPainter) -> None:
        """Hatched, as round the window."""
        page = QRectF(QPointF(0, 0), self.size_px)
        for side in (
            QRectF(0, 0, page.width(), _BAND_PX),
            QRectF(0, page.height() - _BAND_PX, page.width(), _BAND_PX),
            QRectF(0, 0, _BAND_PX, page.height()),
            QRectF(page.width() - _BAND_PX, 0, _BAND_PX, page.height()),
        ):
            painter.fillRect(side, tokens().exercise)
            painter.fillRect(side, QBrush(tokens().text, Qt.BrushStyle.BDiagPattern))

    # -- foot --------------------------------------------------------------------------------------------------------

    def _paint_footer(self, painter: QPainter, px_per_m: float) -> Iterator[None]:
        box = self._footer.adjusted(0, 10, 0, 0)
        x = box.left()
        x = self._paint_scale(painter, x, box.top(), px_per_m) + 1.5 * MARGIN_PX
        yield
        x = self._paint_symbols(painter, x, box.top()) + 1.5 * MARGIN_PX
        yield
        for column in _columns(
            legend_blocks(self._view.stack, self._view.frame.overlays.heat.top), box.height()
        ):
            y = box.top()
            for block in column:
                painter.save()
                painter.translate(x, y)
                block.paint(painter)
                painter.restore()
                y += block.height + 4
            x += max(block.width for block in column) + MARGIN_PX
            yield

    def _paint_scale(self, painter: QPainter, left: float, top: float, px_per_m: float) -> float:
        """The bar, what it measures, and where north is; where it ends."""
        length_px, text = scale_bar(px_per_m)
        painter.setPen(QPen(tokens().text, 1.5))
        foot = top + 22
        corners = ((left, foot - 6), (left, foot), (left + length_px, foot), (left + length_px, foot - 6))
        painter.drawPolyline(QPolygonF([QPointF(*corner) for corner in corners]))
        words = QRectF(left, top, length_px, 16)
        paint_text(painter, words, text, font("small"), tokens().text, Qt.AlignmentFlag.AlignHCenter)
        arrow = QPolygonF([QPointF(left + 8, top + 32), QPointF(left + 14, top + 52), QPointF(left + 8, top + 47),
                           QPointF(left + 2, top + 52)])  # fmt: skip
        painter.setBrush(tokens().text)
        painter.drawPolygon(arrow)
        north = QRectF(left + 22, top + 32, 80, 20)
        paint_text(painter, north, tr("map_tools.print.north"), font("small"), tokens().text)
        return left + max(length_px, 70.0)

    def _paint_symbols(self, painter: QPainter, left: float, top: float) -> float:
        """What the shapes mean, priorities in one column and units in the next; where they end."""
        entries: list[list[tuple[str, Callable[[QRectF], None]]]] = [[], []]
        for priority in (1, 2, 3, 4):
            color = tokens().priority.of(priority)
            entries[0].append(
                (tr(f"terms.priority.P{priority}"), _symbol(painter, f"priority/{priority}", color))
            )
        for status in _UNIT_STATES:
            paint = _unit(painter, status)
            entries[1].append((tr(f"terms.unit_status.{status}"), paint))
        entries[1].append((tr("map_tools.print.stale"), _unit(painter, "available", stale=True)))
        for column in entries:
            widest = max(text_width(text, font("small")) for text, _ in column)
            for row, (text, paint) in enumerate(column):
                box = QRectF(left, top + row * 19, 15, 15)
                paint(box)
                words = QRectF(left + 21, box.top(), widest, 15)
                paint_text(painter, words, text, font("small"), tokens().text)
            left += 21 + widest + MARGIN_PX
        return left - MARGIN_PX

    # -- list --------------------------------------------------------------------------------------------------------

    def _paint_list(self, painter: QPainter) -> None:
        if self._list.isEmpty():
            return
        box, rows = self._list, list(self._words.rows)
        head = QRectF(box.left(), box.top(), box.width(), 24)
        paint_text(painter, head, self._words.list_title, font("row", bold=True), tokens().text)
        room = int((box.height() - 28) // _ROW_PX)
        shown = rows if len(rows) <= room else rows[: room - 1]
        for number, (name, state) in enumerate(shown):
            line = QRectF(box.left(), box.top() + 28 + number * _ROW_PX, box.width(), _ROW_PX)
            state_px = text_width(state, font("small")) + 6
            paint_text(painter, line.adjusted(0, 0, -state_px, 0), name, font("small"), tokens().text)
            paint_text(painter, line, state, font("small"), tokens().text_second, Qt.AlignmentFlag.AlignRight)
        if len(shown) < len(rows):
            line = QRectF(box.left(), box.top() + 28 + len(shown) * _ROW_PX, box.width(), _ROW_PX)
            more = tr("map_tools.print.more", count=len(rows) - len(shown))
            paint_text(painter, line, more, font("small"), tokens().text_second)


def _symbol(painter: QPainter, name: str, color: QColor) -> Callable[[QRectF], None]:
    return lambda box: paint_symbol(painter, name, box, color)


def _unit(painter: QPainter, status: str, *, stale: bool = False) -> Callable[[QRectF], None]:
    fill, color = unit_fill(status), unit_color(status)
    return lambda box: paint_symbol(painter, "unit/police", box, color, fill, stale=stale)


def _columns(blocks: list[Block], height_px: float) -> list[list[Block]]:
    """Entries one under the other, as many as the footer is high."""
    columns: list[list[Block]] = []
    left = 0.0
    for block in blocks:
        if block.height > left:
            columns.append([])
            left = height_px
        columns[-1].append(block)
        left -= block.height + 4
    return columns
