"""Owns the units that are out as rows: how far each is with its task, its roll call, and what it wrote.

Must not paint, and must not decide what is overdue: app/domain/field_clocks.py does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.desk import Desk
from app.domain.field_clocks import STAGES, Awaited, Roll, RollState, Stage, overdue, roll, stage
from app.domain.field_limits import FieldLimits
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import Assignment, Unit
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel
from widgets.models.unit_board import number_tail
from widgets.parts.age_text import format_age

_ROLL_PLACE: Final[dict[RollState, int]] = {"overdue": 0, "due": 2, "running": 4, "paused": 5}
_LATE_PLACE: Final = 1
_UNREAD_PLACE: Final = 3
_QUIET_PLACE: Final = 6


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One unit on one incident. `unread` are messages that the desk has not read."""

    unit: Unit
    call_sign: str
    incident: str
    number: str
    stage: Stage
    since_at: Instant
    late: Awaited | None
    roll: Roll | None
    unread: int

    @property
    def urgency(self) -> int:
        """What asks for the officer first stands first."""
        places = [_QUIET_PLACE]
        if self.late is not None:
            places.append(_LATE_PLACE)
        if self.unread:
            places.append(_UNREAD_PLACE)
        if self.roll is not None:
            places.append(_ROLL_PLACE[self.roll.state])
        return min(places)


def field_key(unit: str, incident: str) -> str:
    return f"{unit}\n{incident}"


def field_rows(
    desk: Desk, units: Mapping[str, Unit], limits: FieldLimits, now: Instant, call_sign: Callable[[Unit], str]
) -> dict[str, FieldRow]:
    """A row for each unit and incident that it works on."""
    return {
        field_key(unit.id, held.incident): _row(
            unit, held, desk.incidents[held.incident], limits, now, call_sign
        )
        for unit in units.values()
        for held in unit.assignments
    }


def _row(
    unit: Unit,
    held: Assignment,
    incident: Incident,
    limits: FieldLimits,
    now: Instant,
    call_sign: Callable[[Unit], str],
) -> FieldRow:
    late = overdue(held, incident, limits, now)
    unread = sum(message.from_unit and not message.is_read for message in unit.messages)
    called = roll(held, incident, limits, now)
    awaited = late.awaited if late is not None else None
    number = number_tail(incident.number)
    return FieldRow(
        unit, call_sign(unit), incident.id, number, stage(held), held.since_at, awaited, called, unread
    )


UNREAD: Final = "field.unread_mark"


def alert_of(desk: Desk, unit: Unit, limits: FieldLimits, now: Instant) -> str:
    """The text key of what asks for the officer first: a silent roll call, an order that nobody takes, a message."""
    for held in unit.assignments:
        called = roll(held, desk.incidents[held.incident], limits, now)
        if called is not None and called.state == "overdue":
            return "field.roll_mark"
    for held in unit.assignments:
        late = overdue(held, desk.incidents[held.incident], limits, now)
        if late is not None:
            return f"field.late.{late.awaited}"
    return UNREAD if any(message.from_unit and not message.is_read for message in unit.messages) else ""


def busy(desk: Desk) -> Iterator[str]:
    return (unit.id for unit in desk.units.values() if unit.assignments)


# -- what the columns say --------------------------------------------------------------------------------------------


def stage_text(row: FieldRow, _now: Instant = 0) -> str:
    return tr(f"field.late.{row.late}") if row.late else tr(f"dispatch.progress.{row.stage}")


def roll_text(row: FieldRow, now: Instant) -> str:
    """How long until the next call, or since it was due."""
    if row.roll is None:
        return ""
    away_ms = abs(row.roll.due_at - now)
    return tr(f"field.roll.{row.roll.state}", time=format_age(away_ms / 1000))


def messages_text(row: FieldRow, _now: Instant = 0) -> str:
    return tr("field.unread", count=row.unread) if row.unread else ""


COLUMNS: Final[tuple[Column[FieldRow], ...]] = (
    Column(
        "unit",
        "field.column.unit",
        lambda row, _now: row.call_sign,
        lambda row: row.call_sign,
        width_px=92,
        stretch=True,
        least_px=78,
    ),
    Column(
        "incident",
        "field.column.incident",
        lambda row, _now: row.number,
        lambda row: row.number,
        width_px=48,
        least_px=44,
        align="right",
        rank=1,
    ),
    Column(
        "stage",
        "field.column.stage",
        stage_text,
        lambda row: STAGES.index(row.stage),
        width_px=128,
        least_px=92,
    ),
    Column(
        "roll",
        "field.column.roll",
        roll_text,
        lambda row: (row.urgency, row.roll.due_at if row.roll else row.since_at),
        width_px=128,
        least_px=110,
        ticks=True,
    ),
    Column(
        "messages",
        "field.column.messages",
        messages_text,
        lambda row: -row.unread,
        width_px=72,
        least_px=60,
        rank=2,
    ),
)


class FieldModel(KeyedTableModel[str, FieldRow]):
    """Units that are out by `field_key`; what is overdue first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "roll")
