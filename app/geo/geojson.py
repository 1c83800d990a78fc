"""Owns typed GeoJSON: decoding with faults that say where they stand. Must not know districts or import numpy.

Only what district files use: features that are all polygons of one ring, all lines or all points. Where there are
thousands, coordinates stay raw text here and become arrays in coordinate_arrays.py.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import msgspec

from app.geo.district_error import DistrictError

Ring = tuple[tuple[float, float], ...]
"""(lon, lat) degrees, WGS-84; the last point is the first."""

LEAST_RING_POINTS = 4


class OutlineGeometry(msgspec.Struct, gc=False):
    """A polygon of few points, which are numbers at once."""

    type: Literal["Polygon"]
    coordinates: tuple[Ring, ...]


class PolygonGeometry(msgspec.Struct, gc=False):
    """A polygon; its coordinates are raw text."""

    type: Literal["Polygon"]
    coordinates: msgspec.Raw


class LineGeometry(msgspec.Struct, gc=False):
    """A line; its coordinates are raw text."""

    type: Literal["LineString"]
    coordinates: msgspec.Raw


class PointGeometry(msgspec.Struct, gc=False):
    """A point, (lon, lat)."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


P = TypeVar("P")
G = TypeVar("G")


class Feature(msgspec.Struct, Generic[P, G], gc=False):
    """Properties and geometry, each of a declared shape."""

    properties: P
    geometry: G


class Collection(msgspec.Struct, Generic[P, G]):
    """A FeatureCollection of one kind of feature."""

    features: list[Feature[P, G]]


def decode(path: Path, kind: type[Collection[P, G]]) -> list[Feature[P, G]]:
    """The features of a file. Raises DistrictError that names the feature and the field that do not fit `kind`."""
    try:
        return msgspec.json.decode(read_bytes(path), type=kind, strict=True).features
    except msgspec.ValidationError as error:
        raise _located(path, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DistrictError(path.name, "", "", "not_json", reason=error) from None


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises DistrictError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DistrictError(path.name, "", "", "unreadable", path=path, reason=error.strerror) from None


def outlines_of(path: Path, features: Sequence[Feature[Any, OutlineGeometry]]) -> Iterator[Ring]:
    """The only ring of each polygon. Raises DistrictError that names the feature."""
    for i, feature in enumerate(features):
        rings = feature.geometry.coordinates
        if len(rings) != 1:
            raise shape_error(path, i, "not_one_ring")
        if len(rings[0]) < LEAST_RING_POINTS:
            raise shape_error(path, i, "too_short", least=LEAST_RING_POINTS)
        if rings[0][0] != rings[0][-1]:
            raise shape_error(path, i, "not_one_ring")
        if any(abs(lon) > 180 or abs(lat) > 90 for lon, lat in rings[0]):
            raise shape_error(path, i, "not_lon_lat")
        yield rings[0]


def shape_error(path: Path, feature: int, mend_key: str, **params: object) -> DistrictError:
    """What is wrong with the coordinates of one feature."""
    return DistrictError(path.name, f"feature[{feature}]", "coordinates", mend_key, **params)


def _located(path: Path, error: msgspec.ValidationError) -> DistrictError:
    reason, _, json_path = str(error).partition(" - at `")
    parts = json_path.rstrip("`").split(".")
    feature = next((part for part in parts if part.startswith("features[")), "")
    where = feature.replace("features", "feature")
    if missing := re.search("missing required field `(.+)`", reason):
        return DistrictError(path.name, where, missing.group(1), "missing")
    field = parts[-1] if parts[-1] not in (feature, "$", "") else ""
    return DistrictError(path.name, where, field, "wrong_value", reason=reason)
