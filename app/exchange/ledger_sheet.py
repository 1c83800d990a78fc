"""The rows of the ledger that an officer looks at, as a workbook: the columns of his screen, masked or not.

Owns the sheet's form: title lines, heads, text that is never a formula, dates as dates of the centre's time. Runs in a
child process (app/exchange/child.py); must not know which incidents there are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from app.domain.instants import Instant
from app.domain.masking import mask_name, mask_text

Kind = Literal["text", "name", "number", "date"]
"""A name is a person's: masked it keeps its first sign."""
Cell = str | int | float | None
"""Dates are instants."""

_CELL_CHARACTERS: Final = 32_767
_SHEET_NAME: Final = 31
_HEAD_ROW: Final = 2
"""Below the title and the line that says what was looked for."""


class SheetColumn(msgspec.Struct, frozen=True, array_like=True):
    """`width` in characters."""

    title: str
    kind: Kind
    width: float


class LedgerOrder(msgspec.Struct, frozen=True):
    """What `make-ledger` is told before the rows. Texts are ready to show; `title` carries the mark of an exercise."""

    title: str
    sheet: str
    about: str
    made_at: Instant
    utc_offset_min: int
    masked: bool
    columns: tuple[SheetColumn, ...]

    def packed(self) -> bytes:
        return msgspec.msgpack.encode(self)


_order_of = msgspec.msgpack.Decoder(LedgerOrder).decode
_rows_of = msgspec.msgpack.Decoder(list[tuple[Cell, ...]]).decode
pack_rows: Callable[[list[tuple[Cell, ...]]], bytes] = msgspec.msgpack.Encoder().encode


def ledger_document(pieces: Iterator[bytes]) -> bytes:
    """The workbook of an order and its rows. Raises EOFError without an order, msgspec.DecodeError for another form."""
    order = next((_order_of(piece) for piece in pieces), None)
    if order is None:
        raise EOFError
    return ledger_xlsx(order, (row for piece in pieces for row in _rows_of(piece)))


def ledger_xlsx(order: LedgerOrder, rows: Iterable[tuple[Cell, ...]]) -> bytes:
    """The workbook's bytes; rows are written as they come, none is kept."""
    import xlsxwriter

    document = io.BytesIO()
    book = xlsxwriter.Workbook(document, {"constant_memory": True})
    book.set_properties({"title": order.title, "created": _moment(order.made_at, 0)})
    _Sheet(book, order).write(rows)
    book.close()
    return document.getvalue()


class _Sheet:
    """One worksheet in the making: rows from the top down, none twice."""

    def __init__(self, book: Any, order: LedgerOrder) -> None:
        self._order = order
        self._sheet = book.add_worksheet(order.sheet[:_SHEET_NAME])
        self._title = book.add_format({"bold": True, "font_size": 14, "quote_prefix": True})
        self._head = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        self._text = book.add_format({"quote_prefix": True})
        self._date = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._told = {"text": mask_text, "name": mask_name} if order.masked else {}

    def write(self, rows: Iterable[tuple[Cell, ...]]) -> None:
        order, sheet, last = self._order, self._sheet, _HEAD_ROW
        self._set_up_page()
        sheet.write_string(0, 0, order.title, self._title)
        sheet.write_string(1, 0, order.about, self._text)
        for number, column in enumerate(order.columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(_HEAD_ROW, number, column.title, self._head)
        for last, row in enumerate(rows, _HEAD_ROW + 1):
            for number, (column, value) in enumerate(zip(order.columns, row, strict=True)):
                self._cell(last, number, column.kind, value)
        sheet.autofilter(_HEAD_ROW, 0, last, max(0, len(order.columns) - 1))

    def _set_up_page(self) -> None:
        sheet = self._sheet
        sheet.set_header(f"&L{self._order.title.replace('&', '&&')}&R&P / &N")
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)

    def _cell(self, row: int, number: int, kind: Kind, value: Cell) -> None:
        """Text is written as text whatever it begins with, and stays so when somebody edits the cell."""
        if value is None or value == "":
            return
        if kind == "date" and isinstance(value, int):
            self._sheet.write_datetime(row, number, _moment(value, self._order.utc_offset_min), self._date)
        elif kind == "number" and not isinstance(value, str):
            self._sheet.write_number(row, number, value)
        else:
            told = self._told.get(kind, str)
            self._sheet.write_string(row, number, told(str(value))[:_CELL_CHARACTERS], self._text)


def _moment(at: Instant, utc_offset_min: int) -> datetime:
    """A spreadsheet's times know no zone: the title says which one is meant."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at, minutes=utc_offset_min)
    return moment.replace(tzinfo=None, microsecond=0)
