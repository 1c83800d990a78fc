"""Owns the 15 digits of a grid's code: county 6, street 3, community 3, grid 3. Must not read files."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import shapely

from app.geo.importing.outlines import plane_of, to_plane

DISTRICT_DIGITS = 9
COMMUNITY_DIGITS = 12
GRID_DIGITS = 15
MOST_NUMBERS = 999
_ROW_M = 250.0


def code_fault(code: str, digits: int, district: str) -> str | None:
    """The key of what is wrong with a code, None for a good one."""
    if len(code) != digits or not (code.isascii() and code.isdigit()):
        return f"not_{digits}_digits"
    if code[:6] != district[:6]:
        return "other_county"
    if code[:DISTRICT_DIGITS] != district:
        return "other_street"
    return None


def free_codes(prefix: str, taken: Collection[str], count: int) -> list[str]:
    """`count` codes of three more digits, the lowest that are free; fewer where the 999 numbers do not suffice."""
    free = (f"{prefix}{number:03d}" for number in range(1, MOST_NUMBERS + 1))
    return [code for code in free if code not in taken][:count]


def reading_order(shapes: Sequence[shapely.Polygon]) -> list[int]:
    """Indexes from the north-west to the south-east, in rows of 250 m, as one reads a map."""
    if not shapes:
        return []
    plane = plane_of(shapes)
    centres = [to_plane(shape, plane).centroid for shape in shapes]
    return sorted(range(len(shapes)), key=lambda i: (-round(centres[i].y / _ROW_M), centres[i].x))
