"""The file of the centre's limits of a shift: bundled, of this user's settings, and of the district.

Owns its name, its form and every check. Must not apply limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import STATUSES
from app.paths import bundled_data_dir

NAME: Final = "shift.toml"
_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1000, 60_000, 3_600_000
_LONGEST_MS: Final = 366 * 24 * _HOUR_MS
_FIELDS: Final = {
    "duty": ("rest_h", "longest_h", "ending_min"),
    "handover": ("late_min", "expiring_h"),
    "patrol": ("grace_min", "gap_s"),
}
_UNIT_MS: Final = {"s": _SECOND_MS, "min": _MINUTE_MS, "h": _HOUR_MS}


def load_shift_limits(district_dir: Path | None = None, files: Sequence[Path] | None = None) -> ShiftLimits:
    """The limits in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    toml = read_layers(files)
    toml.known_keys((), toml.table, ("status", *_FIELDS))
    spans = {name: _span(toml, (part, name)) for part, names in _FIELDS.items() for name in names}
    for part, names in _FIELDS.items():
        toml.known_keys((part,), _table(toml, (part,)), names)
    return ShiftLimits(
        status=_statuses(toml),
        rest_ms=spans["rest_h"],
        longest_duty_ms=spans["longest_h"],
        ending_ms=spans["ending_min"],
        late_ms=spans["late_min"],
        expiring_ms=spans["expiring_h"],
        grace_ms=spans["grace_min"],
        gap_ms=spans["gap_s"],
    )


def _statuses(toml: LayeredToml) -> dict[str, tuple[int, int]]:
    table = _table(toml, ("status",))
    toml.known_keys(("status",), table, STATUSES)
    found = {}
    for status in table:
        path = ("status", status)
        toml.known_keys(path, _table(toml, path), ("notice_min", "overdue_min"))
        notice, overdue = _span(toml, (*path, "notice_min")), _span(toml, (*path, "overdue_min"))
        if overdue < notice:
            toml.refuse((*path, "overdue_min"), "shift_order", value=overdue // _MINUTE_MS)
        found[status] = (notice, overdue)
    return found


def _table(toml: LayeredToml, path: FieldPath) -> dict[str, Any]:
    inner: Any = toml.table
    for key in path:
        if key not in inner:
            toml.refuse(path, "missing")
        inner = inner[key]
        if not isinstance(inner, dict):
            toml.refuse(path, "no_table", value=inner)
    table: dict[str, Any] = inner
    return table


def _span(toml: LayeredToml, path: FieldPath) -> int:
    """The field's value in milliseconds; its unit is the end of its name."""
    table = _table(toml, path[:-1])
    if path[-1] not in table:
        toml.refuse(path, "missing")
    value = table[path[-1]]
    unit_ms = _UNIT_MS[path[-1].rpartition("_")[2]]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value * unit_ms <= _LONGEST_MS:
        toml.refuse(path, "alarm_span", value=value)
    span: int = round(value * unit_ms)
    return span
