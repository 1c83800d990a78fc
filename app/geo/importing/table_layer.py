"""Owns outlines that are kept in tables, as a layer: WKT in a column, or a row for each vertex. Must not judge them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely

from app.geo.importing.columns import columns_of
from app.geo.importing.faults import ImportFault, RowFault, RowsRefused, row_fault
from app.geo.importing.layer import Layer, Shape, row
from app.geo.importing.tables import Table, read_table

_LEAST_VERTICES = 3
Row = tuple[int, tuple[str, ...]]


def read_table_layer(path: Path, kind: str) -> Layer:
    """A shape for each row with WKT, or for all rows of one code (else name). Raises ImportFault, RowsRefused."""
    table = read_table(path)
    columns = columns_of(table.header, kind)
    if "wkt" in columns:
        return Layer(table.file, table.header, tuple(_wkt_shape(line, columns["wkt"]) for line in table.rows))
    if {"lat", "lon"} <= columns.keys() and columns.keys() & {"code", "name_zh"}:
        return Layer(table.file, table.header, _vertex_shapes(table, columns))
    raise ImportFault(table.file, "no_outline_columns", found=", ".join(table.header))


def _wkt_shape(line: Row, place: int) -> Shape:
    number, cells = line
    text = cells[place] if place < len(cells) else ""
    if not text:
        return Shape(row(number), cells, None)
    try:
        return Shape(row(number), cells, shapely.from_wkt(text))
    except shapely.GEOSException as error:
        return Shape(row(number), cells, None, str(error))


def _vertex_shapes(table: Table, columns: dict[str, int]) -> tuple[Shape, ...]:
    key_column = columns.get("code", columns.get("name_zh", 0))
    groups: dict[str, list[Row]] = {}
    for line in table.rows:
        groups.setdefault(_cell(line[1], key_column), []).append(line)
    faults = [
        fault
        for line in table.rows
        for name in ("lon", "lat")
        if (fault := _number_fault(table, line, columns[name]))
    ]
    if faults:
        raise RowsRefused(faults)
    return tuple(_ring_shape(lines, columns["lon"], columns["lat"]) for lines in groups.values())


def _number_fault(table: Table, line: Row, place: int) -> RowFault | None:
    text = _cell(line[1], place)
    try:
        float(text)
    except ValueError:
        key = "not_a_number" if text else "cell_missing"
        return row_fault(table.file, row(line[0]), table.header[place], text, key)
    return None


def _ring_shape(lines: Sequence[Row], lon: int, lat: int) -> Shape:
    number, cells = lines[0]
    points = [(float(_cell(line, lon)), float(_cell(line, lat))) for _, line in lines]
    geometry: Any = shapely.Polygon(points) if len(set(points)) >= _LEAST_VERTICES else None
    return Shape(row(number), cells, geometry)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
