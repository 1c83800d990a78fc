"""The centre's declared limits.

Owns the reading of data/incident_types.toml. Must not apply them: that is domain/clocks.py.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from app.domain.clocks import STEPS, Limits
from app.domain.errors import ConfigError
from app.domain.incident import PRIORITIES
from app.paths import bundled_data_dir

MINUTE_MS = 60_000


def load_limits(path: Path | None = None) -> Limits:
    """Minutes of the file as milliseconds, by priority and step. Raises ConfigError naming file and field."""
    source = path or bundled_data_dir() / "incident_types.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))["limits_min"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{source}: cannot read [limits_min]: {fault}") from None
    return {priority: _limits_of(source, table, priority) for priority in PRIORITIES}


def _limits_of(source: Path, table: dict[str, Any], priority: int) -> dict[str, int]:
    given = table.get(str(priority))
    if not isinstance(given, dict):
        raise ConfigError(f"{source}: [limits_min.{priority}] is missing")
    return {name: _minutes_ms(source, priority, name, given.get(name)) for name, _ in STEPS}


def _minutes_ms(source: Path, priority: int, name: str, minutes: object) -> int:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        raise ConfigError(
            f"{source}: [limits_min.{priority}] {name} must be minutes above 0, not {minutes!r}"
        )
    return round(minutes * MINUTE_MS)
