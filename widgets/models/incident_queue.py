"""Owns the incident queue as rows: what each column says of an incident, its order, and what the filter lets through.

Must not paint, and must not decide what an officer may do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from heapq import nsmallest
from operator import attrgetter
from typing import Final

from app.centre.types_in_force import type_name
from app.domain.clocks import ClockState, Limits, next_clock, next_due_at
from app.domain.desk import Desk
from app.domain.incident import ACCEPTED, HANDED_OVER, LOOP, PRIORITIES, REPORTED, Incident
from app.domain.instants import Instant
from app.i18n import has_text, tr
from app.service.presence import Present
from widgets.models.columns import Column
from widgets.models.desk_marks import AT_NO_DESK, AtDesks, at_desks_of
from widgets.models.incident_marks import marks_words
from widgets.models.keyed_table import KeyedTableModel
from widgets.parts.age_text import format_age
from widgets.parts.countdown import remaining_text

URGENT: Final = frozenset({1, 2})
"""Priorities that are emphasised until somebody has looked at them."""

_STEP: Final = 2.0**42
"""More than any instant in ms: ranks are floats of (step, instant), which sort twice as fast as tuples."""
_NEVER: Final = float("inf")
_STATUS_STEP: Final = {status: number for number, status in enumerate(LOOP)}


class QueueRow:
    """One incident as the queue shows it. What order and filter ask of 100,000 rows is worked out once, here.

    `words` is everything the filter looks into, case folded; `urgency` is the default order: open before ended, then
    priority, then the one that has waited longest; `newness` and `progress` rank by age and by step; `same_as` is the
    end of the number of what it may be a further report of; `at_desks` says which desks have to do with it.
    """

    __slots__ = (
        "_due_at", "_limits", "at_desks", "grid_name", "incident", "is_open", "newness", "progress", "same_as",
        "type_name", "unread", "urgency", "words",
    )  # fmt: skip

    def __init__(
        self,
        incident: Incident,
        limits: Limits,
        grid_name: str,
        type_name: str,
        units: str,
        unread: bool,
        same_as: str = "",
        at_desks: AtDesks = AT_NO_DESK,
    ) -> None:
        named_by = (
            incident.title,
            incident.number,
            incident.address,
            grid_name,
            incident.grid or "",
            type_name,
            units,
            *marks_words(incident, same_as),
            *at_desks.words,
        )
        self._limits = limits
        self._due_at: float | None = None
        self.incident = incident
        self.grid_name = grid_name
        self.type_name = type_name
        self.words = "\n".join(named_by).casefold()
        self.is_open = incident.is_open
        self.urgency = (incident.priority + (0 if self.is_open else 8)) * _STEP + incident.opened_at
        self.newness = -float(incident.opened_at)
        self.progress = _STATUS_STEP.get(incident.status, len(LOOP)) * _STEP + incident.opened_at
        self.unread = unread
        self.same_as = same_as
        self.at_desks = at_desks

    @property
    def clock(self) -> ClockState | None:
        """The clock that runs now."""
        return next_clock(self.incident, self._limits)

    @property
    def due_at(self) -> float:
        """When the clock that runs now is due, for sorting; never, when none runs."""
        if self._due_at is None:
            due_at = next_due_at(self.incident, self._limits)
            self._due_at = _NEVER if due_at is None else float(due_at)
        return self._due_at

    @property
    def emphasised(self) -> bool:
        """New or sent back, urgent, and nobody has looked at it since."""
        waits = self.incident.status == REPORTED or (
            self.incident.status == ACCEPTED and self.incident.returned > 0
        )
        return self.unread and waits and self.incident.priority in URGENT


class QueueRows:
    """Makes rows of incidents; knows the names of grids and units in the language in force.

    `same_as` says of an open incident's id which number it may be a further report of, "" for none; `others` who of
    other desks is there just now.
    """

    def __init__(
        self,
        limits: Limits,
        grid_names: Mapping[str, str],
        call_signs: Mapping[str, str],
        same_as: Callable[[str], str] = lambda _incident: "",
        others: Callable[[str], Sequence[Present]] = lambda _incident: (),
        own_desk: str = "",
        said: Callable[[Incident], Incident] = lambda incident: incident,
    ) -> None:
        self._said = said
        self._same_as = same_as
        self._others = others
        self._own_desk = own_desk
        self._limits = limits
        self._grid_names = grid_names
        self._call_signs = call_signs
        self._type_names: dict[str, str] = {}

    def of(self, incidents: Iterable[Incident], read: Set[str] = frozenset()) -> dict[str, QueueRow]:
        """Rows by id; `read` are the incidents that the officer has looked at."""
        return {incident.id: self._row(incident, incident.id not in read) for incident in incidents}

    def _row(self, incident: Incident, unread: bool) -> QueueRow:
        grid_name = self._grid_names.get(incident.grid or "", incident.grid or "")
        units = (
            " ".join(self._call_signs.get(unit, unit) for unit in incident.units) if incident.units else ""
        )
        type_name = self._type_name(incident.incident_type)
        same_as = self._same_as(incident.id) if incident.is_open else ""
        row = (self._said(incident), self._limits, grid_name, type_name, units, unread, same_as)
        others = self._others(incident.id)
        if incident.claim is None and not others:
            return QueueRow(*row)
        return QueueRow(*row, at_desks_of(incident, others, self._own_desk))

    def _type_name(self, incident_type: str) -> str:
        if incident_type not in self._type_names:
            self._type_names[incident_type] = type_name(incident_type)
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

    def is_narrower_than(self, other: QueueFilter) -> bool:
        """Whether it lets nothing through that the other one keeps back, as when another letter was typed."""
        words = self.text.casefold().split()
        return replace(self, text=other.text) == other and all(
            any(before in word for word in words) for before in other.text.casefold().split()
        )

    def passes(self, row: QueueRow) -> bool:
        return bool(self.mask([row])[0])

    def mask(self, rows: list[QueueRow]) -> list[bool]:
        """For each row whether it passes. Only what is set is asked: it is asked of every row at every key."""
        if self.status is not None:
            status = self.status
            passed = [row.incident.status == status for row in rows]
        elif self.open_only:
            passed = [row.is_open for row in rows]
        else:
            passed = [True] * len(rows)
        if len(self.priorities) < len(PRIORITIES):
            priorities = self.priorities
            passed = [
                ok and row.incident.priority in priorities for ok, row in zip(passed, rows, strict=True)
            ]
        for word in self.text.casefold().split():
            passed = [ok and word in row.words for ok, row in zip(passed, rows, strict=True)]
        return passed


# -- what the columns say --------------------------------------------------------------------------------------------


def age_text(row: QueueRow, now: Instant) -> str:
    """How long it has been open; the age at its end once it has ended."""
    incident = row.incident
    until = now if incident.is_open or incident.closed_at is None else incident.closed_at
    return format_age((until - incident.opened_at) / 1000)


def status_text(row: QueueRow, _now: Instant = 0) -> str:
    return tr(f"terms.incident_status.{row.incident.status}")


def clock_texts(clock: ClockState, now: Instant) -> tuple[str, str]:
    """What is due with the time left, and the time left alone."""
    left = remaining_text(now, clock.due_at)
    return f"{tr(f'queue.clock.{clock.name}')} {left}", left


def gone_over_text(row: QueueRow, now: Instant) -> str:
    """How long a department has had it: with the hand-over the desk's own clocks stand. "" where none has."""
    at = row.incident.handed_over_at
    if at is None or row.incident.status != HANDED_OVER:
        return ""
    return f"{tr('queue.clock.handed_over')} {format_age((now - at) / 1000)}"


