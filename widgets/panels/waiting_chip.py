"""Owns the chip at the head of a held list that counts what waits above and lets it in. Must not know the list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.i18n import tr
from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.parts.symbols import symbol_pixmap
from widgets.style import font, tokens


class WaitingChip(QAbstractButton):
    """Hidden at zero. It lies over the list's head and moves nothing; `clicked` asks for what waits."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = 0
        self._priority: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        follow_theme(self)
        self.hide()

    def set_count(self, count: int, priority: int | None = None) -> None:
        """How many wait, and the highest priority among them when there is one to name."""
        self._count, self._priority = count, priority
        self.setText(tr("common.new_count", count=count))
        self.setAccessibleName(self.text())
        self.resize(self.sizeHint())
        self.setVisible(count > 0)
        self.update()

    def retranslate(self) -> None:
        """The language has changed."""
        self.set_count(self._count, self._priority)

    def sizeHint(self) -> QSize:
        look = tokens()
        symbol_px = look.size_icon + look.space_xs if self._priority is not None else 0
        words_px = text_width(self.text(), font("body", bold=True))
        return QSize(round(words_px) + symbol_px + 2 * look.space_m, look.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.accent)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = float(look.space_m)
        if self._priority is not None:
            self._paint_priority(painter, left)
            left += look.size_icon + look.space_xs
        words = QRectF(left, 0, box.width() - left, box.height())
        paint_text(painter, words, self.text(), font("body", bold=True), look.on_accent)
        painter.end()

    def _paint_priority(self, painter: QPainter, left: float) -> None:
        look, size_px = tokens(), tokens().size_icon
        color = look.priority.of(self._priority or 4)
        pixmap = symbol_pixmap(f"priority/{self._priority}", size_px, self.devicePixelRatioF(), color)
        painter.drawPixmap(round(left), (self.height() - size_px) // 2, pixmap)
