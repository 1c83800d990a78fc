"""Owns how answers of a search are listed: a glyph, a title, a second line and a distance each.

Must not know the app: it takes ready-made rows. It never takes the keyboard: the line above it moves the choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets.parts.painting import paint_text, text_width
from widgets.parts.symbols import FillState, paint_symbol
from widgets.style import follow_look, font, tokens

_Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole
_BOX = 18.0


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One answer. `glyph` is a symbol's name, or one of GLYPHS, which are drawn in second ink."""

    glyph: str
    title: str
    second: str
    aside: str = ""
    color: QColor | None = None
    fill: FillState = "full"


class SearchList(QListView):
    """`chosen` carries the row that was clicked or confirmed."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_RowPainter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        follow_look(self, self._lay_out_anew)

    def _lay_out_anew(self) -> None:
        self.doItemsLayout()

    @property
    def rows(self) -> tuple[SearchRow, ...]:
        return self._rows.rows

    def show_rows(self, rows: Sequence[SearchRow]) -> None:
        """Lists other answers; the first one is the choice."""
        self._rows.put(rows)
        if rows:
            self.setCurrentIndex(self._rows.index(0))
            self.scrollToTop()

    def move_choice(self, steps: int) -> None:
        """Down is positive; past an end it stays there."""
        row = min(max(0, self.currentIndex().row() + steps), len(self.rows) - 1)
        if row >= 0:
            self.setCurrentIndex(self._rows.index(row))

    @property
    def choice(self) -> int:
        """The row that is chosen, -1 for none."""
        return self.currentIndex().row()

    def choose_none(self) -> None:
        """The line above means what it says, not a row."""
        self.setCurrentIndex(QModelIndex())

    def confirm(self) -> None:
        """Enter: the choice is meant."""
        if self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())

    def wanted_height(self) -> int:
        """For all rows without scrolling, in logical pixels."""
        return len(self.rows) * tokens().size_touch_row + 2 * self.frameWidth() + 2 * tokens().size_focus_ring


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[SearchRow, ...] = ()

    def put(self, rows: Sequence[SearchRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.title, row.second, row.aside)))
        return row.title if role == Qt.ItemDataRole.DisplayRole else None


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, tokens().size_touch_row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look, row, box = tokens(), index.data(_ROW), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, look.selection)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, look.hover)
        size = look.size_symbol
        glyph = QRectF(box.left() + look.space_s, box.center().y() - size / 2, size, size)
        _paint_glyph(painter, row, glyph)
        inner = box.adjusted(look.space_s + size + look.space_s, look.px(3), -look.space_s, -look.px(3))
        _paint_words(painter, row, QRectF(inner))
        painter.restore()


def _paint_words(painter: QPainter, row: SearchRow, box: QRectF) -> None:
    look = tokens()
    upper = QRectF(box.left(), box.top(), box.width(), box.height() * 0.54)
    lower = QRectF(box.left(), upper.bottom(), box.width(), box.height() - upper.height())
    aside_width = text_width(row.aside, font("body")) if row.aside else 0.0
    paint_text(painter, upper, row.title, font("row"), look.text)
    words = lower.adjusted(0, 0, -(aside_width + look.space_s) if row.aside else 0, 0)
    paint_text(painter, words, row.second, font("body"), look.text_second)
    paint_text(painter, lower, row.aside, font("body"), look.text_second, Qt.AlignmentFlag.AlignRight)


def _paint_glyph(painter: QPainter, row: SearchRow, box: QRectF) -> None:
    if row.glyph not in GLYPHS:
        paint_symbol(painter, row.glyph, box, row.color or tokens().text_second, row.fill)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    pen = QPen(
        tokens().text_second, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
    painter.strokePath(GLYPHS[row.glyph](), pen)
    painter.resetTransform()


def pin_path() -> QPainterPath:
    """A drop with its tip at the bottom middle of an 18 px box, and the eye in it."""
    path = QPainterPath()
    path.moveTo(9, 17)
    path.cubicTo(9, 13, 3.5, 11.5, 3.5, 6.8)
    path.cubicTo(3.5, 3.6, 6, 1.2, 9, 1.2)
    path.cubicTo(12, 1.2, 14.5, 3.6, 14.5, 6.8)
    path.cubicTo(14.5, 11.5, 9, 13, 9, 17)
    path.addEllipse(QRectF(7, 4.8, 4, 4))
    return path


def _road() -> QPainterPath:
    path = QPainterPath()
    for (x1, y1), (x2, y2) in (
        ((6, 2), (3, 16)),
        ((12, 2), (15, 16)),
        ((9, 3), (9, 5.5)),
        ((9, 8), (9, 11)),
        ((9, 13), (9, 16)),
    ):
        path.moveTo(x1, y1)
        path.lineTo(x2, y2)
    return path


def _grid() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(2.5, 2.5, 13, 13), 1.5, 1.5)
    for (x1, y1), (x2, y2) in (((2.5, 9), (15.5, 9)), ((9, 2.5), (9, 15.5))):
        path.moveTo(x1, y1)
        path.lineTo(x2, y2)
    return path


def _cross_hair() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(4, 4, 10, 10))
    for (x1, y1), (x2, y2) in (((9, 1), (9, 6)), ((9, 12), (9, 17)), ((1, 9), (6, 9)), ((12, 9), (17, 9))):
        path.moveTo(x1, y1)
        path.lineTo(x2, y2)
    return path


def _prompt() -> QPainterPath:
    path = QPainterPath()
    path.moveTo(3.5, 4)
    path.lineTo(8.5, 9)
    path.lineTo(3.5, 14)
    path.moveTo(9.5, 14)
    path.lineTo(15, 14)
    return path


def _words() -> QPainterPath:
    path = QPainterPath()
    for left, right, y in ((3, 15, 5.5), (3, 15, 9), (3, 10, 12.5)):
        path.moveTo(left, y)
        path.lineTo(right, y)
    return path


GLYPHS = {
    "pin": pin_path, "road": _road, "grid": _grid, "cross_hair": _cross_hair, "prompt": _prompt, "words": _words,
}  # fmt: skip
