"""Owns the ways that units have come: their points of the last hour, and the drawing of the last minutes of them.

Must not fetch points. A way fades with age; where a unit was silent for long, or jumped, it is not joined.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from widgets.map.layers import LayerStack
from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.shapes import to_polygon
from widgets.map.strokes import grown, logical_px_per_m, pen, touches
from widgets.map.view import Bounds
from widgets.style import tokens

MINUTE_MS = 60_000
KEEP_MS = 60 * MINUTE_MS
SILENT_MS = 90_000
JUMP_M = 300.0
STEP_M = 3.0
"""Fixes that are nearer than this to the one before add nothing that could be seen."""
BANDS = 6
_CELL_M = 100.0
_OLDEST_OPACITY, _NEWEST_OPACITY = 0.18, 0.95
_FIRST_ROWS, _COLUMNS = 64, 4
_NOWHERE: Bounds = (math.inf, math.inf, -math.inf, -math.inf)
_AT, _UNTIL = 2, 3

Fix = tuple[str, int, float, float]
"""unit, UTC milliseconds, lat, lon."""


class Way:
    """The points of one unit, oldest first: rows of x_m, y_m, at, until (UTC milliseconds): it may have stood there."""

    __slots__ = ("_count", "_rows", "box")

    def __init__(self) -> None:
        self.box = _NOWHERE
        self._rows = np.zeros((_FIRST_ROWS, _COLUMNS))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> npt.NDArray[np.float64]:
        return self._rows[: self._count]

    def add(self, x_m: float, y_m: float, at: int) -> Bounds | None:
        """The bounds of the new stretch; None for a fix that adds nothing or comes late."""
        if not self._count:
            self._append(x_m, y_m, at)
            return x_m, y_m, x_m, y_m
        last_x, last_y, _, last_until = self._rows[self._count - 1].tolist()
        if at <= last_until:
            return None
        if math.hypot(x_m - last_x, y_m - last_y) < STEP_M:
            self._rows[self._count - 1, _UNTIL] = at
            return None
        self._append(x_m, y_m, at)
        return min(x_m, last_x), min(y_m, last_y), max(x_m, last_x), max(y_m, last_y)

    def put_before(self, rows: npt.NDArray[np.float64]) -> None:
        """Older points x_m, y_m, at, oldest first; those that are not older than what is here are left out."""
        if self._count:
            rows = rows[rows[:, _AT] < self._rows[0, _AT]]
        self._rows = np.concatenate([_thinned(rows), self.rows, np.zeros((_FIRST_ROWS, _COLUMNS))])
        self._count = len(self._rows) - _FIRST_ROWS
        self.box = _box(self.rows)

    def forget_before(self, at: int) -> None:
        first = int(np.searchsorted(self.rows[:, _UNTIL], at))
        if first > self._count // 2:
            self._rows, self._count = self._rows[first:].copy(), self._count - first
            self.box = _box(self.rows)

    def _append(self, x_m: float, y_m: float, at: int) -> None:
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._count] = x_m, y_m, at, at
        self._count += 1
        left, top, right, bottom = self.box
        self.box = min(left, x_m), min(top, y_m), max(right, x_m), max(bottom, y_m)


class Tracks:
    """The ways of all units on one plane. `now_at` is the instant from which ages are counted."""

    name = "tracks"
    every_s = 1.0

    def __init__(self, stack: LayerStack) -> None:
        self._stack = stack
        self._ways: dict[str, Way] = {}
        self._changes: list[Bounds] = []
        self._faded_at = 0
        self._cells: set[tuple[int, int]] = set()
        self._cells_key: tuple[object, ...] = ()
        self.now_at = 0
        self.followed = ""

    @property
    def minutes(self) -> int:
        return int(self._stack.option(self.name, "minutes"))

    @property
    def has_changes(self) -> bool:
        return bool(self._changes)

    def take_changes(self) -> list[Bounds]:
        changes, self._changes = self._changes, []
        return changes

    def way(self, unit: str) -> npt.NDArray[np.float64]:
        """(n, 4) x_m, y_m, at, until of one unit, oldest first."""
        way = self._ways.get(unit)
        return way.rows if way is not None else np.zeros((0, _COLUMNS))

    def put(self, fixes: Iterable[Fix], projection: Projection) -> None:
        """New fixes, each unit's in their order."""
        for unit, at, lat, lon in fixes:
            bounds = self._ways.setdefault(unit, Way()).add(*projection.to_metres(lat, lon), at)
            if bounds is not None and self._is_shown(unit):
                self._changes.append(bounds)
                self._cells.add((int(bounds[0] // _CELL_M), int(bounds[1] // _CELL_M)))
                self._cells.add((int(bounds[2] // _CELL_M), int(bounds[3] // _CELL_M)))

    def put_history(self, fixes: Iterable[Fix], projection: Projection) -> None:
        """What was known before, in any order; what is here already stays."""
        rows: dict[str, list[tuple[float, float, int]]] = {}
        for unit, at, lat, lon in fixes:
            rows.setdefault(unit, []).append((*projection.to_metres(lat, lon), at))
        for unit, points in rows.items():
            points.sort(key=lambda point: point[2])
            self._ways.setdefault(unit, Way()).put_before(np.array(points, dtype=np.float64))
        self._change_all()

    def grow_old(self, now_at: int) -> None:
        """Ages count up: paint anew once a way has faded by half a shade."""
        if now_at - self._faded_at >= self.minutes * MINUTE_MS / BANDS / 2:
            self._faded_at = self.now_at = now_at
            self._change_all()
            for unit in list(self._ways):
                self._ways[unit].forget_before(now_at - KEEP_MS)
                if not len(self._ways[unit]):
                    del self._ways[unit]

    def follow(self, unit: str) -> None:
        """Mark one unit's way; "" for none."""
        if unit != self.followed:
            self.followed = unit
            self._change_all()

    def project(self, before: Projection, after: Projection) -> None:
        """Move everything to another plane."""
        for way in self._ways.values():
            way.rows[:, :2] = after.from_other(before, way.rows[:, :2])
            way.box = _box(way.rows)
        self._change_all()

    def clear(self) -> None:
        self._ways.clear()
        self._change_all()

    def _change_all(self) -> None:
        self._changes = [EVERYWHERE]
        self._cells_key = ()

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        # Half a stretch lies nearer to one of its ends than half of the longest one that is drawn.
        left, top, right, bottom = grown(bounds, 4 / logical_px_per_m(zoom) + JUMP_M / 2)
        columns = range(int(left // _CELL_M), int(right // _CELL_M) + 1)
        rows = range(int(top // _CELL_M), int(bottom // _CELL_M) + 1)
        trodden = self._trodden()
        if len(columns) * len(rows) > len(trodden):
            return not any(column in columns and row in rows for column, row in trodden)
        return not any((column, row) in trodden for column in columns for row in rows)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        pixel_m = 1 / logical_px_per_m(zoom)
        wide = grown(bounds, 4 * pixel_m)
        for unit, rows in self._touching(wide):
            is_followed = unit == self.followed
            color = tokens().accent if is_followed else tokens().map.track
            width_m = (3.2 if is_followed else 2.0) * pixel_m
            for opacity, lines in self._faded(rows, wide, pixel_m):
                for line in lines:
                    painter.setPen(pen(color, width_m, opacity))
                    painter.drawPolyline(to_polygon(line))
                    yield

    def _trodden(self) -> set[tuple[int, int]]:
        """The cells of the plane in which a shown way has a point: a tile asks for many, a way has thousands."""
        key = self.minutes, self._stack.option(self.name, "whose"), self.followed, self._faded_at
        if key != self._cells_key:
            self._cells_key, self._cells = key, set()
            for _, rows in self._touching(EVERYWHERE):
                self._cells |= _cells_of(rows)
        return self._cells

    def _is_shown(self, unit: str) -> bool:
        return self._stack.option(self.name, "whose") == "all" or unit == self.followed

    def _touching(self, bounds: Bounds) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
        """The ways of the last minutes that come near, the followed one on top."""
        since = self.now_at - self.minutes * MINUTE_MS
        for unit, way in sorted(self._ways.items(), key=lambda item: item[0] == self.followed):
            if self._is_shown(unit) and touches(way.box, bounds):
                rows = way.rows[np.searchsorted(way.rows[:, _UNTIL], since) :]
                if len(rows) > 1:
                    yield unit, rows

    def _faded(
        self, rows: npt.NDArray[np.float64], bounds: Bounds, pixel_m: float
    ) -> Iterator[tuple[float, list[npt.NDArray[np.float64]]]]:
        """Shade by shade, oldest first: the stretches that come near."""
        band_ms = self.minutes * MINUTE_MS / BANDS
        edges = np.searchsorted(rows[:, _UNTIL], [self.now_at - band_ms * (BANDS - i) for i in range(BANDS)])
        ends = [*edges[1:].tolist(), len(rows)]
        for band, (first, last) in enumerate(zip(edges.tolist(), ends, strict=True)):
            # One point more than the shade has: stretches of two shades meet.
            stretch = rows[max(0, first - 1) : last]
            opacity = _OLDEST_OPACITY + (_NEWEST_OPACITY - _OLDEST_OPACITY) * band / (BANDS - 1)
            if len(stretch) > 1:
                yield opacity, _runs(stretch, bounds, pixel_m)


def _runs(rows: npt.NDArray[np.float64], bounds: Bounds, pixel_m: float) -> list[npt.NDArray[np.float64]]:
    """The stretches (n, 2) that touch bounds, without points that fall on one pixel, cut where nothing is known."""
    cells = np.floor(rows[:, :2] / pixel_m)
    kept = np.ones(len(rows), dtype=bool)
    kept[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    rows = rows[kept]
    start, end = rows[:-1], rows[1:]
    near = _near(rows, bounds)
    near &= end[:, _AT] - start[:, _UNTIL] <= SILENT_MS
    near &= np.hypot(end[:, 0] - start[:, 0], end[:, 1] - start[:, 1]) <= JUMP_M
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    return [rows[first : last + 1, :2] for first, last in edges.reshape(-1, 2).tolist()]


def _cells_of(rows: npt.NDArray[np.float64]) -> set[tuple[int, int]]:
    """Of points that follow each other, only the first in a cell is looked at."""
    cells = np.floor(rows[:, :2] / _CELL_M).astype(np.int64)
    entered = np.concatenate([[True], (cells[1:] != cells[:-1]).any(axis=1)])
    return {(column, row) for column, row in cells[entered].tolist()}


def _near(rows: npt.NDArray[np.float64], bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Which stretches between two points have a box that touches bounds."""
    x_m, y_m = rows[:, 0], rows[:, 1]
    inside = np.maximum(x_m[:-1], x_m[1:]) >= bounds[0]
    inside &= np.minimum(x_m[:-1], x_m[1:]) <= bounds[2]
    inside &= np.maximum(y_m[:-1], y_m[1:]) >= bounds[1]
    inside &= np.minimum(y_m[:-1], y_m[1:]) <= bounds[3]
    return inside


def _thinned(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points x_m, y_m, at without those at which a unit stood still, each with the instant until which it stood."""
    if not len(rows):
        return np.zeros((0, _COLUMNS))
    steps = np.hypot(np.diff(rows[:, 0]), np.diff(rows[:, 1]))
    kept = np.flatnonzero(np.concatenate([[True], steps >= STEP_M / 3]))
    lasts = np.append(kept[1:], len(rows)) - 1
    return np.column_stack([rows[kept], rows[lasts, _AT]])


def _box(rows: npt.NDArray[np.float64]) -> Bounds:
    if not len(rows):
        return _NOWHERE
    low, high = rows.min(axis=0), rows.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
