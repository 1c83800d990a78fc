"""Owns the incident queue as rows: what each column says of an incident, its order, and what the filter lets through.

Must not paint, and must not decide what an officer may do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from app.domain.clocks import ClockState, Limits, next_clock
from app.domain.desk import Desk
from app.domain.incident import LOOP, PRIORITIES, REPORTED, Incident
from app.domain.instants import Instant
from app.i18n import has_text, tr
from widgets.models.columns import Column
from widgets.models.keyed_table import KeyedTableModel
from widgets.parts.age_text import format_age
from widgets.parts.countdown import remaining_text

URGENT: Final = frozenset({1, 2})
"""Priorities that are emphasised until somebody has looked at them."""

_STEP: Final = 2.0**42
"""More than any instant in ms: ranks are floats of (step, instant), which sort twice as fast as tuples."""
_NEVER: Final = float("inf")
_STATUS_STEP: Final = {status: number for number, status in enumerate(LOOP)}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One incident as the queue shows it. `words` is everything the filter looks into, case folded."""

    incident: Incident
    grid_name: str
    type_name: str
    words: str
    clock: ClockState | None
    unread: bool = False

    @property
    def emphasised(self) -> bool:
        return self.unread and self.incident.priority in URGENT and self.incident.status == REPORTED


class QueueRows:
    """Makes rows of incidents; knows the names of grids and units in the language in force."""

    def __init__(self, limits: Limits, grid_names: Mapping[str, str], call_signs: Mapping[str, str]) -> None:
        self._limits = limits
        self._grid_names = grid_names
        self._call_signs = call_signs
        self._type_names: dict[str, str] = {}

    def of(self, incidents: Iterable[Incident], read: Set[str] = frozenset()) -> dict[str, QueueRow]:
        """Rows by id; `read` are the incidents that the officer has looked at."""
        return {incident.id: self._row(incident, incident.id not in read) for incident in incidents}

    def _row(self, incident: Incident, unread: bool) -> QueueRow:
        grid_name = self._grid_names.get(incident.grid or "", incident.grid or "")
        type_name = self._type_name(incident.incident_type)
        units = " ".join(self._call_signs.get(unit, unit) for unit in incident.units)
        named_by = (
            incident.title,
            incident.number,
            incident.address,
            grid_name,
            incident.grid or "",
            type_name,
            units,
        )
        return QueueRow(
            incident,
            grid_name,
            type_name,
            "\n".join(named_by).casefold(),
            next_clock(incident, self._limits),
            unread,
        )

    def _type_name(self, incident_type: str) -> str:
        if incident_type not in self._type_names:
            self._type_names[incident_type] = named("terms.incident_type", incident_type)
        return self._type_names[incident_type]


def named(family: str, value: str) -> str:
    """The term for a value that may come from outside: the value itself when there is no term."""
    return tr(f"{family}.{value}") if has_text(f"{family}.{value}") else value


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the officer wants to see. Every word of `text` must be found somewhere."""

    text: str = ""
    priorities: frozenset[int] = frozenset(PRIORITIES)
    open_only: bool = True
    status: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether it hides more than the queue hides by itself."""
        return bool(self.text.strip()) or self.status is not None or len(self.priorities) < len(PRIORITIES)

    def predicate(self) -> Callable[[QueueRow], bool]:
        """The filter as one question; only what is set is asked, the cheapest first."""
        questions: list[Callable[[QueueRow], bool]] = []
        if self.open_only and self.status is None:
            questions.append(lambda row: row.incident.is_open)
        if self.status is not None:
            status = self.status
            questions.append(lambda row: row.incident.status == status)
        if len(self.priorities) < len(PRIORITIES):
            priorities = self.priorities
            questions.append(lambda row: row.incident.priority in priorities)
        questions += [_has_word(word) for word in self.text.casefold().split()]
        return _all_of(questions)


def _has_word(word: str) -> Callable[[QueueRow], bool]:
    return lambda row: word in row.words


def _all_of(questions: list[Callable[[QueueRow], bool]]) -> Callable[[QueueRow], bool]:
    if len(questions) == 1:
        return questions[0]
    return lambda row: all(asked(row) for asked in questions)


# -- what the columns say --------------------------------------------------------------------------------------------


def age_text(row: QueueRow, now: Instant) -> str:
    """How long it has been open; the age at its end once it has ended."""
    incident = row.incident
    until = now if incident.is_open or incident.closed_at is None else incident.closed_at
    return format_age((until - incident.opened_at) / 1000)


