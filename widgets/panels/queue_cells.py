"""Owns how the cells of the incident queue and of the alarm lane are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from app.domain.incident import REPORTED
from widgets.models import alarm_lane, incident_queue
from widgets.models.incident_marks import marks
from widgets.panels.row_delegate import Cell, CellPainter, RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.parts.badge import Tone, tone_color
from widgets.parts.symbols import symbol_pixmap
from widgets.style import icon, light_color, tokens

_LEAST_TITLE_PX = 64
_MOST_FOR_TAGS = 0.35
"""Of the column's width, for more words than the first."""
"""What a row keeps for its glyph and the first words of its title."""


def queue_delegate(view: KeyedTableView) -> RowDelegate:
    """What has ended recedes; what is urgent and has not been looked at is bold, with a bar of its colour."""
    return RowDelegate(
        view,
        _QUEUE_CELLS,
        is_muted=lambda row: not row.is_open,
        is_strong=lambda row: row.emphasised,
        mark=lambda row: tokens().priority.of(row.incident.priority) if row.emphasised else None,
    )


def alarm_delegate(view: KeyedTableView) -> RowDelegate:
    """What somebody has acknowledged recedes to second ink; what nobody has is bold, with a bar when it is urgent.

    An emergency keeps its bar until a person has ended it.
    """
    return RowDelegate(
        view,
        _ALARM_CELLS,
        is_strong=lambda row: row.is_raised,
        mark=_alarm_mark,
    )


def _priority(delegate: RowDelegate, painter: QPainter, cell: Cell, priority: int) -> None:
    look = tokens()
    dpr = painter.device().devicePixelRatioF()
    pixmap = symbol_pixmap(f"priority/{priority}", look.size_symbol, dpr, look.priority.of(priority))
    delegate.picture(painter, pixmap, cell.rect.adjusted(look.px(3), 0, 0, 0), faded=cell.muted)


def _glyph_and_title(
    delegate: RowDelegate, painter: QPainter, cell: Cell, kind: str, title: str, ink: QColor
) -> None:
    look = tokens()
    room = cell.rect.adjusted(look.space_xs, 0, -look.space_xs, 0)
    glyph = QRect(room.left(), room.top(), look.size_icon, room.height())
    dpr = painter.device().devicePixelRatioF()
    pixmap = symbol_pixmap(f"incident/{kind}", look.size_icon, dpr, look.text_second)
    delegate.picture(painter, pixmap, glyph, faded=cell.muted)
    room.setLeft(glyph.right() + look.px(7))
    delegate.text(painter, room, title, ink, strong=cell.strong)


def _before_title_px() -> int:
    """What stands before a title: a margin, the glyph of its type, a gap."""
    return tokens().space_xs + tokens().size_icon + tokens().px(7)


