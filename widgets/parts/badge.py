"""Owns how a priority and a status are shown in rows and cards, as painters for delegates and as widgets."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_text, text_width
from widgets.parts.symbols import symbol_pixmap
from widgets.style import font, tokens

Tone = Literal["calm", "busy", "ok", "warn", "alarm", "off"]


def tone_color(tone: Tone) -> QColor:
    """The colour of a tone; calm is the second text colour, because what is normal has none."""
    look = tokens()
    return {
        "calm": look.text_second, "busy": look.unit_busy, "ok": look.green, "warn": look.yellow,
        "alarm": look.red, "off": look.text_muted,
    }[tone]  # fmt: skip


def paint_priority_badge(painter: QPainter, box: QRectF, priority: int) -> None:
    """The priority's shape, letter and colour, centred in a box."""
    size_px = min(tokens().size_symbol, int(box.height()), int(box.width()))
    pixmap = symbol_pixmap(f"priority/{priority}", size_px, _dpr(painter), tokens().priority.of(priority))
    painter.drawPixmap(round(box.center().x() - size_px / 2), round(box.center().y() - size_px / 2), pixmap)


def pill_size(text: str) -> QSize:
    """What `paint_status_pill` needs for a text, in logical px."""
    look = tokens()
    return QSize(round(text_width(text, font("body"))) + 2 * look.space_s + look.px(12), look.px(20))


def paint_status_pill(painter: QPainter, box: QRectF, text: str, tone: Tone) -> None:
    """A quiet pill: raised ground, a dot in the tone's colour, the text.

    Only an alarm has a coloured text.
    """
    look = tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.raised)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setBrush(tone_color(tone))
    dot = look.px(3)
    left = box.left() + look.space_s
    painter.drawEllipse(QRectF(left, box.center().y() - dot, 2 * dot, 2 * dot))
    color = {"alarm": look.red, "off": look.text_muted}.get(tone, look.text)
    text_left = left + 2 * dot + look.px(6)
    paint_text(
        painter,
        QRectF(text_left, box.top(), box.right() - look.space_xs - text_left, box.height()),
        text,
        font("body"),
        color,
    )
    painter.restore()


def _dpr(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()


class PriorityBadge(QWidget):
    """A priority with its name beside it when there is one."""

    def __init__(self, priority: int, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)
        self.set_priority(priority, text)

    def set_priority(self, priority: int, text: str = "") -> None:
        """Show priority 1 to 4; `text` is also what a screen reader says."""
        self._priority, self._text = priority, text
        self.setAccessibleName(text or f"P{priority}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = tokens()
        text = round(text_width(self._text, font("row"))) + look.space_s if self._text else 0
        return QSize(look.size_symbol + text, look.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        paint_priority_badge(painter, QRectF(0, 0, look.size_symbol, self.height()), self._priority)
        left = look.size_symbol + look.space_s
        paint_text(
            painter, QRectF(left, 0, self.width() - left, self.height()), self._text, font("row"), look.text
        )
        painter.end()


class StatusPill(QWidget):
    """A status word with a dot in its tone."""

    def __init__(self, text: str = "", tone: Tone = "calm", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)
        self.set_status(text, tone)

    def set_status(self, text: str, tone: Tone) -> None:
        """Show a status."""
        self._text: str = text
        self._tone: Tone = tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return pill_size(self._text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_status_pill(painter, QRectF(self.rect()), self._text, self._tone)
        painter.end()
