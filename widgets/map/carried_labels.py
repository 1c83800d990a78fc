"""Owns where standing labels go while the zoom is on its way: with what they name, until a plan is worth making.

A plan holds for one scale. During a pinch or a glide every frame has another, and a map without names is worse than one
whose names are those of a moment ago. Must not decide who is named or draw.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from widgets.map.labels import Label

Boxes = npt.NDArray[np.int32]
Anchor = Callable[[Label], tuple[float, float] | None]
"""Metres x, y of what a label stands beside; None for one that stands on its own place."""

LEAST, MOST = 0.6, 1.7
"""Scales against that of the plan within which its labels are still the right ones."""


class CarriedLabels:
    """Labels as offsets, in pixels, from points of the plane, in metres; the first come first where room is short."""

    def __init__(self, labels: Sequence[Label], scale: float, anchor: Anchor) -> None:
        boxes = np.array([(b.left_px, b.top_px, b.width_px, b.height_px) for b in labels], dtype=np.float64)
        boxes = boxes.reshape(-1, 4)
        middle_m = (boxes[:, :2] + boxes[:, 2:] / 2) / scale
        anchors = [anchor(label) for label in labels]
        self._anchor_m = np.array(
            [
                own if own is not None else middle
                for own, middle in zip(anchors, middle_m.tolist(), strict=True)
            ],
            dtype=np.float64,
        ).reshape(-1, 2)
        self._offset_px = boxes[:, :2] - self._anchor_m * scale
        self._size_px = boxes[:, 2:]
        self._scale = scale

    def at(self, scale: float) -> tuple[Boxes, npt.NDArray[np.bool_]]:
        """(n, 4) boxes on the plane at another scale, and which of them may be shown: none over one before it."""
        corners = np.rint(self._anchor_m * scale + self._offset_px)
        boxes = np.concatenate([corners, self._size_px], axis=1).astype(np.int32)
        shown = np.ones(len(boxes), dtype=bool)
        if scale < self._scale:
            _give_way(boxes, shown)
        return boxes, shown


def _give_way(boxes: Boxes, shown: npt.NDArray[np.bool_]) -> None:
    """Zooming out brings labels together: of two that meet the later one goes."""
    for earlier, later in _meeting(boxes):
        if shown[earlier]:
            shown[later] = False


def _meeting(boxes: Boxes) -> list[tuple[int, int]]:
    """Pairs of boxes that overlap, in the order of the later of each. From left to right few come into question."""
    order = np.argsort(boxes[:, 0], kind="stable")
    left, top, width, height = boxes[order].T
    right, bottom = left + width, top + height
    own = np.arange(len(order))
    counts = np.searchsorted(left, right) - own - 1
    one = np.repeat(own, counts)
    other = np.arange(len(one)) - np.repeat(counts.cumsum() - counts, counts) + one + 1
    meet = (top[one] < bottom[other]) & (top[other] < bottom[one])
    pairs = np.sort(np.column_stack([order[one[meet]], order[other[meet]]]), axis=1).tolist()
    return sorted(((earlier, later) for earlier, later in pairs), key=itemgetter(1))
