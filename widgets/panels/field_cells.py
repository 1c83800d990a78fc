"""Owns how the units that are out are painted: what is overdue in colour and in words."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter

from widgets.models import field_link
from widgets.models.field_link import FieldRow
from widgets.panels.row_delegate import Cell, CellPainter, RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.panels.unit_cells import paint_unit
from widgets.style import tokens


def field_delegate(view: KeyedTableView) -> RowDelegate:
    cells: dict[str, CellPainter] = {
        "unit": lambda delegate, painter, cell: paint_unit(
            delegate, painter, cell, cell.row.unit, cell.row.call_sign, stale=False
        ),
        "stage": _stage,
        "roll": _roll,
        "messages": _messages,
    }
    return RowDelegate(view, cells, is_strong=lambda row: row.urgency <= 1, mark=_mark)


def _mark(row: FieldRow) -> QColor | None:
    return tokens().danger if row.urgency <= 1 else None


def _stage(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: FieldRow = cell.row
    ink = tokens().danger if row.late else cell.ink
    delegate.text(painter, padded(cell.rect), field_link.stage_text(row), ink, strong=bool(row.late))


def _roll(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: FieldRow = cell.row
    state = row.roll.state if row.roll is not None else "running"
    ink = {"overdue": tokens().danger, "due": tokens().yellow}.get(state, cell.second)
    text = field_link.roll_text(row, cell.now)
    delegate.text(painter, padded(cell.rect), text, ink, strong=state == "overdue")


def _messages(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    delegate.text(painter, padded(cell.rect), field_link.messages_text(cell.row), tokens().accent)
