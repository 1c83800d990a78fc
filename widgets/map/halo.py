"""Owns the soft edge round what is painted on a label: its shape grown by a disc. Must not know text or sprites.

Growing the painted pixels costs a tenth of stroking the outlines of Chinese text, and fits any ink: text, dots, turned
letters.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage, QPainter

Mask = npt.NDArray[np.uint8]

_ALPHA = 3
_FIRMNESS = 1.7  # thin strokes are never quite opaque; their edge is meant to be


def add_halo(image: QImage, radius_px: float, color: QColor) -> None:
    """Lay an edge under what an ARGB32_Premultiplied image shows; the colour's alpha is that of the edge."""
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, image.bytesPerLine() // 4, 4)
    edge = _tints(color.rgba()).take(grown(pixels[:, :width, _ALPHA], radius_px))
    under = QImage(edge.data, width, height, edge.strides[0], QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    painter.drawImage(0, 0, under)
    painter.end()


def grown(mask: Mask, radius_px: float) -> Mask:
    """Every pixel as opaque as the most opaque one within the radius, (h, w); the rim of the disc is softened."""
    reach, (height, width) = math.ceil(radius_px), mask.shape
    padded = np.zeros((height + 2 * reach, width + 2 * reach), dtype=np.uint8)
    padded[reach : reach + height, reach : reach + width] = _faded(_FIRMNESS).take(mask)
    result = np.zeros((height, width), dtype=np.uint8)
    for weight, steps in _disc(radius_px):
        layer = padded if weight == 1.0 else _faded(weight).take(padded)
        for dx, dy in steps:
            window = layer[reach + dy : reach + dy + height, reach + dx : reach + dx + width]
            np.maximum(result, window, out=result)
    return result


@lru_cache(maxsize=8)
def _tints(rgba: int) -> npt.NDArray[np.uint32]:
    """(256,) pixels of a colour, premultiplied, by how opaque the shape is there."""
    color = QColor.fromRgba(rgba)
    alpha = np.arange(256, dtype=np.uint32) * color.alpha() // 255
    channels = (255, 24), (color.red(), 16), (color.green(), 8), (color.blue(), 0)
    return np.bitwise_or.reduce([alpha * value // 255 << shift for value, shift in channels])


@lru_cache(maxsize=32)
def _faded(weight: float) -> npt.NDArray[np.uint8]:
    """(256,) of each opacity times a weight."""
    return np.minimum(np.arange(256, dtype=np.uint8) * np.float32(weight), 255).astype(np.uint8)


@lru_cache(maxsize=8)
def _disc(radius_px: float) -> list[tuple[float, list[tuple[int, int]]]]:
    """Steps (dx, dy) within a disc by how much of them lies in it, 0..1."""
    reach = math.ceil(radius_px)
    by_weight: dict[float, list[tuple[int, int]]] = {}
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            weight = round(min(1.0, radius_px + 0.5 - math.hypot(dx, dy)), 2)
            if weight > 0:
                by_weight.setdefault(weight, []).append((dx, dy))
    return list(by_weight.items())