def status_text(row: QueueRow, _now: Instant = 0) -> str:
    return tr(f"terms.incident_status.{row.incident.status}")


def clock_left(row: QueueRow, now: Instant) -> str:
    """The figures of the next due clock; "" when none runs."""
    return remaining_text(now, row.clock.due_at) if row.clock is not None else ""


def clock_text(row: QueueRow, now: Instant) -> str:
    if row.clock is None:
        return ""
    return f"{tr(f'queue.clock.{row.clock.name}')} {clock_left(row, now)}"


def _clock_tip(row: QueueRow, now: Instant) -> str:
    if row.clock is None:
        return tr("queue.clock_tip.none")
    late = row.clock.left_ms(now) < 0
    left = format_age(abs(row.clock.left_ms(now)) / 1000)
    return tr(
        "queue.clock_tip.late" if late else "queue.clock_tip.left",
        step=tr(f"terms.act.{_ACT[row.clock.name]}"),
        left=left,
    )


_ACT: Final = {"accept": "accept", "dispatch": "dispatch", "arrive": "on_scene"}


def _title_tip(row: QueueRow, _now: Instant) -> str:
    """The whole story in the order in which it is said over the phone; what is unknown is left out."""
    incident = row.incident
    place = " · ".join(part for part in (incident.address, row.grid_name) if part)
    lines = (f"{incident.number}  {row.type_name}", incident.title, place, status_text(row))
    return "\n".join(line for line in lines if line)


def _urgency(row: QueueRow) -> float:
    """Open before ended, then priority, then the one that has waited longest."""
    incident = row.incident
    return (incident.priority + (0 if incident.is_open else 8)) * _STEP + incident.opened_at


def _status_rank(row: QueueRow) -> float:
    return _STATUS_STEP.get(row.incident.status, len(LOOP)) * _STEP + row.incident.opened_at


COLUMNS: Final[tuple[Column[QueueRow], ...]] = (
    Column(
        "priority",
        "queue.column.priority",
        lambda row, _now: tr(f"terms.priority.P{row.incident.priority}"),
        _urgency,
        width_px=30,
        align="center",
        in_header=False,
    ),
    Column(
        "title",
        "queue.column.title",
        lambda row, _now: row.incident.title,
        lambda row: row.incident.title,
        tooltip=_title_tip,
        width_px=148,
        stretch=True,
        least_px=108,
    ),
    Column(
        "grid",
        "queue.column.grid",
        lambda row, _now: row.grid_name,
        lambda row: row.grid_name,
        width_px=72,
        rank=4,
        least_px=40,
    ),
    Column("status", "queue.column.status", status_text, _status_rank, width_px=66, rank=3, least_px=40),
    Column(
        "age",
        "queue.column.age",
        age_text,
        lambda row: -row.incident.opened_at,
        width_px=50,
        align="right",
        ticks=True,
        least_px=44,
    ),
    Column(
        "clock",
        "queue.column.clock",
        clock_text,
        lambda row: row.clock.due_at if row.clock else _NEVER,
        width_px=92,
        tooltip=_clock_tip,
        ticks=True,
        rank=1,
        least_px=40,
    ),
    Column(
        "units",
        "queue.column.units",
        lambda row, _now: str(len(row.incident.units)) if row.incident.units else "",
        lambda row: len(row.incident.units),
        width_px=48,
        align="right",
        tooltip=lambda row, _now: tr("queue.units_tip", count=len(row.incident.units)),
        rank=2,
        least_px=46,
    ),
)


class IncidentQueueModel(KeyedTableModel[str, QueueRow]):
    """Incidents by id; priority and then age by default, the open ones only."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "priority")
        self.filter = QueueFilter()
        self.set_filter(self.filter.predicate())

    def apply_filter(self, wanted: QueueFilter) -> None:
        if wanted != self.filter:
            self.filter = wanted
            self.set_filter(wanted.predicate())


def merge_targets(desk: Desk, incident: Incident, limit: int = 12) -> list[Incident]:
    """Open incidents that this one may be the same as: same type and grid first, then the nearest in time."""
    others = [other for other in desk.incidents.values() if other.is_open and other.id != incident.id]
    others.sort(key=lambda other: _unlikeness(incident, other))
    return others[:limit]


def _unlikeness(one: Incident, other: Incident) -> tuple[bool, bool, int]:
    same_grid = one.grid is not None and one.grid == other.grid
    return (one.incident_type != other.incident_type, not same_grid, abs(one.opened_at - other.opened_at))
