"""Which kinds of unit are emergency vehicles, as `dispatch.toml` declares: bundled, of this user, of the district.

Owns that part of the file and its checks. Must not know what lets them pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from app.centre.layered_toml import DeclarationFault, read_layers
from app.centre.types_file import own_files
from app.dispatch.work_file import NAME
from app.geo.district import District, Mode, UnitKind
from app.paths import bundled_data_dir

_PATH: Final = ("emergency", "kinds")


def emergency_kinds_in_force(
    district_dir: Path | None = None,
) -> tuple[frozenset[str], DeclarationFault | None]:
    """The kinds of all files, or the bundled ones where an own file is wrong, and what is wrong there."""
    try:
        return load_emergency_kinds(district_dir), None
    except DeclarationFault as fault:
        return load_emergency_kinds(files=[bundled_data_dir() / NAME]), fault


def load_emergency_kinds(
    district_dir: Path | None = None, files: Sequence[Path] | None = None
) -> frozenset[str]:
    """The kinds in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    toml = read_layers(files)
    toml.known_keys(_PATH[:1], toml.subtable(_PATH[:1]), _PATH[1:])
    kinds, known = toml.value(_PATH), get_args(UnitKind)
    wrong = [kind for kind in kinds if kind not in known] if isinstance(kinds, list) else [kinds]
    if wrong:
        toml.refuse(_PATH, "emergency_kind", value=wrong[0], known=", ".join(known))
    return frozenset(kinds)


def modes(district: District, kinds: frozenset[str]) -> Mapping[str, Mode]:
    """How each unit of a district gets about: who is one of these kinds and has a car is an emergency vehicle."""
    return {
        unit.id: "emergency" if unit.travel == "car" and unit.kind in kinds else unit.travel
        for unit in district.units
    }
