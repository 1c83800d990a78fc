"""Owns coordinate systems, distances and the local plane. Must not know what stands at a coordinate.

Latitude comes before longitude in every signature here; degrees, metres and degrees clockwise from north throughout.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Number = float | Floats

EARTH_RADIUS_M = 6_371_008.8

# WGS-84
_MAJOR_AXIS_M = 6_378_137.0
_ECCENTRICITY_2 = 0.00669437999014

# The obfuscated Chinese system is defined over the Krassovsky ellipsoid, BD-09 over a sphere-like swirl of its own.
_KRASSOVSKY_AXIS_M = 6_378_245.0
_KRASSOVSKY_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_TURN = math.pi * 3000.0 / 180.0


@overload
def to_wgs84(lat: float, lon: float, crs: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lat: Floats, lon: Floats, crs: str) -> tuple[Floats, Floats]: ...
def to_wgs84(lat: Number, lon: Number, crs: str) -> tuple[Number, Number]:
    """A position given in `crs` as WGS-84 (lat, lon); inverse shifts are solved to well under 0.5 m.

    Scalars, or arrays of one shape. `crs` is one of wgs84, cgcs2000, gcj02, bd09. Raises ValueError that names any
    other.
    """
    return _transform(_TO_WGS84, crs)(lat, lon)


@overload
def from_wgs84(lat: float, lon: float, crs: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lat: Floats, lon: Floats, crs: str) -> tuple[Floats, Floats]: ...
def from_wgs84(lat: Number, lon: Number, crs: str) -> tuple[Number, Number]:
    """A WGS-84 position as (lat, lon) in `crs`, scalars or arrays of one shape.

    Raises ValueError that names an unknown one.
    """
    return _transform(_FROM_WGS84, crs)(lat, lon)


def in_china(lat: Any, lon: Any) -> Any:
    """Whether the Chinese shift applies at all; outside this box GCJ-02 equals WGS-84 by definition.

    A bool of scalars, an array of bool of arrays.
    """
    return (lat >= 0.8293) & (lat <= 55.8271) & (lon >= 72.004) & (lon <= 137.8347)


def _transform(transforms: Mapping[str, "_Transform"], crs: str) -> "_Transform":
    try:
        return transforms[crs.lower()]
    except KeyError:
        raise ValueError(f"unknown crs {crs!r}: one of {', '.join(transforms)}") from None


def _same(lat: Number, lon: Number) -> tuple[Number, Number]:
    return lat, lon


def _wgs84_to_gcj02(lat: Number, lon: Number) -> tuple[Number, Number]:
    if isinstance(lat, np.ndarray):
        inside = in_china(lat, lon)
        there_lat, there_lon = _obfuscated(lat, lon, _OF_ARRAYS)
        return np.where(inside, there_lat, lat), np.where(inside, there_lon, lon)
    return _obfuscated(lat, lon, _OF_SCALARS) if in_china(lat, lon) else (lat, lon)


def _obfuscated(lat: Any, lon: Any, m: "_Functions") -> tuple[Any, Any]:
    north, east = _shift(lon - 105.0, lat - 35.0, m)
    phi = lat * (math.pi / 180)
    magic = 1 - _KRASSOVSKY_ECCENTRICITY_2 * m.sin(phi) ** 2
    meridian_m = _KRASSOVSKY_AXIS_M * (1 - _KRASSOVSKY_ECCENTRICITY_2) / magic**1.5
    parallel_m = _KRASSOVSKY_AXIS_M / m.sqrt(magic) * m.cos(phi)
    return lat + north / meridian_m * (180 / math.pi), lon + east / parallel_m * (180 / math.pi)


def _shift(x: Any, y: Any, m: "_Functions") -> tuple[Any, Any]:
    """The published offset polynomial, (north, east) in metres, of degrees from 105 E, 35 N."""
    sin, root = m.sin, m.sqrt(abs(x))
    wave = 20.0 * sin(6 * math.pi * x) + 20.0 * sin(2 * math.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (wave + 20.0 * sin(math.pi * y) + 40.0 * sin(math.pi * y / 3)) * 2 / 3
    north = north + (160.0 * sin(math.pi * y / 12) + 320.0 * sin(math.pi * y / 30)) * 2 / 3
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (wave + 20.0 * sin(math.pi * x) + 40.0 * sin(math.pi * x / 3)) * 2 / 3
    east = east + (150.0 * sin(math.pi * x / 12) + 300.0 * sin(math.pi * x / 30)) * 2 / 3
    return north, east


def _gcj02_to_bd09(lat: Any, lon: Any) -> tuple[Any, Any]:
    m = _OF_ARRAYS if isinstance(lat, np.ndarray) else _OF_SCALARS
    radius = m.hypot(lon, lat) + 0.00002 * m.sin(lat * _BAIDU_TURN)
    angle = m.atan2(lat, lon) + 0.000003 * m.cos(lon * _BAIDU_TURN)
    return radius * m.sin(angle) + 0.006, radius * m.cos(angle) + 0.0065


def _wgs84_to_bd09(lat: Any, lon: Any) -> tuple[Any, Any]:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lat, lon))


def _inverse(forward: "_Transform", lat: Any, lon: Any) -> tuple[Any, Any]:
    """The point that `forward` sends to (lat, lon): fixed-point steps, which shrink the error some 1,000-fold each."""
    guess_lat, guess_lon = lat, lon
    for _ in range(12):
        there_lat, there_lon = forward(guess_lat, guess_lon)
        off_lat, off_lon = there_lat - lat, there_lon - lon
        guess_lat, guess_lon = guess_lat - off_lat, guess_lon - off_lon
        settled = (abs(off_lat) < 1e-10) & (abs(off_lon) < 1e-10)
        if settled.all() if isinstance(settled, np.ndarray) else settled:
            break
    return guess_lat, guess_lon


def _gcj02_to_wgs84(lat: Any, lon: Any) -> tuple[Any, Any]:
    return _inverse(_wgs84_to_gcj02, lat, lon)


def _bd09_to_wgs84(lat: Any, lon: Any) -> tuple[Any, Any]:
    return _gcj02_to_wgs84(*_inverse(_gcj02_to_bd09, lat, lon))


@dataclass(frozen=True, slots=True)
class _Functions:
    """One formula for both: numpy's functions are slow on scalars, math's take no arrays."""

    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    hypot: Callable[[Any, Any], Any]
    atan2: Callable[[Any, Any], Any]


_OF_SCALARS = _Functions(math.sin, math.cos, math.sqrt, math.hypot, math.atan2)
_OF_ARRAYS = _Functions(np.sin, np.cos, np.sqrt, np.hypot, np.arctan2)

_Transform = Callable[[Any, Any], tuple[Any, Any]]
_TO_WGS84: dict[str, _Transform] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": _gcj02_to_wgs84,
    "bd09": _bd09_to_wgs84,
}
_FROM_WGS84: dict[str, _Transform] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": _wgs84_to_gcj02,
    "bd09": _wgs84_to_bd09,
}


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance on the mean sphere (haversine; within 0.6 % of the ellipsoid)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    chord = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def bearing_deg(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Initial bearing from the first point to the second, 0 <= bearing < 360; 0 for equal points."""
    phi1, phi2, turn = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    east = math.sin(turn) * math.cos(phi2)
    north = math.cos(phi1) * math.sin(phi2) - math.sin(phi1) * math.cos(phi2) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360 % 360


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """Equirectangular metres around a centre, on the WGS-84 ellipsoid's radii there; good to 0.1 % within 20 km."""

    centre_lat: float
    centre_lon: float

    @property
    def metres_per_deg_lat(self) -> float:
        """Along the meridian at the centre."""
        factor = 1 - _ECCENTRICITY_2 * math.sin(math.radians(self.centre_lat)) ** 2
        return math.radians(_MAJOR_AXIS_M * (1 - _ECCENTRICITY_2) / factor**1.5)

    @property
    def metres_per_deg_lon(self) -> float:
        """Along the parallel at the centre."""
        phi = math.radians(self.centre_lat)
        factor = 1 - _ECCENTRICITY_2 * math.sin(phi) ** 2
        return math.radians(_MAJOR_AXIS_M / math.sqrt(factor) * math.cos(phi))

    @overload
    def to_xy_m(self, lat: float, lon: float) -> tuple[float, float]: ...
    @overload
    def to_xy_m(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]: ...
    def to_xy_m(self, lat: Number, lon: Number) -> tuple[Number, Number]:
        """Metres (east, north) of the centre, for scalars or arrays of one shape."""
        return (
            (lon - self.centre_lon) * self.metres_per_deg_lon,
            (lat - self.centre_lat) * self.metres_per_deg_lat,
        )

    @overload
    def to_lat_lon(self, x_m: float, y_m: float) -> tuple[float, float]: ...
    @overload
    def to_lat_lon(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]: ...
    def to_lat_lon(self, x_m: Number, y_m: Number) -> tuple[Number, Number]:
        """(lat, lon) of metres east and north, for scalars or arrays of one shape."""
        return (
            self.centre_lat + y_m / self.metres_per_deg_lat,
            self.centre_lon + x_m / self.metres_per_deg_lon,
        )
