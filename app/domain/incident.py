"""The incident: its closed loop (接报 … 结案) and how events change it.

Owns status, milestones and the fold of one incident stream. Must not know units beyond their ids: see dispatching.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from app.domain import events as ev
from app.domain.instants import Instant

REPORTED: Final = "reported"
ACCEPTED: Final = "accepted"
DISPATCHED: Final = "dispatched"
HANDLING: Final = "handling"
REPORTED_BACK: Final = "reported_back"
VERIFIED: Final = "verified"
CLOSED: Final = "closed"
WITHDRAWN: Final = "withdrawn"
MERGED: Final = "merged"
HANDED_OVER: Final = "handed_over"

LOOP: Final = (REPORTED, ACCEPTED, DISPATCHED, HANDLING, REPORTED_BACK, VERIFIED, CLOSED)
"""The seven steps of GB/T 30428, in order."""

ENDED: Final = frozenset({CLOSED, WITHDRAWN, MERGED})
STATUSES: Final = frozenset({*LOOP, WITHDRAWN, MERGED, HANDED_OVER})

PRIORITIES: Final = (1, 2, 3, 4)
OUTCOMES: Final = ("resolved", "false_alarm", "referred", "not_found", "no_action")
LEVELS: Final = ("street", "county", "city")
"""Where an incident can be escalated to (上报), lowest first."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as the desk knows it now. `units` are at work on it, `attended` ever were, in order."""

    id: str
    source_ids: tuple[str, ...]
    incident_type: str
    priority: int
    title: str
    opened_at: Instant
    description: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    person_ref: str | None = None
    camera: str | None = None
    attachments: tuple[str, ...] = ()
    number: str = ""
    status: str = REPORTED
    units: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()
    recorded_at: Instant = 0
    accepted_at: Instant | None = None
    dispatched_at: Instant | None = None
    arrived_at: Instant | None = None
    reported_back_at: Instant | None = None
    verified_at: Instant | None = None
    closed_at: Instant | None = None
    handed_over_at: Instant | None = None
    outcome: str = ""
    feedback: str = ""
    merged_into: str | None = None
    department: str = ""
    escalated_to: str = ""
    reopened: int = 0

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED


def opened(event: ev.IncidentReported, at: Instant) -> Incident:
    return Incident(
        id=event.incident,
        source_ids=(f"{event.source}:{event.source_event}",),
        incident_type=event.incident_type,
        priority=event.priority,
        title=event.title,
        opened_at=at,
        description=event.description,
        address=event.address,
        lat=event.lat,
        lon=event.lon,
        grid=event.grid,
        person_ref=event.person_ref,
        camera=event.camera,
        attachments=event.attachments,
    )


def evolve(incident: Incident, event: ev.Event, at: Instant) -> Incident:
    """The incident after an event of its stream; an event that says nothing about its state leaves it as it is."""
    fold = _FOLDS.get(type(event))
    return incident if fold is None else fold(incident, event, at)


_UPDATABLE = ("incident_type", "priority", "title", "description", "address", "lat", "lon", "grid", "camera")


def _updated(i: Incident, e: ev.IncidentUpdated, _at: Instant) -> Incident:
    changed: dict[str, Any] = {f: v for f in _UPDATABLE if (v := getattr(e, f)) is not None}
    return replace(i, **changed)


def _accepted(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(i, status=ACCEPTED, accepted_at=at)


def _unit_assigned(i: Incident, e: ev.IncidentUnitAssigned, at: Instant) -> Incident:
    return replace(
        i,
        status=DISPATCHED if i.status in (REPORTED, ACCEPTED) else i.status,
        dispatched_at=at if i.dispatched_at is None else i.dispatched_at,
        units=(*i.units, e.unit),
        attended=i.attended if e.unit in i.attended else (*i.attended, e.unit),
    )


def _unit_arrived(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(
        i,
        status=HANDLING if i.status in (REPORTED, ACCEPTED, DISPATCHED) else i.status,
        arrived_at=at if i.arrived_at is None else i.arrived_at,
    )


def _unit_cleared(i: Incident, e: ev.IncidentUnitCleared, _at: Instant) -> Incident:
    units = tuple(u for u in i.units if u != e.unit)
    back_to_waiting = i.status == DISPATCHED and not units
    return replace(i, units=units, status=ACCEPTED if back_to_waiting else i.status)


def _reported_back(i: Incident, e: ev.IncidentReportedBack, at: Instant) -> Incident:
    return replace(i, status=REPORTED_BACK, feedback=e.feedback, reported_back_at=at)


def _verified(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(i, status=VERIFIED, verified_at=at)


def _closed(i: Incident, e: ev.IncidentClosed, at: Instant) -> Incident:
    return replace(i, status=CLOSED, outcome=e.outcome, closed_at=at)


def _reopened(i: Incident, _e: ev.Event, _at: Instant) -> Incident:
    """The loop starts again at accept; the first clocks stay on record, those of the ending do not."""
    return replace(
        i,
        status=ACCEPTED,
        outcome="",
        closed_at=None,
        handed_over_at=None,
        reported_back_at=None,
        verified_at=None,
        reopened=i.reopened + 1,
    )


def _withdrawn(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(i, status=WITHDRAWN, closed_at=at)


def _merged(i: Incident, e: ev.IncidentMerged, at: Instant) -> Incident:
    return replace(i, status=MERGED, merged_into=e.into, closed_at=at)


def _absorbed(i: Incident, e: ev.IncidentAbsorbed, _at: Instant) -> Incident:
    return replace(i, source_ids=(*i.source_ids, *e.source_ids))


def _handed_over(i: Incident, e: ev.IncidentHandedOver, at: Instant) -> Incident:
    return replace(i, status=HANDED_OVER, department=e.department, handed_over_at=at)


def _escalated(i: Incident, e: ev.IncidentEscalated, _at: Instant) -> Incident:
    return replace(i, escalated_to=e.level)


_FOLDS: dict[type[ev.Event], Callable[[Incident, Any, Instant], Incident]] = {
    ev.IncidentUpdated: _updated,
    ev.IncidentAccepted: _accepted,
    ev.IncidentUnitAssigned: _unit_assigned,
    ev.IncidentUnitArrived: _unit_arrived,
    ev.IncidentUnitCleared: _unit_cleared,
    ev.IncidentReportedBack: _reported_back,
    ev.IncidentVerified: _verified,
    ev.IncidentClosed: _closed,
    ev.IncidentReopened: _reopened,
    ev.IncidentWithdrawn: _withdrawn,
    ev.IncidentMerged: _merged,
    ev.IncidentAbsorbed: _absorbed,
    ev.IncidentHandedOver: _handed_over,
    ev.IncidentEscalated: _escalated,
}
