"""Owns what is laid between the ground and the symbols: which drawing lies on which, and the pictures of each.

Must not know what a drawing shows. Every drawing has tiles of its own, so that a pan costs a copy, a change repaints
what it touches, in slices, and an opacity or another order repaints nothing.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from widgets.map.layers import LayerStack
from widgets.map.placement import Placement
from widgets.map.tiles import TileCache, TileKey
from widgets.map.view import Bounds

EVERYWHERE: Bounds = (-math.inf, -math.inf, math.inf, math.inf)
_CACHE_BYTES = 6 * 1024 * 1024
_SIDE_PX = 128  # the smaller a tile, the more of them hold nothing


class Drawing(Protocol):
    """One overlay in metres. `every_s` is how often at most what changed by itself is painted anew."""

    name: str
    every_s: float

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]: ...
    def is_blank(self, bounds: Bounds, zoom: float) -> bool: ...
    def take_changes(self) -> list[Bounds]:
        """Where it has changed since this was asked last."""
        ...

    @property
    def has_changes(self) -> bool: ...


class Overlays:
    """The drawings of one map, kept as tiles at one resolution."""

    def __init__(self, drawings: Iterable[Drawing], stack: LayerStack, dpr: float) -> None:
        self._drawings = {drawing.name: drawing for drawing in drawings}
        self._stack = stack
        self._tiles: dict[str, TileCache] = {}
        self._next_s: dict[str, float] = {}
        self.renew(dpr)

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution."""
        for tiles in self._tiles.values():
            tiles.clear()
        self.side_px = round(_SIDE_PX * dpr)
        self._tiles = {
            name: TileCache(drawing, dpr, _CACHE_BYTES, drawing.is_blank, _SIDE_PX)
            for name, drawing in self._drawings.items()
        }

    @property
    def pending(self) -> bool:
        return any(tiles.pending for tiles in self._seen())

    @property
    def bytes(self) -> int:
        return sum(tiles.bytes for tiles in self._tiles.values())

    @property
    def next_s(self) -> float:
        """When what changed by itself wants to be painted; infinity for never. Seconds of a monotonic clock."""
        waiting = (self._next_s.get(name, 0.0) for name in self._names() if self._drawings[name].has_changes)
        return min(waiting, default=math.inf)

    def bring_up(self, now_s: float) -> None:
        """Make the tiles out of date under what changed by itself, when it is time."""
        for name in self._names():
            drawing = self._drawings[name]
            if drawing.has_changes and now_s >= self._next_s.get(name, 0.0):
                for bounds in drawing.take_changes():
                    self._tiles[name].invalidate(bounds)
                self._next_s[name] = now_s + drawing.every_s

    def repaint(self, name: str) -> None:
        """Paint all of one overlay anew: it shows something else now."""
        self._drawings[name].take_changes()
        self._tiles[name].invalidate(EVERYWHERE)

    def want(self, level: int, seen_px: QRect) -> None:
        """Ask for the tiles of what is shown; what is switched off is forgotten."""
        shown = set(self._names())
        for name, tiles in self._tiles.items():
            if name in shown:
                tiles.want(level, seen_px)
            elif tiles.fresh_keys() or tiles.pending:
                tiles.clear()

    def work(self, until_s: float) -> list[TileKey]:
        """Paint until then (seconds of the performance counter); the tiles that became ready."""
        done: list[TileKey] = []
        for tiles in self._seen():
            if tiles.pending:
                done += tiles.work(until_s - time.perf_counter())
            if time.perf_counter() >= until_s:
                break
        return done

    def abandon(self) -> None:
        """Nobody looks: leave what is being painted."""
        self._each(TileCache.abandon)

    def clear(self) -> None:
        self._each(TileCache.clear)

    def draw(self, painter: QPainter, at: Placement, level: int, clips: list[QRect]) -> None:
        """Draw rectangles of the screen at rest, device pixels."""
        for name in self._names():
            painter.setOpacity(self._stack.opacity(name))
            for clip in clips:
                self._tiles[name].draw(painter, level, at.origin_px, clip)
        painter.setOpacity(1.0)

    def draw_scaled(self, painter: QPainter, at: Placement, level: int, screen: QRect) -> None:
        """Draw the screen while the zoom is between levels."""
        for name in self._names():
            painter.setOpacity(self._stack.opacity(name))
            self._tiles[name].draw_scaled(painter, level, at.zoom, at.origin_px, screen)
        painter.setOpacity(1.0)

    def _names(self) -> list[str]:
        return [name for name in self._stack.order if name in self._drawings and self._stack.visible(name)]

    def _seen(self) -> list[TileCache]:
        return [self._tiles[name] for name in self._names()]

    def _each(self, act: Callable[[TileCache], None]) -> None:
        for tiles in self._tiles.values():
            act(tiles)
