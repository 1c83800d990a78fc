"""Owns what stands on the glass rather than on the ground: scale bar, legend, name, position, lock note, hover card.

Must not read input, nor choose where legend and lock note stand: floating.py does, with what floats beside them.
Everything is in logical pixels; each part says where it lies, so that it alone is painted anew.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from app.i18n import tr
from widgets.map.layers import LayerStack
from widgets.map.legend import Block, legend_blocks
from widgets.map.measures import position_text
from widgets.map.room import Wish
from widgets.style import font, tokens

_BAR_MOST_PX, _BAR_MOST_PART = 120.0, 0.22
_PLATE_PX, _PLATE_DOWN_PX = 8, 5
"""A plate round a small text."""
_NICE = (1, 2, 5)
_CARD_AWAY_PX = 18
_WIDTHS_KEPT = 64
_LOCK_NOTES: Final = {True: "map.locked", False: "map.locked.button"}


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
    has_keys: bool = False
    """Whether the map has the keyboard: elsewhere its keys mean other things."""
    position: str = ""
    heat_top: float = 0.0
    card: Card | None = None
    _pictures: dict[str, tuple[object, QPixmap]] = field(default_factory=dict)
    _legend: tuple[object, list[Block]] | None = None
    _standing: tuple[object, list[QRect]] | None = None
    _widths: dict[str, float] = field(default_factory=dict)
    _legend_place: QRect = field(default_factory=QRect)
    _lock_place: QRect = field(default_factory=QRect)
    _covered: list[QRect] = field(default_factory=list)

    # -- what stands where -------------------------------------------------------------------------------------------

    def bottom_line(self) -> list[QRect]:
        """Scale bar, and position with the district's name: in the lower corners, as large as they can become."""
        return [self._scale_plate(), self._name_plate()]

    def legend_size(self) -> QSize:
        """What the legend needs; empty while nothing that is shown has colours to tell of."""
        blocks, pad = self._blocks(), tokens().space_s
        if not blocks:
            return QSize()
        width, height = max(block.width for block in blocks), sum(block.height for block in blocks)
        return QSize(math.ceil(width) + 2 * pad, math.ceil(height) + 2 * pad - 4)

    def lock_wish(self) -> Wish | None:
        """What the note of the lock needs; None while there is none."""
        if not self.locked:
            return None
        metrics = QFontMetricsF(font("body"))
        widest = max(metrics.horizontalAdvance(tr(key)) for key in _LOCK_NOTES.values())
        width = widest + 2 * tokens().space_m
        return Wish.fixed(math.ceil(width), math.ceil(metrics.height()) + tokens().space_s)

    @property
    def lock_note(self) -> str:
        """That the view stays, and what frees it from where the hand is."""
        return tr(_LOCK_NOTES[self.has_keys])

    def stand(self, legend: QRect, lock: QRect, covered: list[QRect]) -> None:
        """Where the legend and the note of the lock stand, an empty rectangle for nowhere.

        `covered` is what lies over the glass: the card under the pointer stays beside it.
        """
        self._legend_place, self._lock_place, self._covered = legend, lock, covered
        self._standing = None

    def card_rect(self) -> QRect:
        """Where the card lies: beside its thing, always inside the map."""
        if self.card is None:
            return QRect()
        pad = tokens().space_s
        title, body = QFontMetricsF(font("row", bold=True)), QFontMetricsF(font("body"))
        width = max([title.horizontalAdvance(self.card.title), *map(body.horizontalAdvance, self.card.lines)])
        height = title.height() + body.height() * len(self.card.lines) + 2 * pad
        size = QSize(math.ceil(width + 2 * pad) + 1, math.ceil(height) + 1)
        inside = QRect(0, 0, self.width_px, self.height_px).adjusted(pad, pad, -pad, -pad)
        places = _round_about(self.card.x_px, self.card.y_px, size, inside)
        free = (p for p in places if inside.contains(p) and not any(p.intersects(c) for c in self._covered))
        return next(free, places[0])

    def position_rect(self) -> QRect:
        """Where the position under the pointer and the district's name are written."""
        text = max(self._width_of(self.position), self._width_of(self.district))
        width = max(tokens().px(300), math.ceil(text) + 2 * tokens().space_m)
        height = tokens().type_small * 4 + tokens().space_s
        return QRect(self.width_px - width, self.height_px - height, width, height)

    def load_rect(self) -> QRect:
        """Where it is written what colours the grids; empty while it is not. It stands lowest in the legend."""
        block = next((block for block in self._blocks() if block.name == "grids"), None)
        if block is None:
            return QRect()
        if self._legend_place.isEmpty():
            return QRect()
        pad, air = tokens().space_xs, tokens().space_s
        above = sum(other.height for other in self._blocks()) - block.height
        left, top = self._legend_place.left() + air, self._legend_place.top() + air + above
        return QRectF(left, top, block.width, block.height).adjusted(-pad, -pad, pad, pad).toAlignedRect()

    def standing_rects(self) -> list[QRect]:
        """What is covered as long as it stands: scale and legend, the district's name, the lock note."""
        key = self.stack.choices, self.heat_top, self.width_px, self.height_px, self.district, self.locked
        if self._standing is None or self._standing[0] != key:
            self._standing = key, self._measured_rects()
        return self._standing[1]

    def _measured_rects(self) -> list[QRect]:
        lock = self._lock_place if self.locked else QRect()
        return [rect for rect in (self._legend_place, *self.bottom_line(), lock) if not rect.isEmpty()]

    def paint(self, painter: QPainter, changed: QRect) -> None:
        """Paint what touches a part of the map; still parts are pictures that are kept."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        legend = self._legend_place
        if changed.intersects(legend):
            key: object = (self.stack.choices, self.heat_top, legend.getRect())
            self._picture("legend", key, legend, painter, self._paint_legend)
        if changed.intersects(self._scale_rect()):
            self._paint_scale(painter)
        name = self.position_rect()
        if changed.intersects(name):
            key = self.position, self.district, self.width_px, self.height_px
            self._picture("name", key, name, painter, self._paint_name)
        if self.locked and changed.intersects(self._lock_place):
            self._paint_lock_note(painter)
        if self.card is not None and changed.intersects(self.card_rect()):
            self._paint_card(painter, self.card)
        painter.restore()

    def forget_pictures(self) -> None:
        """Other colours, language or resolution."""
        self._pictures.clear()
        self._widths.clear()
        self._legend = self._standing = None

    def _width_of(self, text: str) -> float:
        """How wide a small text is, pixels; measuring one anew at every frame costs more than painting it."""
        known = self._widths.get(text)
        if known is None:
            if len(self._widths) >= _WIDTHS_KEPT:
                self._widths.clear()
            known = self._widths[text] = QFontMetricsF(font("small")).horizontalAdvance(text)
        return known

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

    def _scale_rect(self) -> QRect:
        depth = self._scale_depth()
        return QRect(0, self.height_px - depth, tokens().px(300), depth)

    def _scale_plate(self) -> QRect:
        """With the longest bar and text there can be."""
        text = self._width_of(tr("map.scale.m", value=500))
        width = math.ceil(self._bar_most_px() + tokens().space_s + text) + 2 * _PLATE_PX
        height = tokens().type_small + 3 + _PLATE_DOWN_PX
        bottom = self.height_px - tokens().space_m + _PLATE_DOWN_PX
        return QRect(tokens().space_m - _PLATE_PX, bottom - height, width, height)

    def _bar_most_px(self) -> float:
        return min(_BAR_MOST_PX, self.width_px * _BAR_MOST_PART)

    def _name_plate(self) -> QRect:
        """With room for the position, which comes and goes with the pointer."""
        position = self._width_of(position_text(88.88888, 188.88888))
        wanted = max(position, self._width_of(self.district))
        width = math.ceil(min(wanted, self._name_most_px())) + 2 * _PLATE_PX
        height = math.ceil(QFontMetricsF(font("small")).height() * 2) + 6
        right, bottom = self.width_px - tokens().space_m + _PLATE_PX, self.height_px - tokens().space_s + 3
        return QRect(right - width, bottom - height, width, height)

    def _name_most_px(self) -> float:
        """What the scale bar leaves of the lower edge."""
        scale = self._scale_plate()
        return float(self.width_px - tokens().space_m - scale.right() - tokens().space_s - _PLATE_PX)

    def _blocks(self) -> list[Block]:
        key = self.stack.choices, self.heat_top
        if self._legend is None or self._legend[0] != key:
            self._legend = key, legend_blocks(self.stack, self.heat_top)
        return self._legend[1]

    def _scale_depth(self) -> int:
        return tokens().type_small + tokens().space_xl + tokens().space_s

    def _paint_scale(self, painter: QPainter) -> None:
        length_px, text = scale_bar(self.px_per_m, self._bar_most_px())
        left, bottom = float(tokens().space_m), float(self.height_px - tokens().space_m)
        plate = QRectF(left, bottom, length_px + tokens().space_s + self._width_of(text), 0)
        above = -tokens().type_small - 3
        _paint_scrim(painter, plate.adjusted(-_PLATE_PX, above, _PLATE_PX, _PLATE_DOWN_PX))
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
        most, right_cut = self._name_most_px(), Qt.TextElideMode.ElideRight
        lines = [metrics.elidedText(text, right_cut, most) for text in (self.position, self.district) if text]
        width, height = max(map(self._width_of, lines), default=0.0), metrics.height()
        right, bottom = self.width_px - tokens().space_m, self.height_px - tokens().space_s
        box = QRectF(right - width, bottom - height * len(lines), width, height * len(lines))
        _paint_scrim(painter, box.adjusted(-_PLATE_PX, -3, _PLATE_PX, 3))
        painter.setFont(font("small"))
        for index, text in enumerate(lines):
            is_position = bool(self.position) and index == 0
            painter.setPen(tokens().text if is_position else tokens().text_second)
            row = QRectF(box.left(), box.top() + index * height, width, height)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_legend(self, painter: QPainter) -> None:
        """Entries on one plate."""
        blocks, plate, pad = self._blocks(), QRectF(self._legend_place), tokens().space_s
        top = plate.top() + pad
        _paint_scrim(painter, plate)
        for block in blocks:
            painter.save()
            painter.translate(plate.left() + pad, top)
            block.paint(painter)
            painter.restore()
            top += block.height

    def _paint_lock_note(self, painter: QPainter) -> None:
        box = QRectF(self._lock_place).adjusted(0.5, 0.5, -0.5, -0.5)
        _paint_plate(painter, box, tokens().accent)
        painter.setFont(font("body"))
        painter.setPen(tokens().text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.lock_note)

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


def _round_about(x_px: float, y_px: float, size: QSize, inside: QRect) -> list[QRect]:
    """Where a card can stand beside a point, the likeliest first: right, left, below, above."""
    width, height, away = size.width(), size.height(), _CARD_AWAY_PX
    top = round(min(max(inside.top(), y_px - height / 2), inside.bottom() - height))
    left = round(min(max(inside.left(), x_px - width / 2), inside.right() - width))
    beside = [round(x_px + away), round(x_px - away - width)]
    if beside[0] + width > inside.right():
        beside.reverse()
    corners = [*((x, top) for x in beside), (left, round(y_px + away)), (left, round(y_px - away - height))]
    return [QRect(x, y, width, height) for x, y in corners]


def scale_bar(px_per_m: float, most_px: float = _BAR_MOST_PX) -> tuple[float, str]:
    """Length in pixels and text of the longest round distance that fits."""
    most_m = most_px / px_per_m
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
