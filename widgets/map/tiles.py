"""Owns pictures of what lies still: tiles by zoom level, four levels to a zoom, painted within a time budget.

Must not know what is on them beyond a `Paintable` that paints bounds. A tile of level k is a square of the plane at
zoom k / 4; its side in device pixels follows the screen's pixel ratio, so at rest tiles are copied pixel for pixel.
The ground fills its tiles. What is laid over it does not: its tiles are see-through, and those with nothing on them
hold no picture and cost neither memory nor time.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from widgets.map.view import METRE_ZOOM, Bounds, zoom_of

_SIDE_PX = 256
_CACHE_BYTES = 44 * 1024 * 1024
_MOST_TILES = 4_096
_FINER_LEVELS = 8
"""Two zooms: what lies finer than that is more pictures than a frame has time for."""
_MOST_LOOKED_AT = 4

TileKey = tuple[int, int, int]
"""level, column, row."""

Boxes = npt.NDArray[np.float64]

Blank = Callable[[Bounds, float], bool]
"""Whether nothing is to be seen within bounds at a zoom."""


class Paintable(Protocol):
    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]: ...


@dataclass(slots=True)
class _Tile:
    image: QImage | None
    fresh: bool


@dataclass(slots=True)
class _Job:
    key: TileKey
    image: QImage
    painter: QPainter
    steps: Iterator[None]


class TileCache:
    """Tiles of one ground at one device pixel ratio; `blank` makes them see-through."""

    def __init__(
        self,
        ground: Paintable,
        dpr: float,
        cache_bytes: int = _CACHE_BYTES,
        blank: Blank | None = None,
        side_px: int = _SIDE_PX,
    ) -> None:
        self._ground = ground
        self._blank = blank
        self._dpr = dpr
        self._cache_bytes = cache_bytes
        self.side_px = round(side_px * dpr)
        self._tiles: OrderedDict[TileKey, _Tile] = OrderedDict()
        self._levels: Counter[int] = Counter()
        self._wanted: list[TileKey] = []
        self._seen: frozenset[TileKey] = frozenset()
        self._job: _Job | None = None
        self.painted_count = 0

    @property
    def pending(self) -> bool:
        """Whether any wanted tile is missing or out of date."""
        return bool(self._wanted) or self._job is not None

    @property
    def bytes(self) -> int:
        return sum(tile.image is not None for tile in self._tiles.values()) * self._tile_bytes

    @property
    def _tile_bytes(self) -> int:
        return self.side_px * self.side_px * 4

    def fresh_keys(self) -> set[TileKey]:
        return {key for key, tile in self._tiles.items() if tile.fresh}

    def want(self, level: int, seen_px: QRect) -> None:
        """Ask for the tiles under a rectangle of the plane (device pixels of that level), the middle first."""
        keys = self.keys_under(level, seen_px)
        for key in keys:
            if key in self._tiles:
                self._tiles.move_to_end(key)
        self._seen = frozenset(keys)
        centre = seen_px.center()
        middle = centre.x() / self.side_px - 0.5, centre.y() / self.side_px - 0.5
        self._wanted = [key for key in keys if key not in self._tiles or not self._tiles[key].fresh]
        self._wanted.sort(key=lambda key: (key[1] - middle[0]) ** 2 + (key[2] - middle[1]) ** 2, reverse=True)
        if self._job is not None and self._job.key not in keys:
            self.abandon()
        elif self._job is not None:
            self._wanted = [key for key in self._wanted if self._job.key != key]

    def keys_under(self, level: int, seen_px: QRect) -> list[TileKey]:
        side = self.side_px
        columns = range(seen_px.left() // side, seen_px.right() // side + 1)
        rows = range(seen_px.top() // side, seen_px.bottom() // side + 1)
        return [(level, column, row) for row in rows for column in columns]

    def work(self, budget_s: float) -> list[TileKey]:
        """Paint for so long, one shape at least; the tiles that became ready."""
        until_s = time.perf_counter() + budget_s
        done: list[TileKey] = []
        while self._next_job(done):
            if self._job is not None and self._carry_on(until_s):
                done.append(self._finish())
            if time.perf_counter() >= until_s:
                break
        return done

    def draw(
        self,
        painter: QPainter,
        level: int,
        origin_px: tuple[int, int],
        clip: QRect,
        bare: QColor | None = None,
    ) -> None:
        """Draw a rectangle of the screen at rest; `origin_px` is the screen's corner on the plane, device pixels.

        `bare` is laid where no tile may cover it.
        """
        side = self.side_px
        for key in self.keys_under(level, clip.translated(*origin_px)):
            left, top = key[1] * side - origin_px[0], key[2] * side - origin_px[1]
            part = QRect(left, top, side, side).intersected(clip)
            tile = self._tiles.get(key)
            if tile is None:
                if bare is not None:
                    painter.fillRect(part, bare)
                self._draw_neighbours(painter, key, QRectF(left, top, side, side), part)
            elif tile.image is not None:
                painter.drawImage(part, tile.image, part.translated(-left, -top))

    def draw_scaled(
        self,
        painter: QPainter,
        level: int,
        zoom: float,
        origin_px: tuple[float, float],
        seen: QRect,
        bare: QColor | None = None,
    ) -> None:
        """Draw the screen while the zoom is between levels; `bare` is laid where no tile may cover it."""
        if not self._levels:
            if bare is not None:
                painter.fillRect(seen, bare)
            return
        spots = list(self._spots(level, zoom, origin_px, seen))
        missing = [spot for spot in spots if spot[0] not in self._tiles]
        if missing and self._blank is None:
            # Opaque: what other levels know lies below, and the tiles that are there cover it.
            gap = QRect()
            for _, target in missing:
                gap = gap.united(target)
            gap = gap.intersected(seen)
            if bare is not None:
                painter.fillRect(gap, bare)
            corner = origin_px[0] + gap.left(), origin_px[1] + gap.top()
            painter.save()
            painter.setClipRect(gap, Qt.ClipOperation.IntersectClip)
            painter.translate(gap.topLeft())
            self._draw_below(painter, level, zoom, corner, QRect(QPoint(), gap.size()))
            painter.restore()
        elif missing:
            for key, target in missing:
                self._draw_neighbours(painter, key, QRectF(target), target)
        self._draw_level(painter, spots)

    def _draw_below(
        self, painter: QPainter, level: int, zoom: float, corner: tuple[float, float], gap: QRect
    ) -> None:
        """Fill a gap of a level with the nearest one that knows all of it, else with what the nearest few know."""
        near = []
        for other in self._levels_near(level)[:_MOST_LOOKED_AT]:
            near.append(list(self._spots(other, zoom, corner, gap)))
            if all(key in self._tiles for key, _ in near[-1]):
                near = near[-1:]
                break
        for spots in reversed(near):
            self._draw_level(painter, spots)

    def _spots(
        self, level: int, zoom: float, origin_px: tuple[float, float], seen: QRect
    ) -> Iterator[tuple[TileKey, QRect]]:
        """Every tile of a level that the screen sees at a zoom, and where; edges are rounded alike: no seam opens."""
        side = self.side_px * 2.0 ** (zoom - zoom_of(level))
        covered = QRectF(origin_px[0], origin_px[1], seen.width(), seen.height())
        columns = range(int(covered.left() // side), int(covered.right() // side) + 1)
        rows = range(int(covered.top() // side), int(covered.bottom() // side) + 1)
        lefts = {column: round(column * side - origin_px[0]) for column in (*columns, columns.stop)}
        tops = {row: round(row * side - origin_px[1]) for row in (*rows, rows.stop)}
        for row in rows:
            for column in columns:
                left, top = lefts[column], tops[row]
                yield (
                    (level, column, row),
                    QRect(left, top, lefts[column + 1] - left, tops[row + 1] - top),
                )

    def _draw_level(self, painter: QPainter, spots: Iterable[tuple[TileKey, QRect]]) -> None:
        for key, target in spots:
            tile = self._tiles.get(key)
            if tile is not None and tile.image is not None:
                painter.drawImage(target, tile.image)

    def _levels_near(self, level: int) -> list[int]:
        """Other levels of which something is known, the nearest first."""
        known = (other for other in self._levels if other != level and other <= level + _FINER_LEVELS)
        return sorted(known, key=lambda other: (abs(other - level), level - other))

    def invalidate(self, bounds: Bounds, from_zoom: float = 0.0) -> int:
        """Mark the tiles that these bounds touch as out of date; how many. They are shown until painted anew.

        Tiles below a zoom do not show what has changed.
        """
        return self._age(lambda key: zoom_of(key[0]) >= from_zoom and _overlap(self._bounds_of(key), bounds))

    def invalidate_under(self, boxes: Boxes) -> int:
        """`invalidate` for many bounds in one look at the tiles: left, top, right and bottom, a row each."""
        return self._age(lambda key: _overlap_any(self._bounds_of(key), boxes)) if len(boxes) else 0

    def _age(self, is_touched: Callable[[TileKey], bool]) -> int:
        count = 0
        for key, tile in self._tiles.items():
            if tile.fresh and is_touched(key):
                tile.fresh = False
                count += 1
        if self._job is not None and is_touched(self._job.key):
            self.abandon()
        return count

    def clear(self) -> None:
        """Forget everything: another theme, resolution or district."""
        self.abandon()
        self._tiles.clear()
        self._levels.clear()
        self._wanted.clear()

    def _next_job(self, done: list[TileKey]) -> bool:
        """Take up the next tile; whether there was one. One with nothing on it needs no work."""
        if self._job is not None:
            return True
        if not self._wanted:
            return False
        key = self._wanted.pop()
        if self._left_blank(key, done):
            return True
        self._begin(key)
        return True

    def _left_blank(self, key: TileKey, done: list[TileKey]) -> bool:
        """Keep a tile on which nothing is to be seen without painting it; whether it is one."""
        if self._blank is None or not self._blank(self._bounds_of(key), zoom_of(key[0])):
            return False
        before = self._tiles.get(key)
        if before is not None and before.image is not None:
            done.append(key)
        self._keep(key, None)
        return True

    def _begin(self, key: TileKey) -> None:
        see_through = self._blank is not None
        kind = QImage.Format.Format_ARGB32_Premultiplied if see_through else QImage.Format.Format_RGB32
        image = QImage(self.side_px, self.side_px, kind)
        if see_through:
            image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = zoom_of(key[0])
        px_per_m = self._px_per_m(key[0])
        transform = QTransform.fromTranslate(-key[1] * self.side_px, -key[2] * self.side_px)
        painter.setTransform(transform.scale(px_per_m, px_per_m))
        steps = self._ground.painting(painter, self._bounds_of(key), zoom, px_per_m)
        self._job = _Job(key, image, painter, steps)

    def _carry_on(self, until_s: float) -> bool:
        """Paint on until the time is up; whether the tile is complete."""
        assert self._job is not None
        return all(time.perf_counter() < until_s for _ in self._job.steps)

    def _finish(self) -> TileKey:
        assert self._job is not None
        job, self._job = self._job, None
        job.painter.end()
        see_through = self._blank is not None
        self._keep(job.key, None if see_through and _is_empty(job.image) else job.image)
        self.painted_count += 1
        self._evict()
        return job.key

    def _keep(self, key: TileKey, image: QImage | None) -> None:
        if (before := self._tiles.get(key)) is not None:
            self._count(key, before, -1)
        tile = self._tiles[key] = _Tile(image, fresh=True)
        self._count(key, tile, 1)
        self._tiles.move_to_end(key)

    def abandon(self) -> None:
        """Leave the tile that is being painted: nobody looks, and no painter may outlive the application."""
        if self._job is not None:
            self._job.painter.end()
            self._job = None

    def _evict(self) -> None:
        # What is on the screen is never dropped, or a screen larger than the cap would be painted for ever.
        spare = [key for key in self._tiles if key not in self._seen]
        surplus_bytes = self.bytes - self._cache_bytes
        for key in spare:
            if surplus_bytes <= 0 and len(self._tiles) <= _MOST_TILES:
                break
            tile = self._tiles.pop(key)
            self._count(key, tile, -1)
            if tile.image is not None:
                surplus_bytes -= self._tile_bytes

    def _count(self, key: TileKey, tile: _Tile, step: int) -> None:
        """How many pictures there are by level: where there is none, none is looked for."""
        if tile.image is not None:
            self._levels[key[0]] += step
            if not self._levels[key[0]]:
                del self._levels[key[0]]

    def _draw_neighbours(self, painter: QPainter, key: TileKey, target: QRectF, clip: QRect) -> None:
        """Show what another level knows of a missing tile, the nearest level that covers its middle."""
        levels = self._levels_near(key[0])
        if not levels:
            return
        painter.save()
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        for level in levels:
            if self._draw_from_level(painter, key, level, target):
                break
        painter.restore()

    def _draw_from_level(self, painter: QPainter, key: TileKey, level: int, target: QRectF) -> bool:
        factor = 2.0 ** (zoom_of(level) - zoom_of(key[0]))
        side = self.side_px
        area = QRectF(key[1] * side * factor, key[2] * side * factor, side * factor, side * factor)
        keys = self.keys_under(level, area.toAlignedRect())
        tiles = [(near, self._tiles[near]) for near in keys if near in self._tiles]
        complete = len(tiles) == len(keys)
        if not tiles or (self._blank is not None and not complete):
            # See-through pieces of several levels would lie on each other.
            return False
        scale = target.width() / area.width()
        for near, tile in tiles:
            if tile.image is None:
                continue
            left = target.left() + (near[1] * side - area.left()) * scale
            top = target.top() + (near[2] * side - area.top()) * scale
            painter.drawImage(QRectF(left, top, side * scale, side * scale), tile.image)
        return complete

    def _px_per_m(self, level: int) -> float:
        return 2.0 ** (zoom_of(level) - METRE_ZOOM) * self._dpr

    def _bounds_of(self, key: TileKey) -> Bounds:
        side_m = self.side_px / self._px_per_m(key[0])
        return key[1] * side_m, key[2] * side_m, (key[1] + 1) * side_m, (key[2] + 1) * side_m


def _is_empty(image: QImage) -> bool:
    """Whether nothing was painted: that a drawing comes near a tile does not mean that it touches it."""
    return not np.frombuffer(image.constBits(), dtype=np.uint32).any()


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _overlap_any(one: Bounds, others: Boxes) -> bool:
    left, top, right, bottom = others.T
    return bool(((one[0] < right) & (one[2] > left) & (one[1] < bottom) & (one[3] > top)).any())
