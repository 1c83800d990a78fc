"""Owns the shape of a district directory and its loading. Must not compute on it: lookup, routing and drawing are others' work.

Everything is WGS-84. Coordinate arrays are float64 of shape (n, 2), column 0 longitude, column 1 latitude, in degrees;
a ring repeats its first point as its last. Arrays are read-only and share one buffer per file.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast

import msgspec
import numpy as np
import numpy.typing as npt

from app.i18n import tr

LonLat = npt.NDArray[np.float64]

RoadClass = Literal["trunk", "primary", "secondary", "tertiary", "residential", "alley", "footway"]
BuildingKind = Literal[
    "residential", "commercial", "public", "school", "hospital", "market", "industrial", "old"
]
AreaKind = Literal["water", "park", "plaza", "school_yard", "rail", "green"]
Mount = Literal["street", "gate", "dome"]
Travel = Literal["foot", "ebike", "car"]
UnitKind = Literal[
    "police", "urban_management", "joint_patrol", "grid_member", "fire", "mediator", "medical", "volunteer"
]


class DistrictError(ValueError):
    """A district directory that cannot be used; `str()` is one line: file, feature or row, field, and the mend.

    `where` is "" when the whole file is meant; `field` is "" when the whole feature is.
    """

    def __init__(self, file: str, where: str, field: str, mend_key: str, **params: object) -> None:
        self.file = file
        self.where = where
        self.field = field
        self.mend = tr(f"district.{mend_key}", **params)
        super().__init__(" · ".join(part for part in (file, where, field) if part) + f": {self.mend}")


@dataclass(frozen=True, slots=True)
class Community:
    """A residents' community: a union of grids. `ring` is (n, 2)."""

    code: str
    name_zh: str
    name_en: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Grid:
    """A management grid with its 15-digit code; `community` is the code of the community it belongs to."""

    code: str
    name_zh: str
    name_en: str
    community: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Road:
    """A road between two nodes of the graph; `line` runs from `from_node` to `to_node`, a one-way in that sense."""

    id: str
    name_zh: str
    name_en: str
    road_class: RoadClass
    oneway: bool
    bridge: bool
    from_node: int
    to_node: int
    line: LonLat


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint; `levels` counts storeys above ground, `name_zh` is "" for most."""

    id: str
    kind: BuildingKind
    levels: int
    name_zh: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Area:
    """Ground with a cover of its own: water, park, plaza, school yard, rail, green. Names may be ""."""

    kind: AreaKind
    name_zh: str
    name_en: str
    ring: LonLat


@dataclass(frozen=True, slots=True)
class Place:
    """A named place as people say it on the phone; `grid` is its grid's code, "" outside the boundary."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    grid: str
    address_zh: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Camera:
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


@dataclass(frozen=True, slots=True)
class UnitSpec:
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


@dataclass(frozen=True, slots=True)
class District:
    """A sub-district with everything that stands in it. `code` has 9 digits: county 6, street 3."""

    code: str
    name_zh: str
    name_en: str
    centre_lat: float
    centre_lon: float
    utc_offset_min: int
    boundary: LonLat
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    roads: tuple[Road, ...]
    buildings: tuple[Building, ...]
    areas: tuple[Area, ...]
    places: tuple[Place, ...]
    cameras: tuple[Camera, ...]
    units: tuple[UnitSpec, ...]


def load_district(path: Path | str) -> District:
    """Read a district directory.

    Raises DistrictError for a missing file, a broken one, or a reference (grid, community) to what is not there.
    """
    directory = Path(path)
    district = District(
        **_read_facts(directory / "district.toml"),
        boundary=_read_boundary(directory / "boundary.geojson"),
        communities=_read_communities(directory / "communities.geojson"),
        grids=_read_grids(directory / "grids.geojson"),
        roads=_read_roads(directory / "roads.geojson"),
        buildings=_read_buildings(directory / "buildings.geojson"),
        areas=_read_areas(directory / "areas.geojson"),
        places=_read_places(directory / "places.geojson"),
        cameras=_read_cameras(directory / "cameras.csv"),
        units=_read_units(directory / "units.csv"),
    )
    _check_references(district)
    return district


# --- GeoJSON: typed decoding, then one array per file that the features' arrays are views of ---------------------


class _PolygonGeometry(msgspec.Struct):
    type: Literal["Polygon"]
    coordinates: list[list[list[float]]]


