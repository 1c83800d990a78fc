"""Owns which one of the answers to a place's words is beyond doubt the place that they name. Must not search.

A place must not be guessed: several of one name are asked for, a road or a part of town is too large to be a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.geo.coordinates import distance_m
from app.geo.finder import ADDRESS, COORDINATE
from app.geo.search_patterns import squeezed

if TYPE_CHECKING:
    from app.geo.search import Entry, Found

PLACES: Final = frozenset({"place", "road", "community", "grid", "camera", "unit", ADDRESS, COORDINATE})
"""What a report may say it is at: everything but another incident."""
_SURE: Final = ("place", "camera", "grid", "unit", ADDRESS)
"""In this order: a square before the camera that is named after it."""
SAME_M: Final = 30.0


def meant_exactly(found: Sequence[Found], typed: str) -> Found | None:
    """The one answer that just these words name, else None."""
    if found and found[0].entry.kind == COORDINATE:
        return found[0]
    text = squeezed(typed)
    named = [each for each in found if text in _names(each.entry) or _is_house_of(each, text)]
    for kind in _SURE:
        of_kind = [each for each in named if each.entry.kind == kind]
        if of_kind:
            return of_kind[0] if all(_is_same(of_kind[0].entry, each.entry) for each in of_kind) else None
    return None


def _is_house_of(found: Found, text: str) -> bool:
    """A number on a road that is called by its whole name."""
    names = (squeezed(found.entry.name_zh), squeezed(found.entry.name_en))
    return found.house is not None and any(name and name in text for name in names)


def _names(entry: Entry) -> set[str]:
    return {squeezed(text) for text in entry.texts if text}


def _is_same(one: Entry, other: Entry) -> bool:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return one.key == other.key
    return distance_m(one.lat, one.lon, other.lat, other.lon) <= SAME_M
