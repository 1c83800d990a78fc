"""Checksums of what a desk goes by of its declared data: limits, types, run cards, times of work.

Owns which files count and that only what they say counts, not how it is written. Blocks while it reads. Must not judge
what a difference means: desks on one journal tell each other (service/presence.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app.centre.layered_toml import read_layers
from app.centre.types_file import BUNDLED, OWN, own_files
from app.paths import bundled_data_dir, user_config_dir

_FILES: Final = ("alarms.toml", "dispatch.toml", "field_link.toml", "shift.toml")
_CARDS: Final = "runcards"
_SIGNS: Final = 8
_MOST_CARDS_BYTES: Final = 4_000
"""Names of cards that fit into what desks say of themselves (PostgreSQL: 8,000 bytes); more have one sum for all."""


def declared_sums(district_dir: Path) -> Mapping[str, str]:
    """By the name of the file that a centre would write itself. Raises DeclarationFault for one that cannot be read."""
    data = bundled_data_dir()
    layers = {name: [data / name, *own_files(name, district_dir)] for name in _FILES}
    layers[OWN] = [data / BUNDLED, *own_files(OWN, district_dir)]
    sums = {name: _sum(files) for name, files in sorted(layers.items())}
    return sums | _sums_of_cards([data / _CARDS, user_config_dir() / _CARDS, district_dir / _CARDS])


def _sums_of_cards(folders: Sequence[Path]) -> dict[str, str]:
    layers: dict[str, list[Path]] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            layers.setdefault(f"{_CARDS}/{file.name}", []).append(file)
    sums = {name: _sum(files) for name, files in sorted(layers.items())}
    if sum(len(json.dumps(name)) + 2 * _SIGNS for name in sums) <= _MOST_CARDS_BYTES:
        return sums
    return {_CARDS: hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()[:_SIGNS]}


def _sum(files: Sequence[Path]) -> str:
    said = json.dumps(read_layers(files).table, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:_SIGNS]
