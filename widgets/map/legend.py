"""Owns the legend: what the colours of the shown layers mean, with numbers. Must not decide what is shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from app.i18n import tr
from widgets.map.basemap import load_color
from widgets.map.coverage import FAR_M, NEAR_M, coverage_color
from widgets.map.grid_choice import choice_text, chosen, class_texts
from widgets.map.heat import shade
from widgets.map.layers import LayerStack
from widgets.map.measures import length_text
from widgets.map.strokes import faded, pen
from widgets.style import font, tokens

_SWATCH_PX = 22


@dataclass(frozen=True, slots=True)
class Block:
    """One entry: its size in logical pixels, and how it is painted with its top left corner at (0, 0)."""

    width: float
    height: float
    paint: Callable[[QPainter], None]
    name: str = ""


def legend_blocks(stack: LayerStack, heat_top: float) -> list[Block]:
    """The entries of what is shown, from the top."""
    blocks = []
    if stack.visible("coverage"):
        near, far = bool(stack.option("coverage", "near")), bool(stack.option("coverage", "far"))
        blocks += (
            [_line(_ring(NEAR_M), tr("map.legend.coverage", radius=length_text(NEAR_M)))] if near else []
        )
        blocks += [_line(_ring(FAR_M), tr("map.legend.coverage", radius=length_text(FAR_M)))] if far else []
    if stack.visible("patrols"):
        blocks.append(_line(paint_patrol, tr("map.legend.patrols")))
    if stack.visible("tracks"):
        blocks.append(_line(paint_track, tr("map.legend.tracks", minutes=stack.option("tracks", "minutes"))))
    if stack.visible("heat"):
        blocks.append(
            _scaled(tr("map.legend.heat"), _heat_bar, [f"{heat_top * part:g}" for part in (0, 0.5, 1)])
        )
    if stack.visible("grids"):
        blocks.append(_load(stack))
    return blocks


def _load(stack: LayerStack) -> Block:
    """What colours the grids; room is left at its head for the sign that it can be chosen."""
    texts = class_texts(chosen(stack)[0])
    block = _scaled(tr("grid.legend.title", indicator=choice_text(stack)), _load_bar, texts)
    return replace(block, width=block.width + tokens().space_xl, name="grids")


def _line(swatch: Callable[[QPainter, QRectF], None], text: str) -> Block:
    metrics = QFontMetricsF(font("small"))
    swatch_width = tokens().px(_SWATCH_PX)
    left, height = swatch_width + tokens().space_s, metrics.height() + tokens().space_xs

    def paint(painter: QPainter) -> None:
        swatch(painter, QRectF(0, 0, swatch_width, height))
        painter.setFont(font("small"))
        painter.setPen(tokens().text)
        painter.drawText(QPointF(left, (height + metrics.ascent() - metrics.descent()) / 2), text)

    return Block(left + metrics.horizontalAdvance(text), height, paint)


def _scaled(title: str, bar: Callable[[QPainter, QRectF], None], texts: list[str]) -> Block:
    """A title, a bar of colours and numbers under it: in the middle of each fifth, or at the ends of a ramp."""
    metrics = QFontMetricsF(font("small"))
    widest = max(map(metrics.horizontalAdvance, texts)) + tokens().space_s if len(texts) == 5 else 0.0
    width, thick = 5.0 * max(tokens().px(_SWATCH_PX), widest), float(tokens().px(9))
    bar_top = metrics.height() + tokens().space_xs

    def paint(painter: QPainter) -> None:
        painter.setFont(font("small"))
        painter.setPen(tokens().text)
        painter.drawText(QPointF(0, metrics.ascent()), title)
        bar(painter, QRectF(0, bar_top, width, thick))
        painter.setPen(tokens().text_second)
        for index, text in enumerate(texts):
            advance = metrics.horizontalAdvance(text)
            if len(texts) == 3:
                left = (width - advance) * index / 2
            else:
                left = width * (index + 0.5) / len(texts) - advance / 2
            painter.drawText(QPointF(left, bar_top + thick + metrics.ascent() + 2), text)

    height = bar_top + thick + metrics.height() + tokens().space_xs
    return Block(max(width, metrics.horizontalAdvance(title)), height, paint)


def _load_bar(painter: QPainter, box: QRectF) -> None:
    """The levels over the ground of the district, as the grids show them."""
    levels = len(tokens().map.grid_load)
    for level in range(levels):
        part = QRectF(
            box.left() + box.width() * level / levels, box.top(), box.width() / levels, box.height()
        )
        painter.fillRect(part, tokens().map.district)
        if level:
            painter.fillRect(part, load_color(level))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens().map.grid_line, 1))
        painter.drawRect(part)


def _heat_bar(painter: QPainter, box: QRectF) -> None:
    ramp = QLinearGradient(box.topLeft(), box.topRight())
    for step in range(11):
        ramp.setColorAt(step / 10, shade(step / 10))
    painter.fillRect(box, tokens().map.district)
    painter.fillRect(box, ramp)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens().map.grid_line, 1))
    painter.drawRect(box)


def _ring(radius_m: float) -> Callable[[QPainter, QRectF], None]:
    def paint(painter: QPainter, box: QRectF) -> None:
        paint_ring(painter, box, coverage_color(radius_m))

    return paint


def paint_ring(painter: QPainter, box: QRectF, color: QColor) -> None:
    painter.setPen(pen(color, 1.5))
    painter.setBrush(faded(color, 0.15))
    side = min(box.width(), box.height()) - 4
    painter.drawEllipse(box.center(), side / 2, side / 2)


def paint_patrol(painter: QPainter, box: QRectF) -> None:
    middle = box.center().y()
    painter.setPen(pen(tokens().map.patrol, 2.0))
    painter.setBrush(tokens().map.label_halo)
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
    painter.drawEllipse(box.center(), 4.0, 4.0)


def paint_track(painter: QPainter, box: QRectF) -> None:
    """From old to new."""
    steps, middle = 5, box.center().y()
    for step in range(steps):
        painter.setPen(pen(tokens().map.track, 2.0, 0.2 + 0.75 * step / (steps - 1)))
        left = box.left() + box.width() * step / steps
        painter.drawLine(QPointF(left, middle), QPointF(left + box.width() / steps, middle))
