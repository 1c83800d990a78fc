"""Owns the shape of a district directory and its loading. Must not compute on it: lookup and routing are others' work.

Everything is WGS-84. What is many - roads, buildings, areas - is read from surface.py when it is first asked for, so
that neither a start nor a command that draws nothing waits for it, and numpy with it.
"""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from app.domain.plain import Plain, plain
from app.geo.csv_rows import Row, read_rows
from app.geo.district_error import DistrictError
from app.geo.geojson import (
    Collection,
    OutlineGeometry,
    PointGeometry,
    Ring,
    decode,
    outlines_of,
    read_bytes,
)
from app.geo.grid_facts import Contact, Hazard, load_contacts, load_hazards
from app.geo.patrols import NO_PATROLS, Patrols, load_patrols

if TYPE_CHECKING:
    from app.geo.surface import Area, Building, Road, Surface

__all__ = [
    "Camera",
    "Community",
    "District",
    "DistrictError",
    "Grid",
    "Place",
    "UnitSpec",
    "load_district",
]

Mount = Literal["street", "gate", "dome"]
Travel = Literal["foot", "ebike", "car"]
Mode = Travel | Literal["emergency"]
"""How somebody gets about; an emergency vehicle is a car that some closures let pass."""
UnitKind = Literal[
    "police", "urban_management", "joint_patrol", "grid_member", "fire", "mediator", "medical", "volunteer"
]


@plain
class Community(Plain):
    """A residents' community: a union of grids."""

    code: str
    name_zh: str
    name_en: str
    ring: Ring


@plain
class Grid(Plain):
    """A management grid with its 15-digit code; `community` is the code of the community it belongs to."""

    code: str
    name_zh: str
    name_en: str
    community: str
    ring: Ring


@plain
class Place(Plain):
    """A named place as people say it on the phone; `grid` is its grid's code, "" outside the boundary."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    grid: str
    address_zh: str
    lat: float
    lon: float


@plain
class Camera(Plain):
    """A camera's fixed facts; the bearing is clockwise from north, the field of view is centred on it."""

    id: str
    name_zh: str
    name_en: str
    lat: float
    lon: float
    bearing_deg: float
    fov_deg: float
    range_m: float
    mount: Mount
    grid: str
    group: str


@plain
class UnitSpec(Plain):
    """A unit's fixed facts: who they are, where their post is, how they travel."""

    id: str
    call_sign_zh: str
    call_sign_en: str
    kind: UnitKind
    home_lat: float
    home_lon: float
    grid: str
    members: int
    travel: Travel
    skills: tuple[str, ...]
    equipment: tuple[str, ...] = ()


class ReadLater:
    """Roads, buildings and areas of a folder, read once, by whichever thread asks first. Raises DistrictError."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._surface: Surface | None = None
        self._reading = Lock()

    @property
    def is_read(self) -> bool:
        return self._surface is not None

    def __call__(self) -> Surface:
        from app.geo.surface import read_surface

        with self._reading:
            if self._surface is None:
                self._surface = read_surface(self._directory)
            return self._surface


@plain
class District(Plain):
    """A sub-district with everything that stands in it. `code` has 9 digits: county 6, street 3."""

    code: str
    name_zh: str
    name_en: str
    centre_lat: float
    centre_lon: float
    utc_offset_min: int
    boundary: Ring
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    places: tuple[Place, ...]
    cameras: tuple[Camera, ...]
    units: tuple[UnitSpec, ...]
    surface: Callable[[], Surface]
    patrols: Patrols = NO_PATROLS
    contacts: tuple[Contact, ...] = ()
    hazards: tuple[Hazard, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether roads, buildings and areas are there without reading files."""
        return not isinstance(self.surface, ReadLater) or self.surface.is_read

    @property
    def roads(self) -> tuple[Road, ...]:
        """Read from the files at the first use, as buildings and areas are. Raises DistrictError."""
        return self.surface().roads

    @property
    def buildings(self) -> tuple[Building, ...]:
        return self.surface().buildings

    @property
    def areas(self) -> tuple[Area, ...]:
        return self.surface().areas


def load_district(path: Path | str) -> District:
    """Read a district directory.

    Raises DistrictError for a missing file, a broken one, or a reference (grid, community) to what is not there; for
    roads, buildings and areas when they are first asked for.
    """
    directory = Path(path)
    facts = _read_facts(directory / "district.toml")
    grids = _read_grids(directory / "grids.geojson")
    codes = {grid.code for grid in grids}
    district = District(
        **facts,
        boundary=_read_boundary(directory / "boundary.geojson"),
        communities=_read_communities(directory / "communities.geojson"),
        grids=grids,
        places=_read_places(directory / "places.geojson"),
        cameras=_read_cameras(directory / "cameras.csv"),
        units=_read_units(directory / "units.csv"),
        surface=ReadLater(directory),
        patrols=load_patrols(directory),
        contacts=load_contacts(directory, codes),
        hazards=load_hazards(directory, codes),
    )
    _check_references(district)
    _check_surface(directory)
    return district


SURFACE_FILES = ("roads.geojson", "buildings.geojson", "areas.geojson")


def _check_surface(directory: Path) -> None:
    """A folder that is not whole is refused at once, though its ground is read later."""
    for name in SURFACE_FILES:
        if not (directory / name).is_file():
            raise DistrictError(
                name, "", "", "unreadable", path=directory / name, reason=os.strerror(errno.ENOENT)
            )


# --- GeoJSON files -----------------------------------------------------------------------------------------------


