"""Owns who can be called in a grid and what is dangerous there, and their reading. Must not show or mask anybody.

Both files may be left out of a district; both are CSV in UTF-8 with a header line.

- `contacts.csv`: `grid`, `role`, `name`, `phone`. A role is one of ROLES, or words that are shown as they stand. The
  rows are personal data: they are read here and go nowhere but through `App.contacts` and `App.contact`.
- `hazards.csv`: `grid`, `kind`, `name`, `lat`, `lon`, `note`. A kind is one of HAZARD_KINDS, or words; WGS-84.

    grid,role,name,phone
    310198006001001,grid_head,...,...
"""

from collections import Counter
from pathlib import Path

from app.domain.plain import Plain, plain
from app.geo.csv_rows import Row, read_rows
from app.geo.district_error import DistrictError

CONTACTS_FILE, HAZARDS_FILE = "contacts.csv", "hazards.csv"

ROLES = ("grid_head", "grid_member", "community_head", "building_head", "property", "doctor", "school")
HAZARD_KINDS = ("gas", "chemicals", "electricity", "fire_lane", "old_building", "flooding", "height", "crowd")


@plain
class Contact(Plain):
    """A person who can be called about a grid. `id` is the role and which of that role in the grid, from 1."""

    grid: str
    id: str
    role: str
    name: str
    phone: str


@plain
class Hazard(Plain):
    """Something that whoever is sent should know of."""

    grid: str
    kind: str
    name: str
    lat: float
    lon: float
    note: str


def load_contacts(directory: Path, grids: set[str]) -> tuple[Contact, ...]:
    """What `contacts.csv` of a district says; nothing where there is none. Raises DistrictError."""
    path = directory / CONTACTS_FILE
    if not path.exists():
        return ()
    seen: Counter[tuple[str, str]] = Counter()
    return tuple(_contact(row, path.name, line, grids, seen) for line, row in enumerate(read_rows(path), 2))


def load_hazards(directory: Path, grids: set[str]) -> tuple[Hazard, ...]:
    """What `hazards.csv` of a district says; nothing where there is none. Raises DistrictError."""
    path = directory / HAZARDS_FILE
    if not path.exists():
        return ()
    return tuple(_hazard(row, path.name, line, grids) for line, row in enumerate(read_rows(path), 2))


def _contact(row: Row, file: str, line: int, grids: set[str], seen: Counter[tuple[str, str]]) -> Contact:
    grid, role = _grid(row, file, line, grids), _filled(row, file, line, "role")
    seen[grid, role] += 1
    name, phone = _filled(row, file, line, "name"), row.text("phone").strip()
    return Contact(grid, f"{role}-{seen[grid, role]}", role, name, phone)


def _hazard(row: Row, file: str, line: int, grids: set[str]) -> Hazard:
    return Hazard(
        grid=_grid(row, file, line, grids),
        kind=_filled(row, file, line, "kind"),
        name=_filled(row, file, line, "name"),
        lat=row.number("lat", -90, 90),
        lon=row.number("lon", -180, 180),
        note=row.text("note").strip(),
    )


def _grid(row: Row, file: str, line: int, grids: set[str]) -> str:
    code = row.text("grid").strip()
    if code not in grids:
        raise DistrictError(file, f"row {line}", "grid", "unknown_code", code=code)
    return code


def _filled(row: Row, file: str, line: int, field: str) -> str:
    text = row.text(field).strip()
    if not text:
        raise DistrictError(file, f"row {line}", field, "missing")
    return text
