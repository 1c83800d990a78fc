"""Owns how the cells of candidates, sent units and the unit board are painted: one look for a unit everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.domain.clocks import RED, YELLOW
from app.domain.instants import Instant
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit
from app.i18n import tr
from widgets.models import dispatch_candidates, dispatch_progress, unit_board
from widgets.models.dispatch_candidates import CandidateRow
from widgets.models.dispatch_progress import STEPS, ProgressRow
from widgets.models.unit_board import UnitBoardModel, UnitRow
from widgets.panels.grouped_delegate import GroupedDelegate
from widgets.panels.row_delegate import Cell, CellPainter, RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.parts.symbols import symbol_pixmap, unit_color, unit_fill
from widgets.style import tokens

IsStale = Callable[[str, Instant], bool]
"""(unit, now) -> whether its newest fix is too old to be believed."""

DIGITS: Final = 9
"""So many rows have a key of their own."""


def candidate_delegate(view: KeyedTableView, is_stale: IsStale) -> RowDelegate:
    """Who is left out recedes; who is chosen is bold, with a bar in the colour of what can be acted on."""
    cells: dict[str, CellPainter] = {
        "place": lambda delegate, painter, cell: _place(delegate, painter, cell, view),
        "unit": lambda delegate, painter, cell: _candidate_unit(delegate, painter, cell, is_stale),
        "why": _why,
        "eta": _eta,
        "distance": _distance,
        "fix": lambda delegate, painter, cell: _candidate_fix(delegate, painter, cell, is_stale),
    }
    return RowDelegate(
        view,
        cells,
        is_muted=lambda row: row.is_left_out,
        is_strong=lambda row: row.is_chosen,
        mark=lambda row: tokens().accent if row.is_chosen else None,
    )


def progress_delegate(view: KeyedTableView, is_stale: IsStale) -> RowDelegate:
    """Who has left recedes."""
    cells: dict[str, CellPainter] = {
        "unit": lambda delegate, painter, cell: _sent_unit(delegate, painter, cell, is_stale),
        "progress": _progress,
        "recall": _recall,
    }
    return RowDelegate(view, cells, is_muted=lambda row: row.step < 0)


def unit_delegate(view: KeyedTableView, is_stale: IsStale) -> RowDelegate:
    """Who is off duty or out of service recedes; heads of groups run over all columns."""
    cells: dict[str, CellPainter] = {
        "unit": lambda delegate, painter, cell: _board_unit(delegate, painter, cell, is_stale),
        "status": lambda delegate, painter, cell: _status(delegate, painter, cell, view),
        "incident": _incident,
        "fix": lambda delegate, painter, cell: _board_fix(delegate, painter, cell, is_stale),
    }
    return GroupedDelegate(view, cells, is_muted=lambda row: row.group == "off")


# -- a unit ----------------------------------------------------------------------------------------------------------


def paint_unit(
    delegate: RowDelegate, painter: QPainter, cell: Cell, unit: Unit, call_sign: str, *, stale: bool
) -> None:
    """Symbol and call sign."""
    look = tokens()
    room = cell.rect.adjusted(look.px(6), 0, -look.space_xs, 0)
    box = QRect(room.left(), room.top(), look.size_symbol, room.height())
    dpr = painter.device().devicePixelRatioF()
    status = unit.status
    pixmap = symbol_pixmap(
        f"unit/{unit.kind}", look.size_symbol, dpr, unit_color(status), unit_fill(status), stale
    )
    delegate.picture(painter, pixmap, box, faded=cell.muted)
    room.setLeft(box.right() + look.px(7))
    delegate.text(painter, room, call_sign, cell.ink, strong=cell.strong)


def paint_count(delegate: RowDelegate, painter: QPainter, cell: Cell, count: str) -> None:
    """A number on ground of its own at the right end of the cell, which is the narrower for it."""
    look = tokens()
    height_px = look.px(16)
    box = QRectF(0, 0, max(height_px, delegate.width_px(count, strong=True) + look.space_s), height_px)
    box.moveCenter(QRectF(cell.rect).center())
    box.moveRight(cell.rect.right() - look.space_xs)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.accent)
    painter.drawRoundedRect(box, height_px / 2, height_px / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    delegate.text(painter, box.toAlignedRect(), count, look.on_accent, "center", strong=True)
    cell.rect.setRight(round(box.left()) - look.space_xs)


def _fix(delegate: RowDelegate, painter: QPainter, cell: Cell, fix_at: Instant | None, stale: bool) -> None:
    ink = tokens().text_muted if stale or fix_at is None else cell.second
    delegate.text(painter, padded(cell.rect), unit_board.fix_text(fix_at, cell.now), ink, "right")


# -- candidates ------------------------------------------------------------------------------------------------------


def _place(delegate: RowDelegate, painter: QPainter, cell: Cell, view: KeyedTableView) -> None:
    """A key cap with the row's digit, full once chosen; an empty box below the ninth; none for who cannot be sent."""
    row: CandidateRow = cell.row
    if not row.can_be_sent:
        return
    look, size_px = tokens(), tokens().px(18)
    box = QRectF(0, 0, size_px, size_px)
    box.moveCenter(QRectF(cell.rect).center() + QPointF(look.px(1), 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_meant = row.is_chosen or row.is_recommended
    painter.setPen(QPen(look.accent if is_meant else look.control_line, 1))
    painter.setBrush(look.accent if row.is_chosen else QColor(Qt.GlobalColor.transparent))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), look.px(3), look.px(3))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    place = view.table.row_of(row.unit.id)
    if place < DIGITS:
        ink = look.on_accent if row.is_chosen else look.accent if row.is_recommended else cell.second
        delegate.text(painter, box.toAlignedRect(), str(place + 1), ink, "center", strong=is_meant)


