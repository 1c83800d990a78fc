"""The floor of the map's bench: the barest loops that QPainter, pyqtgraph and the graphics view can be.

Owns the widgets that ours is measured beside. They place nothing, label nothing, forget nothing: symbols of one sheet
over one picture that was painted once. Must not measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QRegion
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from widgets.bench.map_world import COLUMNS, ROWS, SIDE_M
from widgets.map.dirty import DirtyCells, rects_of
from widgets.map.fragments import FragmentBatch

SYMBOL_PX = 22
LOOKS = 24
PICTURE_PX_PER_M = 1.0
CELL_PX = 32

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looks:
    """What each symbol looks like: (n, 4) left, top, width and height in one sheet, (n, 2) where it is anchored."""

    sheet: QPixmap
    sources: npt.NDArray[np.int32]
    anchors: npt.NDArray[np.int32]

    @classmethod
    def plain(cls, count: int) -> Looks:
        """Small discs of LOOKS colours."""
        sources = np.full((count, 4), SYMBOL_PX, dtype=np.int32)
        sources[:, 0] *= np.arange(count) % LOOKS
        sources[:, 1] = 0
        return cls(symbol_sheet(), sources, np.full((count, 2), SYMBOL_PX // 2, dtype=np.int32))

    def of(self, slots: npt.NDArray[np.int64]) -> Looks:
        return Looks(self.sheet, self.sources[slots], self.anchors[slots])


class BarePainter(QWidget):
    """`at_m` is (n, 2), metres; the view is `centre_m` at `px_per_m`. Every paint draws all that is on the screen."""

    def __init__(self, at_m: Floats, looks: Looks) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.at_m = at_m
        self.centre_m = np.zeros(2)
        self.px_per_m = 1.0
        self.drawn = 0
        self._picture = grid_picture()
        self.looks = looks
        self._batch = FragmentBatch()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._draw_picture(painter)
        left_top = self.left_top()
        region = event.region()
        slots = self._in(left_top, region) if region.rectCount() > 1 else self._on_screen(left_top)
        self.drawn = len(slots)
        spots = left_top[slots]
        self._batch.draw(painter, self.looks.sheet, spots[:, 0], spots[:, 1], self.looks.sources[slots])
        painter.end()

    def left_top(self) -> npt.NDArray[np.int32]:
        """Where each symbol's corner lies, pixels."""
        middle = np.array([self.width() / 2, self.height() / 2])
        spots = np.round((self.at_m - self.centre_m) * self.px_per_m + middle).astype(np.int32)
        return spots - self.looks.anchors

    def moved_region(self, before: npt.NDArray[np.int32], slots: npt.NDArray[np.int64]) -> QRegion:
        """Where symbols stood and where they stand now."""
        corners = np.concatenate([before[slots], self.left_top()[slots]])
        sizes = np.tile(self.looks.sources[slots, 2:], (2, 1))
        cells = DirtyCells(self.width(), self.height())
        cells.mark(np.column_stack([corners, sizes]))
        return cells.region(1.0)

    def _draw_picture(self, painter: QPainter) -> None:
        half_w, half_h = self.width() / 2 / self.px_per_m, self.height() / 2 / self.px_per_m
        x_m, y_m = self.centre_m + np.array([COLUMNS, ROWS]) * SIDE_M / 2
        source = QRectF(x_m - half_w, y_m - half_h, 2 * half_w, 2 * half_h)
        painter.drawPixmap(QRectF(self.rect()), self._picture, source)

    def _on_screen(self, left_top: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        size = np.array([self.width(), self.height()])
        return np.flatnonzero(((left_top > -self.looks.sources[:, 2:]) & (left_top < size)).all(axis=1))

    def _in(self, left_top: npt.NDArray[np.int32], region: QRegion) -> npt.NDArray[np.int64]:
        cells = np.zeros((self.height() // CELL_PX + 3, self.width() // CELL_PX + 3), dtype=bool)
        for rect in rects_of(region):
            cells[
                rect.top() // CELL_PX : rect.bottom() // CELL_PX + 1,
                rect.left() // CELL_PX : rect.right() // CELL_PX + 1,
            ] = True
        slots = self._on_screen(left_top)
        first = left_top[slots].clip(0) // CELL_PX
        most = np.array(cells.shape[::-1]) - 1
        last = ((left_top[slots] + self.looks.sources[slots, 2:]) // CELL_PX).clip(max=most)
        hit = cells[first[:, 1], first[:, 0]] | cells[last[:, 1], last[:, 0]]
        hit |= cells[first[:, 1], last[:, 0]] | cells[last[:, 1], first[:, 0]]
        return slots[hit]


def grid_picture() -> QPixmap:
    """The grids, painted once, a pixel a metre."""
    picture = QPixmap(math.ceil(COLUMNS * SIDE_M), math.ceil(ROWS * SIDE_M))
    painter = QPainter(picture)
    for number in range(COLUMNS * ROWS):
        painter.setBrush(_shade(number))
        painter.drawPolygon(_square(number, 0.0, 0.0))
    painter.end()
    return picture


def symbol_sheet() -> QPixmap:
    """Round symbols of LOOKS colours side by side."""
    sheet = QPixmap(SYMBOL_PX * LOOKS, SYMBOL_PX)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for look in range(LOOKS):
        painter.setBrush(QColor.fromHsv(look * 15, 160, 220))
        painter.drawEllipse(look * SYMBOL_PX + 2, 2, SYMBOL_PX - 4, SYMBOL_PX - 4)
    painter.end()
    return sheet


def items_view(at_m: Floats) -> tuple[QGraphicsView, list[object]]:
    """One graphics item a thing: the grids and the symbols; the view and the symbols' items."""
    scene = QGraphicsScene()
    for number in range(COLUMNS * ROWS):
        half = -COLUMNS * SIDE_M / 2, -ROWS * SIDE_M / 2
        scene.addPolygon(
            _square(number, *half), QPen(QColor(Qt.GlobalColor.darkGray)), QBrush(_shade(number))
        )
    sheet = symbol_sheet()
    looks = [sheet.copy(look * SYMBOL_PX, 0, SYMBOL_PX, SYMBOL_PX) for look in range(LOOKS)]
    items: list[object] = []
    for slot, (x_m, y_m) in enumerate(at_m.tolist()):
        item = scene.addPixmap(looks[slot % LOOKS])
        item.setFlag(item.GraphicsItemFlag.ItemIgnoresTransformations)
        item.setPos(x_m, y_m)
        items.append(item)
    view = QGraphicsView()
    scene.setParent(view)
    view.setScene(scene)
    return view, items


def _shade(number: int) -> QColor:
    return QColor.fromHsv(210, 60 + number % 6 * 20, 60 + number % 6 * 12)


def _square(number: int, left: float, top: float) -> QPolygonF:
    x, y = left + number % COLUMNS * SIDE_M, top + number // COLUMNS * SIDE_M
    return QPolygonF(
        [QPointF(x, y), QPointF(x + SIDE_M, y), QPointF(x + SIDE_M, y + SIDE_M), QPointF(x, y + SIDE_M)]
    )
