"""Owns a look at the bounds of a geometry while it is still hexadecimal WKB. Must not parse more than it needs.

Most of a city lies beyond a district: what is far is dropped here for a tenth of what parsing it would cost.
"""

from __future__ import annotations

import struct

Bounds = tuple[float, float, float, float]

_POINTS_OF_LINE = 5
_POINTS_OF_FIRST_RING = 18
_ONE_PART = b"\x01\x00\x00\x00"


def is_near(wkb: str, bounds: Bounds) -> bool:
    """Whether the box around a LineString or a MultiPolygon (little-endian) touches `bounds`, west south east north.

    A MultiPolygon of several parts counts as near.
    """
    raw = bytes.fromhex(wkb)
    start = _POINTS_OF_LINE
    if raw[1] != 2:
        if raw[5:9] != _ONE_PART:
            return True
        start = _POINTS_OF_FIRST_RING
    count = int(struct.unpack_from("<I", raw, start)[0])
    numbers: tuple[float, ...] = struct.unpack_from(f"<{2 * count}d", raw, start + 4)
    west, south, east, north = bounds
    lons, lats = numbers[0::2], numbers[1::2]
    return max(lons) >= west and min(lons) <= east and max(lats) >= south and min(lats) <= north