def _candidate_unit(delegate: RowDelegate, painter: QPainter, cell: Cell, is_stale: IsStale) -> None:
    row: CandidateRow = cell.row
    stale = row.fix_at is None or is_stale(row.unit.id, cell.now)
    paint_unit(delegate, painter, cell, row.unit, row.call_sign, stale=stale)


def _why(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: CandidateRow = cell.row
    ink = cell.ink if row.is_recommended else cell.second
    delegate.text(painter, padded(cell.rect), row.why, ink)


def _eta(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: CandidateRow = cell.row
    ink = cell.second if row.eta_s is None or row.is_straight else cell.ink
    delegate.text(painter, padded(cell.rect), dispatch_candidates.eta_text(row), ink, "right")


def _distance(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: CandidateRow = cell.row
    ink = cell.second if row.distance_m is None else cell.ink
    delegate.text(painter, padded(cell.rect), dispatch_candidates.distance_text(row), ink, "right")


def _candidate_fix(delegate: RowDelegate, painter: QPainter, cell: Cell, is_stale: IsStale) -> None:
    row: CandidateRow = cell.row
    _fix(delegate, painter, cell, row.fix_at, is_stale(row.unit.id, cell.now))


# -- sent units ------------------------------------------------------------------------------------------------------


def _sent_unit(delegate: RowDelegate, painter: QPainter, cell: Cell, is_stale: IsStale) -> None:
    row: ProgressRow = cell.row
    stale = is_stale(row.unit.id, cell.now)
    paint_unit(delegate, painter, cell, row.unit, row.call_sign, stale=stale)


def _progress(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """A dot for each step, joined as far as the unit has come, and the word; in a narrow column the word alone."""
    row: ProgressRow = cell.row
    room, look = padded(cell.rect), tokens()
    text = dispatch_progress.state_text(row)
    step_px = look.px(10)
    dots_px = step_px * (len(STEPS) - 1) + look.px(16)
    if row.step >= 0 and room.width() >= dots_px + delegate.width_px(text):
        _dots(painter, room, row.step, step_px)
        room = room.adjusted(dots_px, 0, 0, 0)
    ink = cell.second if row.step < 0 else look.danger if row.late else cell.ink
    delegate.text(painter, room, text, ink, strong=bool(row.late))


def _dots(painter: QPainter, room: QRect, step: int, step_px: int) -> None:
    look, radius = tokens(), tokens().px(3)
    y, left = room.center().y() + 0.5, room.left() + radius
    reached, ahead = look.unit_busy, look.control_line
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(len(STEPS)):
        x, here = left + number * step_px, number <= step
        if number:
            painter.setPen(QPen(reached if here else ahead, look.px(1)))
            painter.drawLine(QPointF(x - step_px + radius + 1, y), QPointF(x - radius - 1, y))
        painter.setPen(QPen(reached if here else ahead, look.px(1)))
        painter.setBrush(reached if here else QColor(Qt.GlobalColor.transparent))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.restore()


def _recall(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: ProgressRow = cell.row
    if row.step >= 0:
        delegate.text(painter, padded(cell.rect), tr("terms.act.recall"), tokens().accent, "right")


# -- the board -------------------------------------------------------------------------------------------------------


def _board_unit(delegate: RowDelegate, painter: QPainter, cell: Cell, is_stale: IsStale) -> None:
    row: UnitRow = cell.row
    stale = row.fix_at is None or is_stale(row.unit.id, cell.now)
    has_room = delegate.width_px(row.call_sign) + _beside_call_sign_px() <= cell.rect.width()
    if row.unread and has_room:
        paint_count(delegate, painter, cell, str(row.unread))
    paint_unit(delegate, painter, cell, row.unit, row.call_sign, stale=stale)
    if row.unread and not has_room:
        _unread_dot(painter, cell)


def _beside_call_sign_px() -> int:
    """What symbol, gaps and a count want beside a call sign."""
    look = tokens()
    return look.size_symbol + look.px(13) + look.px(16) + 3 * look.space_xs


def _unread_dot(painter: QPainter, cell: Cell) -> None:
    """On the corner of the symbol, where a count would cut the call sign; how many stands in the tip."""
    look = tokens()
    radius = look.px(4)
    at = QPointF(
        cell.rect.left() + look.px(6) + look.size_symbol,
        cell.rect.center().y() - look.size_symbol / 2 + radius,
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.accent)
    painter.drawEllipse(at, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _status(delegate: RowDelegate, painter: QPainter, cell: Cell, view: KeyedTableView) -> None:
    """Who is at work stands in full ink; waiting is the normal state and stays quiet.

    The time is never cut off; it makes room for the reason of who is away, and for what of a task is overdue.
    """
    row: UnitRow = cell.row
    room, ink = padded(cell.rect), cell.ink if row.group == "engaged" else cell.second
    _, lasting = unit_board.status_texts(row.unit, cell.now)
    limits = view.table.limits if isinstance(view.table, UnitBoardModel) else ShiftLimits()
    light = unit_board.status_light(row, cell.now, limits)
    late_ink = {RED: tokens().red, YELLOW: tokens().yellow}.get(light)
    name, late = unit_board.status_name(row), row.is_overdue
    if late_ink is not None:
        left_px = room.width() - delegate.width_px(name, strong=late) - tokens().space_xs
        lasting = _late(delegate, "overdue" if light == RED else "notice", lasting, left_px)
    wanted_px = delegate.width_px(name, strong=late) + tokens().space_xs + delegate.width_px(lasting)
    gives_way = late or (row.group == "off" and late_ink is None)
    if gives_way and wanted_px > room.width():
        lasting = ""
    delegate.text(painter, room, lasting, late_ink or cell.second, "right")
    room.setWidth(room.width() - (delegate.width_px(lasting) + tokens().space_xs if lasting else 0))
    delegate.text(painter, room, name, tokens().danger if late else ink, strong=late)


def _late(delegate: RowDelegate, key: str, lasting: str, left_px: int) -> str:
    """In words beside the status, in signs where the words would cover what it is that lasts too long."""
    words = f"{tr(f'unit_board.{key}')} {lasting}"
    return words if delegate.width_px(words) <= left_px else tr(f"unit_board.{key}.sign", time=lasting)


def _incident(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    row: UnitRow = cell.row
    delegate.text(painter, padded(cell.rect), unit_board.numbers_text(row), cell.ink, "right")


def _board_fix(delegate: RowDelegate, painter: QPainter, cell: Cell, is_stale: IsStale) -> None:
    row: UnitRow = cell.row
    _fix(delegate, painter, cell, row.fix_at, is_stale(row.unit.id, cell.now))
