"""Owns label sprites (text with a halo, crisp at any resolution) and which labels may stand. Must not draw them.

Decluttering is a bitmap of 4-pixel cells: a label takes its cells when all of them are free, most important first, so
two labels that stand never share a pixel.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.i18n import language
from widgets.map.halo import add_halo
from widgets.map.sprites import SpriteSheet
from widgets.style import TypeSize, font, tokens

Role = Literal[
    "alarm",
    "incident",
    "unit",
    "stale",
    "place",
    "landmark",
    "community",
    "grid",
    "road",
    "water",
    "park",
    "patrol",
    "sketch",
    "closure",
]

Column = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int32]
PaintLogical = Callable[[QPainter], None]

MAX_LABELS = 600
_SIZES_KEPT = 5_000
_HALO_PX = 2.2
_HALO_OPACITY = 0.85
_SHEET_HEIGHT_PX = 4096
_MOST_WIDTH_PX = 190
_CELL_SHIFT = 2
_CELLS_A_BOX = 100
"""Filling one box costs as much as summing up so many cells: paper has ten times the cells of a screen."""


@dataclass(frozen=True, slots=True)
class _Face:
    size: TypeSize
    bold: bool
    spacing: float = 0.0


_FACES: dict[str, _Face] = {
    "alarm": _Face("row", True),
    "incident": _Face("body", True),
    "unit": _Face("small", False),
    "stale": _Face("small", False),
    "landmark": _Face("body", True),
    "place": _Face("small", False),
    "community": _Face("row", True, 0.35),
    "grid": _Face("body", False, 0.22),
    "road": _Face("small", False),
    "water": _Face("body", False, 0.3),
    "park": _Face("small", False, 0.1),
    "patrol": _Face("small", False),
    "closure": _Face("small", True),
    "sketch": _Face("body", True),
}


def face(role: str) -> QFont:
    """The font of a role at the text scale."""
    kind = _FACES[role]
    result = font(kind.size, bold=kind.bold)
    # Chinese may be set wide; Latin words fall apart.
    if kind.spacing and language() == "zh_CN":
        result.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, kind.spacing * result.pixelSize())
    return result


def ink(role: str) -> QColor:
    """The text colour of a role."""
    colors = tokens()
    if role in ("alarm", "incident"):
        return colors.text
    if role == "stale":
        return colors.stale
    if role == "closure":
        return colors.danger
    if role in ("patrol", "sketch"):
        return colors.map.patrol if role == "patrol" else colors.text
    return colors.map.label if role in ("unit", "landmark") else colors.map.label_second


@dataclass(slots=True)
class Label:
    """A label that may stand: sprite and its top left corner in device pixels of the plane (not of the screen).

    `layer` and `key` say whose it is, `side` where it stands beside its symbol; each may be "". One that is `pressed`
    stands over lesser symbols because nowhere else was room.
    """

    sprite: int
    left_px: int
    top_px: int
    width_px: int
    height_px: int
    layer: str = ""
    key: str = ""
    side: str = ""
    pressed: bool = False


_Measured = tuple[str, tuple[int, int], QPointF]


class LabelSprites:
    """Text sprites by (text, role)."""

    def __init__(self, dpr: float) -> None:
        self.sheet = SpriteSheet(round(_SHEET_HEIGHT_PX * dpr))
        self.dpr = dpr
        self._sizes: dict[tuple[str, str], _Measured] = {}

    def renew(self, dpr: float) -> None:
        self.dpr = dpr
        self.sheet.clear()
        self._sizes.clear()

    def has_text(self, text: str, role: str) -> bool:
        """Whether the sprite of a line of text is there already."""
        return self.sheet.find((text, role)) is not None

    def text_size(self, text: str, role: str) -> tuple[int, int]:
        """Width and height that a line of text takes, without painting it."""
        number = self.sheet.find((text, role))
        return self._measured(text, role)[1] if number is None else self.sheet.size(number)

    def text(self, text: str, role: str) -> int:
        """The sprite of a line of text; its anchor is the middle of its left side."""
        key = (text, role)
        number = self.sheet.find(key)
        if number is not None:
            return number
        shown, (width, height), baseline = self._measured(text, role)

        def paint(painter: QPainter) -> None:
            painter.scale(self.dpr, self.dpr)
            paint_ink(painter, baseline, shown, face(role), ink(role))

        return self._add(key, (width, height), (0, height // 2), paint)

    def custom(self, key: Hashable, box: QRectF, paint: PaintLogical) -> int:
        """A new sprite round an anchor at (0, 0): `paint` gives the ink in logical pixels, `box` bounds it."""
        left, top = math.floor(box.left() * self.dpr), math.floor(box.top() * self.dpr)
        width, height = math.ceil(box.right() * self.dpr) - left, math.ceil(box.bottom() * self.dpr) - top

        def paint_shifted(painter: QPainter) -> None:
            painter.translate(-left, -top)
            painter.scale(self.dpr, self.dpr)
            paint(painter)

        return self._add(key, (width, height), (-left, -top), paint_shifted)

    def _measured(self, text: str, role: str) -> _Measured:
        """The text as it is shown, its size and where its baseline begins; thousands are tried that never stand."""
        known = self._sizes.get((text, role))
        if known is None:
            if len(self._sizes) >= _SIZES_KEPT:
                self._sizes.clear()
            known = self._sizes[text, role] = self._measure(text, role)
        return known

    def _measure(self, text: str, role: str) -> _Measured:
        metrics = QFontMetricsF(face(role))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, tokens().px(_MOST_WIDTH_PX))
        width = math.ceil((metrics.horizontalAdvance(shown) + 2 * _HALO_PX) * self.dpr)
        height = math.ceil((metrics.height() + _HALO_PX) * self.dpr)
        return shown, (width, height), QPointF(_HALO_PX, _HALO_PX / 2 + metrics.ascent())

    def _add(
        self, key: Hashable, size_px: tuple[int, int], anchor_px: tuple[int, int], paint: PaintLogical
    ) -> int:
        image = QImage(*size_px, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.end()
        edge = QColor(tokens().map.label_halo)
        edge.setAlphaF(_HALO_OPACITY)
        add_halo(image, _HALO_PX * self.dpr, edge)
        return self.sheet.add(key, size_px, anchor_px, lambda sheet: sheet.drawImage(0, 0, image))


def paint_ink(painter: QPainter, baseline: QPointF, text: str, face: QFont, color: QColor) -> None:
    """A line of text as text, so that it stays sharp."""
    painter.setFont(face)
    painter.setPen(color)
    painter.drawText(baseline, text)


class Occupancy:
    """Which cells of an area of the plane are taken; positions are device pixels of the plane.

    A row of cells is one integer, a bit a cell: testing a label takes five ANDs, a third of what an array would need.
    """

    def __init__(self, left_px: int, top_px: int, width_px: int, height_px: int) -> None:
        self._left_px, self._top_px = left_px, top_px
        self._columns = (width_px >> _CELL_SHIFT) + 2
        self._rows = [0] * ((height_px >> _CELL_SHIFT) + 2)

    def take(self, left_px: int, top_px: int, width_px: int, height_px: int) -> bool:
        """Take a box if all of it is free and inside; whether it was taken."""
        left, right, top, bottom = self._span(left_px, top_px, width_px, height_px)
        rows = self._rows
        if left < 0 or top < 0 or right > self._columns or bottom > len(rows):
            return False
        bits = ((1 << (right - left)) - 1) << left
        for row in range(top, bottom):
            if rows[row] & bits:
                return False
        for row in range(top, bottom):
            rows[row] |= bits
        return True

    def free_at(self, x_px: int, y_px: int) -> bool:
        """Whether a point is inside and free; a label round a point that is not need not be measured."""
        column, row = (x_px - self._left_px) >> _CELL_SHIFT, (y_px - self._top_px) >> _CELL_SHIFT
        inside = 0 <= column < self._columns and 0 <= row < len(self._rows)
        return inside and not self._rows[row] >> column & 1

    def block(self, left_px: int, top_px: int, width_px: int, height_px: int) -> None:
        """Take whatever of a box is inside."""
        left, right, top, bottom = self._span(left_px, top_px, width_px, height_px)
        left, right = max(0, left), min(self._columns, right)
        if left < right:
            bits = ((1 << (right - left)) - 1) << left
            for row in range(max(0, top), min(len(self._rows), bottom)):
                self._rows[row] |= bits

    def block_all(self, boxes: Boxes) -> None:
        """Take whatever of many boxes is inside, (n, 4): left, top, width, height."""
        if not len(boxes):
            return
        rows, columns = len(self._rows), self._columns
        left, right = _cells(boxes[:, 0] - self._left_px, boxes[:, 2], columns)
        top, bottom = _cells(boxes[:, 1] - self._top_px, boxes[:, 3], rows)
        is_sparse = len(boxes) * _CELLS_A_BOX < rows * columns
        cover = _covered_one_by_one if is_sparse else _covered_at_once
        taken = cover(rows, columns, left, right, top, bottom)
        packed = np.packbits(taken, axis=1, bitorder="little")
        for row in np.flatnonzero(taken.any(axis=1)).tolist():
            self._rows[row] |= int.from_bytes(packed[row].tobytes(), "little")

    def copy(self) -> "Occupancy":
        """The same cells, to be taken on without touching these."""
        twin = Occupancy(self._left_px, self._top_px, 0, 0)
        twin._columns, twin._rows = self._columns, self._rows.copy()
        return twin

    def _span(self, left_px: int, top_px: int, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        left, top = left_px - self._left_px, top_px - self._top_px
        return (
            left >> _CELL_SHIFT,
            ((left + width_px - 1) >> _CELL_SHIFT) + 1,
            top >> _CELL_SHIFT,
            ((top + height_px - 1) >> _CELL_SHIFT) + 1,
        )


def _covered_one_by_one(
    rows: int, columns: int, left: Column, right: Column, top: Column, bottom: Column
) -> npt.NDArray[np.bool_]:
    """Which cells lie in any of the spans; the cost is that of the spans."""
    taken = np.zeros((rows, columns), dtype=bool)
    for one in zip(left.tolist(), right.tolist(), top.tolist(), bottom.tolist(), strict=True):
        taken[one[2] : one[3], one[0] : one[1]] = True
    return taken


def _covered_at_once(
    rows: int, columns: int, left: Column, right: Column, top: Column, bottom: Column
) -> npt.NDArray[np.bool_]:
    """Which cells lie in any of the spans; the cost is that of the area."""
    stride = columns + 1
    edges = np.zeros((rows + 1) * stride, dtype=np.int64)
    for down, across, step in ((top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)):
        edges += step * np.bincount(down * stride + across, minlength=len(edges))
    counts = edges.reshape(rows + 1, stride).cumsum(axis=0).cumsum(axis=1)
    return np.asarray(counts[:rows, :columns] > 0)


def _cells(start_px: Column, length_px: Column, count: int) -> tuple[Column, Column]:
    """First cell and the one after the last of many stretches, within 0..count."""
    first = (start_px >> _CELL_SHIFT).clip(0, count)
    last = (((start_px + length_px - 1) >> _CELL_SHIFT) + 1).clip(0, count)
    return first, last
