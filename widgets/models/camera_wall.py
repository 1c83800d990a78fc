"""Which cameras stand on which tile: order, pages and the shape of the wall.

Owns the order of cameras and the page. Must not know widgets or frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.geo.camera_view import Looking, distance_m, sees

STRIP_ASPECT = 3.2
"""Wider than this many times its height the wall is a strip: one row."""
STRIP_LEAST, STRIP_MOST = 4, 8
TILE_ASPECT = 16 / 9
TILE_COUNTS = (4, 9, 16)


class Placed(Looking, Protocol):
    """What the wall needs to know of a camera."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TileGrid:
    rows: int
    columns: int

    @property
    def count(self) -> int:
        return self.rows * self.columns


def tile_grid(width_px: int, height_px: int, wanted: int) -> TileGrid:
    """Rows and columns for a wall of this size: a strip takes what fits in one row, else the largest 16:9 tiles win."""
    width, height = max(1, width_px), max(1, height_px)
    if width / height > STRIP_ASPECT:
        fitting = round(width / (height * TILE_ASPECT))
        most = STRIP_LEAST if wanted <= STRIP_LEAST else STRIP_MOST
        return TileGrid(1, max(STRIP_LEAST, min(most, fitting)))
    shapes = (TileGrid(math.ceil(wanted / columns), columns) for columns in range(1, wanted + 1))
    return max(
        (shape for shape in shapes if shape.count == wanted),
        key=lambda shape: min(width / shape.columns, height / shape.rows * TILE_ASPECT),
    )


class CameraPages:
    """The district's cameras in the order in which the wall goes through them, and the page it is on."""

    def __init__(self, cameras: Sequence[Placed]) -> None:
        self._cameras = tuple(cameras)
        self._order = [camera.id for camera in cameras]
        self._page = 0
        self._size = 1

    @property
    def total(self) -> int:
        return len(self._order)

    @property
    def page(self) -> int:
        """Counted from 0."""
        return self._page

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / self._size))

    def set_size(self, tiles: int) -> None:
        """Another number of tiles; the camera that stood first stays on the page."""
        first = self._page * self._size
        self._size = max(1, tiles)
        self._page = min(first // self._size, self.pages - 1)

    def turn(self, by: int) -> None:
        """To another page, round and round."""
        self._page = (self._page + by) % self.pages

    def show(self, camera: str) -> None:
        """To the page on which a camera stands; an unknown one changes nothing."""
        if camera in self._order:
            self._page = self._order.index(camera) // self._size

    def sort_near(self, lat: float, lon: float) -> None:
        """Those that look at the place first, then the others, each the nearest first; from the first page on."""
        near = sorted(self._cameras, key=lambda c: (not sees(c, lat, lon), distance_m(c, lat, lon)))
        self._order = [camera.id for camera in near]
        self._page = 0

    def sort_by_district(self) -> None:
        """Back to the order of the district."""
        self._order = [camera.id for camera in self._cameras]
        self._page = 0

    def on_page(self) -> list[str]:
        start = self._page * self._size
        return self._order[start : start + self._size]
