"""Which kinds of unit suit which type of incident, as declared in data/runcards/kinds.toml.

Owns reading and checking that table. Must not rank: that is candidates.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.centre.types_in_force import incident_types
from app.domain.errors import ConfigError
from app.i18n import has_text, tr
from app.paths import bundled_data_dir

DEFAULT_TYPE: Final = "other"

SuitableKinds = Mapping[str, tuple[str, ...]]
"""Incident type -> kinds of unit, the leading one first."""


def load_kinds(path: Path | None = None) -> SuitableKinds:
    """The declared table. Raises ConfigError that names file, entry and mend."""
    source = path or bundled_data_dir() / "runcards" / "kinds.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(tr("dispatch.kinds.unreadable", file=source.name, fault=fault)) from None
    kinds = table.get("kinds")
    if not isinstance(kinds, dict) or DEFAULT_TYPE not in kinds:
        raise ConfigError(tr("dispatch.kinds.no_default", file=source.name, default=DEFAULT_TYPE))
    return {name: _kinds_of(source.name, name, given) for name, given in kinds.items()}


def suitable(kinds: SuitableKinds, incident_type: str) -> tuple[str, ...]:
    return kinds.get(incident_type, kinds[DEFAULT_TYPE])


def _kinds_of(file: str, name: str, given: object) -> tuple[str, ...]:
    if name not in incident_types():
        raise ConfigError(tr("dispatch.kinds.unknown_type", file=file, entry=name))
    if not isinstance(given, list) or not given:
        raise ConfigError(tr("dispatch.kinds.not_a_list", file=file, entry=name))
    for kind in given:
        if not isinstance(kind, str) or not has_text(f"terms.unit_kind.{kind}"):
            raise ConfigError(tr("dispatch.kinds.unknown_kind", file=file, entry=name, kind=kind))
    return tuple(given)
