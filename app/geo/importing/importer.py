"""Owns an import from beginning to end: what is read in which order, and what is written of it. Must not print.

The ground comes first - boundary, else grids, else the extract's own extent - because everything else is cut to it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.geo.coordinates import in_china
from app.geo.district import load_district
from app.geo.importing import directory
from app.geo.importing.columns import made_name
from app.geo.importing.faults import ImportFault
from app.geo.importing.grids import (
    CommunityArea,
    GridArea,
    communities_from,
    communities_of,
    community_names,
    grid_for,
    grids_of,
)
from app.geo.importing.landmarks import PlaceRow, places
from app.geo.importing.locating import GridLocator
from app.geo.importing.osm_extract import Extract, read_extract
from app.geo.importing.outlines import from_plane, plane_of, read_outlines, to_plane, union_of
from app.geo.importing.posts import CAMERA_FIELDS, UNIT_FIELDS, PostRow, read_cameras, read_units
from app.geo.importing.road_network import network
from app.geo.importing.surfaces import Surface, areas, buildings

CHINA_OFFSET_MIN = 480
MARGIN_M = 60.0
_NOTABLE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to become a district. `crs` names the system of each file by its option, "" that of all others."""

    osm: Path
    target: Path
    code: str
    name_zh: str
    name_en: str
    grids: Path | None = None
    communities: Path | None = None
    boundary: Path | None = None
    cameras: Path | None = None
    units: Path | None = None
    utc_offset_min: int | None = None
    crs: Mapping[str, str] = field(default_factory=dict)

    def crs_of(self, option: str) -> str | None:
        """The system to take for a file that does not say."""
        return self.crs.get(option) or self.crs.get("")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: how many of each, and keys of texts with what is worth a second look."""

    counts: dict[str, int]
    notes: tuple[tuple[str, dict[str, object]], ...]


def import_district(request: ImportRequest, progress: Callable[[str], None] = lambda _: None) -> Imported:
    """Writes the district. Raises ImportFault or RowsRefused and then leaves the target untouched.

    `progress` is told the key of each step as it begins.
    """
    with _collector_at_rest():
        return _imported(request, request.target.resolve(), progress)


def _imported(request: ImportRequest, target: Path, progress: Callable[[str], None]) -> Imported:
    """Ends before the collector wakes: what is gone by then it need not walk through."""
    directory.check_target(target)
    making = _Making(request)
    progress("reading_lists")
    making.read_grids()
    making.read_posts()
    progress("reading_osm")
    making.read_osm()
    progress("writing")
    contents = making.contents()
    with directory.sibling(target) as folder:
        directory.write(folder, contents)
        load_district(folder)
        directory.put_in_place(folder, target)
    return Imported(making.counts(), tuple(making.notes))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Of hundreds of thousands of objects none is in a cycle: looking for cycles took a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Making:
    """The district while it is being made."""

    def __init__(self, request: ImportRequest) -> None:
        self.notes: list[tuple[str, dict[str, object]]] = []
        self._request = request
        self._grids: list[GridArea] = []
        self._communities: list[CommunityArea] = []
        self._ground: shapely.Polygon | None = None
        self._cameras: list[PostRow] = []
        self._units: list[PostRow] = []
        self._roads = network([], None)
        self._buildings: list[Surface] = []
        self._areas: list[Surface] = []
        self._places: list[PlaceRow] = []

    def read_grids(self) -> None:
        """Boundary, communities and grids."""
        asked = self._request
        if asked.communities is not None:
            outlines = read_outlines(asked.communities, "community", asked.crs_of("communities"))
            self._communities = communities_of(outlines, asked.code)
        if asked.grids is not None:
            outlines = read_outlines(asked.grids, "grid", asked.crs_of("grids"))
            self._grids = grids_of(outlines, self._communities, asked.code)
            if not self._communities:
                self._communities = communities_from(self._grids, community_names(outlines, self._grids))
        if self._communities and not self._grids:
            self._grids = [grid_for(community) for community in self._communities]
            self.notes.append(("grid_per_community", {"count": len(self._grids)}))
        shapes = [grid.shape for grid in self._grids]
        if asked.boundary is not None:
            shapes = [
                one.shape for one in read_outlines(asked.boundary, "boundary", asked.crs_of("boundary"))
            ]
        if shapes:
            self._ground = self._joined(shapes)

    def _joined(self, shapes: Sequence[shapely.Polygon]) -> shapely.Polygon:
        ground, left_out = union_of(shapes)
        if left_out > _NOTABLE_SHARE:
            self.notes.append(("boundary_in_parts", {"percent": round(100 * left_out)}))
        return ground

    def read_posts(self) -> None:
        """Cameras and units, as soon as there are grids to find theirs in: long before the extract is read."""
        asked = self._request
        if not self._grids:
            return
        locator = GridLocator(self._grids)
        if asked.cameras is not None:
            self._cameras = read_cameras(asked.cameras, asked.crs_of("cameras"), locator)
        if asked.units is not None:
            self._units = read_units(asked.units, asked.crs_of("units"), locator)

    def read_osm(self) -> None:
        """Roads, buildings, areas and places; the ground too, where no file gave one."""
        extract = read_extract(
            self._request.osm, None if self._ground is None else self._widened(self._ground)
        )
        self._check_overlap(extract)
        if self._ground is None:
            self._ground = extract.box or _extent_of(extract)
        around = self._widened(self._ground)
        if not self._grids:
            self._make_one_grid(self._ground)
            self.read_posts()
        plane = plane_of([self._ground])
        self._roads = network(extract.roads, around)
        self._buildings = buildings(_on(extract.surfaces, self._ground), plane)
        self._areas = areas(extract, around, plane)
        self._places = places([*extract.points, *extract.surfaces], self._ground, GridLocator(self._grids))
        if extract.broken:
            self.notes.append(("broken_objects", {"count": extract.broken}))

    @staticmethod
    def _widened(ground: shapely.Polygon) -> shapely.Polygon:
        """The ground with a rim: a boundary runs in the middle of a road, and the road belongs to both sides."""
        plane = plane_of([ground])
        return from_plane(to_plane(ground, plane).buffer(MARGIN_M, quad_segs=2), plane)

    def _check_overlap(self, extract: Extract) -> None:
        if extract.roads:
            return
        ground = self._ground or extract.box
        middle = ground.centroid if ground is not None else shapely.Point()
        at = "" if middle.is_empty else f"{middle.y:.4f}, {middle.x:.4f}"
        raise ImportFault(self._request.osm.name, "no_roads_here" if at else "no_roads", at=at)

    def _make_one_grid(self, ground: shapely.Polygon) -> None:
        """Where nobody has drawn grids yet the district is one, so that a desk can begin."""
        names = made_name("community_zh", 1), made_name("community_en", 1)
        self._communities = [CommunityArea(f"{self._request.code}001", *names, ground)]
        self._grids = [grid_for(self._communities[0])]
        self.notes.append(("one_grid", {"code": self._grids[0].code}))

    # what is written

    def contents(self) -> dict[str, directory.Content]:
        """Every file of the directory by name."""
        return {
            "district.toml": directory.facts(self._facts()),
            "boundary.geojson": directory.polygons([({"code": self._request.code}, self._ground)]),
            "communities.geojson": directory.polygons(
                ({"code": c.code, "name_zh": c.name_zh, "name_en": c.name_en}, c.shape)
                for c in self._communities
            ),
            "grids.geojson": directory.polygons(
                (
                    {"code": g.code, "name_zh": g.name_zh, "name_en": g.name_en, "community": g.community},
                    g.shape,
                )
                for g in self._grids
            ),
            "roads.geojson": directory.lines(self._roads),
            "buildings.geojson": directory.polygons(self._buildings),
            "areas.geojson": directory.polygons(self._areas),
            "places.geojson": directory.points(self._places),
            "cameras.csv": directory.table(CAMERA_FIELDS, self._cameras),
            "units.csv": directory.table(UNIT_FIELDS, self._units),
        }

    def _facts(self) -> dict[str, Any]:
        asked, middle = self._request, shapely.centroid(self._ground)
        offset_min = asked.utc_offset_min
        if offset_min is None:
            offset_min = CHINA_OFFSET_MIN if in_china(middle.y, middle.x) else 60 * round(middle.x / 15)
            if offset_min != CHINA_OFFSET_MIN:
                self.notes.append(("offset_guessed", {"minutes": offset_min}))
        return {
            "code": asked.code,
            "name_zh": asked.name_zh,
            "name_en": asked.name_en,
            "centre_lat": round(middle.y, 6),
            "centre_lon": round(middle.x, 6),
            "utc_offset_min": offset_min,
        }

    def counts(self) -> dict[str, int]:
        """How many of each there are."""
        return {
            "communities": len(self._communities),
            "grids": len(self._grids),
            "roads": len(self._roads),
            "buildings": len(self._buildings),
            "areas": len(self._areas),
            "places": len(self._places),
            "cameras": len(self._cameras),
            "units": len(self._units),
        }


def _on(features: Sequence[Any], ground: shapely.Polygon) -> list[Any]:
    """The features that touch the ground itself, not only its rim."""
    shapely.prepare(ground)
    kept = shapely.intersects(ground, np.array([one.geometry for one in features], dtype=object))
    return [one for one, is_kept in zip(features, kept, strict=True) if is_kept]


def _extent_of(extract: Extract) -> shapely.Polygon:
    """The box around all roads, for extracts that do not say what they cover."""
    west, south, east, north = shapely.total_bounds(
        np.array([road.geometry for road in extract.roads], dtype=object)
    )
    return shapely.box(west, south, east, north)