class _LineGeometry(msgspec.Struct):
    type: Literal["LineString"]
    coordinates: list[list[float]]


class _PointGeometry(msgspec.Struct):
    type: Literal["Point"]
    coordinates: tuple[float, float]


class _BoundaryProps(msgspec.Struct):
    pass


class _CommunityProps(msgspec.Struct):
    code: str
    name_zh: str
    name_en: str


class _GridProps(msgspec.Struct):
    code: str
    name_zh: str
    name_en: str
    community: str


class _RoadProps(msgspec.Struct, rename={"road_class": "class", "from_node": "from", "to_node": "to"}):
    id: str
    name_zh: str
    name_en: str
    road_class: RoadClass
    oneway: bool
    from_node: int
    to_node: int
    bridge: bool = False


class _BuildingProps(msgspec.Struct):
    id: str
    kind: BuildingKind
    levels: int
    name_zh: str = ""


class _AreaProps(msgspec.Struct):
    kind: AreaKind
    name_zh: str = ""
    name_en: str = ""


class _PlaceProps(msgspec.Struct):
    id: str
    kind: str
    name_zh: str
    name_en: str
    grid: str = ""
    address_zh: str = ""


P = TypeVar("P")
G = TypeVar("G")


class _Feature(msgspec.Struct, Generic[P, G]):
    properties: P
    geometry: G


class _Collection(msgspec.Struct, Generic[P, G]):
    features: list[_Feature[P, G]]


