"""Owns a short list of rows that are read and picked: a text that wraps, a note at its right, a picture before it.

All rows are painted by one widget. Must not know what a row stands for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.parts.clamped_label import wrapped_lines
from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text, text_width
from widgets.parts.plain_tip import plain_tip
from widgets.style import font, tokens

Tone = Literal["", "second", "danger", "warn"]
_PICTURE_PX = 44
_MOST_LINES = 4
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is "" for a row that only says something; "danger" has a red edge, "warn" a yellow one."""

    key: str
    text: str
    note: str = ""
    tone: Tone = ""
    tip: str = ""
    mark: str = ""
    """A few letters where there is no picture."""


@dataclass(frozen=True, slots=True)
class _Laid:
    row: Row
    box: QRectF
    lines: tuple[str, ...]


class RowList(QWidget):
    """`picked` carries a row's key: by click, by Enter or Space. Arrows go between rows that can be picked."""

    picked = Signal(str)

    def __init__(
        self, *, pictures: bool = False, marks_always: bool = False, parent: QWidget | None = None
    ) -> None:
        """`marks_always`: the keyboard is elsewhere and yet means the current row."""
        super().__init__(parent)
        self._marks_always = marks_always
        self._rows: tuple[Row, ...] = ()
        self._images: dict[str, QImage] = {}
        self._has_pictures = pictures
        self._current = ""
        self._laid: tuple[_Laid, ...] = ()
        self._laid_for: tuple[int, float] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        follow_theme(self)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @property
    def current(self) -> str:
        """The key of the row that the keyboard is at; "" when none can be picked."""
        return self._current

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Shows these rows; the keyboard stays at the same key while that is there."""
        if tuple(rows) == self._rows:
            return
        self._rows, self._laid_for = tuple(rows), None
        keys = self._keys()
        if self._current not in keys:
            self._current = keys[0] if keys else ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if keys else Qt.FocusPolicy.NoFocus)
        self._name()
        self.updateGeometry()
        self.update()

    def set_image(self, key: str, image: QImage) -> None:
        """The picture of a row; it is scaled to fit."""
        self._images[key] = image
        self.update()

    def set_current(self, key: str) -> None:
        if key in self._keys():
            self._current = key
            self._name()
            self.update()

    def step(self, rows: int) -> None:
        """The keyboard goes so many rows down, or up."""
        keys = self._keys()
        if self._current in keys:
            self.set_current(keys[min(max(keys.index(self._current) + rows, 0), len(keys) - 1)])

    def box_of(self, key: str) -> QRectF:
        """Where a row is; empty for one that is not there."""
        return next((laid.box for laid in self._lay(self.width()) if laid.row.key == key), QRectF())

    def _keys(self) -> list[str]:
        return [row.key for row in self._rows if row.key]

    def _name(self) -> None:
        self.setAccessibleName(next((r.text for r in self._rows if r.key and r.key == self._current), ""))
        self.setAccessibleDescription("\n".join(f"{row.text} {row.note}".strip() for row in self._rows))

    # -- laying out --------------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        laid = self._lay(width)
        return round(laid[-1].box.bottom()) if laid else 0

    def sizeHint(self) -> QSize:
        width = max(self.width(), tokens().px(200))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(120), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _lay(self, width: int) -> tuple[_Laid, ...]:
        if self._laid_for == (width, tokens().scale):
            return self._laid
        laid, top = [], 0.0
        for row in self._rows:
            room = width - self._text_left() - tokens().space_xs
            room -= text_width(row.note, font("body")) + tokens().space_s if row.note else 0
            lines = wrapped_lines(row.text, font("row"), max(room, tokens().px(60)))[:_MOST_LINES]
            height = max(len(lines) * _line_px() + tokens().space_xs, self._least_px())
            laid.append(_Laid(row, QRectF(0, top, width, height), tuple(lines)))
            top += height
        self._laid, self._laid_for = tuple(laid), (width, tokens().scale)
        return self._laid

    def _text_left(self) -> float:
        picture = tokens().px(_PICTURE_PX) + tokens().space_s if self._has_pictures else 0
        return tokens().space_s + picture

    def _least_px(self) -> float:
        return tokens().px(_PICTURE_PX) + tokens().space_xs if self._has_pictures else tokens().px(24)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for laid in self._lay(self.width()):
            if event.rect().intersects(laid.box.toRect()):
                self._paint(painter, laid)
        painter.end()

    def _paint(self, painter: QPainter, laid: _Laid) -> None:
        look, row = tokens(), laid.row
        edge = {"danger": look.danger, "warn": look.yellow}.get(row.tone)
        if edge is not None:
            painter.fillRect(laid.box.adjusted(0, 1, look.px(3) - laid.box.width(), -1), edge)
        if self._has_pictures:
            self._paint_picture(painter, laid)
        note_px = text_width(row.note, font("body")) if row.note else 0.0
        top = laid.box.top() + (laid.box.height() - len(laid.lines) * _line_px()) / 2
        for number, line in enumerate(laid.lines):
            box = QRectF(self._text_left(), top + number * _line_px(), laid.box.width(), _line_px())
            paint_text(painter, box, line, font("row"), self._ink(row))
        if row.note:
            box = QRectF(laid.box.right() - note_px - look.space_xs, top, note_px, _line_px())
            paint_text(painter, box, row.note, font("body"), look.text_second)
        if (self.hasFocus() or self._marks_always) and row.key and row.key == self._current:
            paint_focus_ring(painter, laid.box)

    def _ink(self, row: Row) -> QColor:
        return tokens().text_second if row.tone == "second" else tokens().text

    def _paint_picture(self, painter: QPainter, laid: _Laid) -> None:
        look = tokens()
        side = look.px(_PICTURE_PX)
        frame = QRectF(look.space_xs, laid.box.center().y() - side / 2, side, side)
        painter.fillRect(frame, look.raised)
        image = self._images.get(laid.row.key)
        if image is None and laid.row.mark:
            middle = Qt.AlignmentFlag.AlignHCenter
            paint_text(painter, frame, laid.row.mark, font("body", bold=True), look.text_second, middle)
        if image is not None and not image.isNull():
            size = image.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(0, 0, size.width(), size.height())
            box.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, image)

    # -- hands -------------------------------------------------------------------------------------------------------

    def row_at(self, y_px: float) -> Row | None:
        return next((x.row for x in self._lay(self.width()) if x.box.top() <= y_px < x.box.bottom()), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row is not None and row.key and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(row.key)
            self._click(row.key)
        else:
            event.ignore()

    def _click(self, key: str) -> None:
        self.picked.emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        hand = (
            Qt.CursorShape.PointingHandCursor if row is not None and row.key else Qt.CursorShape.ArrowCursor
        )
        self.setCursor(hand)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is not for a row goes on to whoever the list stands in."""
        keys = self._keys()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and plain and self._current in keys:
            self.step(step)
        elif event.key() in _ENTER and plain and self._current:
            self.picked.emit(self._current)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().y())
            QToolTip.showText(event.globalPos(), plain_tip(row.tip) if row else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _line_px() -> float:
    return QFontMetricsF(font("row")).height()
