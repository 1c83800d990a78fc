"""Owns what stands on the glass rather than on the ground: scale bar, legend, name, position, lock note, hover card.

Must not read input. Everything is in logical pixels; each part says where it lies, so that it alone is painted anew.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from app.i18n import tr
from widgets.map.layers import LayerStack
from widgets.map.legend import Block, legend_blocks
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
    """The glass over one map; `heat_top` is the figure at the hot end of the heat's scale."""

    stack: LayerStack
    width_px: int = 1
    height_px: int = 1
    district: str = ""
    px_per_m: float = 1.0
    locked: bool = False
    position: str = ""
    heat_top: float = 0.0
    card: Card | None = None
    _pictures: dict[str, tuple[object, QPixmap]] = field(default_factory=dict)
    _legend: tuple[object, list[Block]] | None = None

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
        """Where the position under the pointer and the district's name are written."""
        width, height = tokens().px(300), tokens().type_small * 4 + tokens().space_s
        return QRect(self.width_px - width, self.height_px - height, width, height)

    def load_rect(self) -> QRect:
        """Where it is written what colours the grids; empty while it is not. It stands lowest in the legend."""
        block = next((block for block in self._blocks() if block.name == "grids"), None)
        if block is None:
            return QRect()
        pad, bottom = tokens().space_xs, self.height_px - self._scale_depth()
        box = QRectF(tokens().space_m, bottom - block.height, block.width, block.height)
        return box.adjusted(-pad, -pad, pad, pad).toAlignedRect()

    def standing_rects(self) -> list[QRect]:
        """What is covered as long as it stands: scale and legend, the district's name, the lock note."""
        blocks, pad = self._blocks(), tokens().space_s
        height = self._scale_depth() + sum(block.height for block in blocks) + pad
        width = max([block.width for block in blocks], default=_BAR_MOST_PX) + 3 * pad
        corner = QRect(0, self.height_px - math.ceil(height), math.ceil(width), math.ceil(height))
        name_width = math.ceil(QFontMetricsF(font("small")).horizontalAdvance(self.district)) + 3 * pad
        name_height = tokens().type_small * 2 + pad
        name = QRect(self.width_px - name_width, self.height_px - name_height, name_width, name_height)
        return [corner, name, *([self._lock_note().toAlignedRect()] if self.locked else [])]

    def paint(self, painter: QPainter, changed: QRect) -> None:
        """Paint what touches a part of the map; still parts are pictures that are kept."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = self._corner()
        if changed.intersects(corner):
            key = (self.px_per_m, self.stack.choices, self.heat_top, self.height_px)
            self._picture("corner", key, corner, painter, self._paint_corner)
        if changed.intersects(self.position_rect()):
            self._paint_name(painter)
        if self.locked and changed.top() <= tokens().px(60):
            self._paint_lock_note(painter)
        if self.card is not None and changed.intersects(self.card_rect()):
            self._paint_card(painter, self.card)
        painter.restore()

    def forget_pictures(self) -> None:
        """Other colours, language or resolution."""
        self._pictures.clear()
        self._legend = None

    def _picture(
        self, name: str, key: object, box: QRect, painter: QPainter, paint: Callable[[QPainter], None]
    ) -> None:
        dpr = painter.device().devicePixelRatioF()
        known = self._pictures.get(name)
        if known is None or known[0] != (key, dpr):
            pixmap = QPixmap(box.size() * dpr)
            pixmap.setDevicePixelRatio(dpr)
            pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(pixmap)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.translate(-box.topLeft())
            paint(inner)
            inner.end()
            known = self._pictures[name] = ((key, dpr), pixmap)
        painter.drawPixmap(box.topLeft(), known[1])

    def _corner(self) -> QRect:
        """Where scale and legend stand."""
        height = sum(block.height for block in self._blocks())
        depth = math.ceil(self._scale_depth() + height + 2 * tokens().space_s)
        return QRect(0, self.height_px - depth, tokens().px(300), depth)

    def _blocks(self) -> list[Block]:
        key = self.stack.choices, self.heat_top
        if self._legend is None or self._legend[0] != key:
            self._legend = key, legend_blocks(self.stack, self.heat_top)
        return self._legend[1]

    def _scale_depth(self) -> int:
        return tokens().type_small + tokens().space_xl + tokens().space_s

    def _paint_corner(self, painter: QPainter) -> None:
        self._paint_scale(painter)
        self._paint_legend(painter, self._blocks())

    def _paint_scale(self, painter: QPainter) -> None:
        length_px, text = scale_bar(self.px_per_m)
        left, bottom = float(tokens().space_m), float(self.height_px - tokens().space_m)
        text_width = QFontMetricsF(font("small")).horizontalAdvance(text)
        plate = QRectF(left, bottom, length_px + tokens().space_s + text_width, 0)
        _paint_scrim(painter, plate.adjusted(-8, -tokens().type_small - 3, 8, 5))
        right = left + length_px
        painter.setPen(QPen(tokens().text, 1.5))
        painter.drawPolyline(
            [
                QPointF(left, bottom - 5),
                QPointF(left, bottom),
                QPointF(right, bottom),
                QPointF(right, bottom - 5),
            ]
        )
        painter.setFont(font("small"))
        painter.drawText(QPointF(right + tokens().space_s, bottom), text)

    def _paint_name(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(font("small"))
        lines = [text for text in (self.position, self.district) if text]
        width, height = max(map(metrics.horizontalAdvance, lines), default=0.0), metrics.height()
        right, bottom = self.width_px - tokens().space_m, self.height_px - tokens().space_s
        box = QRectF(right - width, bottom - height * len(lines), width, height * len(lines))
        _paint_scrim(painter, box.adjusted(-8, -3, 8, 3))
        painter.setFont(font("small"))
        for index, text in enumerate(lines):
            painter.setPen(tokens().text if text is self.position else tokens().text_second)
            row = QRectF(box.left(), box.top() + index * height, width, height)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_legend(self, painter: QPainter, blocks: list[Block]) -> None:
        """Entries on one plate, from the scale bar up."""
        if not blocks:
            return
        pad = tokens().space_s
        width, height = max(block.width for block in blocks), sum(block.height for block in blocks)
        left, top = float(tokens().space_m), self.height_px - self._scale_depth() - height
        _paint_scrim(painter, QRectF(left - pad, top - pad, width + 2 * pad, height + 2 * pad - 4))
        for block in blocks:
            painter.save()
            painter.translate(left, top)
            block.paint(painter)
            painter.restore()
            top += block.height

    def _lock_note(self) -> QRectF:
        metrics = QFontMetricsF(font("body"))
        width = metrics.horizontalAdvance(tr("map.locked")) + 2 * tokens().space_m
        height = metrics.height() + tokens().space_s
        return QRectF((self.width_px - width) / 2, tokens().space_s, width, height)

    def _paint_lock_note(self, painter: QPainter) -> None:
        box = self._lock_note()
        _paint_plate(painter, box, tokens().accent)
        painter.setFont(font("body"))
        painter.setPen(tokens().text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tr("map.locked"))

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


def _paint_scrim(painter: QPainter, box: QRectF) -> None:
    """A ground on which a text can be read over any town."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().scrim)
    painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)


def _paint_plate(painter: QPainter, box: QRectF, edge: QColor) -> None:
    painter.setPen(QPen(edge, 1))
    painter.setBrush(tokens().raised)
    painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
