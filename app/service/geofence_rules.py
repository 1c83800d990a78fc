"""The centre's declared distances for arrival and areas.

Owns the reading of data/geofence.toml. Must not apply them: that is service/geofence.py.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import ConfigError
from app.paths import bundled_data_dir


@dataclass(frozen=True, slots=True)
class GeofenceRules:
    """As the file says; `hold_ms` for the district, `grid_hold_ms` for grids, milliseconds."""

    within_m: float = 30.0
    fixes: int = 2
    beyond_m: float = 50.0
    hold_ms: int = 30_000
    grid_kinds: frozenset[str] = frozenset({"grid_member"})
    grid_hold_ms: int = 180_000


def load_geofence_rules(path: Path | None = None) -> GeofenceRules:
    """Raises ConfigError naming file and field."""
    source = path or bundled_data_dir() / "geofence.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        arrival, area = table["arrival"], table["area"]
    except (OSError, UnicodeDecodeError, KeyError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{source}: cannot read [arrival] and [area]: {fault}") from None
    kinds = area.get("grid_kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise ConfigError(f"{source}: [area] grid_kinds must be a list of kinds of units, not {kinds!r}")
    return GeofenceRules(
        within_m=_above_0(source, arrival, "within_m"),
        fixes=max(1, round(_above_0(source, arrival, "fixes"))),
        beyond_m=_above_0(source, area, "beyond_m"),
        hold_ms=round(_above_0(source, area, "hold_s") * 1000),
        grid_kinds=frozenset(kinds),
        grid_hold_ms=round(_above_0(source, area, "grid_hold_s") * 1000),
    )


def _above_0(source: Path, table: dict[str, Any], name: str) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ConfigError(f"{source}: {name} must be a number above 0, not {value!r}")
    return float(value)
