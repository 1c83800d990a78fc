"""Owns rows of cells out of CSV and Excel files. Must not know what a column means.

A table's first row that is not blank is its header. Rows are numbered as the spreadsheet shows them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.geo.importing.faults import ImportFault
from app.geo.importing.layer import text_of
from app.geo.importing.packages import package
from app.geo.importing.sources import LARGEST_LIST_BYTES, check_file, read_text

MOST_ROWS = 1_000_000
LARGEST_UNPACKED_BYTES = 4 * LARGEST_LIST_BYTES
TABLE_SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, each with its number; cells are text without blanks around it."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: Path) -> Table:
    """The table in a CSV file or on the first sheet of an Excel file. Raises ImportFault."""
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise ImportFault(path.name, "old_excel" if suffix == ".xls" else "no_table", suffix=suffix or "?")
    rows = _excel_rows(path) if suffix in (".xlsx", ".xlsm") else _csv_rows(path)
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise ImportFault(path.name, "no_header")
    return Table(
        path.name, tuple(filled[0][1]), tuple((number, tuple(cells)) for number, cells in filled[1:])
    )


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    text = read_text(path)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            _check_count(path, reader.line_num)
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ImportFault(path.name, "broken_csv", line=reader.line_num, reason=error) from None


def _excel_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    check_file(path, LARGEST_LIST_BYTES)
    openpyxl = package("openpyxl", path.name)
    _check_packing(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # a broken workbook makes the library fail in any way at all
        raise ImportFault(path.name, "broken_excel") from error
    try:
        yield from _sheet_rows(path, book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _sheet_rows(path: Path, rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        for number, values in enumerate(rows, start=1):
            _check_count(path, number)
            yield number, [text_of(value) for value in values]
    except ImportFault:
        raise
    except Exception as error:  # as above: sheets are parsed while their rows are asked for
        raise ImportFault(path.name, "broken_excel") from error


def _check_packing(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise ImportFault(path.name, "broken_excel") from error
    if size > LARGEST_UNPACKED_BYTES:
        raise ImportFault(path.name, "too_large", size_mb=size >> 20, most_mb=LARGEST_UNPACKED_BYTES >> 20)


def _check_count(path: Path, number: int) -> None:
    if number > MOST_ROWS:
        raise ImportFault(path.name, "too_many_rows", most=MOST_ROWS)