class _BoundaryProps(msgspec.Struct, gc=False):
    pass


class _CommunityProps(msgspec.Struct, gc=False):
    code: str
    name_zh: str
    name_en: str


class _GridProps(msgspec.Struct, gc=False):
    code: str
    name_zh: str
    name_en: str
    community: str


class _PlaceProps(msgspec.Struct, gc=False):
    id: str
    kind: str
    name_zh: str
    name_en: str
    grid: str = ""
    address_zh: str = ""


def _read_boundary(path: Path) -> Ring:
    features = decode(path, Collection[_BoundaryProps, OutlineGeometry])
    if len(features) != 1:
        raise DistrictError(path.name, "", "features", "one_boundary", count=len(features))
    return next(outlines_of(path, features))


def _read_communities(path: Path) -> tuple[Community, ...]:
    features = decode(path, Collection[_CommunityProps, OutlineGeometry])
    pairs = zip(features, outlines_of(path, features), strict=True)
    return tuple(
        Community(f.properties.code, f.properties.name_zh, f.properties.name_en, r) for f, r in pairs
    )


def _read_grids(path: Path) -> tuple[Grid, ...]:
    features = decode(path, Collection[_GridProps, OutlineGeometry])
    grids = []
    for i, (feature, ring) in enumerate(zip(features, outlines_of(path, features), strict=True)):
        props = feature.properties
        if len(props.code) != 15 or not props.code.isdigit():
            raise DistrictError(path.name, f"feature[{i}]", "code", "not_15_digits", code=props.code)
        grids.append(Grid(props.code, props.name_zh, props.name_en, props.community, ring))
    return tuple(grids)


def _read_places(path: Path) -> tuple[Place, ...]:
    features = decode(path, Collection[_PlaceProps, PointGeometry])
    return tuple(_place(f.properties, *f.geometry.coordinates) for f in features)


def _place(props: _PlaceProps, lon: float, lat: float) -> Place:
    return Place(
        props.id, props.kind, props.name_zh, props.name_en, props.grid, props.address_zh, lat=lat, lon=lon
    )


# --- TOML and CSV ------------------------------------------------------------------------------------------------


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(read_bytes(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DistrictError(path.name, "", "", "not_toml", reason=error) from None
    facts = {field: _fact(path, table, field, convert) for field, convert in _FACTS.items()}
    if len(facts["code"]) != 9 or not facts["code"].isdigit():
        raise DistrictError(path.name, "", "code", "not_9_digits", code=facts["code"])
    return facts


_FACTS: dict[str, Callable[[Any], Any]] = {
    "code": str,
    "name_zh": str,
    "name_en": str,
    "centre_lat": float,
    "centre_lon": float,
    "utc_offset_min": int,
}


def _fact(path: Path, table: dict[str, Any], field: str, convert: Callable[[Any], Any]) -> Any:
    if field not in table:
        raise DistrictError(path.name, "", field, "missing")
    try:
        return convert(table[field])
    except (TypeError, ValueError):
        raise DistrictError(path.name, "", field, "wrong_value", reason=repr(table[field])) from None


def _read_cameras(path: Path) -> tuple[Camera, ...]:
    return tuple(_camera(row) for row in read_rows(path))


def _camera(row: Row) -> Camera:
    return Camera(
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        lat=row.number("lat", -90, 90),
        lon=row.number("lon", -180, 180),
        bearing_deg=row.number("bearing_deg", 0, 360),
        fov_deg=row.number("fov_deg", 1, 360),
        range_m=row.number("range_m", 1, 2000),
        mount=cast(Mount, row.one_of("mount", ("street", "gate", "dome"))),
        grid=row.text("grid"),
        group=row.text("group"),
    )


_UNIT_KINDS = (
    "police",
    "urban_management",
    "joint_patrol",
    "grid_member",
    "fire",
    "mediator",
    "medical",
    "volunteer",
)


def _read_units(path: Path) -> tuple[UnitSpec, ...]:
    return tuple(_unit(row) for row in read_rows(path))


def _unit(row: Row) -> UnitSpec:
    return UnitSpec(
        id=row.text("id"),
        call_sign_zh=row.text("call_sign_zh"),
        call_sign_en=row.text("call_sign_en"),
        kind=cast(UnitKind, row.one_of("kind", _UNIT_KINDS)),
        home_lat=row.number("home_lat", -90, 90),
        home_lon=row.number("home_lon", -180, 180),
        grid=row.text("grid"),
        members=int(row.number("members", 1, 200)),
        travel=cast(Travel, row.one_of("travel", ("foot", "ebike", "car"))),
        skills=_names(row.text("skills")),
        equipment=_names(row.optional("equipment")),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(";") if name)


# --- references between files ------------------------------------------------------------------------------------


def _check_references(district: District) -> None:
    communities = {community.code for community in district.communities}
    grids = {grid.code for grid in district.grids}
    for i, grid in enumerate(district.grids):
        _check_known("grids.geojson", f"feature[{i}]", "community", grid.community, communities)
    for i, place in enumerate(district.places):
        _check_known("places.geojson", f"feature[{i}]", "grid", place.grid, grids | {""})
    for i, camera in enumerate(district.cameras):
        _check_known("cameras.csv", f"row {i + 2}", "grid", camera.grid, grids)
    for i, unit in enumerate(district.units):
        _check_known("units.csv", f"row {i + 2}", "grid", unit.grid, grids)


def _check_known(file: str, where: str, field: str, code: str, known: set[str]) -> None:
    if code not in known:
        raise DistrictError(file, where, field, "unknown_code", code=code)
