"""Owns the coordinates of a GeoJSON file as views of one array. Must not decode properties or know districts.

Coordinates come as raw text and are parsed in one go for the whole file: no list per point, half the time.
"""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from app.geo.geojson import (
    LEAST_RING_POINTS,
    Feature,
    LineGeometry,
    PolygonGeometry,
    shape_error,
)

LonLat = npt.NDArray[np.float64]

_BLANKS = b" \t\r\n"


def lines_of(path: Path, features: Sequence[Feature[Any, LineGeometry]]) -> Iterator[LonLat]:
    """One read-only (n, 2) array per line, n >= 2."""
    points, starts = _points(path, [bytes(f.geometry.coordinates) for f in features], depth=1, least=2)
    return _views(points, starts)


def rings_of(path: Path, features: Sequence[Feature[Any, PolygonGeometry]]) -> Iterator[LonLat]:
    """One read-only (n, 2) array per polygon: its only ring, n >= 4, the last point equal to the first."""
    points, starts = _points(
        path, [bytes(f.geometry.coordinates) for f in features], depth=2, least=LEAST_RING_POINTS
    )
    is_open = (points[starts[:-1]] != points[starts[1:] - 1]).any(axis=1)
    if is_open.any():
        raise shape_error(path, int(is_open.argmax()), "not_one_ring")
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
        raise shape_error(path, _first_not_numeric(numbers), "not_lon_lat") from None
    points = flat.reshape(-1, 2)
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)
    off_earth = (np.abs(points) > (180.0, 90.0)).any(axis=1)
    if off_earth.any():
        feature = int(np.searchsorted(starts, int(off_earth.argmax()), side="right")) - 1
        raise shape_error(path, feature, "not_lon_lat")
    points.flags.writeable = False
    return points, starts


def _check_shape(
    path: Path, feature: int, text: bytes, count: int, numbers: int, depth: int, least: int
) -> None:
    if depth == 2 and text.translate(None, _BLANKS).count(b"]],") > 0:
        raise shape_error(path, feature, "not_one_ring")
    if count < least:
        raise shape_error(path, feature, "too_short", least=least)
    if numbers != 2 * count:
        raise shape_error(path, feature, "not_lon_lat")


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
