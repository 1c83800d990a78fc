"""Owns the sheet on which every symbol or label is painted once. Must not know what is painted.

Sprites are found by key; each has a source rectangle on the sheet and an anchor, the pixel that stands on the point.
All numbers are device pixels. The sheet fills shelf by shelf and is begun anew when it outgrows its cap.
"""

from collections.abc import Callable, Collection, Hashable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

Paint = Callable[[QPainter], None]

_SHEET_WIDTH_PX = 1024
_FIRST_HEIGHT_PX = 128
_GAP_PX = 1


class SpriteSheet:
    """Sprites by key, painted on first use."""

    def __init__(self, max_height_px: int = 4096) -> None:
        self._max_height_px = max_height_px
        self.generation = 0
        self.painted_count = 0
        self._sheet: QPixmap
        self._numbers: dict[Hashable, int] = {}
        self._free: list[int] = []
        # The same again as plain tuples: reading single numbers out of an array is slow.
        self._sizes: list[tuple[int, int]] = []
        self._anchor_list: list[tuple[int, int]] = []
        self._sources: npt.NDArray[np.int32]
        self._anchors: npt.NDArray[np.int32]
        self._begin()

    @property
    def pixmap(self) -> QPixmap:
        return self._sheet

    @property
    def bytes(self) -> int:
        return self._sheet.width() * self._sheet.height() * 4

    @property
    def sources(self) -> npt.NDArray[np.int32]:
        """(n, 4) left, top, width, height by sprite number."""
        return self._sources[: self._count]

    @property
    def anchors(self) -> npt.NDArray[np.int32]:
        """(n, 2) anchor x, y within the sprite by sprite number."""
        return self._anchors[: self._count]

    @property
    def fullness(self) -> float:
        """How much of the sheet is used, 0..1."""
        return (self._shelf_top_px + self._shelf_height_px) / self._max_height_px

    def size(self, number: int) -> tuple[int, int]:
        """Width and height of a sprite."""
        return self._sizes[number]

    def anchor(self, number: int) -> tuple[int, int]:
        return self._anchor_list[number]

    def find(self, key: Hashable) -> int | None:
        return self._numbers.get(key)

    def add(self, key: Hashable, size_px: tuple[int, int], anchor_px: tuple[int, int], paint: Paint) -> int:
        """Paint a sprite; `paint` gets a painter whose origin is the sprite's top left corner, clipped to it.

        When the sheet is full it is begun anew and `generation` counts up: numbers got before are void then.
        """
        left, top = self._place(size_px)
        painter = QPainter(self._sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(left, top)
        painter.setClipRect(0, 0, *size_px)
        paint(painter)
        painter.end()
        self.painted_count += 1
        return self._register(key, (left, top, *size_px), anchor_px)

    def keep_only(self, numbers: Collection[int]) -> None:
        """Make room: these sprites move together and keep their numbers, all others are forgotten."""
        old, sources = self._sheet, self._sources
        kept = {key: number for key, number in self._numbers.items() if number in numbers}
        self._free = sorted({*self._free, *(n for n in self._numbers.values() if n not in numbers)})
        self._numbers = kept
        self._shelf_left_px = self._shelf_top_px = self._shelf_height_px = 0
        self._sheet = _blank(old.height())
        places = {number: self._place(self._sizes[number]) for number in kept.values()}
        painter = QPainter(self._sheet)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for number, place in places.items():
            painter.drawPixmap(*place, old, *sources[number].tolist())
            sources[number, :2] = place
        painter.end()

    def clear(self) -> None:
        """Begin anew: other colours or another resolution."""
        self._begin()
        self.generation += 1

    def _begin(self) -> None:
        self._sheet = _blank(_FIRST_HEIGHT_PX)
        self._numbers = {}
        self._free = []
        self._count = 0
        self._sizes, self._anchor_list = [], []
        self._sources = np.zeros((64, 4), dtype=np.int32)
        self._anchors = np.zeros((64, 2), dtype=np.int32)
        self._shelf_left_px = self._shelf_top_px = self._shelf_height_px = 0

    def _register(self, key: Hashable, source: tuple[int, ...], anchor_px: tuple[int, int]) -> int:
        number = self._free.pop() if self._free else self._new_number()
        self._sources[number], self._anchors[number] = source, anchor_px
        self._sizes[number] = source[2], source[3]
        self._anchor_list[number] = anchor_px
        self._numbers[key] = number
        return number

    def _new_number(self) -> int:
        if self._count == len(self._sources):
            self._sources = np.concatenate([self._sources, np.zeros_like(self._sources)])
            self._anchors = np.concatenate([self._anchors, np.zeros_like(self._anchors)])
        self._sizes.append((0, 0))
        self._anchor_list.append((0, 0))
        self._count += 1
        return self._count - 1

    def _place(self, size_px: tuple[int, int]) -> tuple[int, int]:
        width_px, height_px = size_px
        if self._shelf_left_px + width_px > _SHEET_WIDTH_PX:
            self._shelf_top_px += self._shelf_height_px + _GAP_PX
            self._shelf_left_px = self._shelf_height_px = 0
        if self._shelf_top_px + height_px > self._sheet.height():
            self._grow(self._shelf_top_px + height_px)
        place = self._shelf_left_px, self._shelf_top_px
        self._shelf_left_px += width_px + _GAP_PX
        self._shelf_height_px = max(self._shelf_height_px, height_px)
        return place

    def _grow(self, need_px: int) -> None:
        if need_px > self._max_height_px:
            self.clear()
            return
        height_px = self._sheet.height()
        while height_px < need_px:
            height_px *= 2
        bigger = _blank(height_px)
        painter = QPainter(bigger)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawPixmap(0, 0, self._sheet)
        painter.end()
        self._sheet = bigger


def _blank(height_px: int) -> QPixmap:
    sheet = QPixmap(QSize(_SHEET_WIDTH_PX, height_px))
    sheet.fill(Qt.GlobalColor.transparent)
    return sheet
