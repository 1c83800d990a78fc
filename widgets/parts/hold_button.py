"""Owns the button for what cannot be undone.

It is held, by mouse or Space or Enter, until its bar is full.
"""

from typing import Literal

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text, text_width
from widgets.style import font, tokens

HoldTone = Literal["danger", "primary"]

_HOLD_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FRAME_MS = 16
_REPEAT_GAP_MS = 50
"""A key that repeats may arrive as release and press in turn, without the mark of a repeat (not every X server has it):
a release counts only when no press of the same key follows within this time."""


class HoldButton(QAbstractButton):
    """Emits `confirmed` once per full hold.

    Its text names the consequence, its hint says how ("hold to confirm").

    It never emits `clicked` by hand: a short press, leaving with the pointer or losing the keyboard cancels. A key that
    is still down when the hold is full begins no second one, and a chord that led here (Ctrl+Enter) begins none.
    """

    confirmed = Signal()
    hold_cancelled = Signal()

    def __init__(
        self,
        text: str,
        hint: str = "",
        tone: HoldTone = "danger",
        hold_ms: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self._tone, self._hold_ms = hint, tone, hold_ms
        self._held = QElapsedTimer()
        self._progress = 0.0
        self._holding = False
        self._frame = QTimer(self)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._advance)
        self._key_down: int | None = None
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(_REPEAT_GAP_MS)
        self._let_go.timeout.connect(self._cancel)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        follow_theme(self)
        self.set_consequence(text, hint)

    @property
    def progress(self) -> float:
        """How much of the hold is done, 0 to 1."""
        return self._progress

    def set_consequence(self, text: str, hint: str | None = None) -> None:
        """Name what the hold will do."""
        self._hint = self._hint if hint is None else hint
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(self._hint)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        look = tokens()
        hint = text_width(self._hint, font("small")) + look.space_l if self._hint else 0
        return QSize(
            round(text_width(self.text(), font("row", bold=True)) + hint) + 2 * look.space_m, look.px(32)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(80), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self._begin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.rect().contains(event.position().toPoint()):
            self._cancel()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _HOLD_KEYS:
            super().keyPressEvent(event)
        elif event.key() == self._key_down:
            self._let_go.stop()
        elif not event.isAutoRepeat() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._key_down = event.key()
            self._begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _HOLD_KEYS:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat() and event.key() == self._key_down:
            self._let_go.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._cancel()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._cancel()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(box, look.size_radius, look.size_radius)
        fill, on_fill, rest = self._colors()
        painter.fillPath(shape, look.raised if self.underMouse() and self.isEnabled() else look.panel)
        painter.strokePath(shape, QPen(rest if self.isEnabled() else look.line, look.size_focus_ring))
        self._paint_label(painter, box, rest)
        painter.setClipPath(shape)
        painter.setClipRect(
            QRectF(box.left(), box.top(), box.width() * self._progress, box.height()),
            Qt.ClipOperation.IntersectClip,
        )
        painter.fillPath(shape, fill)
        self._paint_label(painter, box, on_fill)
        painter.setClipping(False)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def _colors(self) -> tuple[QColor, QColor, QColor]:
        look = tokens()
        fill, on_fill = (
            (look.danger, look.on_danger) if self._tone == "danger" else (look.accent, look.on_accent)
        )
        return fill, on_fill, fill if self.isEnabled() else look.text_disabled

    def _paint_label(self, painter: QPainter, box: QRectF, color: QColor) -> None:
        look = tokens()
        inner = box.adjusted(look.space_m, 0, -look.space_m, 0)
        hint_px = text_width(self._hint, font("small")) if self._hint else 0
        if inner.width() < text_width(self.text(), font("row", bold=True)) + hint_px + look.space_s:
            hint_px = 0
        label = inner.adjusted(0, 0, -hint_px - look.space_s if hint_px else 0, 0)
        paint_text(painter, label, self.text(), font("row", bold=True), color)
        if hint_px:
            paint_text(painter, inner, self._hint, font("small"), color, Qt.AlignmentFlag.AlignRight)

    def _begin(self) -> None:
        self._let_go.stop()
        self._holding = True
        self._held.start()
        self._frame.start()
        self._show(0.0)

    def _cancel(self) -> None:
        self._frame.stop()
        self._let_go.stop()
        self._key_down = None
        was_holding, self._holding = self._holding, False
        self._show(0.0)
        if was_holding:
            self.hold_cancelled.emit()

    def _advance(self) -> None:
        needed_ms = self._hold_ms if self._hold_ms is not None else tokens().motion_hold_ms
        self._show(min(1.0, self._held.elapsed() / max(1, needed_ms)))
        if self._progress >= 1.0 and not self._let_go.isActive():
            self._frame.stop()
            self._holding = False
            self.confirmed.emit()

    def _show(self, progress: float) -> None:
        self._progress = progress
        self.update()
