"""The file of expected times of work: bundled, of this user's settings, and of the district.

Owns its name, its form and every check. Must not apply them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.centre.layered_toml import DeclarationFault, FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.dispatch.candidates import HORIZON_S, Preference
from app.dispatch.work_times import WorkSpan, WorkTimes
from app.domain.incident_types import IncidentTypes
from app.paths import bundled_data_dir

NAME: Final = "dispatch.toml"
_SPAN: Final = ("least_min", "most_min")
_LONGEST_MIN: Final = 24 * 60


def work_times_in_force(
    types: IncidentTypes, district_dir: Path | None = None
) -> tuple[WorkTimes, DeclarationFault | None]:
    """The times of all files, or the bundled ones where an own file is wrong, and what is wrong there."""
    try:
        return load_work_times(types, district_dir), None
    except DeclarationFault as fault:
        return load_work_times(types, files=[bundled_data_dir() / NAME]), fault


def load_work_times(
    types: IncidentTypes, district_dir: Path | None = None, files: Sequence[Path] | None = None
) -> WorkTimes:
    """The times in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    toml = read_layers(files)
    toml.known_keys((), toml.table, ("work", "wait", "prefer", "emergency"))
    toml.known_keys(("work",), toml.subtable(("work",)), (*_SPAN, "type"))
    toml.known_keys(("wait",), toml.subtable(("wait",)), ("margin_min", "longer_min", "held_min"))
    toml.known_keys(("prefer",), toml.subtable(("prefer",)), ("kind_step_s", "far_grid_s"))
    named = toml.subtable(("work", "type")) if toml.find(("work", "type")) is not None else {}
    toml.known_keys(("work", "type"), named, tuple(known.id for known in types))
    for name in named:
        path = ("work", "type", name)
        toml.known_keys(path, toml.subtable(path), _SPAN)
    return WorkTimes(
        _span(toml, ("work",)),
        {name: _span(toml, ("work", "type", name)) for name in named},
        _seconds(toml, ("wait", "margin_min")),
        _seconds(toml, ("wait", "longer_min")),
        _seconds(toml, ("wait", "held_min")),
        Preference(_handicap_s(toml, "kind_step_s"), _handicap_s(toml, "far_grid_s")),
    )


def _span(toml: LayeredToml, path: FieldPath) -> WorkSpan:
    least_s, most_s = (_seconds(toml, (*path, name)) for name in _SPAN)
    if most_s < least_s:
        toml.refuse((*path, "most_min"), "work_order", value=most_s / 60)
    return WorkSpan(least_s, most_s)


def _handicap_s(toml: LayeredToml, name: str) -> float:
    """None at all is one, too."""
    value = toml.value(("prefer", name))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= HORIZON_S:
        toml.refuse(("prefer", name), "prefer_span", value=value, most=HORIZON_S)
    return float(value)


def _seconds(toml: LayeredToml, path: FieldPath) -> float:
    value = toml.value(path)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= _LONGEST_MIN:
        toml.refuse(path, "work_span", value=value, most=_LONGEST_MIN)
    return float(value) * 60
