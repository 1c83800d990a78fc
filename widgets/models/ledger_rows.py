"""Owns one incident as a row of the ledger (台账), and the names that its texts are made of.

What order, filter and groups ask of 100,000 rows is worked out once, here; what only a row in view says is made when it
is painted. Must not paint and must not judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.centre.types_in_force import owner_name, type_name
from app.domain.clocks import STEPS, ClockState, Limits, due_clocks, next_clock, next_due_at
from app.domain.incident import CLOSED, LOOP, REPORTED_BACK, Incident
from app.domain.instants import Instant
from app.i18n import has_text, tr
from app.projections.case_handling import CaseHandling, Handling
from widgets.local_time import local

NEVER: Final = float("inf")
NOT_CLOSED: Final = -1
_LATE_BIT: Final = {name: 1 << place for place, (name, _) in enumerate(STEPS)}
LATE_NAMES: Final = tuple(
    tuple(name for name, bit in _LATE_BIT.items() if bits & bit) for bits in range(1 << len(STEPS))
)
"""The steps that each set of bits stands for."""
_DESCRIPTION_SIGNS: Final = 200
"""So much of a description is searched: a report may hold a megabyte."""
_PLACE_IN_LOOP: Final = {status: place for place, status in enumerate(LOOP)}


class LedgerNames:
    """What things are called in the language in force, and the centre's civil time."""

    def __init__(
        self,
        limits: Limits,
        grids: Mapping[str, str],
        communities: Mapping[str, str],
        community_of: Mapping[str, str],
        call_signs: Mapping[str, str],
        utc_offset_min: int,
        said: Callable[[Incident], Incident] = lambda incident: incident,
    ) -> None:
        self.said = said
        self.limits, self.utc_offset_min = limits, utc_offset_min
        self._grids, self._communities = grids, communities
        self._community_of, self._call_signs = community_of, call_signs
        self._types: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._crews: dict[tuple[str, ...], str] = {(): ""}

    def grid(self, code: str) -> str:
        return self._grids.get(code, code)

    def community_of(self, grid: str) -> str:
        """The code of the community that a grid belongs to, "" for none."""
        return self._community_of.get(grid, "")

    def community(self, code: str) -> str:
        return self._communities.get(code, code)

    def unit(self, unit: str) -> str:
        return self._call_signs.get(unit, unit)

    def units(self, units: tuple[str, ...]) -> str:
        """Few go out together in ever new ways: what a crew is called is put together once."""
        if units not in self._crews:
            self._crews[units] = tr("triage.separator").join(self.unit(unit) for unit in units)
        return self._crews[units]

    def type(self, incident_type: str) -> str:
        if incident_type not in self._types:
            self._types[incident_type] = type_name(incident_type)
        return self._types[incident_type]

    def owner(self, incident_type: str) -> str:
        """Who answers for a type."""
        if incident_type not in self._owners:
            self._owners[incident_type] = owner_name(incident_type)
        return self._owners[incident_type]

    def moment(self, at: Instant | None) -> str:
        """2026-11-22 14:57 in the centre's civil time, "" for never."""
        return "" if at is None else local(at, self.utc_offset_min).strftime("%Y-%m-%d %H:%M")


class LedgerRow:
    """One incident. `due_at` is when the clock that runs is due, NEVER for none; `late` are the bits of LATE_NAMES for
    steps that were done late; `handled_ms` from report to close, NOT_CLOSED otherwise.
    """

    __slots__ = ("due_at", "handled_ms", "handling", "incident", "late", "names", "opened_at", "words")

    def __init__(self, incident: Incident, handling: Handling | None, names: LedgerNames) -> None:
        self.incident, self.handling, self.names = incident, handling, names
        self.opened_at = incident.opened_at
        due_at = next_due_at(incident, names.limits)
        self.due_at = NEVER if due_at is None else float(due_at)
        self.late = _late_bits(incident, names.limits)
        is_closed = incident.status == CLOSED and incident.closed_at is not None
        self.handled_ms = (incident.closed_at or 0) - incident.opened_at if is_closed else NOT_CLOSED
        self.words = _words(incident, handling, names)

    @property
    def is_open(self) -> bool:
        return self.incident.is_open

    @property
    def waits_for_feedback(self) -> bool:
        """It was handled and reported back; whoever reported it has not been told yet."""
        return self.incident.status == REPORTED_BACK

    @property
    def clock(self) -> ClockState | None:
        """The clock that runs now."""
        return next_clock(self.incident, self.names.limits)

    @property
    def responsible(self) -> str:
        """The department that has it, else the one that answers for its type."""
        return self.incident.department or self.names.owner(self.incident.incident_type)

    @property
    def community(self) -> str:
        return self.names.community_of(self.incident.grid or "")

    @property
    def units(self) -> tuple[str, ...]:
        """Who was ever sent."""
        return self.incident.attended or self.incident.units

    @property
    def note(self) -> str:
        return self.handling.note if self.handling is not None else ""

    @property
    def officer(self) -> str:
        return self.handling.officer if self.handling is not None else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it was reported from, each once."""
        if len(self.incident.source_ids) == 1:
            return (self.incident.source_ids[0].partition(":")[0],)
        return tuple(dict.fromkeys(source.partition(":")[0] for source in self.incident.source_ids))

    @property
    def step(self) -> int:
        """How many of the seven steps of the loop are done; what left the loop has all behind it."""
        return _PLACE_IN_LOOP.get(self.incident.status, len(LOOP) - 1) + 1

    def late_steps(self, now: Instant) -> tuple[str, ...]:
        """Steps that were done late, and the one that is overdue now."""
        past = LATE_NAMES[self.late]
        if self.due_at >= now:
            return past
        clock = self.clock
        return past if clock is None or clock.name in past else (*past, clock.name)


class LedgerRows:
    """Makes rows of incidents."""

    def __init__(self, names: LedgerNames, handling: CaseHandling) -> None:
        self.names, self._handling = names, handling

    def of(self, incidents: Iterable[Incident]) -> dict[str, LedgerRow]:
        known, names = self._handling, self.names
        return {one.id: LedgerRow(names.said(one), known.get(one.id), names) for one in incidents}


def source_name(source: str) -> str:
    """110 is called 110; what has a name of its own is called by it."""
    key = f"ledger.source.{source}"
    return tr(key) if has_text(key) else source


def _late_bits(incident: Incident, limits: Limits) -> int:
    bits = 0
    for clock in due_clocks(incident, limits):
        if clock.done_at is not None and clock.done_at > clock.due_at:
            bits |= _LATE_BIT[clock.name]
    return bits


def _words(incident: Incident, handling: Handling | None, names: LedgerNames) -> str:
    """Everything that the filter's words are looked for in, case folded."""
    said = (
        incident.number,
        incident.title,
        incident.address,
        incident.description[:_DESCRIPTION_SIGNS],
        incident.feedback,
        incident.department,
        names.type(incident.incident_type),
        names.owner(incident.incident_type),
        names.grid(incident.grid) if incident.grid else "",
        names.units(incident.attended) if incident.attended else "",
        f"{handling.note}\n{handling.officer}" if handling is not None else "",
    )
    return "\n".join(filter(None, said)).casefold()
