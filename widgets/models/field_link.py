"""Owns the units of the field link as rows: how far each is with its task, its roll call, and what it wrote.

Who has left stays while there is something of it to read or to mend. Must not paint, and must not decide what is
overdue: app/domain/field_clocks.py does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.desk import Desk
from app.domain.field_clocks import (
    STAGES,
    Awaited,
    Roll,
    RollState,
    Stage,
    is_unreplaced,
    overdue,
    post_overdue,
    post_stage,
    roll,
    stage,
)
from app.domain.field_limits import FieldLimits
from app.domain.field_link import Decline, unread_count
from app.domain.instants import Instant
from app.domain.unit import Assignment, PostOrder, Unit
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel
from widgets.models.unit_board import number_tail
from widgets.parts.age_text import format_age

LATELY_MS: Final = 12 * 3_600_000
"""A talk of this shift stays at hand after the unit has left."""
_ROLL_PLACE: Final[dict[RollState, int]] = {"overdue": 0, "due": 2, "running": 4, "paused": 5}
_EMERGENCY_PLACE: Final = -1
_LATE_PLACE: Final = 1
_UNREAD_PLACE: Final = 3
_QUIET_PLACE: Final = 6
_LEFT_PLACE: Final = 7


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One unit on one incident, or on its way to a post ("" for the incident); with `stage` None it has left, or would
    not go.

    `declined` is how it would not, `unread` the messages that the desk has not read, `is_calling` an emergency of it.
    """

    unit: Unit
    call_sign: str
    incident: str
    number: str
    stage: Stage | None
    since_at: Instant
    late: Awaited | None
    roll: Roll | None
    unread: int
    declined: Decline | None = None
    is_calling: bool = False

    @property
    def urgency(self) -> int:
        """What asks for the officer first stands first."""
        places = [_QUIET_PLACE if self.stage is not None else _LEFT_PLACE]
        if self.is_calling:
            places.append(_EMERGENCY_PLACE)
        if self.late is not None or self.declined is not None:
            places.append(_LATE_PLACE)
        if self.unread:
            places.append(_UNREAD_PLACE)
        if self.roll is not None:
            places.append(_ROLL_PLACE[self.roll.state])
        return min(places)

    @property
    def last_words(self) -> str:
        """What the unit wrote last."""
        return next((m.text for m in reversed(self.unit.messages) if m.from_unit), "")


def field_key(unit: str, incident: str) -> str:
    return f"{unit}\n{incident}"


def field_rows(
    desk: Desk,
    units: Mapping[str, Unit],
    limits: FieldLimits,
    now: Instant,
    call_sign: Callable[[Unit], str],
    calling: Collection[str] = (),
) -> dict[str, FieldRow]:
    """Rows of these units by key. `calling` are units whose emergency nobody has ended."""
    sight = _Sight(desk, limits, now, call_sign, calling)
    found = (row for unit in units.values() for row in sight.rows(unit))
    return {field_key(row.unit.id, row.incident): row for row in found}


@dataclass(frozen=True, slots=True)
class _Sight:
    desk: Desk
    limits: FieldLimits
    now: Instant
    call_sign: Callable[[Unit], str]
    calling: Collection[str]

    def rows(self, unit: Unit) -> Iterator[FieldRow]:
        """One for each incident that it works on or would not go to; else one for what else there is of it."""
        declines = [
            one
            for one in unit.declines
            if unit.assignment(one.incident) is None
            and is_unreplaced(self.desk, self.desk.incidents[one.incident], one)
        ]
        for held in unit.assignments:
            yield self._at_work(unit, held)
        for decline in declines:
            yield self._row(unit, decline.incident, decline.at, declined=decline)
        if unit.post_order is not None:
            yield self._moving_up(unit, unit.post_order)
        elif not unit.assignments and not declines and self._has_something(unit):
            yield self._row(unit, "", unit.since_at)

    def _has_something(self, unit: Unit) -> bool:
        wrote_lately = bool(unit.messages) and unit.messages[-1].at > self.now - LATELY_MS
        return wrote_lately or unit.id in self.calling or unread_count(unit.messages) > 0

    def _at_work(self, unit: Unit, held: Assignment) -> FieldRow:
        incident = self.desk.incidents[held.incident]
        late = overdue(held, incident, self.limits, self.now)
        return self._row(
            unit,
            held.incident,
            held.since_at,
            stage=stage(held),
            late=late.awaited if late is not None else None,
            called=roll(held, incident, self.limits, self.now),
        )

    def _moving_up(self, unit: Unit, order: PostOrder) -> FieldRow:
        late = post_overdue(order, self.limits, self.now)
        awaited = late.awaited if late is not None else None
        return self._row(unit, "", order.since_at, stage=post_stage(order), late=awaited)

    def _row(
        self,
        unit: Unit,
        incident: str,
        since_at: Instant,
        *,
        stage: Stage | None = None,
        late: Awaited | None = None,
        called: Roll | None = None,
        declined: Decline | None = None,
    ) -> FieldRow:
        number = number_tail(self.desk.incidents[incident].number) if incident else ""
        return FieldRow(
            unit, self.call_sign(unit), incident, number, stage, since_at, late, called, unread_count(unit.messages),
            declined, unit.id in self.calling,
        )  # fmt: skip


