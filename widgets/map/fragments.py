"""Owns the batch of pixmap fragments behind one drawPixmapFragments call. Must not know what the sprites mean.

QPainter takes a pointer to the first fragment and a count; PySide hands over exactly one wrapped fragment, so the
fragments lie in a numpy array whose first row is wrapped once. A row is a QPainter.PixmapFragment: ten doubles.
"""

from typing import cast

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtGui import QPainter, QPixmap

from widgets.map.page_record import PagePainter

_FIELDS = 10
_SCALE_X, _SCALE_Y, _OPACITY = 6, 7, 9


class FragmentBatch:
    """Draws parts of one pixmap at many places. Positions are device pixels of the part's top left corner."""

    def __init__(self, capacity: int = 256) -> None:
        self._reserve(capacity)

    def draw(
        self,
        painter: QPainter,
        pixmap: QPixmap,
        left_px: npt.NDArray[np.int32],
        top_px: npt.NDArray[np.int32],
        sources: npt.NDArray[np.int32],
        opacity: float | npt.NDArray[np.float64] = 1.0,
    ) -> None:
        """`sources` is (n, 4): left, top, width, height in the pixmap; the painter must stand in device pixels.

        `opacity` is one for all, or (n,).
        """
        count = len(left_px)
        if not count:
            return
        if count > len(self._rows):
            self._reserve(max(count, 2 * len(self._rows)))
        rows = self._rows[:count]
        # A fragment is placed by its centre.
        rows[:, 0] = left_px + sources[:, 2] / 2
        rows[:, 1] = top_px + sources[:, 3] / 2
        rows[:, 2:6] = sources
        rows[:, _OPACITY] = opacity
        if isinstance(painter, PagePainter):
            painter.draw_fragments(pixmap, rows)
        else:
            painter.drawPixmapFragments(self._first, count, pixmap)

    def _reserve(self, capacity: int) -> None:
        self._rows = np.zeros((capacity, _FIELDS))
        self._rows[:, (_SCALE_X, _SCALE_Y, _OPACITY)] = 1.0
        address = self._rows.ctypes.data
        self._first = cast(QPainter.PixmapFragment, shiboken6.wrapInstance(address, QPainter.PixmapFragment))
