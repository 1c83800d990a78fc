"""Owns the heat of incidents: their density on the ground, as a picture and in numbers. Must not choose incidents.

Every incident spreads over a disc (a Gaussian of SIGMA_M) and all of them are added up, so the figure is incidents for
a square kilometre. The sum is exact and made chunk by chunk: no step holds the thread for more than a few milliseconds.
"""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.strokes import touches
from widgets.map.view import Bounds
from widgets.style import tokens

SIGMA_M = 120.0
LEAST_TOP = 40.0
"""So few for a square kilometre are never drawn as the hottest there is: one incident alone is no hot spot."""
_REACH_M = 3.2 * SIGMA_M
_CELL_M = 20.0
_MOST_CELLS = 384
_PRODUCTS_A_STEP = 1_000_000
_SHADES = 256
_NICE = (1.0, 2.0, 4.0, 5.0, 8.0, 10.0)

Metres = npt.NDArray[np.float64]
Density = npt.NDArray[np.float32]


class Heat:
    """The density of one set of points. `top` is the density of the hottest shade, incidents for a square kilometre."""

    name = "heat"
    every_s = 2.0

    def __init__(self) -> None:
        self.top = LEAST_TOP
        self._points: Metres = np.zeros((0, 2))
        self._bounds: Bounds = (0.0, 0.0, 0.0, 0.0)
        self._density: Density = np.zeros((0, 0), dtype=np.float32)
        self._image = QImage()
        self._theme = ""
        self._making: Iterator[None] = iter(())
        self._changed = False

    @property
    def has_changes(self) -> bool:
        return self._changed

    def take_changes(self) -> list[Bounds]:
        changed, self._changed = self._changed, False
        return [EVERYWHERE] if changed else []

    def set_points(self, points_m: Metres) -> None:
        """(n, 2) metres on the plane; the same ones again change nothing."""
        if points_m.shape == self._points.shape and bool((points_m == self._points).all()):
            return
        self._points = points_m
        self._bounds = _bounds_of(points_m)
        self._making = self._summing()
        self._changed = True

    def project(self, before: Projection, after: Projection) -> None:
        """Move everything to another plane."""
        self.set_points(after.from_other(before, self._points))

    def at(self, x_m: float, y_m: float) -> float:
        """Incidents for a square kilometre at a point, once `finish` was called or all of it is painted."""
        density, (left, top, right, bottom) = self._density, self._bounds
        if not density.size or not (left <= x_m < right and top <= y_m < bottom):
            return 0.0
        row = int((y_m - top) / (bottom - top) * density.shape[0])
        column = int((x_m - left) / (right - left) * density.shape[1])
        return float(density[row, column])

    def finish(self) -> None:
        """Work the density out now, for who cannot wait."""
        for _ in self._making:
            pass

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        return not len(self._points) or not touches(bounds, self._bounds)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        for _ in self._making:
            yield
        if self._theme != tokens().theme:
            self._shade()
            yield
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left, top, right, bottom = self._bounds
        painter.drawImage(QRectF(left, top, right - left, bottom - top), self._image)
        yield

    def _summing(self) -> Iterator[None]:
        left, top, right, bottom = self._bounds
        cell_m = max(_CELL_M, (right - left) / _MOST_CELLS, (bottom - top) / _MOST_CELLS)
        columns, rows = math.ceil((right - left) / cell_m), math.ceil((bottom - top) / cell_m)
        xs, ys = _centres(left, right, columns), _centres(top, bottom, rows)
        density: Density = np.zeros((rows, columns), dtype=np.float32)
        chunk = max(1, _PRODUCTS_A_STEP // (rows * columns + 1))
        for first in range(0, len(self._points), chunk):
            points = self._points[first : first + chunk]
            density += _spread(ys, points[:, 1]).T @ _spread(xs, points[:, 0])
            yield
        self._density = density * np.float32(1e6 / (2 * math.pi * SIGMA_M**2))
        self.top = nice_top(float(self._density.max(initial=0.0)))
        yield
        self._shade()

    def _shade(self) -> None:
        """The density as a picture, from nothing at all up to the hottest shade."""
        shades = np.minimum(self._density * np.float32((_SHADES - 1) / self.top), _SHADES - 1).astype(
            np.uint8
        )
        pixels = np.ascontiguousarray(_table()[shades])
        rows, columns = pixels.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        # A copy: the array does not outlive this call.
        self._image = (
            QImage(pixels.data, columns, rows, columns * 4, kind).copy() if pixels.size else QImage()
        )
        self._theme = tokens().theme


def nice_top(most: float) -> float:
    """The round number that a scale ends on."""
    wanted = max(LEAST_TOP, most)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in _NICE if step * power >= wanted * 0.999)


def shade(part: float) -> QColor:
    """The colour of a part 0..1 of the ramp."""
    ramp = tokens().map.heat_ramp
    place = min(1.0, max(0.0, part)) * (len(ramp) - 1)
    low = min(int(place), len(ramp) - 2)
    one, other = np.array(_channels(ramp[low])), np.array(_channels(ramp[low + 1]))
    return QColor.fromRgbF(*(one + (other - one) * (place - low)).tolist())


def _channels(color: QColor) -> tuple[float, float, float, float]:
    return color.redF(), color.greenF(), color.blueF(), color.alphaF()


def _table() -> npt.NDArray[np.uint32]:
    """Premultiplied pixels of every shade."""
    rows = [_channels(shade(index / (_SHADES - 1))) for index in range(_SHADES)]
    red, green, blue, alpha = np.array(rows).T
    channels = [
        np.rint(value * 255).astype(np.uint32) for value in (alpha, red * alpha, green * alpha, blue * alpha)
    ]
    table: npt.NDArray[np.uint32] = (
        channels[0] << 24 | channels[1] << 16 | channels[2] << 8 | channels[3]
    ).astype(np.uint32)
    return table


def _spread(centres_m: Metres, places_m: Metres) -> Density:
    """(points, cells): how much of every point's Gaussian falls on every cell, along one axis."""
    away = (centres_m[None, :] - places_m[:, None]) / SIGMA_M
    spread: Density = np.exp(-0.5 * away * away).astype(np.float32)
    return spread


def _centres(first_m: float, last_m: float, count: int) -> Metres:
    return first_m + (np.arange(count) + 0.5) * (last_m - first_m) / max(1, count)


def _bounds_of(points_m: Metres) -> Bounds:
    if not len(points_m):
        return 0.0, 0.0, 0.0, 0.0
    low, high = points_m.min(axis=0) - _REACH_M, points_m.max(axis=0) + _REACH_M
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
