"""Owns how one layer of points gets on the screen: rounded positions, what changed since the last frame, the batch.

Must not know marks beyond the sprite that a caller gives for each. Positions are device pixels.
"""

from collections.abc import Callable
from typing import Generic

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from widgets.map.dirty import DirtyCells
from widgets.map.fragments import FragmentBatch
from widgets.map.scene import M, PointLayer
from widgets.map.sprites import SpriteSheet

Boxes = npt.NDArray[np.int32]
NO_BOXES: Boxes = np.zeros((0, 4), dtype=np.int32)


class PointPainter(Generic[M]):
    """Draws a layer with a sheet. `rank_of` orders symbols that cover each other: the highest is drawn last."""

    def __init__(
        self,
        layer: PointLayer[M],
        sheet: SpriteSheet,
        sprite_of: Callable[[M], int],
        rank_of: Callable[[M], int] | None = None,
    ) -> None:
        self.layer = layer
        self._sheet = sheet
        self._sprite_of = sprite_of
        self._rank_of = rank_of
        self._generation = -1
        self._batch = FragmentBatch()
        self.slots = np.zeros(0, dtype=np.int64)
        self.x_px = np.zeros(0, dtype=np.int32)
        self.y_px = np.zeros(0, dtype=np.int32)
        self._boxes = NO_BOXES
        self._sprites = np.zeros(0, dtype=np.int32)

    def prepare(
        self, scale: float, origin_px: tuple[int, int], size_px: tuple[int, int], *, shown: bool = True
    ) -> None:
        """Place every symbol that is on a screen of this size; `scale` is device pixels a metre."""
        if not shown or not self.layer.visible or not len(self.layer):
            self._stand(np.zeros(0, dtype=np.int64), NO_BOXES[:, 0], NO_BOXES[:, 0])
            return
        slots = np.flatnonzero(self.layer.alive)
        x_px = np.rint(self.layer.x_m[slots] * scale).astype(np.int32) - origin_px[0]
        y_px = np.rint(self.layer.y_m[slots] * scale).astype(np.int32) - origin_px[1]
        reach = 64
        seen = (x_px > -reach) & (x_px < size_px[0] + reach) & (y_px > -reach) & (y_px < size_px[1] + reach)
        self._stand(*self._ordered(slots[seen], x_px[seen], y_px[seen]))

    def changes(self, old: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Boxes]) -> Boxes:
        """The boxes that must be painted anew against a state kept by `state()` before `prepare`."""
        old_slots, old_sprites, old_boxes = old
        if old_slots.shape == self.slots.shape and bool((old_slots == self.slots).all()):
            moved = (old_boxes != self._boxes).any(axis=1) | (old_sprites != self._sprites)
            return np.concatenate([old_boxes[moved], self._boxes[moved]])
        return self._changes_by_slot(old_slots, old_sprites, old_boxes)

    def state(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Boxes]:
        return self.slots, self._sprites, self._boxes

    def boxes(self) -> Boxes:
        """(n, 4) left, top, width, height of every symbol on the screen, in step with `slots`."""
        return self._boxes

    def draw(self, painter: QPainter, cells: DirtyCells) -> None:
        """Draw the symbols that touch dirty cells; the painter stands in device pixels."""
        if not len(self._boxes):
            return
        seen = cells.touched(self._boxes)
        boxes, sprites = self._boxes[seen], self._sprites[seen]
        self._batch.draw(painter, self._sheet.pixmap, boxes[:, 0], boxes[:, 1], self._sheet.sources[sprites])

    def _stand(
        self, slots: npt.NDArray[np.int64], x_px: npt.NDArray[np.int32], y_px: npt.NDArray[np.int32]
    ) -> None:
        self.slots, self.x_px, self.y_px = slots, x_px, y_px
        self._sprites = self._sprites_of(slots)
        if not len(slots):
            self._boxes = NO_BOXES
            return
        corner = np.stack([x_px, y_px], axis=1) - self._sheet.anchors[self._sprites]
        self._boxes = np.concatenate([corner, self._sheet.sources[self._sprites][:, 2:]], axis=1)

    def _sprites_of(self, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        # Painting a sprite may begin the sheet anew, which voids the numbers found so far: once more, then.
        for _ in range(2):
            if self._generation != self._sheet.generation:
                self.layer.forget_sprites()
                self._generation = self._sheet.generation
            for slot in slots[self.layer.sprite[slots] < 0].tolist():
                mark = self.layer.marks[slot]
                if mark is not None:
                    self.layer.sprite[slot] = self._sprite_of(mark)
            if self._generation == self._sheet.generation:
                break
        return self.layer.sprite[slots]

    def _ordered(
        self, slots: npt.NDArray[np.int64], x_px: npt.NDArray[np.int32], y_px: npt.NDArray[np.int32]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        if self._rank_of is None or len(slots) < 2:
            return slots, x_px, y_px
        marks = [self.layer.marks[slot] for slot in slots.tolist()]
        ranks = [self._rank_of(mark) if mark is not None else 0 for mark in marks]
        order = np.argsort(ranks, kind="stable")
        return slots[order], x_px[order], y_px[order]

    def _changes_by_slot(
        self, old_slots: npt.NDArray[np.int64], old_sprites: npt.NDArray[np.int32], old_boxes: Boxes
    ) -> Boxes:
        before = {slot: index for index, slot in enumerate(old_slots.tolist())}
        gone = np.ones(len(old_slots), dtype=bool)
        moved = np.ones(len(self.slots), dtype=bool)
        for index, slot in enumerate(self.slots.tolist()):
            was = before.get(slot)
            if was is not None:
                same = bool((old_boxes[was] == self._boxes[index]).all())
                gone[was] = moved[index] = not same or old_sprites[was] != self._sprites[index]
        return np.concatenate([old_boxes[gone], self._boxes[moved]])
