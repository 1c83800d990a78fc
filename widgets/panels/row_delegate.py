"""Owns how the rows of a table are painted: ground, hover, selection, pulse, and one painter per column.

Must not ask the model for texts through roles: it takes the row itself, which is several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.instants import Instant
from widgets.models.columns import Align, Column
from widgets.panels.pulse import Pulse
from widgets.panels.table_view import KeyedTableView
from widgets.parts.painting import Light, paint_light
from widgets.style import follow_look, font, tokens

_KEPT_TEXTS = 8192
_FADED = 0.45
_NAME = 24
"""So many signs at most has a name; what is longer is a sentence."""
_NUMBER = re.compile(r"\d+$")
_RIGHT = Qt.TextElideMode.ElideRight


@dataclass(slots=True)
class Cell:
    """What a column's painter needs to know: where, which row, at what time, in which ink."""

    rect: QRect
    row: Any
    now: Instant
    ink: QColor
    second: QColor
    muted: bool
    strong: bool


CellPainter = Callable[["RowDelegate", QPainter, Cell], None]


class RowDelegate(QStyledItemDelegate):
    """Paints a row column by column. `painters` by column id; the others are written as plain text.

    `is_muted` rows recede, `is_strong` rows are bold with a bar in the colour that `mark` gives.
    """

    def __init__(
        self,
        view: KeyedTableView,
        painters: Mapping[str, CellPainter],
        *,
        is_muted: Callable[[Any], bool] = lambda _row: False,
        is_strong: Callable[[Any], bool] = lambda _row: False,
        mark: Callable[[Any], QColor | None] = lambda _row: None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._painters = {
            number: painters.get(column.id, _text_painter(column))
            for number, column in enumerate(view.table.columns)
        }
        self._is_muted, self._is_strong, self._mark = is_muted, is_strong, mark
        self.pulse = Pulse(view)
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._renew_faces()
        follow_look(self, self._renew_faces)

    def _renew_faces(self) -> None:
        self._faces: dict[bool, QFont] = {strong: font("row", bold=strong) for strong in (False, True)}
        self._metrics = {strong: QFontMetrics(face) for strong, face in self._faces.items()}
        self._elided.clear()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        table, number, look = self._view.table, index.column(), tokens()
        row = table.row_at(index.row())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        muted = self._is_muted(row)
        self._paint_ground(painter, rect, row, index, selected)
        ink, second = (look.text_muted, look.text_muted) if muted else (look.text, look.text_second)
        cell = Cell(rect, row, table.now, ink, second, muted, self._is_strong(row) and not muted)
        self._painters[number](self, painter, cell)

    def _paint_ground(
        self,
        painter: QPainter,
        rect: QRect,
        row: Any,
        index: QModelIndex | QPersistentModelIndex,
        selected: bool,
    ) -> None:
        look, mark = tokens(), self._mark(row)
        if selected:
            painter.fillRect(rect, look.selection)
        elif index.row() == self._view.hovered_row:
            painter.fillRect(rect, look.raised)
        strength = self.pulse.strength(self._view.table.key_at(index.row())) if self.pulse.beats else 0.0
        if mark is not None and strength > 0:
            glow = QColor(mark)
            glow.setAlphaF(0.28 * strength)
            painter.fillRect(rect, glow)
        if self._view.horizontalHeader().visualIndex(index.column()) == 0:
            bar = look.accent if selected else mark
            if bar is not None:
                painter.fillRect(QRect(rect.left(), rect.top() + 1, look.px(3), rect.height() - 2), bar)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, tokens().size_row)

    # -- what painters of cells are made of ----------------------------------------------------------------------------

    def text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        color: QColor,
        align: Align = "left",
        *,
        strong: bool = False,
    ) -> None:
        """One line on the row's base line, elided; control and direction marks are not obeyed."""
        shown = self._fitting(text, rect.width(), strong)
        metrics = self._metrics[strong]
        left = rect.left()
        if align != "left":
            free_px = rect.width() - metrics.horizontalAdvance(shown)
            left += free_px if align == "right" else free_px // 2
        painter.setFont(self._faces[strong])
        painter.setPen(color)
        base = rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(left, base, shown)

    def _fitting(self, text: str, width_px: int, strong: bool) -> str:
        key = (text, width_px, strong)
        shown = self._elided.get(key)
        if shown is None:
            if len(self._elided) > _KEPT_TEXTS:
                self._elided.clear()
            shown = one_line(text)
            # What fits to the pixel Qt would cut all the same: it adds the bearings that it measures.
            if self._metrics[strong].horizontalAdvance(shown) > width_px:
                shown = _cut(shown, self._metrics[strong], width_px)
            self._elided[key] = shown
        return shown

    def width_px(self, text: str, strong: bool = False) -> int:
        return self._metrics[strong].horizontalAdvance(text)

    def picture(self, painter: QPainter, pixmap: QPixmap, rect: QRect, *, faded: bool = False) -> None:
        """A pixmap in the middle of a rectangle, on whole pixels."""
        size = pixmap.deviceIndependentSize()
        left = rect.left() + round((rect.width() - size.width()) / 2)
        top = rect.top() + round((rect.height() - size.height()) / 2)
        painter.setOpacity(_FADED if faded else 1.0)
        painter.drawPixmap(left, top, pixmap)
        painter.setOpacity(1.0)

    def light(self, painter: QPainter, light: Light, rect: QRect) -> None:
        dpr = painter.device().devicePixelRatioF()
        self.picture(painter, _light_pixmap(light, tokens().px(11), dpr), rect)


def padded(rect: QRect) -> QRect:
    """A cell's room for text."""
    gap = tokens().px(6)
    return rect.adjusted(gap, 0, -gap, 0)


def _cut(text: str, metrics: QFontMetrics, width_px: int) -> str:
    """Names that differ by a number at their end keep it and no more of it: "Doushi…7", not "Dous…" nor "Do…id 7"."""
    number = _NUMBER.search(text) if len(text) <= _NAME else None
    tail = number.group() if number else ""
    head = text[: len(text) - len(tail)].rstrip()
    room_px = width_px - metrics.horizontalAdvance(tail)
    if tail and metrics.horizontalAdvance(head) <= room_px:
        room_px = metrics.horizontalAdvance(head) - 1  # without its space it would be another name
    return metrics.elidedText(head, _RIGHT, room_px) + tail


def one_line(text: str) -> str:
    """Any text as one harmless line: white space closed up, control and direction marks left out."""
    flat = " ".join(text[:400].split())
    return flat if flat.isprintable() else "".join(sign for sign in flat if sign.isprintable())


def _text_painter(column: Column[Any]) -> CellPainter:
    def paint(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
        delegate.text(painter, padded(cell.rect), column.text(cell.row, cell.now), cell.second, column.align)

    return paint


def _light_pixmap(light: Light, size_px: int, dpr: float) -> QPixmap:
    key = f"row light|{light}|{size_px}|{dpr}|{tokens().theme}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixmap = QPixmap(QSize(size_px, size_px) * dpr)
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_light(painter, QRect(0, 0, size_px, size_px).toRectF(), light)
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap
