"""Owns how a pair of coordinates is typed. Must not know what stands there.

Latitude and longitude in either order, in degrees, with or without hemisphere letters; the name of a Chinese map
system before or after them says in which system they are.
"""

import re

from app.geo.coordinates import to_wgs84

_SYSTEMS = {
    "wgs": "wgs84", "wgs84": "wgs84", "wgs-84": "wgs84", "gps": "wgs84", "cgcs2000": "cgcs2000",
    "gcj": "gcj02", "gcj02": "gcj02", "gcj-02": "gcj02", "amap": "gcj02",
    "bd": "bd09", "bd09": "bd09", "bd-09": "bd09", "baidu": "bd09",
}  # fmt: skip
_NUMBER = r"([nsew]?)\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*([nsew]?)"
_NAME = "|".join(sorted(map(re.escape, _SYSTEMS), key=len, reverse=True))
_PAIR = re.compile(rf"(?:({_NAME})\s*[:\s]\s*)?{_NUMBER}(?:\s*[,;/]\s*|\s+){_NUMBER}(?:\s+({_NAME}))?")


def coordinates_in(folded_query: str) -> tuple[float, float] | None:
    """(lat, lon) in WGS-84 that a folded query spells, or None for one that is something else.

    Order is told by hemisphere letters, else by range; where both orders are possible latitude comes first.
    """
    match = _PAIR.fullmatch(folded_query)
    if match is None:
        return None
    first, second = _signed(*match.group(2, 3, 4)), _signed(*match.group(5, 6, 7))
    pair = _in_order(first, second)
    if pair is None:
        return None
    lat, lon = pair
    return to_wgs84(lat, lon, _SYSTEMS[match[1] or match[8] or "wgs"])


def _signed(before: str, number: str, after: str) -> tuple[float, str]:
    """Degrees, and the axis that the letter names ("lat", "lon" or "")."""
    letter = before or after
    axis = {"n": "lat", "s": "lat", "e": "lon", "w": "lon"}.get(letter, "")
    return float(number) * (-1 if letter in ("s", "w") else 1), axis


def _in_order(first: tuple[float, str], second: tuple[float, str]) -> tuple[float, float] | None:
    (one, one_axis), (other, other_axis) = first, second
    if one_axis and one_axis == other_axis:
        return None
    is_lon_first = (
        one_axis == "lon" or other_axis == "lat" or (not (one_axis or other_axis) and abs(one) > 90)
    )
    lat, lon = (other, one) if is_lon_first else (one, other)
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
