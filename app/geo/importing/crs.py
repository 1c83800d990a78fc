"""Owns the way from any coordinate system to WGS-84. Must not guess: what a file does not say is asked for.

pyproj knows every national and city grid; the shifted Chinese systems, which it does not know, are in coordinates.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from app.geo.coordinates import to_wgs84
from app.geo.importing.faults import ImportFault
from app.geo.importing.packages import package

Floats = npt.NDArray[np.float64]
LonLat = npt.NDArray[np.float64]

_PLAIN = ("wgs84", "cgcs2000", "gcj02", "bd09")
_SAME = ("wgs84", "cgcs2000", "epsg:4326", "epsg:4490", "ogc:crs84")


def crs_name(text: str) -> str:
    """The system that an option names: wgs84, cgcs2000, gcj02, bd09 or EPSG:n. Raises ValueError."""
    name = text.strip().lower().replace("-", "")
    if name in _PLAIN or re.fullmatch(r"epsg:\d{4,6}", name):
        return name
    raise ValueError(text)


def lon_lat_of(file: str, points: Floats, crs: str | None) -> LonLat:
    """(n, 2) of WGS-84 lon/lat from x/y in `crs`; None means that nobody said, and degrees of WGS-84 are taken.

    Raises ImportFault for an unknown system and for what cannot be degrees.
    """
    converted = _from(file, crs)(points) if crs else points
    off_earth = ~(np.abs(converted) <= (180.0, 90.0)).all(axis=1)
    if off_earth.any():
        x, y = points[int(off_earth.argmax())]
        swapped = not crs and abs(x) <= 90 < abs(y) <= 180
        raise ImportFault(file, "swapped" if swapped else "not_degrees", x=f"{x:g}", y=f"{y:g}")
    return converted


def _from(file: str, crs: str) -> Callable[[Floats], LonLat]:
    name = crs.lower()
    if name in _SAME:
        return lambda points: points
    return _shifted(name) if name in _PLAIN else _projected(file, crs)


def _shifted(name: str) -> Callable[[Floats], LonLat]:
    def convert(points: Floats) -> LonLat:
        lat, lon = to_wgs84(points[:, 1], points[:, 0], name)
        return np.column_stack((lon, lat))

    return convert


def _projected(file: str, crs: str) -> Callable[[Floats], LonLat]:
    transform = _transformer(file, crs)

    def convert(points: Floats) -> LonLat:
        lon, lat = transform(points[:, 0], points[:, 1])
        return np.column_stack((lon, lat))

    return convert


@cache
def _transformer(file: str, crs: str) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    pyproj = package("pyproj", file)
    try:
        transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.ProjError:
        raise ImportFault(file, "unknown_crs", crs=crs[:80]) from None
    return transformer.transform  # type: ignore[no-any-return]
