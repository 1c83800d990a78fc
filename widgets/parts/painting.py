"""Owns what every painted part shares: following the theme, the focus ring, text in a box, lights.

Must not know the app.
"""

from typing import Literal

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from widgets.style import follow_look, light_color, tokens

Light = Literal["green", "yellow", "red", "off"]


class _Repainted(QObject):
    """A child of a painted widget, which knows nothing of looks."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        follow_look(self, self.renew)

    def renew(self) -> None:
        self._widget.updateGeometry()
        self._widget.update()


def follow_theme(widget: QWidget) -> None:
    """Lay out and paint a widget anew whenever the theme or the text scale changes, as long as it lives."""
    _Repainted(widget)


def paint_focus_ring(painter: QPainter, box: QRectF) -> None:
    """The ring of the widget that has the keyboard, inside `box`."""
    width = tokens().size_focus_ring
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens().accent, width))
    inset = width / 2
    painter.drawRoundedRect(
        box.adjusted(inset, inset, -inset, -inset), tokens().size_radius, tokens().size_radius
    )
    painter.restore()


def paint_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text, centred in height, elided where it does not fit."""
    elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, elided)


def text_width(text: str, font: QFont) -> float:
    """How wide a line is, with a pixel to spare so that it is never elided in a box of this width."""
    return QFontMetricsF(font).horizontalAdvance(text) + 1


def paint_light(painter: QPainter, box: QRectF, light: Light) -> None:
    """A light told apart by shape too: green dot, yellow half, red full, hollow when off."""
    color = light_color(light)
    radius = min(box.width(), box.height()) / 2 - 1
    disc = QPainterPath()
    disc.addEllipse(box.center(), radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if light == "green":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(box.center(), radius * 0.6, radius * 0.6)
    else:
        painter.strokePath(disc, QPen(color, max(1.2, radius * 0.3)))
    if light in ("yellow", "red"):
        painter.setClipRect(
            box if light == "red" else QRectF(box.left(), box.center().y(), box.width(), box.height())
        )
        painter.fillPath(disc, color)
    painter.restore()
