"""Owns the units that were sent to one incident as rows: how far each is, and what became of those that left.

Must not paint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.field_clocks import STAGES, Awaited, Stage
from app.domain.instants import Instant
from app.domain.unit import Unit
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel
from widgets.parts.age_text import format_age

STEPS: Final = STAGES
"""What a unit goes through, in order. Setting out without an answer counts as having accepted."""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One unit that was sent. `left_because` is "" while it is at work on the incident."""

    unit: Unit
    call_sign: str
    stage: Stage | None
    """None for a unit that has left."""
    since_at: Instant
    left_because: str = ""
    late: Awaited | None = None
    """What has been awaited for too long."""

    @property
    def step(self) -> int:
        """Index into STEPS of how far it is; -1 when it has left."""
        return -1 if self.stage is None or self.left_because else STEPS.index(self.stage)


def state_text(row: ProgressRow, _now: Instant = 0) -> str:
    if row.step < 0:
        return row.left_because
    return tr(f"field.late.{row.late}") if row.late else tr(f"dispatch.progress.{STEPS[row.step]}")


def age_text(row: ProgressRow, now: Instant) -> str:
    return format_age((now - row.since_at) / 1000)


COLUMNS: Final[tuple[Column[ProgressRow], ...]] = (
    Column(
        "unit",
        "dispatch.column.unit",
        lambda row, _now: row.call_sign,
        lambda row: (row.step < 0, row.call_sign),
        width_px=92,
        stretch=True,
        least_px=78,
    ),
    Column(
        "progress",
        "dispatch.column.progress",
        state_text,
        lambda row: row.step,
        tooltip=lambda row, now: f"{row.call_sign}  {state_text(row)} {age_text(row, now)}",
        width_px=132,
        least_px=60,
    ),
    Column(
        "age",
        "dispatch.column.age",
        age_text,
        lambda row: row.since_at,
        width_px=52,
        least_px=48,
        align="right",
        ticks=True,
    ),
    Column(
        "recall",
        "terms.act.recall",
        lambda row, _now: "" if row.step < 0 else tr("terms.act.recall"),
        lambda row: row.step,
        width_px=58,
        least_px=44,
        align="right",
        in_header=False,
        rank=1,
    ),
)


class ProgressModel(KeyedTableModel[str, ProgressRow]):
    """Sent units by id; those at work first, then those that left."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "unit")
