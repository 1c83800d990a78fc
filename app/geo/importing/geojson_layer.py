"""Owns GeoJSON of any origin as a layer. Must not judge what it finds: that is outlines.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import shapely

from app.geo.importing.faults import ImportFault
from app.geo.importing.layer import Layer, Shape, feature, text_of
from app.geo.importing.sources import read_text


def read_geojson(path: Path) -> Layer:
    """The features of a collection, or one feature, or a bare geometry. Raises ImportFault."""
    try:
        top = msgspec.json.decode(read_text(path).lstrip("\ufeff").encode())
    except (msgspec.DecodeError, RecursionError) as error:
        raise ImportFault(path.name, "no_json", reason=error) from None
    features = _features(top)
    if features is None:
        raise ImportFault(path.name, "no_geojson")
    header = tuple(dict.fromkeys(str(name) for one in features for name in _properties(one)))
    shapes = tuple(_shape(number, one, header) for number, one in enumerate(features, start=1))
    return Layer(path.name, header, shapes, _crs(top))


def _features(top: Any) -> list[Any] | None:
    if not isinstance(top, dict):
        return None
    if isinstance(top.get("features"), list):
        return list(top["features"])
    if top.get("type") == "Feature":
        return [top]
    return [{"geometry": top}] if "coordinates" in top else None


def _properties(one: Any) -> dict[str, Any]:
    found = one.get("properties") if isinstance(one, dict) else None
    return found if isinstance(found, dict) else {}


def _shape(number: int, one: Any, header: tuple[str, ...]) -> Shape:
    properties = _properties(one)
    cells = tuple(text_of(properties.get(name)) for name in header)
    geometry = one.get("geometry") if isinstance(one, dict) else None
    if not isinstance(geometry, dict):
        return Shape(feature(number), cells, None)
    try:
        return Shape(feature(number), cells, shapely.from_geojson(msgspec.json.encode(geometry)))
    except (shapely.GEOSException, ValueError) as error:
        return Shape(feature(number), cells, None, str(error))


def _crs(top: dict[str, Any]) -> str | None:
    """The name in the member `crs`, which older programs write. Without it the standard says WGS-84; many are not."""
    crs = top.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return None
    return "wgs84" if name.upper().endswith("CRS84") else name
