"""Owns the lists of cameras and units: rows of any office's table to the district's CSV rows. Must not write files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.geo.importing.columns import Cells, TableReader, word
from app.geo.importing.crs import lon_lat_of
from app.geo.importing.faults import RowsRefused
from app.geo.importing.locating import GridLocator
from app.geo.importing.tables import read_table

CAMERA_FIELDS = (
    "id", "name_zh", "name_en", "lat", "lon", "bearing_deg", "fov_deg", "range_m", "mount", "grid", "group",
)  # fmt: skip
UNIT_FIELDS = (
    "id", "call_sign_zh", "call_sign_en", "kind", "home_lat", "home_lon", "grid", "members", "travel", "skills",
    "equipment",
)  # fmt: skip
FARTHEST_M = 20_000.0
_DIGITS = 7
_SIGNED = (-1e9, 1e9)

PostRow = dict[str, Any]


def read_cameras(path: Path, crs: str | None, locator: GridLocator) -> list[PostRow]:
    """Rows of cameras.csv. Raises ImportFault for the file, RowsRefused with every wrong cell."""
    reader = TableReader(read_table(path), "camera", ("name_zh", "lat", "lon"))
    return _posts(reader, _camera, ("lat", "lon"), "C", crs, locator)


def read_units(path: Path, crs: str | None, locator: GridLocator) -> list[PostRow]:
    """Rows of units.csv. Raises ImportFault for the file, RowsRefused with every wrong cell."""
    reader = TableReader(read_table(path), "unit", ("call_sign_zh", "kind", "home_lat", "home_lon"))
    return _posts(reader, _unit, ("home_lat", "home_lon"), "u", crs, locator)


def _posts(
    reader: TableReader,
    read: Callable[[Cells], PostRow],
    position: tuple[str, str],
    letter: str,
    crs: str | None,
    locator: GridLocator,
) -> list[PostRow]:
    cells = reader.rows()
    degrees = crs is None or not crs.startswith("epsg")
    rows = [read(row) | _position(row, position, degrees=degrees) for row in cells]
    _number(reader, cells, rows, letter)
    if not reader.faults:
        _locate(reader, cells, rows, position, crs, locator)
    if reader.faults:
        raise RowsRefused(reader.faults)
    return rows


def _camera(row: Cells) -> PostRow:
    name_zh = row.text("name_zh", None)
    bearing = _bearing(row)
    return {
        "id": row.text("id"),
        "name_zh": name_zh,
        "name_en": row.text("name_en") or name_zh,
        "bearing_deg": f"{bearing or 0.0:g}",
        # A camera of which nobody says where it looks is shown as looking everywhere, not north.
        "fov_deg": f"{row.number_in('fov_deg', 1, 360, 360.0 if bearing is None else 60.0):g}",
        "range_m": f"{row.number_in('range_m', 1, 2000, 60.0):g}",
        "mount": row.one_of("mount", "mount", "street"),
        "grid": row.text("grid"),
        "group": row.text("group"),
    }


def _bearing(row: Cells) -> float | None:
    text = row.text("bearing_deg")
    if not text:
        return None
    by_word = word("bearing", text)
    return float(by_word) if by_word is not None else row.number_in("bearing_deg", 0, 360) % 360


def _unit(row: Cells) -> PostRow:
    sign = row.text("call_sign_zh", None)
    return {
        "id": row.text("id"),
        "call_sign_zh": sign,
        "call_sign_en": row.text("call_sign_en") or sign,
        "kind": row.one_of("kind", "kind"),
        "grid": row.text("grid"),
        "members": int(row.number_in("members", 1, 200, 1.0)),
        "travel": row.one_of("travel", "travel", "foot"),
        "skills": _names(row.text("skills")),
        "equipment": _names(row.text("equipment")),
    }


def _names(text: str) -> str:
    """Names with whatever a list puts between them, as units.csv has them."""
    return ";".join(name for name in re.split(r"[;,|\u3001\uff0c\uff1b\s]+", text) if name)


def _position(row: Cells, position: tuple[str, str], *, degrees: bool) -> PostRow:
    lat, lon = position
    return {
        lat: row.number_in(lat, *((-90, 90) if degrees else _SIGNED)),
        lon: row.number_in(lon, *((-180, 180) if degrees else _SIGNED)),
    }


def _number(reader: TableReader, cells: Sequence[Cells], rows: Sequence[PostRow], letter: str) -> None:
    """Ids for rows without one, and a fault for each that stands twice."""
    counts = Counter(row["id"] for row in rows if row["id"])
    free = (f"{letter}{number:04d}" for number in range(1, len(rows) + len(counts) + 1))
    for line, row in zip(cells, rows, strict=True):
        if not row["id"]:
            row["id"] = next(one for one in free if one not in counts)
        elif counts[row["id"]] > 1:
            line.fault("id", "id_twice", count=counts[row["id"]])


def _locate(
    reader: TableReader,
    cells: Sequence[Cells],
    rows: Sequence[PostRow],
    position: tuple[str, str],
    crs: str | None,
    locator: GridLocator,
) -> None:
    lat, lon = position
    lon_lat = lon_lat_of(reader.table.file, np.array([(r[lon], r[lat]) for r in rows]).reshape(-1, 2), crs)
    known = set(locator.codes)
    for line, row, at, (code, off_m) in zip(cells, rows, lon_lat, locator.nearest(lon_lat), strict=True):
        row[lat], row[lon] = f"{at[1]:.{_DIGITS}f}", f"{at[0]:.{_DIGITS}f}"
        if off_m > FARTHEST_M:
            line.fault(lat, "far_away", distance_km=round(off_m / 1000))
        elif row["grid"] and row["grid"] not in known:
            line.fault("grid", "unknown_grid")
        row["grid"] = row["grid"] or code
