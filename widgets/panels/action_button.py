"""Owns the button of an operator action: its words, and its key at the right edge. Must not do the action."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from widgets.parts.painting import paint_text, text_width
from widgets.style import font, tokens

_KEY_OPACITY = 0.8


class ActionButton(QPushButton):
    """A push button that shows the key which does the same; `kind` is one of the style sheet's."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._primary = kind == "primary"

    def set_words(self, text: str, key: str) -> None:
        """`key` is a key's text such as "A"; empty shows none."""
        self._key = key
        self.setText(text)
        self.setAccessibleName(f"{text} {key}".strip())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        look = tokens()
        sides = 2 * (look.space_s + look.size_focus_ring)
        text = text_width(self.text(), self._face())
        key = self._key_px() * (2 if self._primary else 1)
        return QSize(round(text + key) + sides, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(48), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet draws the ground; words and key are placed here, so that neither covers the other."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        look = tokens()
        inner = QRectF(self.rect()).adjusted(look.space_s, 0, -look.space_s, 0)
        key_px, ink = self._key_px(), self._ink()
        words = inner.adjusted(key_px if self._primary else 0, 0, -key_px, 0)
        paint_text(painter, words, self.text(), self._face(), ink, Qt.AlignmentFlag.AlignHCenter)
        if self._key:
            self._paint_key(painter, inner, ink)
        painter.end()

    def _paint_key(self, painter: QPainter, inner: QRectF, ink: QColor) -> None:
        look = tokens()
        width, height = self._cap_px(), look.px(16)
        cap = QRectF(inner.right() - width, inner.center().y() - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_KEY_OPACITY)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), look.space_xs / 2, look.space_xs / 2)
        paint_text(painter, cap, self._key, font("small"), ink, Qt.AlignmentFlag.AlignHCenter)

    def _face(self) -> QFont:
        return font("body", bold=self._primary)

    def _ink(self) -> QColor:
        look = tokens()
        if not self.isEnabled():
            return look.text_disabled
        return look.on_accent if self._primary else look.text

    def _cap_px(self) -> float:
        look = tokens()
        return max(look.px(16), text_width(self._key, font("small")) + look.space_s)

    def _key_px(self) -> float:
        """What the key takes beside the words."""
        return self._cap_px() + tokens().space_xs if self._key else 0.0
