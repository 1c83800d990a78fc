"""Owns what stands on the glass rather than on the ground: scale bar, legend, name, position, lock note, hover card.

Must not read input. Everything is in logical pixels; each part says where it lies, so that it alone is painted anew.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.i18n import tr
from widgets.map.basemap import load_color
from widgets.map.labels import paint_haloed
from widgets.style import font, tokens

_BAR_MOST_PX = 120.0
_NICE = (1, 2, 5)
_CARD_AWAY_PX = 18


@dataclass(frozen=True, slots=True)
class Card:
    """What the hover card says: a title, lines under it, and where the thing stands on the screen."""

    title: str
    lines: tuple[str, ...]
    x_px: float
    y_px: float


@dataclass(slots=True)
class Overlay:
    """The glass over one map."""

    width_px: int = 1
    height_px: int = 1
    district: str = ""
    px_per_m: float = 1.0
    locked: bool = False
    position: str = ""
    load_shown: bool = True
    card: Card | None = None

    def card_rect(self) -> QRect:
        """Where the card lies: beside its thing, always inside the map."""
        if self.card is None:
            return QRect()
        pad = tokens().space_s
        title, body = QFontMetricsF(font("row", bold=True)), QFontMetricsF(font("body"))
        width = max([title.horizontalAdvance(self.card.title), *map(body.horizontalAdvance, self.card.lines)])
        height = title.height() + body.height() * len(self.card.lines) + 2 * pad
        size = math.ceil(width + 2 * pad) + 1, math.ceil(height) + 1
        left = self.card.x_px + _CARD_AWAY_PX
        if left + size[0] > self.width_px - pad:
            left = self.card.x_px - _CARD_AWAY_PX - size[0]
        top = min(max(pad, self.card.y_px - size[1] / 2), self.height_px - size[1] - pad)
        return QRect(round(left), round(top), *size)

    def position_rect(self) -> QRect:
        """Where the position under the pointer is written."""
        height = tokens().type_small * 2
        width = tokens().px(230)
        return QRect(self.width_px - width - tokens().space_s, self.height_px - 2 * height, width, height)

    def paint(self, painter: QPainter, changed: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if changed.bottom() >= self.height_px - tokens().px(120):
            self._paint_scale(painter)
            self._paint_name(painter)
            if self.load_shown:
                self._paint_legend(painter)
        if self.locked and changed.top() <= tokens().px(60):
            self._paint_lock_note(painter)
        if self.card is not None and changed.intersects(self.card_rect()):
            self._paint_card(painter, self.card)
        painter.restore()

    def _paint_scale(self, painter: QPainter) -> None:
        length_px, text = scale_bar(self.px_per_m)
        left, bottom = float(tokens().space_m), float(self.height_px - tokens().space_m)
        ends = [
            QPointF(left, bottom - 5),
            QPointF(left, bottom),
            QPointF(left + length_px, bottom),
            QPointF(left + length_px, bottom - 5),
        ]
        for color, width in ((tokens().map.label_halo, 4.0), (tokens().map.label, 1.5)):
            painter.setPen(QPen(color, width))
            painter.drawPolyline(ends)
        baseline = QPointF(left + length_px + tokens().space_s, bottom)
        paint_haloed(painter, baseline, text, font("small"), tokens().map.label)

    def _paint_name(self, painter: QPainter) -> None:
        face = font("small")
        metrics = QFontMetricsF(face)
        right, bottom = self.width_px - tokens().space_m, self.height_px - tokens().space_m
        for text, up, color in (
            (self.district, 0, tokens().map.label_second),
            (self.position, 1, tokens().map.label),
        ):
            if text:
                baseline = QPointF(
                    right - metrics.horizontalAdvance(text), bottom - up * metrics.height() * 1.1
                )
                paint_haloed(painter, baseline, text, face, color)

    def _paint_legend(self, painter: QPainter) -> None:
        """Swatches of the load levels over the ground of the district, as the grids show them."""
        face, levels = font("small"), len(tokens().map.grid_load)
        metrics = QFontMetricsF(face)
        swatch = QRectF(0, 0, tokens().px(22), tokens().px(9))
        left, top = float(tokens().space_m), self.height_px - tokens().px(74)
        paint_haloed(painter, QPointF(left, top), tr("map.legend.load"), face, tokens().map.label)
        for level in range(levels):
            box = swatch.translated(left + level * swatch.width(), top + tokens().space_xs + 1)
            painter.fillRect(box, tokens().map.district)
            if level:
                painter.fillRect(box, load_color(level))
            painter.setPen(QPen(tokens().map.grid_line, 1))
            painter.drawRect(box)
            text = str(level) if level < levels - 1 else tr("map.legend.more", count=level)
            baseline = QPointF(
                box.center().x() - metrics.horizontalAdvance(text) / 2, box.bottom() + metrics.ascent() + 2
            )
            paint_haloed(painter, baseline, text, face, tokens().map.label_second)

    def _paint_lock_note(self, painter: QPainter) -> None:
        face, text = font("body"), tr("map.locked")
        metrics = QFontMetricsF(face)
        width, height = (
            metrics.horizontalAdvance(text) + 2 * tokens().space_m,
            metrics.height() + tokens().space_s,
        )
        box = QRectF((self.width_px - width) / 2, tokens().space_s, width, height)
        _paint_plate(painter, box, tokens().accent)
        painter.setFont(face)
        painter.setPen(tokens().text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_card(self, painter: QPainter, card: Card) -> None:
        box = QRectF(self.card_rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        _paint_plate(painter, box, tokens().control_line)
        pad = tokens().space_s
        y = box.top() + pad
        for index, text in enumerate((card.title, *card.lines)):
            face = font("row", bold=True) if index == 0 else font("body")
            metrics = QFontMetricsF(face)
            painter.setFont(face)
            painter.setPen(tokens().text if index == 0 else tokens().text_second)
            painter.drawText(QPointF(box.left() + pad, y + metrics.ascent()), text)
            y += metrics.height()


def scale_bar(px_per_m: float) -> tuple[float, str]:
    """Length in pixels and text of the longest round distance that fits."""
    most_m = _BAR_MOST_PX / px_per_m
    power = 10.0 ** math.floor(math.log10(most_m))
    length_m = max(step * power for step in _NICE if step * power <= most_m)
    text = (
        tr("map.scale.m", value=round(length_m))
        if length_m < 1000
        else tr("map.scale.km", value=round(length_m / 1000))
    )
    return length_m * px_per_m, text


def _paint_plate(painter: QPainter, box: QRectF, edge: QColor) -> None:
    painter.setPen(QPen(edge, 1))
    painter.setBrush(tokens().raised)
    painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
