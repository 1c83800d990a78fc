"""Owns the columns of the ledger: what each says of an incident, how it is ordered, which ones a page begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final

from app.domain.incident import LOOP
from app.domain.instants import Instant
from app.i18n import has_text, tr
from widgets.models.columns import Align, Column
from widgets.models.incident_queue import named
from widgets.models.ledger_rows import NEVER, NOT_CLOSED, LedgerRow, source_name
from widgets.parts.age_text import format_age
from widgets.parts.countdown import remaining_text

Text = Callable[[LedgerRow, Instant], str]


def key_point(row: LedgerRow) -> str:
    """What it is and where it stands: the title, and what was noted last."""
    return f"{row.incident.title} · {row.note}" if row.note else row.incident.title


def status_text(row: LedgerRow, _now: Instant = 0) -> str:
    return tr(f"terms.incident_status.{row.incident.status}")


def progress_text(row: LedgerRow, _now: Instant = 0) -> str:
    """The step of the loop, such as 4/7 and its name."""
    status = status_text(row)
    return f"{row.step}/{len(LOOP)} {status}" if row.incident.status in LOOP else status


def due_text(row: LedgerRow, now: Instant) -> str:
    """What is due when, and how long that is from now."""
    clock = row.clock
    if clock is None:
        return ""
    return f"{tr(f'queue.clock.{clock.name}')} {remaining_text(now, clock.due_at)}"


def _due_tip(row: LedgerRow, now: Instant) -> str:
    clock = row.clock
    if clock is None:
        return str(tr("queue.clock_tip.none"))
    return f"{tr(f'ledger.step.{clock.name}')} {row.names.moment(clock.due_at)} · {due_text(row, now)}"


def feedback_text(row: LedgerRow, _now: Instant = 0) -> str:
    """When and what was reported back; what was closed without it says so."""
    i = row.incident
    if i.reported_back_at is not None:
        return f"{row.names.moment(i.reported_back_at)[5:]} {i.feedback}".strip()
    return tr("ledger.feedback.none") if i.status == "closed" else ""


def handled_text(row: LedgerRow, _now: Instant = 0) -> str:
    return "" if row.handled_ms == NOT_CLOSED else format_age(row.handled_ms / 1000)


def outcome_text(row: LedgerRow, _now: Instant = 0) -> str:
    outcome = row.incident.outcome
    return named("action.outcome", outcome) if outcome and has_text(f"action.outcome.{outcome}") else outcome


def late_text(row: LedgerRow, now: Instant) -> str:
    join = tr("triage.separator").join
    return join(tr(f"ledger.step.{step}") for step in row.late_steps(now))


def _sources_text(row: LedgerRow, _now: Instant = 0) -> str:
    return tr("triage.separator").join(source_name(source) for source in row.sources)


def _column(
    name: str,
    text: Text,
    sort_key: Callable[[LedgerRow], Any],
    width_px: int,
    least_px: int = 60,
    align: Align = "left",
    **more: Any,
) -> Column[LedgerRow]:
    return Column(
        name,
        f"ledger.column.{name}",
        text,
        sort_key,
        width_px=width_px,
        least_px=least_px,
        align=align,
        **more,
    )


def _of_text(name: str, read: Callable[[LedgerRow], str], width_px: int, **more: Any) -> Column[LedgerRow]:
    return _column(name, lambda row, _now: read(row), read, width_px, **more)


def _of_moment(name: str, read: Callable[[LedgerRow], Instant | None]) -> Column[LedgerRow]:
    return _column(name, lambda row, _now: row.names.moment(read(row)), lambda row: read(row) or 0, 130, 126)


def _due_rank(row: LedgerRow) -> float:
    """What has no clock any more comes after all that has one, the newest first."""
    return row.due_at if row.due_at != NEVER else 2.0**62 - row.opened_at


COLUMNS: Final[tuple[Column[LedgerRow], ...]] = (
    _column(
        "priority",
        lambda row, _now: named("terms.priority", f"P{row.incident.priority}"),
        lambda row: row.incident.priority * 2.0**42 + row.opened_at,
        30,
        30,
        "center",
        in_header=False,
    ),
    _of_text("number", attrgetter("incident.number"), 104, least_px=102),
    _of_text("title", attrgetter("incident.title"), 240, stretch=True, least_px=170),
    _column("key", lambda row, _now: key_point(row), attrgetter("incident.title"), 300, 190),
    _of_text(
        "type",
        lambda row: row.names.type(row.incident.incident_type),
        84,
        least_px=68,
        english_px=124,
        english_least_px=96,
    ),
    _column(
        "status",
        status_text,
        lambda row: row.step * 2.0**42 + row.opened_at,
        72,
        english_px=104,
        english_least_px=104,
    ),
    _column("progress", progress_text, lambda row: row.step * 2.0**42 + row.opened_at, 138, 130),
    _column("due", due_text, _due_rank, 124, 108, tooltip=_due_tip, ticks=True),
    _of_text(
        "responsible", attrgetter("responsible"), 112, least_px=82, english_px=140, english_least_px=104
    ),
    _of_moment("opened", attrgetter("opened_at")),
    _of_moment("closed", attrgetter("incident.closed_at")),
    _column("handled", handled_text, lambda row: row.handled_ms, 76, 60, "right"),
    _of_text("grid", lambda row: row.names.grid(row.incident.grid or ""), 110, english_least_px=106),
    _of_text("community", lambda row: row.names.community(row.community), 96),
    _of_text("address", attrgetter("incident.address"), 150),
    _of_text("units", lambda row: row.names.units(row.units), 120),
    _of_text("officer", attrgetter("officer"), 84),
    _column("feedback", feedback_text, lambda row: row.incident.reported_back_at or 0, 190, 96),
    _of_text("note", attrgetter("note"), 200),
    _column("outcome", outcome_text, attrgetter("incident.outcome"), 84),
    _column("late", late_text, lambda row: row.late * 2.0**42 + row.opened_at, 96),
    _column(
        "returned",
        lambda row, _now: str(row.incident.returned or ""),
        lambda row: row.incident.returned * 2.0**42 + row.opened_at,
        56,
        44,
        "right",
    ),
    _column("source", _sources_text, lambda row: row.sources, 84),
)
COLUMN: Final[Mapping[str, Column[LedgerRow]]] = {column.id: column for column in COLUMNS}

DATES: Final[Mapping[str, Callable[[LedgerRow], Instant | None]]] = {
    "opened": attrgetter("opened_at"),
    "closed": attrgetter("incident.closed_at"),
    "due": lambda row: None if row.due_at == NEVER else int(row.due_at),
}
"""Columns that leave the desk as real dates."""
NUMBERS: Final[Mapping[str, Callable[[LedgerRow], float | None]]] = {
    "priority": lambda row: row.incident.priority,
    "returned": lambda row: row.incident.returned or None,
    "handled": lambda row: None if row.handled_ms == NOT_CLOSED else round(row.handled_ms / 60_000, 1),
}
"""Columns that leave the desk as numbers; the handling time in minutes."""

STRETCHED: Final = "title"
SHOWN_FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (
        "priority", "number", "title", "type", "status", "due", "responsible", "grid", "opened", "units",
    ),
    "today": ("priority", "number", "key", "responsible", "progress", "due", "feedback"),
    "week": ("priority", "number", "key", "responsible", "progress", "due", "feedback"),
    "overdue": ("priority", "due", "number", "key", "responsible", "progress", "late", "officer", "returned"),
    "waiting": ("priority", "number", "key", "responsible", "feedback", "due", "officer"),
}  # fmt: skip
"""The columns that each page begins with, from left to right."""
ORDER_FIRST: Final[Mapping[str, tuple[str, bool]]] = {
    "all": ("opened", True),
    "today": ("due", False),
    "week": ("due", False),
    "overdue": ("due", False),
    "waiting": ("due", False),
}
"""The order that each page begins with: column, and whether it runs downwards."""