def _decode(path: Path, kind: type[_Collection[P, G]]) -> list[_Feature[P, G]]:
    try:
        return msgspec.json.decode(_read_bytes(path), type=kind, strict=True).features
    except msgspec.ValidationError as error:
        raise _located(path, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DistrictError(path.name, "", "", "not_json", reason=error) from None


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DistrictError(path.name, "", "", "unreadable", path=path, reason=error.strerror) from None


def _located(path: Path, error: msgspec.ValidationError) -> DistrictError:
    reason, _, json_path = str(error).partition(" - at `")
    parts = json_path.rstrip("`").split(".")
    feature = next((part for part in parts if part.startswith("features[")), "")
    field = parts[-1] if parts[-1] != feature and parts[-1] != "$" else ""
    return DistrictError(path.name, feature.replace("features", "feature"), field, "wrong_value", reason=reason)


def _views(path: Path, shapes: list[list[list[float]]], least: int) -> Iterator[LonLat]:
    """One read-only (n, 2) view per shape; raises DistrictError for a shape that is too short or out of range."""
    try:
        flat = np.array(list(chain.from_iterable(shapes)), dtype=np.float64).reshape(-1, 2)
    except ValueError:
        _raise_bad_shape(path, shapes, least)
        raise
    lengths = list(map(len, shapes))
    if lengths and (min(lengths) < least or not _on_earth(flat)):
        _raise_bad_shape(path, shapes, least)
    flat.flags.writeable = False
    start = 0
    for length in lengths:
        yield flat[start : start + length]
        start += length


def _on_earth(points: LonLat) -> bool:
    return bool((np.abs(points[:, 0]) <= 180).all() and (np.abs(points[:, 1]) <= 90).all())


def _raise_bad_shape(path: Path, shapes: list[list[list[float]]], least: int) -> None:
    for i, shape in enumerate(shapes):
        if len(shape) < least:
            raise DistrictError(path.name, f"feature[{i}]", "coordinates", "too_short", least=least)
        if any(len(point) != 2 or abs(point[0]) > 180 or abs(point[1]) > 90 for point in shape):
            raise DistrictError(path.name, f"feature[{i}]", "coordinates", "not_lon_lat")


def _rings(path: Path, features: list[_Feature[P, _PolygonGeometry]]) -> Iterator[LonLat]:
    shapes = []
    for i, feature in enumerate(features):
        rings = feature.geometry.coordinates
        if len(rings) != 1 or not rings[0] or rings[0][0] != rings[0][-1]:
            raise DistrictError(path.name, f"feature[{i}]", "coordinates", "not_one_ring")
        shapes.append(rings[0])
    return _views(path, shapes, least=4)


def _read_boundary(path: Path) -> LonLat:
    features = _decode(path, _Collection[_BoundaryProps, _PolygonGeometry])
    if len(features) != 1:
        raise DistrictError(path.name, "", "features", "one_boundary", count=len(features))
    return next(_rings(path, features))


def _read_communities(path: Path) -> tuple[Community, ...]:
    features = _decode(path, _Collection[_CommunityProps, _PolygonGeometry])
    pairs = zip(features, _rings(path, features), strict=True)
    return tuple(Community(f.properties.code, f.properties.name_zh, f.properties.name_en, r) for f, r in pairs)


def _read_grids(path: Path) -> tuple[Grid, ...]:
    features = _decode(path, _Collection[_GridProps, _PolygonGeometry])
    grids = []
    for i, (feature, ring) in enumerate(zip(features, _rings(path, features), strict=True)):
        props = feature.properties
        if len(props.code) != 15 or not props.code.isdigit():
            raise DistrictError(path.name, f"feature[{i}]", "code", "not_15_digits", code=props.code)
        grids.append(Grid(props.code, props.name_zh, props.name_en, props.community, ring))
    return tuple(grids)


def _read_roads(path: Path) -> tuple[Road, ...]:
    features = _decode(path, _Collection[_RoadProps, _LineGeometry])
    lines = _views(path, [f.geometry.coordinates for f in features], least=2)
    props = (feature.properties for feature in features)
    return tuple(
        Road(p.id, p.name_zh, p.name_en, p.road_class, p.oneway, p.bridge, p.from_node, p.to_node, line)
        for p, line in zip(props, lines, strict=True)
    )


def _read_buildings(path: Path) -> tuple[Building, ...]:
    features = _decode(path, _Collection[_BuildingProps, _PolygonGeometry])
    props = (feature.properties for feature in features)
    rings = _rings(path, features)
    return tuple(
        Building(p.id, p.kind, p.levels, p.name_zh, ring) for p, ring in zip(props, rings, strict=True)
    )


def _read_areas(path: Path) -> tuple[Area, ...]:
    features = _decode(path, _Collection[_AreaProps, _PolygonGeometry])
    pairs = zip(features, _rings(path, features), strict=True)
    return tuple(Area(f.properties.kind, f.properties.name_zh, f.properties.name_en, r) for f, r in pairs)


def _read_places(path: Path) -> tuple[Place, ...]:
    features = _decode(path, _Collection[_PlaceProps, _PointGeometry])
    return tuple(_place(f.properties, *f.geometry.coordinates) for f in features)


def _place(props: _PlaceProps, lon: float, lat: float) -> Place:
    return Place(
        props.id, props.kind, props.name_zh, props.name_en, props.grid, props.address_zh, lat=lat, lon=lon
    )


# --- TOML and CSV ------------------------------------------------------------------------------------------------


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(_read_bytes(path).decode("utf-8"))
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


class _Row:
    """One line of a CSV file that can say where a wrong cell stands."""

    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self._file = file
        self._line = line
        self._cells = cells

    def text(self, field: str) -> str:
        value = self._cells.get(field)
        if value is None:
            raise self._error(field, "missing")
        return value

    def number(self, field: str, least: float, most: float) -> float:
        try:
            value = float(self.text(field))
        except ValueError:
            raise self._error(field, "not_a_number", value=self.text(field)) from None
        if not least <= value <= most:
            raise self._error(field, "out_of_range", value=value, least=least, most=most)
        return value

    def one_of(self, field: str, allowed: tuple[str, ...]) -> str:
        value = self.text(field)
        if value not in allowed:
            raise self._error(field, "not_one_of", value=value, allowed=", ".join(allowed))
        return value

    def _error(self, field: str, mend_key: str, **params: object) -> DistrictError:
        return DistrictError(self._file, f"row {self._line}", field, mend_key, **params)


def _rows(path: Path) -> Iterator[_Row]:
    try:
        lines = _read_bytes(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DistrictError(path.name, "", "", "not_utf8", reason=error) from None
    for number, cells in enumerate(csv.DictReader(lines), start=2):
        yield _Row(path.name, number, cells)


def _read_cameras(path: Path) -> tuple[Camera, ...]:
    return tuple(_camera(row) for row in _rows(path))


def _camera(row: _Row) -> Camera:
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
    return tuple(_unit(row) for row in _rows(path))


def _unit(row: _Row) -> UnitSpec:
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
        skills=tuple(skill for skill in row.text("skills").split(";") if skill),
    )


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
