"""Owns who can be called in the town's grids and what is dangerous there; nobody of them is real.

Must not move anything. Telephone numbers begin with 12, which no operator has been given.
"""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.geo.demo_town.shape import XY
from app.geo.demo_town.survey import Survey
from app.geo.demo_town.zoning import GridArea

Row = dict[str, Any]
_ROLES = ("grid_head", "grid_member", "grid_member", "building_head", "building_head", "property")
_LEAST_OLD_HOUSES = 60


def contact_rows(survey: Survey, seed: int) -> list[Row]:
    """Grid by grid: its community's head, its own head, two members, two heads of buildings, the property office."""
    dice = random.Random(f"contacts {seed}")
    heads = {grid.community: _person(survey, dice) for grid in survey.grids}
    return [row for grid in survey.grids for row in _of_grid(survey, grid, heads[grid.community], dice)]


def _of_grid(survey: Survey, grid: GridArea, head: Row, dice: random.Random) -> list[Row]:
    own = [{"grid": grid.code, "role": role} | _person(survey, dice) for role in _ROLES]
    return [own[0], {"grid": grid.code, "role": "community_head"} | head, *own[1:]]


def _person(survey: Survey, dice: random.Random) -> Row:
    people = survey.names["people"]
    name = dice.choice(people["family"]) + dice.choice(people["given"])
    return {"name": name, "phone": f"12{dice.randrange(10**9):09d}"}


def hazard_rows(survey: Survey, places: Iterable[tuple[Row, XY]]) -> list[Row]:
    """Named places of a dangerous kind and old quarters that no fire engine can enter, in the order of the grids."""
    known = survey.names["hazards"]
    rows = [
        _hazard(survey, props["grid"], known[props["kind"]], props["name_zh"], at)
        for props, at in places
        if props["kind"] in known
    ]
    rows += _old_quarters(survey)
    return sorted(rows, key=lambda row: row["grid"])


def _old_quarters(survey: Survey) -> list[Row]:
    houses = [f.shape.centroid for f in survey.town.footprints if f.kind == "old"]
    inside = [(survey.grid_at((c.x, c.y)), (c.x, c.y)) for c in houses]
    counts = Counter(grid.code for grid, _ in inside if grid is not None)
    rows = []
    for grid in survey.grids:
        if counts[grid.code] >= _LEAST_OLD_HOUSES:
            of_grid = [at for found, at in inside if found is grid]
            middle = of_grid[len(of_grid) // 2]
            name = survey.street_at(middle).street.name_zh
            rows.append(_hazard(survey, grid.code, survey.names["hazards"]["old_lane"], name, middle))
    return rows


def _hazard(survey: Survey, grid: str, what: Row, name: str, at: XY) -> Row:
    lat, lon = survey.lat_lon(at)
    return {
        "grid": grid,
        "kind": what["kind"],
        "name": what.get("name", "{place}").format(place=name),
        "lat": lat,
        "lon": lon,
        "note": what["note"],
    }
