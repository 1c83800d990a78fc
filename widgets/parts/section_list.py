"""Owns a list in sections: a head each, rows that can be chosen, notes that can only be read.

Must not know the app: it takes ready-made rows. Arrows go from row to row and to the next section, Enter and a click
choose; a key that is none of these is left to whoever is round the list.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets.parts.painting import paint_text, text_width
from widgets.parts.plain_tip import plain_tip
from widgets.parts.search_list import GLYPHS
from widgets.parts.symbols import FillState, paint_symbol
from widgets.style import follow_look, font, tokens

_Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole
_BOX = 18.0
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

Key = tuple[str, str]
"""What kind of thing a row stands for, and which."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One line. `kind` head and note are read only; `wraps` lets the second line take as many lines as it needs.

    `glyph` is a symbol's name, or one of OUTLINES, which are drawn as lines; "" leaves its place empty. `aside`
    stands at the right end, in `aside_color` or second ink.
    """

    kind: Literal["head", "row", "note"]
    title: str
    key: Key = ("", "")
    second: str = ""
    aside: str = ""
    glyph: str = ""
    color: QColor | None = None
    fill: FillState = "full"
    aside_color: QColor | None = None
    wraps: bool = False

    @property
    def spoken(self) -> str:
        return ", ".join(filter(None, (self.title, self.second, self.aside)))


class SectionList(QListView):
    """`chosen` carries the key of the row that was clicked or confirmed; `moved` says the keyboard is on another."""

    chosen = Signal(str, str)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_RowPainter(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)
        follow_look(self, self._lay_out_anew)

    def _lay_out_anew(self) -> None:
        self.doItemsLayout()

    @property
    def rows(self) -> tuple[SectionRow, ...]:
        return self._rows.rows

    @property
    def current_key(self) -> Key:
        """Of the row that the keyboard is on; two empty texts for none."""
        index = self.currentIndex()
        return self.rows[index.row()].key if index.isValid() else ("", "")

    def show_rows(self, rows: Sequence[SectionRow]) -> None:
        """Lists other rows; the keyboard stays on the same thing, and what is looked at stays where it is."""
        if tuple(rows) == self.rows:
            return
        key, scrolled = self.current_key, self.verticalScrollBar().value()
        self._rows.put(rows)
        place = next((i for i, row in enumerate(rows) if row.kind == "row" and row.key == key), -1)
        if place >= 0 and key != ("", ""):
            self.setCurrentIndex(self._rows.index(place))
        self.verticalScrollBar().setValue(scrolled)
        self.updateGeometry()

    def go_to(self, key: Key) -> None:
        """Put the keyboard on a row, if it is there."""
        place = next((i for i, row in enumerate(self.rows) if row.key == key), -1)
        if place >= 0:
            self.setCurrentIndex(self._rows.index(place))

    def wanted_height(self) -> int:
        """For all rows without scrolling, in logical pixels."""
        width = self.viewport().width()
        return sum(row_height(row, width) for row in self.rows) + 2 * tokens().size_focus_ring

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(240), self.wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(200), 3 * tokens().size_touch_row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self._step(-1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What the keyboard is on stays in sight when something asks for room below the list."""
        super().resizeEvent(event)
        if self.currentIndex().isValid() and event.size().height() < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = Qt.Key(event.key()), self.currentIndex().row()
        if key in _ENTER:
            self._choose(self.currentIndex())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(row, 1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self._section(row, 1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Home:
            self._step(-1, 1)
        elif key == Qt.Key.Key_End:
            self._step(len(self.rows), -1)
        else:
            event.ignore()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)  # type: ignore[arg-type]
        self.moved.emit()

    def _choose(self, index: _Index) -> None:
        if index.isValid() and self.rows[index.row()].kind == "row":
            self.chosen.emit(*self.rows[index.row()].key)

    def _step(self, start: int, by: int) -> None:
        """To the next row that can be chosen; at an end what lies beyond it is brought into sight."""
        place = start + by
        while 0 <= place < len(self.rows) and self.rows[place].kind != "row":
            place += by
        if 0 <= place < len(self.rows):
            self.setCurrentIndex(self._rows.index(place))
        elif by < 0:
            self.scrollToTop()
        else:
            self.scrollToBottom()

    def _section(self, start: int, by: int) -> None:
        """To the first row of the next section that has one, or of the section before."""
        firsts = self._first_rows()
        after = [place for place in firsts if place > start]
        before = [place for place in firsts if place < start]
        wanted = after[:1] if by > 0 else before[-1:]
        if wanted:
            self.setCurrentIndex(self._rows.index(wanted[0]))
            self.scrollTo(self._rows.index(max(0, wanted[0] - 1)))
            self.scrollTo(self.currentIndex())

    def _first_rows(self) -> list[int]:
        found, head_seen = [], False
        for place, row in enumerate(self.rows):
            if row.kind == "head":
                head_seen = True
            elif row.kind == "row" and head_seen:
                found.append(place)
                head_seen = False
        return found


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[SectionRow, ...] = ()

    def put(self, rows: Sequence[SectionRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        can_be_chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return can_be_chosen if row.kind == "row" else Qt.ItemFlag.ItemIsEnabled

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.spoken)
        return row.title if role == Qt.ItemDataRole.DisplayRole else None


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        return QSize(0, row_height(index.data(_ROW), width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look, row, box = tokens(), index.data(_ROW), QRectF(option.rect)
        painter.save()
        if row.kind == "row":
            has_keyboard = option.widget is not None and option.widget.hasFocus()
            if option.state & QStyle.StateFlag.State_Selected and has_keyboard:
                painter.fillRect(box, look.selection)
            elif option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(box, look.hover)
        _PAINTS[row.kind](painter, row, box)
        painter.restore()


def row_height(row: SectionRow, width: int) -> int:
    """Logical pixels that a row takes in a list of a width."""
    if row.kind != "row" or not row.second:
        wrapped = _wrapped_height(row.title, width - 2 * tokens().space_s) if row.kind == "note" else 0
        return max(tokens().size_row, wrapped + tokens().space_s)
    if not row.wraps:
        return tokens().size_touch_row
    upper = QFontMetricsF(font("row")).height() + tokens().space_s
    return max(tokens().size_touch_row, math.ceil(upper) + _wrapped_height(row.second, _words_width(width)))


def _wrapped_height(text: str, width: float) -> int:
    box = QRectF(0, 0, max(1.0, width), 10_000)
    return math.ceil(
        QFontMetricsF(font("body")).boundingRect(box, int(Qt.TextFlag.TextWordWrap), text).height()
    )


def _words_width(width: float) -> float:
    return width - 3 * tokens().space_s - tokens().size_symbol


def _paint_head(painter: QPainter, row: SectionRow, box: QRectF) -> None:
    look = tokens()
    words = box.adjusted(look.space_s, look.space_xs, -look.space_s, 0)
    paint_text(painter, words, row.title, font("body", bold=True), look.text_second)
    paint_text(painter, words, row.aside, font("body"), look.text_second, Qt.AlignmentFlag.AlignRight)
    painter.setPen(QPen(look.line, 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())


def _paint_note(painter: QPainter, row: SectionRow, box: QRectF) -> None:
    look = tokens()
    words = box.adjusted(look.space_s, look.space_xs, -look.space_s, -look.space_xs)
    painter.setFont(font("body"))
    painter.setPen(look.text_second)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(words, int(flags), row.title)


def _paint_row(painter: QPainter, row: SectionRow, box: QRectF) -> None:
    look = tokens()
    size = float(look.size_symbol)
    middle = box.top() + min(box.height(), look.size_touch_row) / 2
    _paint_glyph(painter, row, QRectF(box.left() + look.space_s, middle - size / 2, size, size))
    left = box.left() + 2 * look.space_s + size
    words = QRectF(left, box.top() + look.px(3), box.right() - look.space_s - left, box.height() - look.px(6))
    aside_width = text_width(row.aside, font("body")) + look.space_s if row.aside else 0.0
    upper = QRectF(words)
    if row.second:
        upper.setHeight(
            QFontMetricsF(font("row")).height() + look.px(2) if row.wraps else words.height() * 0.54
        )
        lower = QRectF(words.left(), upper.bottom(), words.width(), words.bottom() - upper.bottom())
        _paint_second(painter, row, lower)
    paint_text(painter, upper.adjusted(0, 0, -aside_width, 0), row.title, font("row"), look.text)
    ink = row.aside_color or look.text_second
    paint_text(painter, upper, row.aside, font("body"), ink, Qt.AlignmentFlag.AlignRight)


def _paint_second(painter: QPainter, row: SectionRow, box: QRectF) -> None:
    if not row.wraps:
        paint_text(painter, box, row.second, font("body"), tokens().text_second)
        return
    painter.setFont(font("body"))
    painter.setPen(tokens().text_second)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), row.second)


def _paint_glyph(painter: QPainter, row: SectionRow, box: QRectF) -> None:
    color = row.color or tokens().text_second
    if not row.glyph:
        return
    if row.glyph not in OUTLINES:
        paint_symbol(painter, row.glyph, box, color, row.fill)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    pen = QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(OUTLINES[row.glyph](), pen)
    painter.restore()


def _hazard() -> QPainterPath:
    path = QPainterPath()
    path.moveTo(9, 2)
    path.lineTo(16.5, 15.5)
    path.lineTo(1.5, 15.5)
    path.closeSubpath()
    path.moveTo(9, 7)
    path.lineTo(9, 10.5)
    path.moveTo(9, 13)
    path.lineTo(9, 13.1)
    return path


def _person() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(6, 2.5, 6, 6))
    path.moveTo(2.5, 15.5)
    path.cubicTo(3, 10, 15, 10, 15.5, 15.5)
    return path


OUTLINES = {**GLYPHS, "hazard": _hazard, "person": _person}
_PAINTS = {"head": _paint_head, "note": _paint_note, "row": _paint_row}
