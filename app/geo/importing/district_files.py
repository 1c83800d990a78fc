"""Owns a tolerant look into a district directory: whatever can be read of it, and what cannot. Must not judge content.

load_district() stops at the first fault; a check is asked for all of them.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from app.geo.importing.faults import ImportFault
from app.geo.importing.findings import Finding, error
from app.geo.importing.layer import feature, row
from app.geo.importing.sources import read_text


@dataclass(frozen=True, slots=True)
class Item:
    """A feature or row: how it is named in a finding, its properties, its geometry in degrees."""

    where: str
    properties: dict[str, Any]
    geometry: Any

    def text(self, name: str) -> str:
        """A property as text, "" where there is none."""
        value = self.properties.get(name)
        return "" if value is None else str(value)


@dataclass(slots=True)
class DistrictFiles:
    """What stands in a district directory. `problems` has what could not be read."""

    facts: dict[str, Any] = field(default_factory=dict)
    boundary: shapely.Polygon | None = None
    communities: list[Item] = field(default_factory=list)
    grids: list[Item] = field(default_factory=list)
    roads: list[Item] = field(default_factory=list)
    places: list[Item] = field(default_factory=list)
    cameras: list[Item] = field(default_factory=list)
    units: list[Item] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def read_files(folder: Path) -> DistrictFiles:
    """Everything that can be read. Raises ImportFault where there is no such directory."""
    if not folder.is_dir():
        raise ImportFault(str(folder), "no_directory")
    files = DistrictFiles()
    files.facts = _facts(folder / "district.toml", files.problems)
    files.communities = list(_features(folder / "communities.geojson", "Polygon", files.problems))
    files.grids = list(_features(folder / "grids.geojson", "Polygon", files.problems))
    files.roads = list(_features(folder / "roads.geojson", "LineString", files.problems))
    files.places = list(_features(folder / "places.geojson", "Point", files.problems))
    files.cameras = list(_posts(folder / "cameras.csv", "lat", "lon", files.problems))
    files.units = list(_posts(folder / "units.csv", "home_lat", "home_lon", files.problems))
    outlines = list(_features(folder / "boundary.geojson", "Polygon", files.problems))
    files.boundary = outlines[0].geometry if outlines else None
    return files


def _facts(path: Path, problems: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except ImportFault as fault:
        problems.append(error("file", path.name, reason=str(fault)))
    except tomllib.TOMLDecodeError as fault:
        problems.append(error("file", path.name, reason=str(fault)))
    return {}


def _features(path: Path, kind: str, problems: list[Finding]) -> Iterator[Item]:
    try:
        top = msgspec.json.decode(read_text(path).encode())
        features = top["features"]
    except (ImportFault, msgspec.DecodeError, RecursionError, TypeError, KeyError) as fault:
        problems.append(error("file", path.name, reason=str(fault) or type(fault).__name__))
        return
    for number, one in enumerate(features, start=1):
        where = f"{path.name} {feature(number)}"
        try:
            yield Item(where, one["properties"] or {}, _geometry(one["geometry"], kind))
        except (TypeError, KeyError, IndexError, ValueError, shapely.GEOSException) as fault:
            problems.append(error("feature", where, reason=str(fault) or type(fault).__name__))


def _geometry(raw: dict[str, Any], kind: str) -> Any:
    if raw["type"] != kind:
        raise ValueError(f"{raw['type']} ≠ {kind}")
    coordinates = raw["coordinates"]
    if kind == "Polygon":
        return _on_earth(shapely.Polygon(coordinates[0], coordinates[1:]))
    return _on_earth(shapely.LineString(coordinates) if kind == "LineString" else shapely.Point(coordinates))


def _on_earth(geometry: Any) -> Any:
    points = shapely.get_coordinates(geometry)
    if not len(points) or not (np.abs(points) <= (180.0, 90.0)).all():
        raise ValueError("lon/lat")
    return geometry


def _posts(path: Path, lat: str, lon: str, problems: list[Finding]) -> Iterator[Item]:
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path), newline="")))
    except (ImportFault, csv.Error) as fault:
        problems.append(error("file", path.name, reason=str(fault)))
        return
    for number, cells in enumerate(rows, start=2):
        where = f"{path.name} {row(number)}"
        try:
            yield Item(where, dict(cells), _on_earth(shapely.Point(float(cells[lon]), float(cells[lat]))))
        except (TypeError, KeyError, ValueError):
            problems.append(error("feature", where, reason=f"{lat} {cells.get(lat)}, {lon} {cells.get(lon)}"))
