"""The ledger (台账): incidents as rows for other programs (csv, geojson) and for people (xlsx).

Owns which fields leave the desk and in which form. Must not carry who reported; text from outside is never a formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.incident import Incident
from app.domain.instants import Instant, format_iso
from app.domain.masking import mask_text
from app.exchange.situation import (
    Situation,
    call_signs,
    grid_names,
    incident_type_name,
    name_of,
    names_of_units,
)
from app.exchange.whole_file import whole_file
from app.i18n import tr

FIELDS: Final = (
    "row", "number", "type", "priority", "status", "title", "grid", "address", "lat", "lon",
    "opened_at", "opened_local", "closed_at", "closed_local", "units", "mode",
)  # fmt: skip
"""Columns of the csv file and properties of the geojson features; values as in the state dump."""

_FORMULA_SIGNS: Final = (*"=+-@\t\r\n", *map(chr, (0xFF1D, 0xFF0B, 0xFF0D, 0xFF20)))
"""A spreadsheet takes a text that begins with one of these for a formula; the last four are the wide = + - @."""
_CELL_CHARACTERS: Final = 32_767


@dataclass(frozen=True, slots=True)
class Period:
    """Incidents reported from `since` to before `until`; None leaves an end open."""

    since: Instant | None = None
    until: Instant | None = None

    def holds(self, at: Instant) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def ledger_rows(situation: Situation, period: Period, *, masked: bool) -> list[dict[str, Any]]:
    """One row of FIELDS for each incident of the period, in the order of numbers."""
    told = mask_text if masked else str
    incidents = (i for i in situation.reported_since(None) if period.holds(i.opened_at))
    return [_row(place, i, situation, told) for place, i in enumerate(incidents, 1)]


def _row(place: int, i: Incident, situation: Situation, told: Callable[[str], str]) -> dict[str, Any]:
    closed = i.closed_at
    return {
        "row": place,
        "number": i.number,
        "type": i.incident_type,
        "priority": i.priority,
        "status": i.status,
        "title": told(i.title),
        "grid": i.grid,
        "address": told(i.address),
        "lat": i.lat,
        "lon": i.lon,
        "opened_at": format_iso(i.opened_at),
        "opened_local": situation.local_time(i.opened_at),
        "closed_at": None if closed is None else format_iso(closed),
        "closed_local": None if closed is None else situation.local_time(closed),
        "units": list(i.units if i.is_open else i.attended),
        "mode": situation.mode,
    }


# -- csv and geojson ---------------------------------------------------------------------------------------------------


def write_csv(path: Path, situation: Situation, period: Period, *, masked: bool = True) -> int:
    """UTF-8 with its mark, so that Excel reads Chinese; how many rows. The mark stands before the running number."""
    rows = ledger_rows(situation, period, masked=masked)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS)
    writer.writeheader()
    writer.writerows(_cells(row) for row in rows)
    with whole_file(path) as file:
        file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return len(rows)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    joined = {**row, "units": ";".join(row["units"])}
    return {key: no_formula(value) if isinstance(value, str) else value for key, value in joined.items()}


def no_formula(text: str) -> str:
    """Excel and its likes show a text behind an apostrophe as it stands."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def write_geojson(path: Path, situation: Situation, period: Period, *, masked: bool = True) -> int:
    """A feature for each incident, without geometry where nobody knows the place; how many features."""
    rows = ledger_rows(situation, period, masked=masked)
    document = {
        "type": "FeatureCollection",
        "at": format_iso(situation.at),
        "mode": situation.mode,
        "masked": masked,
        "features": [_feature(row) for row in rows],
    }
    with whole_file(path) as file:
        file.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(rows)


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    has_place = row["lat"] is not None and row["lon"] is not None
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if has_place else None
    return {"type": "Feature", "id": row["number"], "geometry": geometry, "properties": row}


# -- xlsx --------------------------------------------------------------------------------------------------------------

_WIDTHS: Final = {
    "row": 6, "number": 14, "type": 12, "priority": 10, "status": 12, "title": 42, "grid": 14, "address": 26, "lat": 11,
    "lon": 11, "opened_at": 25, "opened_local": 19, "closed_at": 25, "closed_local": 19, "units": 20, "mode": 10,
}  # fmt: skip


def write_xlsx(path: Path, situation: Situation, period: Period, *, masked: bool = True) -> int:
    """A sheet for people in the language of the call: names for codes, times as times; how many rows."""
    rows = ledger_rows(situation, period, masked=masked)
    with whole_file(path) as file:
        book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
        book.set_properties({"title": _title(situation), "created": _moment(format_iso(situation.at))})
        sheet = book.add_worksheet(tr("ledger.sheet_exercise" if situation.is_exercise else "ledger.sheet"))
        _Sheet(book, sheet, situation).write(rows)
        book.close()
    return len(rows)


class _Sheet:
    """One worksheet in the making: rows from the top down, none twice."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet, situation: Situation) -> None:
        self._sheet = sheet
        self._signs = call_signs(situation)
        self._grids = grid_names(situation.district)
        self._head: Format = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        self._text: Format = book.add_format({"quote_prefix": True})
        self._time: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.set_header(f"&L{_title(situation).replace('&', '&&')}&R&P / &N")
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        last = 0
        for column, field in enumerate(FIELDS):
            self._sheet.set_column(column, column, _WIDTHS[field])
            self._sheet.write_string(0, column, tr(f"ledger.{field}"), self._head)
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(self._for_people(row).values()):
                self._cell(last, column, value)
        self._sheet.autofilter(0, 0, last, len(FIELDS) - 1)

    def _cell(self, row: int, column: int, value: Any) -> None:
        """Text is written as text whatever it begins with, and stays so when somebody edits the cell."""
        if isinstance(value, datetime):
            self._sheet.write_datetime(row, column, value, self._time)
        elif isinstance(value, int | float):
            self._sheet.write_number(row, column, value)
        elif value:
            self._sheet.write_string(row, column, value[:_CELL_CHARACTERS], self._text)

    def _for_people(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            **row,
            "type": incident_type_name(row["type"]),
            "priority": tr(f"terms.priority.P{row['priority']}"),
            "status": tr(f"terms.incident_status.{row['status']}"),
            "grid": self._grids.get(row["grid"], row["grid"]),
            "opened_local": _moment(row["opened_local"]),
            "closed_local": _moment(row["closed_local"]),
            "units": names_of_units(row["units"], self._signs),
            "mode": tr(f"ledger.mode.{row['mode']}"),
        }


def _title(situation: Situation) -> str:
    title = tr("ledger.document", centre=name_of(situation.district), at=situation.local_time(situation.at))
    return f"{tr('situation_map.exercise')} · {title}" if situation.is_exercise else title


def _moment(text: str | None) -> datetime | None:
    """A spreadsheet's times know no zone: the column's name says which one is meant."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)
