"""Owns on which side of its symbol a label stands. Must not decide who is named.

A side is taken when all of it is free and, for a symbol on the screen, on the screen too. The side on which the label
stood before comes first: a text does not hop without need.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from widgets.map.labels import Boxes, Label, LabelSprites, Occupancy
from widgets.style import tokens

Box = tuple[int, int, int, int]
"""left, top, width, height in pixels of the plane."""
ALONG = "along"
"""The side of a name that runs along its road: it goes on beyond the edge as the road does."""

BELOW_FIRST = ("under", "right", "left", "over", "right_low", "left_low", "right_high", "left_high")
RIGHT_FIRST = ("right", "left", "right_low", "right_high", "left_low", "left_high", "under", "over")
_SLANT = 0.8
"""How far a slanted side lies off the middle, in heights of the label."""


def corner(side: str, point_px: tuple[int, int], size_px: tuple[int, int], gap_px: int) -> tuple[int, int]:
    """The top left corner of a label on one side of a point."""
    (x_px, y_px), (width, height) = point_px, size_px
    if side in ("under", "over"):
        return x_px - width // 2, y_px + gap_px if side == "under" else y_px - gap_px - height
    across = x_px + gap_px if side.startswith("right") else x_px - gap_px - width
    slant = round(height * _SLANT) * (side.endswith("low") - side.endswith("high"))
    return across, y_px - height // 2 + slant


class Sides:
    """Sets labels beside points; `seen` is the screen for which it is done, None where there is no edge."""

    def __init__(self, sprites: LabelSprites, seen: Box | None) -> None:
        self._sprites = sprites
        self._seen = seen

    def set(
        self,
        text_role: tuple[str, str],
        point_px: tuple[int, int],
        away: float,
        occupied: Occupancy,
        sides: Sequence[str],
        *,
        layer: str = "",
        key: str = "",
    ) -> Label | None:
        """A label so many pixels (at text scale 1) away from its point, its cells taken; None without room."""
        size = self._sprites.text_size(*text_role)
        gap = round(tokens().px(away) * self._sprites.dpr)
        for side, left, top in self._tried(sides, point_px, size, gap):
            if occupied.take(left, top, *size):
                return Label(
                    self._sprites.text(*text_role), left, top, *size, layer=layer, key=key, side=side
                )
        return None

    def _tried(
        self, sides: Sequence[str], point_px: tuple[int, int], size: tuple[int, int], gap_px: int
    ) -> Iterator[tuple[str, int, int]]:
        places = [(side, *corner(side, point_px, size, gap_px)) for side in sides]
        if self._seen is not None and encloses(self._seen, (*point_px, 0, 0)):
            places = [place for place in places if encloses(self._seen, (*place[1:], *size))]
        yield from places


def encloses(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def is_cut(box: Box, seen: Box) -> bool:
    """Whether a label lies partly on the screen and partly beyond its edge."""
    apart = (
        box[0] >= seen[0] + seen[2]
        or box[1] >= seen[1] + seen[3]
        or box[0] + box[2] <= seen[0]
        or box[1] + box[3] <= seen[1]
    )
    return not apart and not encloses(seen, box)


def whole(boxes: Boxes, seen: Box) -> npt.NDArray[np.bool_]:
    """Which of many boxes, (n, 4), the edge of the screen does not cut."""
    (x, y, width, height), left, top = seen, boxes[:, 0], boxes[:, 1]
    right, bottom = left + boxes[:, 2], top + boxes[:, 3]
    cut = (_spans(left, right, x) | _spans(left, right, x + width)) & (bottom > y) & (top < y + height)
    cut |= (_spans(top, bottom, y) | _spans(top, bottom, y + height)) & (right > x) & (left < x + width)
    return ~cut


def _spans(low: npt.NDArray[np.int32], high: npt.NDArray[np.int32], edge: int) -> npt.NDArray[np.bool_]:
    return (low < edge) & (high > edge)
