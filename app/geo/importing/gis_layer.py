"""Owns Shapefile and GeoPackage as layers, whatever encoding their attributes are in. Must not judge what it finds."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import shapely

from app.geo.importing.faults import ImportFault
from app.geo.importing.layer import Layer, Shape, feature, text_of
from app.geo.importing.packages import package
from app.geo.importing.sources import check_file

LARGEST_GIS_BYTES = 2 << 30
_MAGIC = {".shp": b"\x00\x00\x27\x0a", ".gpkg": b"SQLite format 3\x00"}
_SIDECARS = (".shx", ".dbf")
_LONGEST_CUT_BYTES = 3


def read_gis(path: Path) -> Layer:
    """The first layer that has polygons. Raises ImportFault."""
    check_file(path, LARGEST_GIS_BYTES)
    _check_parts(path)
    is_shapefile = path.suffix.lower() == ".shp"
    meta, wkb, columns = _read(path, "ISO-8859-1" if is_shapefile else None)
    header = [str(name) for name in meta["fields"]]
    if is_shapefile:
        header, columns = _in_its_encoding(path, header, columns)
    rows = zip(*([text_of(value) for value in column] for column in columns), strict=True)
    cells = list(rows) if columns else [()] * len(wkb)
    shapes = tuple(
        Shape(feature(number), tuple(values), _geometry(blob))
        for number, (values, blob) in enumerate(zip(cells, wkb, strict=True), start=1)
    )
    return Layer(path.name, tuple(header), shapes, meta["crs"])


def _check_parts(path: Path) -> None:
    """The library's own words for a foreign file are long and advise what does not help."""
    with path.open("rb") as file:
        start = file.read(16)
    magic = _MAGIC[path.suffix.lower()]
    if not start.startswith(magic):
        raise ImportFault(path.name, "no_shapefile" if path.suffix.lower() == ".shp" else "no_geopackage")
    if path.suffix.lower() == ".shp":
        missing = [suffix for suffix in _SIDECARS if not _beside(path, suffix)]
        if missing:
            raise ImportFault(
                path.name, "no_sidecar", missing=", ".join(path.stem + suffix for suffix in missing)
            )


def _beside(path: Path, suffix: str) -> bool:
    return path.with_suffix(suffix).is_file() or path.with_suffix(suffix.upper()).is_file()


def _read(path: Path, encoding: str | None) -> tuple[dict[str, Any], Any, list[Any]]:
    raw = package("pyogrio.raw", path.name)
    errors = package("pyogrio.errors", path.name)
    try:
        with _quiet():
            meta, _, wkb, columns = raw.read(path, layer=_layer(path), encoding=encoding, force_2d=True)
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, UnicodeDecodeError) as error:
        raise ImportFault(path.name, "unreadable_layer", reason=str(error).partition(";")[0]) from None
    if wkb is None:
        raise ImportFault(path.name, "no_shapes")
    return meta, wkb, list(columns)


def _layer(path: Path) -> str | int:
    layers = package("pyogrio", path.name).list_layers(path)
    return next((str(name) for name, kind in layers if kind and "Polygon" in kind), 0)


@contextmanager
def _quiet() -> Iterator[None]:
    """The library tells what it repairs through its log and through warnings; what matters here comes as an error."""
    logger = logging.getLogger("pyogrio")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    finally:
        logger.disabled = before


def _geometry(blob: bytes | None) -> Any:
    if blob is None:
        return None
    try:
        return shapely.from_wkb(blob)
    except shapely.GEOSException:
        return None


# -- attributes of a Shapefile ----------------------------------------------------------------------------------------


def _in_its_encoding(path: Path, header: list[str], columns: list[Any]) -> tuple[list[str], list[Any]]:
    """Texts were read byte for byte. UTF-8, then GBK: what a .cpg file or the header says is wrong too often."""
    texts = [*header, *(text for column in columns for text in column if isinstance(text, str))]
    raw = [text.encode("latin-1") for text in texts]
    for encoding in ("utf-8", "gb18030"):
        if all(_decoded(text, encoding) is not None for text in raw):
            return _recoded(header, encoding), [_recoded(column, encoding) for column in columns]
    raise ImportFault(path.with_suffix(".dbf").name, "wrong_encoding")


def _recoded(values: Any, encoding: str) -> list[Any]:
    return [_decoded(v.encode("latin-1"), encoding) if isinstance(v, str) else v for v in values]


def _decoded(content: bytes, encoding: str) -> str | None:
    """The text; a character that the field's width has cut at the end is left away. None where it does not fit."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        is_cut = (
            error.start > 0 and error.end == len(content) and len(content) - error.start <= _LONGEST_CUT_BYTES
        )
        return _decoded(content[: error.start], encoding) if is_cut else None
