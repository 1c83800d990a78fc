"""Owns whether a place lies in a camera's field of view. Must not know houses: what stands between is not asked."""

from __future__ import annotations

import math
from typing import Protocol

_METRES_PER_DEGREE = 111_320.0
_AT_ITS_FOOT_M = 2.0


class Looking(Protocol):
    """A camera's place (WGS-84) and view; the field of view is centred on the bearing, clockwise from north."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def bearing_deg(self) -> float: ...
    @property
    def fov_deg(self) -> float: ...
    @property
    def range_m(self) -> float: ...


def distance_m(camera: Looking, lat: float, lon: float) -> float:
    """Metres from a camera to a place of the same district."""
    return math.hypot(*_offset_m(camera, lat, lon))


def sees(camera: Looking, lat: float, lon: float) -> bool:
    """Whether a place is in its range and in its field of view; what stands at its foot counts as seen."""
    east_m, north_m = _offset_m(camera, lat, lon)
    away_m = math.hypot(east_m, north_m)
    if away_m > camera.range_m:
        return False
    turn_deg = math.degrees(math.atan2(east_m, north_m)) - camera.bearing_deg
    return away_m <= _AT_ITS_FOOT_M or abs((turn_deg + 180.0) % 360.0 - 180.0) <= camera.fov_deg / 2


def _offset_m(camera: Looking, lat: float, lon: float) -> tuple[float, float]:
    east_m = (lon - camera.lon) * math.cos(math.radians(lat)) * _METRES_PER_DEGREE
    return east_m, (lat - camera.lat) * _METRES_PER_DEGREE
