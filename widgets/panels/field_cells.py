"""Owns how the units of the field link are painted: what asks for the officer in colour and in words."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter

from widgets.models import field_link
from widgets.models.field_link import FieldRow
from widgets.panels.row_delegate import Cell, CellPainter, RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.panels.unit_cells import paint_count, paint_unit
from widgets.style import tokens


def field_delegate(view: KeyedTableView) -> RowDelegate:
    """Who has left recedes, yet can be read: unless it wrote something that nobody has read."""
    cells: dict[str, CellPainter] = {
        "unit": _unit,
        "stage": _stage,
        "roll": _roll,
        "messages": _messages,
    }
    return RowDelegate(view, cells, is_strong=lambda row: row.urgency <= 1, mark=_mark)


def _is_quiet(row: FieldRow) -> bool:
    return row.stage is None and row.declined is None and not row.unread and not row.is_calling


def _mark(row: FieldRow) -> QColor | None:
    if row.urgency <= 1:
        return tokens().danger
    return tokens().accent if row.unread else None


def _unit(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """Symbol and call sign; a number on ground of its own is how many messages nobody has read."""
    row: FieldRow = cell.row
    cell.ink = cell.second if _is_quiet(row) else cell.ink
    if row.unread:
        paint_count(delegate, painter, cell, str(row.unread))
    paint_unit(delegate, painter, cell, row.unit, row.call_sign, stale=False)


def _stage(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: FieldRow = cell.row
    is_wrong = row.late is not None or row.declined is not None or row.is_calling
    ink = tokens().danger if is_wrong else cell.second if _is_quiet(row) else cell.ink
    delegate.text(painter, padded(cell.rect), field_link.stage_text(row), ink, strong=is_wrong)


def _roll(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: FieldRow = cell.row
    state = row.roll.state if row.roll is not None else "running"
    ink = {"overdue": tokens().danger, "due": tokens().yellow}.get(state, cell.second)
    text = field_link.roll_text(row, cell.now)
    delegate.text(painter, padded(cell.rect), text, ink, strong=state == "overdue")


def _messages(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    delegate.text(painter, padded(cell.rect), field_link.messages_text(cell.row), tokens().accent)
