"""Owns the quarantine as rows: messages that could not be taken in and wait for a person. Must not read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from app.domain.desk import Quarantined
from app.domain.instants import CENTRE_UTC_OFFSET_MS, Instant, civil_day
from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel

HELD: Final = "held"
_ZONE = timezone(timedelta(milliseconds=CENTRE_UTC_OFFSET_MS))


def time_text(at: Instant, now: Instant) -> str:
    """The centre's time, with the day when it is not today."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(_ZONE)
    return local.strftime("%H:%M:%S" if civil_day(at) == civil_day(now) else "%m-%d %H:%M")


COLUMNS: Final[tuple[Column[Quarantined], ...]] = (
    Column(
        "time",
        "quarantine.column.time",
        lambda row, now: time_text(row.received_at, now),
        lambda row: -row.received_at,
        width_px=88,
    ),
    Column(
        "source",
        "quarantine.column.source",
        lambda row, _now: row.source,
        lambda row: row.source,
        width_px=120,
        rank=1,
    ),
    Column(
        "reason",
        "quarantine.column.reason",
        lambda row, _now: row.reason,
        lambda row: row.reason,
        stretch=True,
        least_px=140,
    ),
)


class QuarantineModel(KeyedTableModel[str, Quarantined]):
    """Held messages by id, the newest first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "time")