def _gone_over_tip(row: QueueRow, now: Instant) -> str:
    incident = row.incident
    if incident.handed_over_at is None or incident.status != HANDED_OVER:
        return tr("queue.clock_tip.none")
    age = format_age((now - incident.handed_over_at) / 1000)
    key = "queue.clock_tip.received" if incident.receipt is not None else "queue.clock_tip.not_received"
    return tr(key, department=incident.department, age=age)


def _clock_text(row: QueueRow, now: Instant) -> str:
    clock = row.clock
    return clock_texts(clock, now)[0] if clock is not None else gone_over_text(row, now)


def _clock_tip(row: QueueRow, now: Instant) -> str:
    clock = row.clock
    if clock is None:
        return _gone_over_tip(row, now)
    late = clock.left_ms(now) < 0
    left = format_age(abs(clock.left_ms(now)) / 1000)
    tip = tr(
        "queue.clock_tip.late" if late else "queue.clock_tip.left",
        step=tr(f"terms.act.{_ACT[clock.name]}"),
        left=left,
    )
    return tip if clock.is_sure else f"{tip}\n{tr('queue.clock_tip.unsure')}"


_ACT: Final = {
    "accept": "accept", "dispatch": "dispatch", "contact": "contact", "arrive": "on_scene", "resolve": "handle",
    "feedback": "feed_back",
}  # fmt: skip


