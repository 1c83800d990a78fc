"""Owns patrol routes and check points of a district and their reading. Must not plan patrols or judge a check-in.

`patrols.geojson` may be left out of a district. It is one FeatureCollection in WGS-84 with two kinds of feature:

- a route, a LineString in the sense in which it is walked: `id`, `name_zh`, `name_en`;
- a check point, a Point: `id`, `name_zh`, `name_en`, `route` (the id of its route), `number` (its place on the route,
  from 1) and `radius_m` (how near counts as having been there, 5 to 1000; 50 when it is left out).

    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"id": "T1", "name_zh": "...", "name_en": "..."},
       "geometry": {"type": "LineString", "coordinates": [[121.47, 31.22], [121.48, 31.22]]}},
      {"type": "Feature", "properties": {"id": "K01", "name_zh": "...", "name_en": "...", "route": "T1", "number": 1,
       "radius_m": 60}, "geometry": {"type": "Point", "coordinates": [121.47, 31.22]}}]}
"""

from pathlib import Path

import msgspec

from app.domain.plain import Plain, plain
from app.geo.district_error import DistrictError
from app.geo.geojson import Collection, Feature, decode, shape_error

FILE_NAME = "patrols.geojson"
LEAST_RADIUS_M, MOST_RADIUS_M, USUAL_RADIUS_M = 5.0, 1000.0, 50.0

Positions = tuple[tuple[float, float], ...]
"""(lon, lat) degrees, WGS-84."""


@plain
class PatrolRoute(Plain):
    """A way that is walked or driven again and again, in the sense of its line."""

    id: str
    name_zh: str
    name_en: str
    line: Positions


@plain
class CheckPoint(Plain):
    """Where a patrol is to have been; `number` counts along the route from 1."""

    id: str
    name_zh: str
    name_en: str
    route: str
    number: int
    lat: float
    lon: float
    radius_m: float


@plain
class Patrols(Plain):
    """Every route of one district with its check points, in the order of the file."""

    routes: tuple[PatrolRoute, ...] = ()
    check_points: tuple[CheckPoint, ...] = ()


NO_PATROLS = Patrols()


def load_patrols(directory: Path) -> Patrols:
    """What `patrols.geojson` of a district says; nothing where there is none. Raises DistrictError."""
    path = directory / FILE_NAME
    if not path.exists():
        return NO_PATROLS
    features = decode(path, Collection[_Props, _Line | _Point])
    routes, points = [], []
    for i, feature in enumerate(features):
        if isinstance(feature.geometry, _Line):
            routes.append(_route(path, i, feature))
        else:
            points.append(_check_point(path, i, feature))
    _check_routes(path, features, {route.id for route in routes})
    return Patrols(tuple(routes), tuple(points))


class _Line(msgspec.Struct, tag_field="type", tag="LineString", gc=False):
    coordinates: Positions


class _Point(msgspec.Struct, tag_field="type", tag="Point", gc=False):
    coordinates: tuple[float, float]


class _Props(msgspec.Struct, gc=False):
    id: str
    name_zh: str
    name_en: str
    route: str = ""
    number: int = 0
    radius_m: float = USUAL_RADIUS_M


_PatrolFeature = Feature[_Props, _Line | _Point]


def _route(path: Path, index: int, feature: _PatrolFeature) -> PatrolRoute:
    assert isinstance(feature.geometry, _Line)
    line = feature.geometry.coordinates
    if len(line) < 2:
        raise shape_error(path, index, "too_short", least=2)
    if not all(_is_on_earth(*position) for position in line):
        raise shape_error(path, index, "not_lon_lat")
    props = feature.properties
    return PatrolRoute(props.id, props.name_zh, props.name_en, line)


def _check_point(path: Path, index: int, feature: _PatrolFeature) -> CheckPoint:
    assert isinstance(feature.geometry, _Point)
    lon, lat = feature.geometry.coordinates
    if not _is_on_earth(lon, lat):
        raise shape_error(path, index, "not_lon_lat")
    props = feature.properties
    if not LEAST_RADIUS_M <= props.radius_m <= MOST_RADIUS_M:
        bounds = {"value": props.radius_m, "least": LEAST_RADIUS_M, "most": MOST_RADIUS_M}
        raise DistrictError(path.name, f"feature[{index}]", "radius_m", "out_of_range", **bounds)
    return CheckPoint(
        props.id, props.name_zh, props.name_en, props.route, props.number, lat, lon, props.radius_m
    )


def _check_routes(path: Path, features: list[_PatrolFeature], known: set[str]) -> None:
    for i, feature in enumerate(features):
        route = feature.properties.route
        if isinstance(feature.geometry, _Point) and route not in known:
            raise DistrictError(path.name, f"feature[{i}]", "route", "unknown_code", code=route)


def _is_on_earth(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90