def _queue_priority(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    _priority(delegate, painter, cell, cell.row.incident.priority)


def _queue_title(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """What is not usual about it stands at the right end, before the title is cut."""
    incident = cell.row.incident
    tags = [*cell.row.at_desks.marks, *marks(incident, cell.row.same_as)]
    titled = replace(cell, rect=_tags(delegate, painter, cell, tags, incident.title))
    _glyph_and_title(delegate, painter, titled, incident.incident_type, incident.title, cell.ink)


def _status(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """Only what waits for the officer stands in full ink."""
    waits = cell.row.incident.status == REPORTED
    text = incident_queue.status_text(cell.row)
    delegate.text(painter, padded(cell.rect), text, cell.ink if waits else cell.second)


def _age(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    text = incident_queue.age_text(cell.row, cell.now)
    delegate.text(painter, padded(cell.rect), text, cell.ink, "right")


def _clock(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """Light, step and time left; in a narrow column no step, in a very narrow one only the light."""
    clock, room, look = cell.row.clock, padded(cell.rect), tokens()
    lamp = QRect(room.left(), room.top(), look.px(11), room.height())
    beside = room.adjusted(look.px(16), 0, 0, 0)
    if clock is None:
        _no_clock(delegate, painter, cell, room, beside)
        return
    light = clock.light(cell.now)
    delegate.light(painter, light, lamp)
    says = incident_queue.clock_texts(clock, cell.now)
    text = next((text for text in says if delegate.width_px(text) <= beside.width()), "")
    delegate.text(painter, beside, text, cell.second if light == "green" else light_color(light))


def _no_clock(delegate: RowDelegate, painter: QPainter, cell: Cell, room: QRect, beside: QRect) -> None:
    """What a department has had for how long, with a light until it has said that it has it; else the status.

    In line with the other words where it fits: a narrow desk has no status column.
    """
    gone_over = incident_queue.gone_over_text(cell.row, cell.now)
    if gone_over:
        is_received = cell.row.incident.receipt is not None
        if not is_received:
            delegate.light(painter, "yellow", room.adjusted(0, 0, tokens().px(11) - room.width(), 0))
        delegate.text(painter, beside, gone_over, cell.second if is_received else light_color("yellow"))
        return
    status = incident_queue.status_text(cell.row)
    place = next((place for place in (beside, room) if delegate.width_px(status) <= place.width()), None)
    if place is not None:
        delegate.text(painter, place, status, cell.second)


def _units(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    count = len(cell.row.incident.units)
    if count:
        delegate.text(painter, padded(cell.rect), str(count), cell.ink, "right")


def _alarm_priority(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    _priority(delegate, painter, cell, cell.row.alarm.priority)


def _alarm_mark(row: alarm_lane.AlarmRow) -> QColor | None:
    if row.alarm.emergency:
        return tokens().red
    return tokens().priority.of(row.alarm.priority) if row.is_raised and row.is_urgent else None


def _alarm_title(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    """Glyph and title, a chevron before a group, members indented, and at the right what is not normal."""
    row, look = cell.row, tokens()
    ink = cell.ink if row.is_raised else cell.second
    room = _tags(delegate, painter, cell, alarm_lane.tags(row), row.alarm.title)
    if row.kind != "single":
        fold = QRect(room.left(), room.top(), look.size_icon, room.height())
        if row.kind == "group":
            name = "chevron-down" if row.is_open else "chevron-right"
            delegate.picture(painter, icon(name).pixmap(look.size_icon, look.size_icon), fold)
        room.setLeft(fold.right())
    titled = Cell(room, row, cell.now, ink, cell.second, cell.muted, cell.strong)
    _glyph_and_title(delegate, painter, titled, row.alarm.alarm_type, row.alarm.title, ink)


def _tags(
    delegate: RowDelegate, painter: QPainter, cell: Cell, tags: Sequence[tuple[str, Tone]], title: str
) -> QRect:
    """Paints the words at the right end; returns what is left for the title. The first ones are kept longest."""
    look, room = tokens(), QRect(cell.rect)
    spans = list(accumulate(delegate.width_px(text, strong=True) + 2 * look.space_xs for text, _ in tags))
    title_px = _before_title_px() + delegate.width_px(title, strong=True) + 2 * look.space_xs
    for text, tone in reversed(tags[: tags_kept(spans, room.width(), look.px(_LEAST_TITLE_PX), title_px)]):
        width = delegate.width_px(text, strong=True) + look.space_xs
        spot = QRect(room.right() - width, room.top(), width, room.height())
        color = cell.ink if tone == "calm" else tone_color(tone)
        delegate.text(painter, spot, text, color, strong=True)
        room.setRight(spot.left() - look.space_xs)
    return room


def tags_kept(spans: Sequence[int], width_px: int, least_px: int, title_px: int = 10**6) -> int:
    """How many words stand there, of which the first so many are `spans` wide: what it is goes before who looks at it.

    The first may leave the title its least; all others only what they can have beside most of a title. What a title of
    `title_px` does not want is theirs.
    """
    first = width_px - min(least_px, title_px)
    more = max(min(first, round(width_px * _MOST_FOR_TAGS)), width_px - title_px)
    return sum(span <= (more if place else first) for place, span in enumerate(spans))


def _alarm_age(delegate: RowDelegate, painter: QPainter, cell: Cell) -> None:
    ink = cell.ink if cell.row.is_raised else cell.second
    delegate.text(painter, padded(cell.rect), alarm_lane.age_text(cell.row, cell.now), ink, "right")


_QUEUE_CELLS: dict[str, CellPainter] = {
    "priority": _queue_priority,
    "title": _queue_title,
    "status": _status,
    "age": _age,
    "clock": _clock,
    "units": _units,
}
_ALARM_CELLS: dict[str, CellPainter] = {
    "priority": _alarm_priority,
    "title": _alarm_title,
    "age": _alarm_age,
}
