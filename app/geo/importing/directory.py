"""Owns the files of a district directory as bytes, and putting them in place all at once. Must not read sources.

Files are written into a sibling folder first; an import that fails leaves what stands there untouched. What is not
a district's own file (tiles, notes) stays in the folder.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from app.geo.importing.faults import ImportFault
from app.geo.importing.road_network import DIGITS, Network

FILES = (
    "district.toml", "boundary.geojson", "communities.geojson", "grids.geojson", "roads.geojson", "buildings.geojson",
    "areas.geojson", "places.geojson", "cameras.csv", "units.csv",
)  # fmt: skip
_FIRST_LINE = b'{"type":"FeatureCollection","features":[\n'

_AT_ONCE = 256

Row = tuple[Any, Any]
Content = Iterable[bytes]
"""A file in pieces, which may be made as they are written."""


def polygons(rows: Iterable[tuple[Any, shapely.Polygon]]) -> Content:
    """A feature collection of polygons of one ring; what rounding leaves without ground is left away."""
    listed = list(rows)
    rings = _rings([shape for _, shape in listed])
    return _collection(
        "Polygon", ((properties, [ring]) for (properties, _), ring in zip(listed, rings, strict=True) if ring)
    )


def lines(roads: Network) -> Content:
    """A feature collection of roads."""
    return _collection("LineString", zip(roads.properties, roads.lines(), strict=True))


def points(rows: Iterable[tuple[dict[str, Any], tuple[float, float]]]) -> Content:
    """A feature collection of points."""
    return _collection(
        "Point", ((properties, [round(x, DIGITS), round(y, DIGITS)]) for properties, (x, y) in rows)
    )


def table(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Content:
    """CSV with a header line, also where there is no row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return [out.getvalue().encode()]


def facts(values: Mapping[str, Any]) -> Content:
    """district.toml: texts and numbers are written alike in JSON and TOML."""
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}\n".encode() for name, value in values.items()]


class _Geometry(msgspec.Struct, gc=False):
    type: str
    coordinates: list[Any]


class _Feature(msgspec.Struct, gc=False, tag_field="type", tag="Feature"):
    properties: Any
    geometry: _Geometry


def _collection(kind: str, rows: Iterable[Row]) -> Iterator[bytes]:
    """One feature a line: JSON knows no line break within. What is written is never in memory as a whole."""
    features = (_Feature(properties, _Geometry(kind, coordinates)) for properties, coordinates in rows)
    encoder, before = msgspec.json.Encoder(), _FIRST_LINE
    while some := list(islice(features, _AT_ONCE)):
        yield before
        yield encoder.encode_lines(some)[:-1].replace(b"\n", b",\n")
        before = b",\n"
    yield b"\n]}\n" if before is not _FIRST_LINE else _FIRST_LINE + b"\n]}\n"


def _rings(shapes: Sequence[shapely.Polygon]) -> Iterator[list[list[float]]]:
    """Each polygon's outer ring, counter-clockwise, closed, without repeats; [] where no triangle is left."""
    oriented = shapely.get_exterior_ring(shapely.orient_polygons(np.array(shapes, dtype=object)))
    flat, owners = shapely.get_coordinates(oriented, return_index=True)
    flat = np.round(flat, DIGITS)
    is_new = np.concatenate(([True], (flat[1:] != flat[:-1]).any(axis=1) | (owners[1:] != owners[:-1])))
    flat, owners = flat[is_new[: len(flat)]], owners[is_new[: len(flat)]]
    borders = np.searchsorted(owners, np.arange(len(shapes) + 1)).tolist()
    for start, end in pairwise(borders):
        yield flat[start:end].tolist() if end - start > 3 else []


# -- into place -------------------------------------------------------------------------------------------------------


def check_target(target: Path) -> None:
    """Raises ImportFault for a target that is something else than a district's folder, an empty one or none."""
    if not target.exists():
        if not target.parent.is_dir():
            raise ImportFault(str(target), "no_parent", parent=target.parent)
    elif not target.is_dir():
        raise ImportFault(str(target), "target_is_file")
    elif any(target.iterdir()) and not (target / "district.toml").is_file():
        raise ImportFault(str(target), "target_is_foreign")


@contextmanager
def sibling(target: Path) -> Iterator[Path]:
    """A fresh folder beside the target, on the same disk; gone at the end unless it has been put in place."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise ImportFault(str(target), "cannot_write", reason=error.strerror) from None
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder: Path, contents: Mapping[str, Content]) -> None:
    """The files. Raises ImportFault where the disk does not take them."""
    try:
        for name, content in contents.items():
            with (folder / name).open("wb") as file:
                file.writelines(content)
    except OSError as error:
        raise ImportFault(str(folder.parent), "cannot_write", reason=error.strerror) from None


def put_in_place(folder: Path, target: Path) -> None:
    """The folder becomes the target; what stood there goes, but for files that are no district's own."""
    with sibling(target) as old:
        had_one = target.exists()
        if had_one:
            target.replace(old / "was")
        try:
            folder.replace(target)
        except OSError:
            if had_one:
                (old / "was").replace(target)
            raise
        for kept in (old / "was").iterdir() if had_one else ():
            if kept.name not in FILES:
                kept.replace(target / kept.name)
