"""Owns the reading of a district's patrol plan (`patrol_plan.toml`, may be left out). Must not judge a check-in.

A table `[plan.ID]` for each: `route` and `unit` as the district names them, `from`, `until`, `every_min`, `within_min`,
`dwell_s`. A wrong entry is told with file, line and field.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import LayeredToml, read_layers
from app.domain.patrol import PatrolPlan
from app.geo.district import District

NAME: Final = "patrol_plan.toml"
_FIELDS: Final = ("route", "unit", "from", "until", "every_min", "within_min", "dwell_s")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MINUTE_MS: Final = 60_000
_ID: Final = re.compile(r"[a-z0-9_]{1,40}")
_MOST: Final = {"every_min": 1440, "within_min": 1440, "dwell_s": 3600}


def load_patrol_plans(directory: Path, district: District) -> tuple[PatrolPlan, ...]:
    """What the file says; nothing where there is none. Raises DeclarationFault."""
    path = directory / NAME
    if not path.is_file():
        return ()
    toml = read_layers([path])
    toml.known_keys((), toml.table, ("plan",))
    plans = toml.table.get("plan", {})
    if not isinstance(plans, dict):
        toml.refuse(("plan",), "no_table", value=plans)
    return tuple(_plan(toml, key, plans[key], district) for key in plans)


def _plan(toml: LayeredToml, key: str, table: Any, district: District) -> PatrolPlan:
    path = ("plan", key)
    if not isinstance(table, dict) or not _ID.fullmatch(key):
        toml.refuse(path, "no_table", value=key)
    toml.known_keys(path, table, _FIELDS)
    for field in _FIELDS:
        if field not in table:
            toml.refuse((*path, field), "missing")
    points = sorted(
        (p for p in district.patrols.check_points if p.route == table["route"]), key=lambda p: p.number
    )
    if not points:
        toml.refuse((*path, "route"), "patrol_route", value=table["route"])
    if table["unit"] not in {unit.id for unit in district.units}:
        toml.refuse((*path, "unit"), "patrol_unit", value=table["unit"])
    first_ms, last_ms = (_clock(toml, (*path, field), table[field]) for field in ("from", "until"))
    if last_ms < first_ms:
        toml.refuse((*path, "until"), "patrol_until", value=table["until"])
    every, within, dwell = (_count(toml, (*path, field), table[field]) for field in _MOST)
    return PatrolPlan(
        key,
        table["route"],
        table["unit"],
        tuple(point.id for point in points),
        first_ms,
        last_ms,
        every * _MINUTE_MS,
        within * _MINUTE_MS,
        dwell * 1000,
    )


def _clock(toml: LayeredToml, path: tuple[str, ...], value: object) -> int:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        toml.refuse(path, "patrol_clock", value=value)
    return (int(match[1]) * 60 + int(match[2])) * _MINUTE_MS


def _count(toml: LayeredToml, path: tuple[str, ...], value: object) -> int:
    most = _MOST[path[-1]]
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        toml.refuse(path, "patrol_count", value=value, most=most)
    return value