def _title_tip(row: QueueRow, _now: Instant) -> str:
    """The whole story in the order in which it is said over the phone; what is unknown is left out."""
    incident = row.incident
    place = " · ".join(part for part in (incident.address, row.grid_name) if part)
    marked = " · ".join((*row.at_desks.words, *marks_words(incident, row.same_as)))
    lines = (f"{incident.number}  {row.type_name}", incident.title, place, status_text(row), marked)
    return "\n".join(line for line in lines if line)


COLUMNS: Final[tuple[Column[QueueRow], ...]] = (
    Column(
        "priority",
        "queue.column.priority",
        lambda row, _now: tr(f"terms.priority.P{row.incident.priority}"),
        attrgetter("urgency"),
        width_px=30,
        align="center",
        in_header=False,
    ),
    Column(
        "title",
        "queue.column.title",
        lambda row, _now: row.incident.title,
        attrgetter("incident.title"),
        tooltip=_title_tip,
        width_px=148,
        stretch=True,
        least_px=108,
    ),
    Column(
        "grid",
        "queue.column.grid",
        lambda row, _now: row.grid_name,
        attrgetter("grid_name"),
        width_px=72,
        english_px=108,
        rank=5,
        least_px=40,
        english_least_px=80,
    ),
    Column(
        "status",
        "queue.column.status",
        status_text,
        attrgetter("progress"),
        width_px=66,
        english_px=100,
        rank=3,
        least_px=56,
        english_least_px=84,
    ),
    Column(
        "age",
        "queue.column.age",
        age_text,
        attrgetter("newness"),
        width_px=50,
        align="right",
        ticks=True,
        rank=2,
        least_px=44,
    ),
    Column(
        "clock",
        "queue.column.clock",
        _clock_text,
        attrgetter("due_at"),
        width_px=124,
        tooltip=_clock_tip,
        ticks=True,
        rank=1,
        least_px=119,
    ),
    Column(
        "units",
        "queue.column.units",
        lambda row, _now: str(len(row.incident.units)) if row.incident.units else "",
        lambda row: len(row.incident.units),
        width_px=48,
        english_px=56,
        align="right",
        tooltip=lambda row, _now: tr("queue.units_tip", count=len(row.incident.units)),
        rank=4,
        least_px=46,
    ),
)


class IncidentQueueModel(KeyedTableModel[str, QueueRow]):
    """Incidents by id; priority and then age by default, the open ones only."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "priority")
        self.filter = QueueFilter()
        self.set_filter(self.filter.passes, self.filter.mask)

    def apply_filter(self, wanted: QueueFilter) -> None:
        if wanted != self.filter:
            narrower = wanted.is_narrower_than(self.filter)
            self.filter = wanted
            self.set_filter(wanted.passes, wanted.mask, narrower=narrower)


LOOKED_AT: Final = 2000
"""How many of the newest incidents are looked through for what one of them could be merged with: a few ms."""


def merge_targets(
    desk: Desk, incident: Incident, likely: Sequence[str] = (), limit: int = 12
) -> list[Incident]:
    """Open incidents that this one may be the same as: the likely ones first, then same type and grid, then time.

    Beside the likely ones only the newest on the desk are looked at.
    """
    suspects = [other for key in likely if (other := desk.incidents.get(key)) is not None and other.is_open]
    known = {incident.id, *likely}
    newest = list(desk.incidents.values())[-LOOKED_AT:]
    others = (other for other in newest if other.is_open and other.id not in known)
    return [*suspects, *nsmallest(limit, others, key=lambda other: _unlikeness(incident, other))][:limit]


def _unlikeness(one: Incident, other: Incident) -> tuple[bool, bool, int]:
    same_grid = one.grid is not None and one.grid == other.grid
    return (one.incident_type != other.incident_type, not same_grid, abs(one.opened_at - other.opened_at))
