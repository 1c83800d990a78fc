"""Owns which grids and communities a district gets: codes, names, who belongs to whom. Must not read files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from app.geo.importing.codes import COMMUNITY_DIGITS, GRID_DIGITS, code_fault, free_codes, reading_order
from app.geo.importing.columns import made_name
from app.geo.importing.faults import ImportFault, RowFault, RowsRefused
from app.geo.importing.outlines import Outline, union_of


@dataclass(frozen=True, slots=True)
class CommunityArea:
    """A community to be written: 12 digits, names, its polygon in degrees."""

    code: str
    name_zh: str
    name_en: str
    shape: shapely.Polygon


@dataclass(frozen=True, slots=True)
class GridArea:
    """A grid to be written: 15 digits, names, its community's code, its polygon in degrees."""

    code: str
    name_zh: str
    name_en: str
    community: str
    shape: shapely.Polygon


def communities_of(outlines: Sequence[Outline], district: str) -> list[CommunityArea]:
    """Communities with the codes that the file gives and new ones where it gives none. Raises RowsRefused."""
    codes = _codes([o.fields.get("code", "") for o in outlines], outlines, COMMUNITY_DIGITS, district)
    made = _filled(codes, outlines, dict.fromkeys(range(len(outlines)), district))
    return [
        CommunityArea(code, *_names(outline, "community", int(code[-3:])), outline.shape)
        for code, outline in zip(made, outlines, strict=True)
    ]


def grids_of(
    outlines: Sequence[Outline], communities: Sequence[CommunityArea], district: str
) -> list[GridArea]:
    """Grids with codes and communities; where `communities` is empty they are made. Raises RowsRefused."""
    codes = _codes([o.fields.get("code", "") for o in outlines], outlines, GRID_DIGITS, district)
    belongs = _communities_by_grid(outlines, codes, communities, district)
    made = _filled(codes, outlines, belongs)
    return [
        GridArea(code, *_names(outline, "grid", int(code[-3:])), code[:COMMUNITY_DIGITS], outline.shape)
        for code, outline in sorted(zip(made, outlines, strict=True), key=lambda pair: pair[0])
    ]


def communities_from(grids: Sequence[GridArea], names: dict[str, str]) -> list[CommunityArea]:
    """A community for every one that a grid belongs to: the union of its grids. `names` has those that are known."""
    members: dict[str, list[shapely.Polygon]] = defaultdict(list)
    for grid in grids:
        members[grid.community].append(grid.shape)
    communities = []
    for code in sorted(members):
        number = int(code[-3:])
        name_zh = names.get(code) or made_name("community_zh", number)
        name_en = names.get(code) or made_name("community_en", number)
        communities.append(CommunityArea(code, name_zh, name_en, union_of(members[code])[0]))
    return communities


def grid_for(community: CommunityArea) -> GridArea:
    """The only grid of a community that nobody has divided yet."""
    names = made_name("grid_zh", 1), made_name("grid_en", 1)
    return GridArea(f"{community.code}001", *names, community.code, community.shape)


def community_names(outlines: Sequence[Outline], grids: Sequence[GridArea]) -> dict[str, str]:
    """What the grids' file calls the communities, by the code that they have got."""
    shapes = {id(outline.shape): outline.fields.get("community", "") for outline in outlines}
    named = {grid.community: shapes[id(grid.shape)] for grid in grids}
    return {code: name for code, name in named.items() if name and not name.isdigit()}


# -- codes ------------------------------------------------------------------------------------------------------------


def _codes(codes: list[str], outlines: Sequence[Outline], digits: int, district: str) -> list[str]:
    """The codes as they stand, once each is good and no two are equal; "" where there is none."""
    faults: list[RowFault] = []
    counts = Counter(codes)
    for code, outline in zip(codes, outlines, strict=True):
        if code and (key := code_fault(code, digits, district)):
            faults.append(outline.fault("code", key, code=code, district=district))
        elif code and counts[code] > 1:
            faults.append(outline.fault("code", "code_twice", count=counts[code]))
    if faults:
        raise RowsRefused(faults)
    return codes


def _filled(codes: list[str], outlines: Sequence[Outline], prefixes: dict[int, str]) -> list[str]:
    """Codes for those that have none, counted in reading order within each prefix."""
    missing: dict[str, list[int]] = defaultdict(list)
    for i, code in enumerate(codes):
        if not code:
            missing[prefixes[i]].append(i)
    filled = list(codes)
    for prefix, members in missing.items():
        free = free_codes(prefix, set(codes), len(members))
        if len(free) < len(members):
            raise ImportFault(outlines[members[0]].file, "no_free_code", prefix=prefix, count=len(members))
        for place, code in zip(reading_order([outlines[i].shape for i in members]), free, strict=True):
            filled[members[place]] = code
    return filled


def _names(outline: Outline, kind: str, number: int) -> tuple[str, str]:
    """Both names; one language stands in for the other, so that nothing is nameless on the map."""
    zh, en = outline.fields.get("name_zh", ""), outline.fields.get("name_en", "")
    if zh and zh.isascii() and not en:
        return zh, zh
    return zh or en or made_name(f"{kind}_zh", number), en or made_name(f"{kind}_en", number)


# -- who belongs to whom ----------------------------------------------------------------------------------------------


def _communities_by_grid(
    outlines: Sequence[Outline], codes: list[str], communities: Sequence[CommunityArea], district: str
) -> dict[int, str]:
    """The community's code of each grid, by its own code, by what the file says, by where it lies."""
    names = _named(outlines, codes, communities, district)
    around = _around(outlines, communities, f"{district}001")
    known = {community.code for community in communities}
    faults: list[RowFault] = []
    belongs: dict[int, str] = {}
    for i, outline in enumerate(outlines):
        said = outline.fields.get("community", "")
        code = codes[i][:COMMUNITY_DIGITS] or (names.get(said, "") if said else around[i])
        if known and code not in known:
            name = "code" if codes[i] else "community"
            faults.append(outline.fault(name, "unknown_community", code=code or said))
        elif codes[i] and names.get(said, code) != code:
            faults.append(outline.fault("community", "other_community", code=codes[i]))
        belongs[i] = code
    if faults:
        raise RowsRefused(faults)
    return belongs


def _named(
    outlines: Sequence[Outline], codes: list[str], communities: Sequence[CommunityArea], district: str
) -> dict[str, str]:
    """Community codes by what grids call them. Without a list of communities every new word is a new one."""
    names = {word: c.code for c in communities for word in (c.code, c.name_zh, c.name_en) if word}
    if communities:
        return names
    said = [outline.fields.get("community", "") for outline in outlines]
    names.update(
        {word: code[:COMMUNITY_DIGITS] for word, code in zip(said, codes, strict=True) if word and code}
    )
    names.update(
        {word: word for word in said if word and code_fault(word, COMMUNITY_DIGITS, district) is None}
    )
    new = [word for word in dict.fromkeys(said) if word and word not in names]
    free = free_codes(district, set(names.values()), len(new))
    if len(free) < len(new):
        raise ImportFault(outlines[0].file, "no_free_code", prefix=district, count=len(new))
    return names | dict(zip(new, free, strict=True))


def _around(outlines: Sequence[Outline], communities: Sequence[CommunityArea], only: str) -> list[str]:
    """The community that covers each grid's inner point, else the nearest; without any, the `only` one."""
    if not communities:
        return [only] * len(outlines)
    tree = shapely.STRtree([community.shape for community in communities])
    points = [outline.shape.representative_point() for outline in outlines]
    return [communities[int(i)].code for i in tree.nearest(np.array(points, dtype=object))]
