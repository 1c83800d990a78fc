"""Owns what can be wrong with the codes and ids of a district. Must not look at the ground."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.geo.importing.codes import COMMUNITY_DIGITS, DISTRICT_DIGITS, GRID_DIGITS, code_fault
from app.geo.importing.district_files import DistrictFiles, Item
from app.geo.importing.findings import Finding, error


def code_findings(files: DistrictFiles) -> Iterator[Finding]:
    """Length, digits, county and street, double ones, and references to what is not there."""
    district = str(files.facts.get("code", ""))
    if files.facts and code_fault(district, DISTRICT_DIGITS, district):
        yield error("code_9_digits", "district.toml", code=district)
    yield from _codes(files.communities, COMMUNITY_DIGITS, district)
    yield from _codes(files.grids, GRID_DIGITS, district)
    yield from _memberships(files)
    for items in (files.roads, files.places, files.cameras, files.units):
        yield from _double(items, "id")
    grids = {grid.text("code") for grid in files.grids}
    yield from _unknown_grids(files.places, grids | {""})
    yield from _unknown_grids([*files.cameras, *files.units], grids)


def _codes(items: Sequence[Item], digits: int, district: str) -> Iterator[Finding]:
    for item in items:
        code = item.text("code")
        key = code_fault(code, digits, district)
        if key == f"not_{digits}_digits":
            yield error(f"code_{digits}_digits", item.where, code=code)
        elif key is not None and district:
            yield error(f"code_{key}", item.where, code=code, district=district)
    yield from _double(items, "code")


def _memberships(files: DistrictFiles) -> Iterator[Finding]:
    known = {community.text("code") for community in files.communities}
    for grid in files.grids:
        code, community = grid.text("code"), grid.text("community")
        if community not in known:
            yield error("code_community_unknown", grid.where, code=code, community=community)
        elif code[:COMMUNITY_DIGITS] != community:
            yield error("code_community_differs", grid.where, code=code, community=community)


def _double(items: Sequence[Item], name: str) -> Iterator[Finding]:
    counts = Counter(item.text(name) for item in items)
    seen: set[str] = set()
    for item in items:
        key = item.text(name)
        if counts[key] > 1 and key in seen:
            yield error("code_twice", item.where, code=key, count=counts[key])
        seen.add(key)


def _unknown_grids(items: Sequence[Item], grids: set[str]) -> Iterator[Finding]:
    for item in items:
        if item.text("grid") not in grids:
            yield error("code_grid_unknown", item.where, code=item.text("grid"))
