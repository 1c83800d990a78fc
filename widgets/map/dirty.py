"""Owns which parts of the screen must be painted anew, as cells of 32 device pixels. Must not paint."""

from collections.abc import Iterable
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

Boxes = npt.NDArray[np.int32]
_CELL_SHIFT = 5
_MOSTLY = 0.4
_MANY_PIECES = 60


class DirtyCells:
    """Cells of one screen; `whole` says that all of it is to be painted, so that nobody need look at what touches."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self.whole = False
        self._cells = np.zeros(((height_px >> _CELL_SHIFT) + 1, (width_px >> _CELL_SHIFT) + 1), dtype=bool)

    @classmethod
    def of(cls, region: QRegion, dpr: float, width_px: int, height_px: int) -> "DirtyCells":
        """The cells that a region in logical pixels touches."""
        cells = cls(width_px, height_px)
        if region.rectCount() == 1 and device_rect(region.boundingRect(), dpr).contains(
            QRect(0, 0, width_px, height_px)
        ):
            cells.mark_all()
            return cells
        boxes = [device_rect(rect, dpr).getRect() for rect in rects_of(region)]
        cells.mark(np.array(boxes, dtype=np.int32).reshape(-1, 4))
        return cells

    def __bool__(self) -> bool:
        return bool(self._cells.any())

    @property
    def mostly(self) -> bool:
        """Whether painting everything is cheaper than painting the cells: many, or in many pieces."""
        if self._cells.mean() > _MOSTLY:
            return True
        begins = self._cells[:, 1:] & ~self._cells[:, :-1]
        return bool(begins.sum() + self._cells[:, 0].sum() > _MANY_PIECES)

    def mark_all(self) -> None:
        self._cells[:] = True
        self.whole = True

    def mark(self, boxes: Boxes) -> None:
        """Boxes (n, 4): left, top, width, height in device pixels; what is off the screen is left out."""
        rows, columns = self._cells.shape
        left, right = boxes[:, 0] >> _CELL_SHIFT, (boxes[:, 0] + boxes[:, 2] - 1) >> _CELL_SHIFT
        top, bottom = boxes[:, 1] >> _CELL_SHIFT, (boxes[:, 1] + boxes[:, 3] - 1) >> _CELL_SHIFT
        left, right = left.clip(0, columns), (right + 1).clip(0, columns)
        top, bottom = top.clip(0, rows), (bottom + 1).clip(0, rows)
        edges = np.zeros((rows + 1, columns + 1), dtype=np.int32)
        for row, column, step in ((top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)):
            np.add.at(edges, (row, column), step)
        self._cells |= edges.cumsum(axis=0).cumsum(axis=1)[:rows, :columns] > 0

    def touched(self, boxes: Boxes) -> npt.NDArray[np.bool_]:
        """Which boxes touch a dirty cell."""
        if self.whole:
            return np.ones(len(boxes), dtype=bool)
        rows, columns = self._cells.shape
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int32)
        sums[1:, 1:] = self._cells.cumsum(axis=0).cumsum(axis=1)
        left, right = boxes[:, 0] >> _CELL_SHIFT, ((boxes[:, 0] + boxes[:, 2] - 1) >> _CELL_SHIFT) + 1
        top, bottom = boxes[:, 1] >> _CELL_SHIFT, ((boxes[:, 1] + boxes[:, 3] - 1) >> _CELL_SHIFT) + 1
        left, right = left.clip(0, columns), right.clip(0, columns)
        top, bottom = top.clip(0, rows), bottom.clip(0, rows)
        count = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        return np.asarray(count > 0)

    def region(self, dpr: float) -> QRegion:
        """The cells in logical pixels, runs of a row joined."""
        region = QRegion()
        size = 1 << _CELL_SHIFT
        for row in np.flatnonzero(self._cells.any(axis=1)).tolist():
            edges = np.flatnonzero(np.diff(np.concatenate([[0], self._cells[row].astype(np.int8), [0]])))
            for first, last in edges.reshape(-1, 2).tolist():
                region += logical_rect(QRect(first * size, row * size, (last - first) * size, size), dpr)
        return region


def rects_of(region: QRegion) -> list[QRect]:
    """The rectangles of a region; PySide's stubs do not know that a region can be iterated."""
    return list(cast(Iterable[QRect], region))


def device_rect(rect: QRect, dpr: float) -> QRect:
    """The device pixels that a logical rectangle touches."""
    left, top = int(rect.left() * dpr), int(rect.top() * dpr)
    right, bottom = (
        -int(-(rect.left() + rect.width()) * dpr // 1),
        -int(-(rect.top() + rect.height()) * dpr // 1),
    )
    return QRect(left, top, right - left, bottom - top)


def logical_rect(rect: QRect, dpr: float) -> QRect:
    """The logical pixels that cover a rectangle of device pixels."""
    left, top = int(rect.left() // dpr), int(rect.top() // dpr)
    right, bottom = -int(-(rect.left() + rect.width()) // dpr), -int(-(rect.top() + rect.height()) // dpr)
    return QRect(left, top, right - left, bottom - top)
