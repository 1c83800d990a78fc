"""Owns where on the map the things of a brief lie that have no panel of their own. Must not move the map."""

from __future__ import annotations

from app.i18n import language
from widgets.bridge import Bridge

Place = tuple[float, float, str]
"""lat, lon, name."""


def place_of(bridge: Bridge, kind: str, key: str) -> Place | None:
    """Of a check point, a sketch, a premise note or a closed road; None for what has no place."""
    places = {
        "patrol": _check_point, "sketch": _sketch, "premise": _premise, "road": _road, "planned_road": _planned_road,
    }  # fmt: skip
    find = places.get(kind)
    return find(bridge, key) if find is not None else None


def _check_point(bridge: Bridge, key: str) -> Place | None:
    wanted = key.rpartition(":")[2]
    points = bridge.district.patrols.check_points
    is_english = language() == "en"
    return next(
        ((p.lat, p.lon, p.name_en if is_english else p.name_zh) for p in points if p.id == wanted), None
    )


def _sketch(bridge: Bridge, key: str) -> Place | None:
    known = bridge.desk.sketches.get(key)
    return (*known.points[0], known.text) if known is not None and known.points else None


def _road(bridge: Bridge, key: str) -> Place | None:
    """The middle of the piece; the district's roads have been read when anybody has closed one here."""
    known, piece = bridge.desk.roads.get(key), next((r for r in bridge.district.roads if r.id == key), None)
    if known is None or piece is None:
        return None
    lon, lat = piece.line[len(piece.line) // 2]
    return float(lat), float(lon), known.name


def _planned_road(bridge: Bridge, key: str) -> Place | None:
    road = key.rpartition(":")[0]
    piece = next((r for r in bridge.district.roads if r.id == road), None)
    if piece is None:
        return None
    lon, lat = piece.line[len(piece.line) // 2]
    names = (piece.name_en, piece.name_zh) if language() == "en" else (piece.name_zh, piece.name_en)
    return float(lat), float(lon), names[0] or names[1] or road


def _premise(bridge: Bridge, key: str) -> Place | None:
    known = bridge.desk.premises.get(key)
    if known is None or known.lat is None or known.lon is None:
        return None
    return known.lat, known.lon, known.text
