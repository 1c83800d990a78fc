"""Owns the alarm lane as rows: alarms that nobody has ended yet, the newest on top. Must not paint or sound them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.centre.types_in_force import type_name
from app.domain.alarm import ACKNOWLEDGED, RAISED, Alarm
from app.domain.instants import Instant
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.incident_queue import URGENT
from widgets.models.keyed_table import KeyedTableModel
from widgets.parts.age_text import format_age

LIVE: Final = frozenset({RAISED, ACKNOWLEDGED})
FLOOD: Final = 10
"""More alarms than this in ten minutes is a flood (ISA-18.2)."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    alarm: Alarm
    type_name: str
    place: str

    @property
    def is_raised(self) -> bool:
        return self.alarm.status == RAISED

    @property
    def is_urgent(self) -> bool:
        return self.alarm.priority in URGENT


def alarm_row(alarm: Alarm, grid_names: Mapping[str, str], camera_names: Mapping[str, str]) -> AlarmRow:
    """The place is the camera's name, which says more than the grid's, else the grid's, else nothing."""
    place = camera_names.get(alarm.camera or "") or grid_names.get(alarm.grid or "", alarm.grid or "")
    return AlarmRow(alarm, type_name(alarm.alarm_type), place)


def age_text(row: AlarmRow, now: Instant) -> str:
    return format_age((now - row.alarm.raised_at) / 1000)


def _tip(row: AlarmRow, _now: Instant) -> str:
    status = tr(f"alarm.status.{row.alarm.status}")
    lines = (row.alarm.title, " · ".join(part for part in (row.type_name, row.place) if part), status)
    return "\n".join(line for line in lines if line)


COLUMNS: Final[tuple[Column[AlarmRow], ...]] = (
    Column(
        "priority",
        "queue.column.priority",
        lambda row, _now: tr(f"terms.priority.P{row.alarm.priority}"),
        lambda row: row.alarm.priority,
        width_px=30,
        align="center",
        in_header=False,
    ),
    Column(
        "title",
        "alarm.column.title",
        lambda row, _now: row.alarm.title,
        lambda row: row.alarm.title,
        tooltip=_tip,
        width_px=150,
        stretch=True,
        least_px=120,
    ),
    Column(
        "source",
        "alarm.column.source",
        lambda row, _now: row.type_name,
        lambda row: row.type_name,
        width_px=66,
        rank=2,
        least_px=62,
    ),
    Column(
        "place",
        "alarm.column.place",
        lambda row, _now: row.place,
        lambda row: row.place,
        width_px=84,
        rank=1,
        least_px=48,
    ),
    Column(
        "age",
        "queue.column.age",
        age_text,
        lambda row: -row.alarm.raised_at,
        width_px=54,
        align="right",
        ticks=True,
    ),
)


class AlarmLaneModel(KeyedTableModel[str, AlarmRow]):
    """Live alarms by id, the youngest first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "age")
