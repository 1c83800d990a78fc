"""Owns typed GeoJSON: decoding with located faults, coordinates as views of one array a file. Must not know districts.

Only what district files use: features that are all polygons of one ring, all lines or all points. Coordinates are left
as raw text by the decoder and parsed in one go for the whole file: no list per point, half the time.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from app.geo.district_error import DistrictError

LonLat = npt.NDArray[np.float64]

_BLANKS = b" \t\r\n"


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


def lines_of(path: Path, features: Sequence[Feature[Any, LineGeometry]]) -> Iterator[LonLat]:
    """One read-only (n, 2) array per line, n >= 2."""
    points, starts = _points(path, [bytes(f.geometry.coordinates) for f in features], depth=1, least=2)
    return _views(points, starts)


def rings_of(path: Path, features: Sequence[Feature[Any, PolygonGeometry]]) -> Iterator[LonLat]:
    """One read-only (n, 2) array per polygon: its only ring, n >= 4, the last point equal to the first."""
    points, starts = _points(path, [bytes(f.geometry.coordinates) for f in features], depth=2, least=4)
    is_open = (points[starts[:-1]] != points[starts[1:] - 1]).any(axis=1)
    if is_open.any():
        raise _shape_error(path, int(is_open.argmax()), "not_one_ring")
    return _views(points, starts)


def _points(path: Path, texts: list[bytes], depth: int, least: int) -> tuple[LonLat, npt.NDArray[np.intp]]:
    """Every point of the file and where each shape starts in them; `depth` brackets stand around a shape's points."""
    counts = [text.count(b"[") - depth for text in texts]
    numbers = [text.translate(None, b"[]" + _BLANKS) for text in texts]
    for i, (text, count) in enumerate(zip(texts, counts, strict=True)):
        _check_shape(path, i, text, count, numbers[i].count(b",") + 1, depth, least)
    try:
        flat = np.array(msgspec.json.decode(b"[" + b",".join(numbers) + b"]", type=list[float]))
    except msgspec.MsgspecError:
        raise _shape_error(path, _first_not_numeric(numbers), "not_lon_lat") from None
    points = flat.reshape(-1, 2)
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)
    off_earth = (np.abs(points) > (180.0, 90.0)).any(axis=1)
    if off_earth.any():
        feature = int(np.searchsorted(starts, int(off_earth.argmax()), side="right")) - 1
        raise _shape_error(path, feature, "not_lon_lat")
    points.flags.writeable = False
    return points, starts


def _check_shape(
    path: Path, feature: int, text: bytes, count: int, numbers: int, depth: int, least: int
) -> None:
    if depth == 2 and text.translate(None, _BLANKS).count(b"]],") > 0:
        raise _shape_error(path, feature, "not_one_ring")
    if count < least:
        raise _shape_error(path, feature, "too_short", least=least)
    if numbers != 2 * count:
        raise _shape_error(path, feature, "not_lon_lat")


def _first_not_numeric(numbers: list[bytes]) -> int:
    for i, text in enumerate(numbers):
        try:
            msgspec.json.decode(b"[" + text + b"]", type=list[float])
        except msgspec.MsgspecError:
            return i
    return 0


def _views(points: LonLat, starts: npt.NDArray[np.intp]) -> Iterator[LonLat]:
    ends = starts.tolist()
    return (points[start:end] for start, end in itertools.pairwise(ends))


def _shape_error(path: Path, feature: int, mend_key: str, **params: object) -> DistrictError:
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
