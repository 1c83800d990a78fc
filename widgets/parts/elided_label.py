"""Owns a one-line label that gives way.

It elides, and shows the whole text as a tool tip only when it had to.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.parts.plain_tip import plain_tip
from widgets.style import TypeSize, font, tokens


class ElidedLabel(QWidget):
    """One line of text at a token size; `second` draws it in the second text colour."""

    def __init__(
        self,
        text: str = "",
        size: TypeSize = "row",
        *,
        bold: bool = False,
        second: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._bold, self._second = size, bold, second
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self)
        self.set_text(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show a text."""
        self._text = text
        self.setAccessibleName(text)
        self._offer_tool_tip()
        self.updateGeometry()
        self.update()

    def is_elided(self) -> bool:
        """Whether some of the text is not shown."""
        return text_width(self._text, font(self._size, bold=self._bold)) - 1 > self.width()

    def sizeHint(self) -> QSize:
        face = font(self._size, bold=self._bold)
        return QSize(round(text_width(self._text, face)) + 1, round(QFontMetricsF(face).height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().space_xl, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._offer_tool_tip()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_text(
            painter,
            QRectF(self.rect()),
            self._text,
            font(self._size, bold=self._bold),
            self._color(),
            Qt.AlignmentFlag.AlignLeft,
        )
        painter.end()

    def _color(self) -> QColor:
        if not self.isEnabled():
            return tokens().text_disabled
        return tokens().text_second if self._second else tokens().text

    def _offer_tool_tip(self) -> None:
        self.setToolTip(plain_tip(self._text) if self.is_elided() else "")
