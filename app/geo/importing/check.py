"""Owns a check of a district directory from beginning to end. Must not mend or print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely

from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.centre.words_file import load_word_rules
from app.geo.coordinates import LocalPlane
from app.geo.district import DistrictError, load_district
from app.geo.importing.check_basemaps import basemap_findings
from app.geo.importing.check_codes import code_findings
from app.geo.importing.check_grids import grid_findings
from app.geo.importing.check_posts import post_findings
from app.geo.importing.check_roads import road_findings
from app.geo.importing.district_files import DistrictFiles, read_files
from app.geo.importing.findings import Finding, error
from app.geo.importing.outlines import plane_of
from app.geo.tilesets.tile_source import LonLatBounds


def check_district(folder: Path) -> list[Finding]:
    """Everything that is wrong, errors first. Raises ImportFault where there is no such directory."""
    files = read_files(folder)
    findings = [*files.problems, *code_findings(files), *_on_the_ground(files)]
    if not any(finding.severity == "error" for finding in findings):
        findings.extend(_loading(folder))
    findings.extend(basemap_findings(folder, _extent(files)))
    return sorted(findings, key=lambda finding: finding.severity)


def _on_the_ground(files: DistrictFiles) -> Iterator[Finding]:
    plane = _plane(files)
    if plane is None:
        return
    yield from grid_findings(files, plane)
    yield from road_findings(files, plane)
    yield from post_findings(files, plane)


def _plane(files: DistrictFiles) -> LocalPlane | None:
    shapes: list[shapely.Polygon] = [grid.geometry for grid in files.grids]
    if files.boundary is not None:
        shapes.append(files.boundary)
    return plane_of(shapes) if shapes else None


def _extent(files: DistrictFiles) -> LonLatBounds | None:
    shapes = [files.boundary] if files.boundary is not None else [grid.geometry for grid in files.grids]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def _loading(folder: Path) -> Iterator[Finding]:
    """What the console itself would say; a check that finds nothing must not be followed by a start that fails."""
    try:
        district = load_district(folder)
        _ = district.roads, district.buildings, district.areas
    except DistrictError as fault:
        yield error("unusable", fault.file, reason=str(fault))
    try:
        load_word_rules(load_incident_types(folder), folder)
    except DeclarationFault as fault:
        yield error("unusable", fault.file.name, reason=str(fault))
