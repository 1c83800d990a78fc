"""Burned-in time: digits of seven segments, as recorders of the trade write them into the picture.

Owns the shapes. Must not know what time it is.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.media.frames import Picture

Mask = npt.NDArray[np.bool_]

_SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", "-": "g",
}  # fmt: skip
INK = 235
EDGE = 20


def burn_in(picture: Picture, text: str, left_px: int, top_px: int, height_px: int) -> None:
    """Writes digits, ':' , '-' and blanks in light ink with a dark edge; what does not fit is cut off."""
    for char in text:
        ink, edge = _glyph(char, height_px)
        room = picture[top_px : top_px + ink.shape[0], left_px : left_px + ink.shape[1], :3]
        if room.shape[:2] != ink.shape:
            return
        room[edge] = EDGE
        room[ink] = INK
        left_px += ink.shape[1]


def text_width_px(text: str, height_px: int) -> int:
    return sum(_glyph(char, height_px)[0].shape[1] for char in text)


@lru_cache(maxsize=128)
def _glyph(char: str, height_px: int) -> tuple[Mask, Mask]:
    """(ink, edge) of one character, one pixel larger than the digit on every side."""
    stroke = max(1, round(height_px / 7))
    width = max(3, round(height_px * 0.55)) if char not in ":. " else max(1, stroke)
    body = np.zeros((height_px, width), dtype=bool)
    if char == ":":
        for middle in (height_px // 3, 2 * height_px // 3):
            body[middle : middle + stroke, :] = True
    for segment in _SEGMENTS.get(char, ""):
        _draw_segment(body, segment, stroke)
    ink = np.pad(body, ((1, 1), (1, 2)))
    edge = ink.copy()
    edge[1:] |= ink[:-1]
    edge[:-1] |= ink[1:]
    edge[:, 1:] |= ink[:, :-1]
    edge[:, :-1] |= ink[:, 1:]
    return ink, edge & ~ink


def _draw_segment(body: Mask, segment: str, stroke: int) -> None:
    height, middle = body.shape[0], body.shape[0] // 2
    rows, columns = {
        "a": (slice(0, stroke), slice(None)),
        "g": (slice(middle - stroke // 2, middle - stroke // 2 + stroke), slice(None)),
        "d": (slice(height - stroke, height), slice(None)),
        "f": (slice(0, middle + 1), slice(0, stroke)),
        "b": (slice(0, middle + 1), slice(-stroke, None)),
        "e": (slice(middle, height), slice(0, stroke)),
        "c": (slice(middle, height), slice(-stroke, None)),
    }[segment]
    body[rows, columns] = True