UNREAD: Final = "field.unread_mark"


def alert_of(desk: Desk, unit: Unit, limits: FieldLimits, now: Instant, calling: Collection[str] = ()) -> str:
    """The text key of what asks for the officer first: an emergency, a silent roll call, an order, a message."""
    if unit.id in calling:
        return "field.calling"
    for held in unit.assignments:
        called = roll(held, desk.incidents[held.incident], limits, now)
        if called is not None and called.state == "overdue":
            return "field.roll_mark"
    for held in unit.assignments:
        late = overdue(held, desk.incidents[held.incident], limits, now)
        if late is not None:
            return f"field.late.{late.awaited}"
    if unit.post_order is not None:
        awaited = post_overdue(unit.post_order, limits, now)
        if awaited is not None:
            return f"field.late.{awaited.awaited}"
    return UNREAD if unread_count(unit.messages) else ""


def busy(desk: Desk) -> Iterator[str]:
    """Units of which something may become overdue by time alone."""
    return (unit.id for unit in desk.units.values() if unit.assignments or unit.post_order is not None)


def worth_listing(desk: Desk) -> Iterator[str]:
    """Units that may have a row; most of those who stand by have none."""
    return (
        u.id
        for u in desk.units.values()
        if u.assignments or u.messages or u.declines or u.post_order is not None
    )


# -- what the columns say --------------------------------------------------------------------------------------------


def stage_text(row: FieldRow, _now: Instant = 0) -> str:
    if row.is_calling:
        return tr("field.calling")
    if row.declined is not None:
        return tr("dispatch.left.declined")
    if row.stage is None:
        return tr("dispatch.left.unknown")
    said = tr(f"field.late.{row.late}") if row.late else tr(f"dispatch.progress.{row.stage}")
    return said if row.incident else tr("post.stage", stage=said)


def roll_text(row: FieldRow, now: Instant) -> str:
    """How long until the next call, or since it was due; of who would not go, why."""
    if row.declined is not None:
        return row.declined.reason
    if row.roll is None:
        return ""
    away_ms = abs(row.roll.due_at - now)
    return tr(f"field.roll.{row.roll.state}", time=format_age(away_ms / 1000))


def messages_text(row: FieldRow, _now: Instant = 0) -> str:
    return tr("field.unread_words", count=row.unread, words=row.last_words) if row.unread else ""


COLUMNS: Final[tuple[Column[FieldRow], ...]] = (
    Column(
        "unit",
        "field.column.unit",
        lambda row, _now: row.call_sign,
        lambda row: row.call_sign,
        width_px=120,
        least_px=116,
    ),
    Column(
        "incident",
        "field.column.incident",
        lambda row, _now: row.number,
        lambda row: row.number,
        width_px=44,
        least_px=44,
        align="right",
        rank=1,
    ),
    Column(
        "stage",
        "field.column.stage",
        stage_text,
        lambda row: STAGES.index(row.stage) if row.stage is not None else len(STAGES),
        width_px=128,
        least_px=92,
        stretch=True,
        tooltip=stage_text,
    ),
    Column(
        "roll",
        "field.column.roll",
        roll_text,
        lambda row: (row.urgency, row.roll.due_at if row.roll else row.since_at),
        width_px=108,
        least_px=108,
        ticks=True,
        tooltip=roll_text,
    ),
    Column(
        "messages",
        "field.column.messages",
        messages_text,
        lambda row: -row.unread,
        width_px=160,
        least_px=60,
        rank=2,
        tooltip=messages_text,
    ),
)


class FieldModel(KeyedTableModel[str, FieldRow]):
    """Units by `field_key`; what asks for the officer first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "roll")
