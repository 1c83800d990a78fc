"""Owns outlines of grids, communities and districts as one checked polygon each, in WGS-84. Must not know codes.

Files: GeoJSON, Shapefile, GeoPackage, and tables (Excel, CSV) with a WKT column or a row for each vertex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.importing.columns import LONGEST_TEXT_CHARS, columns_of
from app.geo.importing.crs import lon_lat_of
from app.geo.importing.faults import ImportFault, RowFault, RowsRefused, row_fault
from app.geo.importing.geojson_layer import read_geojson
from app.geo.importing.gis_layer import read_gis
from app.geo.importing.layer import Layer, Shape
from app.geo.importing.table_layer import read_table_layer
from app.geo.importing.tables import TABLE_SUFFIXES

MOST_OUTLINES = 50_000
_SLIVER_SHARE = 0.001


@dataclass(slots=True)
class Outline:
    """A polygon without holes, in degrees, with the fields that its file gives it; `where` is its row or feature."""

    file: str
    where: str
    shape: shapely.Polygon
    fields: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def fault(self, name: str, key: str, **params: object) -> RowFault:
        """What is wrong with one of its fields, under the title that the file gives it."""
        title, value = self.titles.get(name, name), self.fields.get(name, "")
        return row_fault(self.file, self.where, title, value, key, **params)


def read_outlines(path: Path, kind: str, crs: str | None) -> list[Outline]:
    """The outlines of a file; `kind` names its columns, `crs` is taken where the file does not say.

    Raises ImportFault for the file, RowsRefused for everything that is wrong in it.
    """
    layer = _read_layer(path, kind)
    if not layer.shapes:
        raise ImportFault(path.name, "no_shapes")
    if len(layer.shapes) > MOST_OUTLINES:
        raise ImportFault(path.name, "too_many_shapes", count=len(layer.shapes), most=MOST_OUTLINES)
    faults = [fault for shape in layer.shapes if (fault := _shape_fault(path.name, shape)) is not None]
    if faults:
        raise RowsRefused(faults)
    return _outlines(layer, kind, layer.crs or crs)


def _read_layer(path: Path, kind: str) -> Layer:
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        return read_geojson(path)
    if suffix in (".shp", ".gpkg"):
        return read_gis(path)
    if suffix in (*TABLE_SUFFIXES, ".xls"):
        return read_table_layer(path, kind)
    raise ImportFault(path.name, "unknown_format", suffix=suffix or "?")


def _outlines(layer: Layer, kind: str, crs: str | None) -> list[Outline]:
    polygons = np.array([_single(shape.geometry) for shape in layer.shapes], dtype=object)
    polygons = shapely.transform(polygons, lambda points: lon_lat_of(layer.file, points, crs))
    columns = columns_of(layer.header, kind)
    titles = {name: layer.header[place] for name, place in columns.items()}
    faults: list[RowFault] = []
    outlines = []
    for shape, polygon in zip(layer.shapes, polygons, strict=True):
        fields = {name: shape.cells[place] for name, place in columns.items() if place < len(shape.cells)}
        outline = Outline(layer.file, shape.where, polygon, fields, titles)
        faults.extend(
            outline.fault(name, "too_long", chars=len(text), most=LONGEST_TEXT_CHARS)
            for name, text in fields.items()
            if len(text) > LONGEST_TEXT_CHARS and name not in ("wkt", "lat", "lon")
        )
        outlines.append(outline)
    if faults:
        raise RowsRefused(faults)
    return outlines


# -- one polygon a row ------------------------------------------------------------------------------------------------


def _shape_fault(file: str, shape: Shape) -> RowFault | None:
    geometry = shape.geometry
    if geometry is None or shapely.is_empty(geometry):
        return row_fault(file, shape.where, "", shape.problem, "no_outline")
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return row_fault(file, shape.where, "", geometry.geom_type, "no_polygon")
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return row_fault(file, shape.where, "", "", "not_finite")
    if not shapely.is_valid(geometry):
        return row_fault(
            file, shape.where, "", "", "crosses_itself", reason=shapely.is_valid_reason(geometry)
        )
    return _parts_fault(file, shape.where, geometry)


def _parts_fault(file: str, where: str, geometry: Any) -> RowFault | None:
    whole = _single(geometry)
    lost = geometry.area - whole.area
    if lost > _SLIVER_SHARE * geometry.area:
        return row_fault(file, where, "", "", "in_parts", count=shapely.get_num_geometries(geometry))
    holes = whole.area - max(shapely.get_parts(geometry), key=_area).area
    if holes > _SLIVER_SHARE * whole.area:
        return row_fault(file, where, "", "", "has_hole")
    return None


def _single(geometry: Any) -> shapely.Polygon:
    """The largest part, without holes: slivers of bad digitising go."""
    largest = max(shapely.get_parts(geometry), key=_area)
    return shapely.force_2d(shapely.Polygon(largest.exterior))


def _area(part: Any) -> float:
    return float(part.area)


# -- together ---------------------------------------------------------------------------------------------------------


def union_of(shapes: Sequence[shapely.Polygon], close_m: float = 2.0) -> tuple[shapely.Polygon, float]:
    """The polygon that outlines form together, and the share of their ground that it leaves out.

    Gaps up to twice `close_m` are closed; where they still do not hang together it is the largest piece.
    """
    plane = plane_of(shapes)
    metric = shapely.union_all([to_plane(shape, plane) for shape in shapes], grid_size=0.01)
    if metric.geom_type != "Polygon":
        closed = metric.buffer(close_m, join_style="mitre").buffer(-close_m, join_style="mitre")
        metric = closed if not closed.is_empty else metric
    whole = _single(metric)
    left_out = 1.0 - whole.intersection(metric).area / metric.area
    return from_plane(whole, plane), float(left_out)


def plane_of(shapes: Sequence[shapely.Polygon]) -> LocalPlane:
    """Metres around the middle of the shapes."""
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    return LocalPlane((south + north) / 2, (west + east) / 2)


def to_plane(shape: Any, plane: LocalPlane) -> Any:
    """Degrees to metres, of one geometry or an array of them."""
    return shapely.transform(shape, lambda p: np.column_stack(plane.to_xy_m(p[:, 1], p[:, 0])))


def from_plane(shape: Any, plane: LocalPlane) -> Any:
    """Metres to degrees, of one geometry or an array of them."""

    def degrees(points: Any) -> Any:
        lat, lon = plane.to_lat_lon(points[:, 0], points[:, 1])
        return np.column_stack((lon, lat))

    return shapely.transform(shape, degrees)
