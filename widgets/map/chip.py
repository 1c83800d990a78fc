"""Owns a small plate over the map that says what goes on, with a way to end it. Must not know what that is."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from widgets.map.room import Wish
from widgets.style import follow_look, font, tokens


class Chip(QWidget):
    """Hidden until it has something to say. `ended` is the press of its cross."""

    ended = Signal()

    def __init__(self, name: str, parent: QWidget, *, is_quiet: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._is_quiet = is_quiet
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._cross = QToolButton(self)
        self._cross.setObjectName(f"{name}_end")
        self._cross.setAutoRaise(True)
        self._cross.setText("\N{MULTIPLICATION SIGN}")
        self._cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cross.clicked.connect(self.ended)
        row = QHBoxLayout(self)
        row.setSpacing(tokens().space_xs)
        row.addWidget(self._text)
        row.addWidget(self._cross)
        follow_look(self, self.renew)
        self.renew()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str, end_text: str) -> None:
        """Shows a text; `end_text` says what the cross does. An empty text hides the chip."""
        self._text.setText(text)
        self._cross.setToolTip(end_text)
        self._cross.setAccessibleName(end_text)
        self.setAccessibleName(text)
        self.adjustSize()
        self.setVisible(bool(text))

    def wish(self) -> Wish:
        """Its text in one line."""
        hint = self.sizeHint()
        return Wish.fixed(hint.width(), hint.height())

    def renew(self) -> None:
        """Sizes and colours in force."""
        look = tokens()
        margins = look.space_m, look.space_xs // 2, look.space_xs, look.space_xs // 2
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(*margins)
        self._text.setFont(font("body", bold=not self._is_quiet))
        side = round(QFontMetricsF(font("body")).height()) + look.space_xs
        self._cross.setFixedSize(QSize(side, side))
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = tokens()
        painter.setPen(QPen(look.control_line if self._is_quiet else look.accent, 1))
        painter.setBrush(look.raised)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, look.size_radius, look.size_radius)
        painter.end()
