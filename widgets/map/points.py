"""Owns how one layer of points gets on the screen: rounded positions, what changed since the last frame, the batch.

Must not know marks beyond the sprite that a caller gives for each look. Positions are device pixels. In a crowd, a
symbol that lies all but under others is left out: it could not be seen, and thousands would be paid for every frame.
"""

import time
from collections.abc import Callable
from typing import Generic

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from widgets.map.dirty import DirtyCells
from widgets.map.fragments import FragmentBatch
from widgets.map.near import NearSlots
from widgets.map.point_layer import M, PointLayer, Slots
from widgets.map.sprites import SpriteSheet

Column = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int32]
State = tuple[Slots, Column, Boxes]

NO_BOXES: Boxes = np.zeros((0, 4), dtype=np.int32)
_NO_SLOTS: Slots = np.zeros(0, dtype=np.int64)
_REACH_PX = 64
_CROWD = 500
_MOST_SYMBOLS = 900
_APART_PX = (8, 12, 18, 27, 40, 54)
_UNKNOWN = -1


class PointPainter(Generic[M]):
    """Draws a layer with a sheet.

    `rank_of` orders symbols that cover each other: the highest is drawn last. A `still` layer's points do not move, so
    that only what changed is looked at; `among` leaves out what is shown otherwise. `complete` is False while sprites
    are missing; what lacks one comes later.
    """

    def __init__(
        self,
        layer: PointLayer[M],
        sheet: SpriteSheet,
        sprite_of: Callable[[M], int],
        rank_of: Callable[[M], int] | None = None,
        *,
        still: bool = False,
        among: Callable[[Slots], Slots] | None = None,
    ) -> None:
        self.layer = layer
        self.near = NearSlots(layer) if still else None
        self.complete = True
        self.opacity = 1.0
        self._apart = 0
        self._crowded = False
        self._sheet = sheet
        self._sprite_of = sprite_of
        self._rank_of = rank_of
        self._among = among
        self._batch = FragmentBatch()
        self._stand(_NO_SLOTS, NO_BOXES[:, 0], NO_BOXES[:, 0], NO_BOXES[:, 0])
        self.forget_sprites()

    @property
    def crowded(self) -> bool:
        """Whether only some of those that are on the screen are drawn."""
        return self._crowded

    def forget_sprites(self) -> None:
        """Ask for every symbol again: another theme, scale or resolution."""
        self._generation = self._sheet.generation
        self._sprite_of_look: Column = np.full(0, _UNKNOWN, dtype=np.int32)
        self._rank_of_look: Column = np.zeros(0, dtype=np.int32)

    def prepare(
        self,
        scale: float,
        origin_px: tuple[int, int],
        size_px: tuple[int, int],
        until_s: float,
        *,
        shown: bool = True,
        chosen: int | None = None,
    ) -> None:
        """Place every symbol that is on a screen of this size; `scale` is device pixels a metre.

        New sprites are painted until then (seconds of the performance counter). The slot that is `chosen` lies on top.
        """
        self.complete = True
        if not shown or not self.layer.visible or not len(self.layer):
            self._stand(_NO_SLOTS, NO_BOXES[:, 0], NO_BOXES[:, 0], NO_BOXES[:, 0])
            return
        slots = self._candidates(scale, origin_px, size_px)
        slots = slots if self._among is None else self._among(slots)
        x_px = np.rint(self.layer.x_m[slots] * scale).astype(np.int32)
        y_px = np.rint(self.layer.y_m[slots] * scale).astype(np.int32)
        left, top = x_px - origin_px[0], y_px - origin_px[1]
        seen = (left > -_REACH_PX) & (left < size_px[0] + _REACH_PX)
        seen &= (top > -_REACH_PX) & (top < size_px[1] + _REACH_PX)
        sprites = self._sprites_of(self.layer.look[slots[seen]], until_s)
        kept = np.flatnonzero(seen)[sprites >= 0]
        ranks = self._ranks_of(slots[kept], chosen)
        self._crowded = len(kept) > _CROWD
        if self._crowded:
            crowd = kept, x_px[kept], y_px[kept], ranks
            kept, ranks, self._apart = _outstanding(*crowd, max(0, self._apart - 1))
        kept = kept[np.argsort(ranks, kind="stable")]
        slots = slots[kept]
        sprites = self._sprite_of_look[self.layer.look[slots]]
        self._stand(slots, left[kept], top[kept], sprites)

    def changes(self, old: State) -> Boxes:
        """The boxes that must be painted anew against a state kept by `state()` before `prepare`."""
        slots, sprites, boxes = old
        if slots.shape == self.slots.shape and bool((slots == self.slots).all()):
            moved = (boxes != self._boxes).any(axis=1) | (sprites != self._sprites)
            return np.concatenate([boxes[moved], self._boxes[moved]])
        _, before, after = np.intersect1d(slots, self.slots, assume_unique=True, return_indices=True)
        same = (boxes[before] == self._boxes[after]).all(axis=1) & (sprites[before] == self._sprites[after])
        gone, come = np.ones(len(slots), dtype=bool), np.ones(len(self.slots), dtype=bool)
        gone[before[same]] = come[after[same]] = False
        return np.concatenate([boxes[gone], self._boxes[come]])

    def state(self) -> State:
        return self.slots, self._sprites, self._boxes

    def boxes(self) -> Boxes:
        """(n, 4) left, top, width, height of every symbol on the screen, in step with `slots`."""
        return self._boxes

    def draw(self, painter: QPainter, cells: DirtyCells) -> None:
        """Draw the symbols that touch dirty cells; the painter stands in device pixels."""
        if not len(self._boxes) or self._generation != self._sheet.generation:
            return
        boxes, sprites = self._boxes, self._sprites
        if not cells.whole:
            seen = cells.touched(boxes)
            boxes, sprites = boxes[seen], sprites[seen]
        sources = self._sheet.sources[sprites]
        self._batch.draw(painter, self._sheet.pixmap, boxes[:, 0], boxes[:, 1], sources, self.opacity)

    def _candidates(self, scale: float, origin_px: tuple[int, int], size_px: tuple[int, int]) -> Slots:
        if self.near is None:
            return np.flatnonzero(self.layer.alive)
        left, top = (origin_px[0] - _REACH_PX) / scale, (origin_px[1] - _REACH_PX) / scale
        width, height = (size_px[0] + 2 * _REACH_PX) / scale, (size_px[1] + 2 * _REACH_PX) / scale
        return self.near.of((left, top, left + width, top + height))

    def _stand(self, slots: Slots, x_px: Column, y_px: Column, sprites: Column) -> None:
        self.slots, self.x_px, self.y_px, self._sprites = slots, x_px, y_px, sprites
        if not len(slots):
            self._boxes = NO_BOXES
            return
        corner = np.stack([x_px, y_px], axis=1) - self._sheet.anchors[sprites]
        self._boxes = np.concatenate([corner, self._sheet.sources[sprites][:, 2:]], axis=1)

    def _sprites_of(self, looks: Column, until_s: float) -> Column:
        """Sprite numbers of looks, of which a few new ones may be painted now; -1 for what must wait."""
        if self._generation != self._sheet.generation:
            self.forget_sprites()
        missing = len(self.layer.looks) - len(self._sprite_of_look)
        if missing:
            self._sprite_of_look = np.concatenate(
                [self._sprite_of_look, np.full(missing, _UNKNOWN, dtype=np.int32)]
            )
        found = self._sprite_of_look[looks]
        if not bool((found < 0).any()):
            return found
        waiting = np.unique(looks[found < 0]).tolist()
        while waiting and time.perf_counter() < until_s:
            look = waiting.pop()
            self._sprite_of_look[look] = self._sprite_of(self.layer.looks[look])
        self.complete = not waiting
        if self._generation != self._sheet.generation:
            # Painting has begun the sheet anew: nothing that was found still stands.
            self._sprite_of_look[:] = _UNKNOWN
            self.complete = False
        return self._sprite_of_look[looks]

    def _ranks_of(self, slots: Slots, chosen: int | None) -> Column:
        if self._rank_of is None:
            return np.zeros(len(slots), dtype=np.int32)
        new = self.layer.looks[len(self._rank_of_look) :]
        if new:
            ranks = np.array([self._rank_of(mark) for mark in new], dtype=np.int32)
            self._rank_of_look = np.concatenate([self._rank_of_look, ranks])
        ranks = self._rank_of_look[self.layer.look[slots]]
        if chosen is not None:
            ranks[slots == chosen] = int(self._rank_of_look.max()) + 1
        return ranks


def _outstanding(
    kept: Slots, x_px: Column, y_px: Column, ranks: Column, first: int
) -> tuple[Slots, Column, int]:
    """One of a crowd a cell of the plane, the highest rank; wider cells until few enough stand out.

    `first` is the width to begin with, the one before that of the last frame: a crowd changes little between two.
    """
    for last in range(first, len(_APART_PX)):
        apart_px = _APART_PX[last]
        column, row = x_px // apart_px, y_px // apart_px
        column, row = column - column.min(), row - row.min()
        cell = row * (int(column.max()) + 1) + column
        top = np.full(int(cell.max()) + 1, -1, dtype=np.int64)
        for rank in range(int(ranks.min()), int(ranks.max()) + 1):
            # Of equals the first stays: later ones must not make the picture flicker.
            equal = np.flatnonzero(ranks == rank)[::-1]
            top[cell[equal]] = equal
        standing = np.sort(top[top >= 0])
        kept, ranks, x_px, y_px = kept[standing], ranks[standing], x_px[standing], y_px[standing]
        if len(kept) <= _MOST_SYMBOLS:
            break
    return kept, ranks, last
