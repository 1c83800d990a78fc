"""The incident: its closed loop (接报 … 结案) and how events change it.

Owns status, milestones and the fold of one incident stream. Must not know units beyond their ids: see dispatching.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.domain import events as ev
from app.domain.incident_parts import Attachment, Claim, ForceRequest, Link, Receipt, Tick
from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

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

REACHED: Final = "reached"
CONTACT_RESULTS: Final = (REACHED, "no_answer", "busy", "wrong_number", "declined")
NOT_DUPLICATE: Final = "not_duplicate"
RELATIONS: Final = (
    "related", "same_place", "same_person", "cause", "effect", "follow_up", "origin", NOT_DUPLICATE,
)  # fmt: skip
"""What another incident is to this one; `not_duplicate` is what looked like the same matter and is another."""
SEEN_FROM_THERE: Final = {"cause": "effect", "effect": "cause", "follow_up": "origin", "origin": "follow_up"}
"""The relations that have a direction; all others read the same from both sides."""


SENT, MOVED = "sent", "moved"
"""How a request for more is settled without anybody saying so: everything was sent, or it goes on elsewhere."""
LEFT_WITH_IT: Final = frozenset({"closed", "withdrawn", "merged"})
"""Why units leave that were still wanted."""


@plain
class Incident(Plain):
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
    reopened_at: Instant | None = None
    """When it was opened again last: what is still to be done counts from there (clocks.py)."""
    returned: int = 0
    """How often whoever had it sent it back (退单); `returned_by` is who did so last."""
    returned_by: str = ""
    ordered: tuple[str, ...] = ()
    """Units and departments that have it by order (签派) and may not send it back."""
    supervised_at: Instant | None = None
    supervised_by: str = ""
    contacted_at: Instant | None = None
    """When the reporter was first reached."""
    links: tuple[Link, ...] = ()
    files: tuple[Attachment, ...] = ()
    """What officers attached; `attachments` are what the source named."""
    status_before_merge: str = ""
    ticks: tuple[Tick, ...] = ()
    alarm_level: int = 0
    """The alarm level that an officer has set; 0 leaves it to the run card."""
    requests: tuple[ForceRequest, ...] = ()
    released_to: tuple[str, ...] = ()
    """Units that may see how to reach the reporter while they are on it."""
    receipt: Receipt | None = None
    """Of the hand-over to the department that has it now."""
    claim: Claim | None = None
    """Only while it is open."""

    absorbed: tuple[str, ...] = ()
    """Incidents that were merged into this one and still are, in the order of the merging."""
    told_at: Instant = 0
    """When a desk was told, where that was long after it happened; 0 where it was told at once."""

    @property
    def counts_from(self) -> Instant:
        """From when its clocks count: what happened yesterday and is told now is not overdue."""
        return self.told_at or self.opened_at

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED

    @property
    def holders(self) -> tuple[str, ...]:
        """Who has it in hand: the department that took it over, and its units."""
        taken_over = self.department and self.handed_over_at is not None
        return (self.department, *self.units) if taken_over else self.units

    @property
    def related(self) -> tuple[Link, ...]:
        """Links to what belongs together, without those to what only looked like the same matter."""
        return tuple(link for link in self.links if link.relation != NOT_DUPLICATE) if self.links else ()

    @property
    def open_requests(self) -> tuple[ForceRequest, ...]:
        """What units on scene have asked for and nobody has settled."""
        return tuple(r for r in self.requests if not r.settled) if self.requests else ()

    def tick(self, item: str) -> Tick | None:
        return next((tick for tick in self.ticks if tick.item == item), None)

    def link(self, other: str) -> Link | None:
        return next((link for link in self.links if link.other == other), None)


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
    if fold is None:
        return incident
    folded = fold(incident, event, at)
    return folded if folded.claim is None or folded.is_open else replace(folded, claim=None)


def evolve_signed(incident: Incident, event: ev.Event, at: Instant, actor: str, desk: str) -> Incident:
    """The folds that ask who spoke: events of SIGNED."""
    if isinstance(event, ev.IncidentSupervised):
        return replace(incident, supervised_at=at, supervised_by=actor)
    if isinstance(event, ev.IncidentItemTicked):
        return _item_ticked(incident, event, at, actor, desk)
    return replace(incident, claim=Claim(desk, actor, at))


SIGNED: Final = (ev.IncidentSupervised, ev.IncidentClaimed, ev.IncidentTakenOver, ev.IncidentItemTicked)


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


def _unit_arrived(i: Incident, e: ev.IncidentUnitArrived, at: Instant) -> Incident:
    return replace(
        _requests_without(i, e.unit, is_there=True),
        status=HANDLING if i.status in (REPORTED, ACCEPTED, DISPATCHED) else i.status,
        arrived_at=at if i.arrived_at is None else i.arrived_at,
    )


def _unit_cleared(i: Incident, e: ev.IncidentUnitCleared, _at: Instant) -> Incident:
    """With the last who was sent gone before anybody arrived, it waits to be sent again."""
    units = tuple(u for u in i.units if u != e.unit)
    i = _requests_without(i, e.unit, is_there=e.reason in LEFT_WITH_IT)
    i = replace(i, units=units, ordered=_without(i.ordered, e.unit))
    return _waiting_again(i) if i.status == DISPATCHED and not units else i


def _waiting_again(i: Incident) -> Incident:
    """Nobody is on the way: its dispatch clock runs on. Of one that was reopened the first loop stays on record."""
    return replace(i, status=ACCEPTED, dispatched_at=i.dispatched_at if i.arrived_at is not None else None)


def _reported_back(i: Incident, e: ev.IncidentReportedBack, at: Instant) -> Incident:
    return replace(i, status=REPORTED_BACK, feedback=e.feedback, reported_back_at=at)


def _verified(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(i, status=VERIFIED, verified_at=at)


def _closed(i: Incident, e: ev.IncidentClosed, at: Instant) -> Incident:
    return replace(i, status=CLOSED, outcome=e.outcome, closed_at=at)


def _reopened(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    """The loop starts again at accept; the first clocks stay on record, those of the ending do not."""
    return replace(
        i,
        status=ACCEPTED,
        outcome="",
        closed_at=None,
        handed_over_at=None,
        reported_back_at=None,
        verified_at=None,
        ordered=(),
        reopened=i.reopened + 1,
        reopened_at=at,
    )


def _withdrawn(i: Incident, _e: ev.Event, at: Instant) -> Incident:
    return replace(i, status=WITHDRAWN, closed_at=at)


def _merged(i: Incident, e: ev.IncidentMerged, at: Instant) -> Incident:
    return replace(i, status=MERGED, status_before_merge=i.status, merged_into=e.into, closed_at=at)


def _unmerged(i: Incident, _e: ev.Event, _at: Instant) -> Incident:
    """As it stood before; its units went on with the other one, so what was merely dispatched waits again."""
    before = i.status_before_merge
    i = replace(i, status=before, status_before_merge="", merged_into=None, closed_at=None)
    return _waiting_again(i) if before == DISPATCHED else i


def _absorbed(i: Incident, e: ev.IncidentAbsorbed, _at: Instant) -> Incident:
    return replace(i, source_ids=(*i.source_ids, *e.source_ids), absorbed=(*i.absorbed, e.merged))


def _sources_joined(i: Incident, e: ev.IncidentSourcesJoined, _at: Instant) -> Incident:
    return replace(i, source_ids=(*i.source_ids, *e.source_ids))


def _separated(i: Incident, e: ev.IncidentSeparated, _at: Instant) -> Incident:
    left = tuple(source for source in i.source_ids if source not in e.source_ids)
    return replace(i, source_ids=left, absorbed=_without(i.absorbed, e.unmerged))


def _handed_over(i: Incident, e: ev.IncidentHandedOver, at: Instant) -> Incident:
    """Who had it before is rid of the order too."""
    ordered = i.ordered if i.department == e.department else _without(i.ordered, i.department)
    receipt = i.receipt if i.department == e.department else None
    return replace(
        i, status=HANDED_OVER, department=e.department, handed_over_at=at, ordered=ordered, receipt=receipt
    )


def _returned(i: Incident, e: ev.IncidentReturned, _at: Instant) -> Incident:
    """With the last who had it gone, it waits as if nobody had been sent: every clock runs on from the report."""
    i = replace(i, returned=i.returned + 1, returned_by=e.by, ordered=_without(i.ordered, e.by))
    if e.by not in i.units:
        i = replace(i, department="", handed_over_at=None, status=_status_of_the_units(i))
    if any(holder != e.by for holder in i.holders):
        return i
    return replace(
        i, status=ACCEPTED, dispatched_at=None, arrived_at=None, reported_back_at=None, verified_at=None
    )


def _status_of_the_units(i: Incident) -> str:
    """How far its units are where a department had taken it over."""
    if i.status != HANDED_OVER:
        return i.status
    return HANDLING if i.arrived_at is not None else DISPATCHED


def _ordered(i: Incident, e: ev.IncidentOrdered, _at: Instant) -> Incident:
    named = (*e.units, e.department) if e.department else e.units
    return replace(i, ordered=tuple(dict.fromkeys((*i.ordered, *named))))


def _supervision_ended(i: Incident, _e: ev.Event, _at: Instant) -> Incident:
    return replace(i, supervised_at=None, supervised_by="")


def _reporter_contacted(i: Incident, e: ev.IncidentReporterContacted, at: Instant) -> Incident:
    is_first = i.contacted_at is None and i.is_open and e.result == REACHED
    return replace(i, contacted_at=at) if is_first else i


def _linked(i: Incident, e: ev.IncidentLinked, _at: Instant) -> Incident:
    others = tuple(link for link in i.links if link.other != e.other)
    return replace(i, links=(*others, Link(e.other, e.relation)))


def _unlinked(i: Incident, e: ev.IncidentUnlinked, _at: Instant) -> Incident:
    return replace(i, links=tuple(link for link in i.links if link.other != e.other))


def _file_attached(i: Incident, e: ev.IncidentFileAttached, at: Instant) -> Incident:
    return replace(i, files=(*i.files, Attachment(e.attachment, e.name, e.media_type, e.size_bytes, at)))


def _file_detached(i: Incident, e: ev.IncidentFileDetached, _at: Instant) -> Incident:
    return replace(i, files=tuple(file for file in i.files if file.id != e.attachment))


def _item_ticked(i: Incident, e: ev.IncidentItemTicked, at: Instant, actor: str, desk: str) -> Incident:
    others = tuple(tick for tick in i.ticks if tick.item != e.item)
    return replace(i, ticks=(*others, Tick(e.item, e.unit, at, actor, desk)) if e.done else others)


def _alarm_level_set(i: Incident, e: ev.IncidentAlarmLevelSet, _at: Instant) -> Incident:
    return replace(i, alarm_level=e.level)


def _force_requested(i: Incident, e: ev.IncidentForceRequested, at: Instant) -> Incident:
    return replace(i, requests=(*i.requests, ForceRequest(e.request, e.unit, e.kinds, e.count, e.reason, at)))


def _force_request_settled(i: Incident, e: ev.IncidentForceRequestSettled, _at: Instant) -> Incident:
    how = "met" if e.met else MOVED if e.reason == MOVED else "refused"
    return replace(i, requests=tuple(replace(r, settled=how) if r.id == e.request else r for r in i.requests))


def _force_sent(i: Incident, e: ev.IncidentForceSent, _at: Instant) -> Incident:
    """With the last of what was asked for it is settled."""

    def answered(r: ForceRequest) -> ForceRequest:
        done = r.settled or ("" if e.left else SENT)
        return replace(r, sent=(*r.sent, *e.units), coming=(*r.coming, *e.units), settled=done)

    return replace(i, requests=tuple(answered(r) if r.id == e.request else r for r in i.requests))


def _requests_without(i: Incident, unit: str, *, is_there: bool) -> Incident:
    """A unit that was sent for a request is there, or will not come after all: then it stands open again."""
    if not any(unit in r.coming for r in i.requests):
        return i

    def changed(r: ForceRequest) -> ForceRequest:
        if unit not in r.coming:
            return r
        r = replace(r, coming=_without(r.coming, unit))
        return (
            r if is_there else replace(r, sent=_without(r.sent, unit), settled=r.settled.removeprefix(SENT))
        )

    return replace(i, requests=tuple(map(changed, i.requests)))


def _reporter_released(i: Incident, e: ev.IncidentReporterReleased, _at: Instant) -> Incident:
    return replace(i, released_to=(*i.released_to, e.unit))


def _hand_over_received(i: Incident, e: ev.IncidentHandOverReceived, at: Instant) -> Incident:
    return replace(i, receipt=Receipt(e.department, e.told, e.received_by, e.reference, at))


def _claim_released(i: Incident, _e: ev.Event, _at: Instant) -> Incident:
    return replace(i, claim=None)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name) if name in names else names


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
    ev.IncidentSourcesJoined: _sources_joined,
    ev.IncidentHandedOver: _handed_over,
    ev.IncidentEscalated: _escalated,
    ev.IncidentUnmerged: _unmerged,
    ev.IncidentSeparated: _separated,
    ev.IncidentReturned: _returned,
    ev.IncidentOrdered: _ordered,
    ev.IncidentSupervisionEnded: _supervision_ended,
    ev.IncidentReporterContacted: _reporter_contacted,
    ev.IncidentLinked: _linked,
    ev.IncidentUnlinked: _unlinked,
    ev.IncidentFileAttached: _file_attached,
    ev.IncidentFileDetached: _file_detached,
    ev.IncidentAlarmLevelSet: _alarm_level_set,
    ev.IncidentForceRequested: _force_requested,
    ev.IncidentForceRequestSettled: _force_request_settled,
    ev.IncidentForceSent: _force_sent,
    ev.IncidentHandOverReceived: _hand_over_received,
    ev.IncidentReporterReleased: _reporter_released,
    ev.IncidentClaimReleased: _claim_released,
}
