"""What leaves the desk of the ledger: masked, text never a formula, dates as dates; through the real child."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.worksheet.worksheet import Worksheet

from app.cli_make import LEDGER
from app.domain.instants import parse_iso
from app.exchange.child import DocumentChild, NotMade
from app.exchange.ledger_sheet import (
    Cell,
    LedgerOrder,
    SheetColumn,
    ledger_document,
    ledger_xlsx,
    pack_rows,
)
from tests.unit.exchange.situations import IDENTITY, PHONE

AT = parse_iso("2026-11-22T16:30:05.250Z")
FORMULA = '=HYPERLINK("http://evil.example";"open")'
COLUMNS = (
    SheetColumn("Number", "text", 14),
    SheetColumn("=Title", "text", 40),
    SheetColumn("Officer", "name", 10),
    SheetColumn("Reported", "date", 16),
    SheetColumn("Minutes", "number", 8),
)


def order(*, masked: bool = True, title: str = "【演练】 台账") -> LedgerOrder:
    return LedgerOrder(title, "台账", "status: closed", AT, 480, masked, COLUMNS)


def sheet_of(document: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(document)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a formula"
    return sheet


def values(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_dates_are_the_centres_numbers_are_numbers_and_text_is_text() -> None:
    document = ledger_xlsx(order(), [("20261123-001", FORMULA, "", AT, 12.5), ("2", "+86", "", None, None)])
    sheet = sheet_of(document)
    assert sheet["A1"].value == "【演练】 台账"
    assert values(sheet, 3) == ["Number", "=Title", "Officer", "Reported", "Minutes"]
    assert values(sheet, 4) == ["20261123-001", FORMULA, None, datetime(2026, 11, 23, 0, 30, 5), 12.5]  # noqa: DTZ001
    title = sheet["B4"]
    assert isinstance(title, BookCell)
    assert (title.data_type, title.quotePrefix) == ("s", True)
    assert values(sheet, 5) == ["2", "+86", None, None, None]
    assert sheet.auto_filter.ref == "A3:E5"


@pytest.mark.parametrize("masked", [True, False])
def test_numbers_and_names_of_people_are_masked_unless_it_is_wanted_otherwise(masked: bool) -> None:
    row: tuple[Cell, ...] = ("1", f"call {PHONE}, {IDENTITY}", "王小明", AT, 1)
    said = str(values(sheet_of(ledger_xlsx(order(masked=masked), [row])), 4))
    assert [secret in said for secret in (PHONE, IDENTITY, "王小明")] == [not masked] * 3


def test_a_cell_too_long_for_a_spreadsheet_is_cut_and_no_row_is_a_sheet_with_heads() -> None:
    sheet = sheet_of(ledger_xlsx(order(), [("1", "长" * 40_000, "", AT, 1)]))
    assert len(str(sheet["B4"].value)) == 32_767
    assert sheet_of(ledger_xlsx(order(), [])).max_row == 3


def test_the_child_makes_the_same_document_and_says_how_far_it_is(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [(str(n), f"row {n}", "li", AT + n, n) for n in range(300)]
    pieces = [order().packed(), *(pack_rows(rows[at : at + 50]) for at in range(0, 300, 50))]
    child, path = DocumentChild(LEDGER), tmp_path / "ledger.xlsx"
    asyncio.run(child.write(path, pieces))
    assert child.told == len(pieces)
    sheet = sheet_of(path.read_bytes())
    assert sheet.max_row == 303
    assert values(sheet, 303)[:2] == ["299", "row 299"]
    assert [values(sheet_of(ledger_document(iter(pieces))), row) for row in (1, 3, 40)] == [
        values(sheet, row) for row in (1, 3, 40)
    ]


def test_a_child_that_is_told_nonsense_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotMade):
        asyncio.run(DocumentChild(LEDGER).write(tmp_path / "ledger.xlsx", [b"nonsense"]))
    assert list(tmp_path.iterdir()) == []
