"""Owns how the rows and the heads of groups of the ledger are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.domain.incident import LOOP
from widgets.models.grouped_table import GroupHead
from widgets.models.incident_marks import marks
from widgets.models.ledger import figures_words
from widgets.models.ledger_columns import due_text, feedback_text, key_point, late_text, status_text
from widgets.panels.ledger_view import LedgerView
from widgets.panels.row_delegate import Cell, CellPainter, RowDelegate, padded
from widgets.parts.badge import tone_color
from widgets.parts.symbols import symbol_pixmap
from widgets.style import icon, light_color, tokens

_LEAST_TITLE_PX = 90
_FIGURE_PX = 124
"""The room of each figure of a group: they stand one under the other."""


class LedgerDelegate(RowDelegate):
    """What has ended stands in second ink, not in grey: a ledger is there to be read. A head runs over all columns."""

    def __init__(self, view: LedgerView) -> None:
        super().__init__(view, _CELLS)
        self._ledger = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shown = self._ledger.table.row_at(index.row())
        if not isinstance(shown, GroupHead):
            super().paint(painter, option, index)
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setClipRect(rect)
        ground = tokens().raised if shown.is_open else tokens().panel
        painter.fillRect(rect, tokens().selection if selected else ground)
        self._paint_head(painter, rect, shown)
        painter.restore()

    def _paint_head(self, painter: QPainter, cell: QRect, head: GroupHead) -> None:
        """Every cell paints its part of the same line, and leaves out what does not reach into it."""
        look, row_px = tokens(), self._ledger.viewport().width()
        fold = QRect(look.space_s, cell.top(), look.size_icon, cell.height())
        if fold.intersects(cell):
            name = "chevron-down" if head.is_open else "chevron-right"
            self.picture(painter, icon(name).pixmap(look.size_icon, look.size_icon), fold)
        left, figure_px = fold.right() + look.space_s, look.px(_FIGURE_PX)
        name_px = max(look.px(100), min(look.px(220), row_px - left - 4 * figure_px))
        spot = QRect(left, cell.top(), name_px, cell.height())
        if spot.intersects(cell):
            self.text(painter, spot, head.name, look.text, strong=True)
        spot = QRect(spot.right() + look.space_s, cell.top(), figure_px, cell.height())
        colors = (look.text_second, light_color("red"), light_color("yellow"), look.text_second)
        for words, color in zip(figures_words(head), colors, strict=True):
            if spot.intersects(cell):
                self.text(painter, spot, words, color)
            spot.translate(figure_px, 0)


def _priority(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    look, priority = tokens(), cell.row.incident.priority
    dpr = painter.device().devicePixelRatioF()
    pixmap = symbol_pixmap(f"priority/{priority}", look.size_symbol, dpr, look.priority.of(priority))
    delegate.picture(painter, pixmap, cell.rect.adjusted(look.px(3), 0, 0, 0), faded=not cell.row.is_open)


def _title(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    _titled(delegate, painter, cell, cell.row.incident.title)


def _key_point(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    _titled(delegate, painter, cell, key_point(cell.row))


def _titled(delegate: RowDelegate, painter: QPainter, cell: Cell, text: str) -> None:
    """Glyph, words, and at the right end what is not usual about it."""
    look, room = tokens(), QRect(cell.rect)
    for words, tone in marks(cell.row.incident):
        width_px = delegate.width_px(words, strong=True)
        if room.width() - width_px < look.px(_LEAST_TITLE_PX):
            break
        spot = QRect(
            room.right() - width_px - look.space_xs, room.top(), width_px + look.space_xs, room.height()
        )
        delegate.text(painter, spot, words, tone_color(tone), strong=True)
        room.setRight(spot.left() - look.space_xs)
    glyph = QRect(room.left() + look.space_xs, room.top(), look.size_icon, room.height())
    dpr = painter.device().devicePixelRatioF()
    kind = cell.row.incident.incident_type
    pixmap = symbol_pixmap(f"incident/{kind}", look.size_icon, dpr, look.text_second)
    delegate.picture(painter, pixmap, glyph, faded=not cell.row.is_open)
    room.setLeft(glyph.right() + look.px(7))
    delegate.text(painter, room, text, cell.ink if cell.row.is_open else cell.second)


def _number(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    delegate.text(painter, padded(cell.rect), cell.row.incident.number, cell.second)


def _progress(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """The loop as a bar of its steps, then the name of the one that was reached."""
    look, room, row = tokens(), padded(cell.rect), cell.row
    side, gap = look.px(6), look.px(2)
    top = room.top() + (room.height() - side) // 2
    color = look.accent if row.is_open else look.text_second
    for step in range(len(LOOP)):
        box = QRect(room.left() + step * (side + gap), top, side, side)
        painter.fillRect(box, color if step < row.step else look.line)
    beside = room.adjusted(len(LOOP) * (side + gap) + look.space_xs, 0, 0, 0)
    delegate.text(painter, beside, status_text(row), cell.ink if row.is_open else cell.second)


def _due(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """Light, step and the time left; what has ended has neither."""
    clock, room, look = cell.row.clock, padded(cell.rect), tokens()
    if clock is None:
        return
    light = clock.light(cell.now)
    delegate.light(painter, light, QRect(room.left(), room.top(), look.px(11), room.height()))
    color = cell.second if light == "green" else light_color(light)
    delegate.text(painter, room.adjusted(look.px(16), 0, 0, 0), due_text(cell.row, cell.now), color)


def _feedback(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """A tick before what was reported back; closed without it is not as it should be."""
    look, room = tokens(), padded(cell.rect)
    text = feedback_text(cell.row)
    if cell.row.incident.reported_back_at is not None:
        mark = QRect(room.left(), room.top(), look.px(14), room.height())
        delegate.picture(painter, icon("check").pixmap(look.px(12), look.px(12)), mark)
        delegate.text(painter, room.adjusted(look.px(18), 0, 0, 0), text, cell.second)
    elif text:
        delegate.text(painter, room, text, light_color("yellow"))


def _late(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    text = late_text(cell.row, cell.now)
    color = light_color("red") if cell.row.due_at < cell.now else cell.second
    delegate.text(painter, padded(cell.rect), text, color)


_CELLS: dict[str, CellPainter] = {
    "priority": _priority,
    "number": _number,
    "title": _title,
    "key": _key_point,
    "progress": _progress,
    "due": _due,
    "feedback": _feedback,
    "late": _late,
}
