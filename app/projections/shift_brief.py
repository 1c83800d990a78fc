"""The brief of a hand-over, as it makes itself at any moment: what the next shift has to know, each line its thing.

Owns what stands in it and in which order; what of it is signed stands in signed_brief.py. Pure: `material_of` copies
what it needs in no time, `brief_of` may run on another thread. Must not phrase it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Final, Literal

from app.domain.clocks import GREEN, RED, YELLOW, Limits, next_clock
from app.domain.desk import CameraState, Desk
from app.domain.incident import CLOSED, Incident
from app.domain.instants import Instant
from app.domain.patrol import PatrolRound
from app.domain.premise import PremiseNote
from app.domain.road import PlannedClosure, RoadClosure, matters, planned_matters
from app.domain.shelf import Shelf
from app.domain.shift import PatrolRecord, Shift, ShiftNote, ShiftSpan
from app.domain.shift_limits import ShiftLimits
from app.domain.sketch import SharedSketch
from app.domain.unit import DISPATCHABLE, OFF_DUTY, OUT_OF_SERVICE, Unit

Section = Literal[
    "notes", "incidents", "units", "alarms", "cameras", "patrols", "roads", "sketches", "premises"
]
SECTIONS: Final[tuple[Section, ...]] = (
    "notes", "incidents", "units", "alarms", "cameras", "patrols", "roads", "sketches", "premises",
)  # fmt: skip
_LONGEST_LEFT: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One thing: `kind` and `key` open it, `state` is what two briefs are compared by, `light` how urgent it is.

    `facts` are for whoever phrases it: texts, numbers, instants and tuples of them, which name places and matters,
    never people, and hold no running time. All of a line is signed.
    """

    section: Section
    kind: str
    key: str
    state: str
    light: str = GREEN
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """Of one shift. Medians are seconds from report, None while nothing got there; `overdue` are open and late now.

    `after_end` are open and were reported after the shift had ended: a late hand-over holds them too.
    """

    received: int = 0
    closed: int = 0
    overdue: int = 0
    accept_s: float | None = None
    dispatch_s: float | None = None
    arrive_s: float | None = None
    after_end: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Between two briefs: `what` is new, gone or changed; the states are "" where there is none.

    `facts` are those of the later line, or of the one that is gone.
    """

    what: Literal["new", "gone", "changed"]
    section: str
    kind: str
    key: str
    before: str = ""
    after: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brief:
    span: ShiftSpan
    made_at: Instant
    lines: tuple[BriefLine, ...]
    figures: ShiftFigures | None
    """None for one that was signed before figures were signed too."""
    units: Mapping[str, int]
    """How many units are free, at work, out of service, off duty."""
    signed_at: Instant = 0
    """When it was signed, for what stands under a signature (signed_brief.py); 0 for what is made now."""
    signed: Brief | None = None
    """The same brief as the outgoing lead signed it, while it waits for the other signature."""
    changes: tuple[Change, ...] | None = None
    """Since the outgoing lead signed; None while nobody has."""

    def of(self, section: Section) -> list[BriefLine]:
        return [line for line in self.lines if line.section == section]


@dataclass(frozen=True, slots=True)
class Material:
    """What a brief is made of, copied: everything in it is immutable."""

    span: ShiftSpan
    now: Instant
    shift: Shift
    earlier: tuple[ShiftNote, ...]
    incidents: list[Incident]
    units: list[Unit]
    shelves: Sequence[Shelf]
    cameras: list[CameraState]
    sketches: list[SharedSketch]
    premises: list[PremiseNote]
    roads: list[RoadClosure]
    planned: Sequence[PlannedClosure]
    patrols: list[PatrolRecord]
    rounds: Sequence[PatrolRound]
    limits: Limits
    shift_limits: ShiftLimits


def material_of(
    desk: Desk,
    shelves: Sequence[Shelf],
    span: ShiftSpan,
    now: Instant,
    rounds: Sequence[PatrolRound],
    limits: Limits,
    shift_limits: ShiftLimits,
    planned: Sequence[PlannedClosure] = (),
) -> Material:
    """A copy of the desk as far as a brief needs it; `planned` is what the plan closes at any time.

    Notes of earlier shifts that nobody settled come along.
    """
    earlier = tuple(n for key, shift in desk.shifts.items() if key < span.id for n in shift.notes)
    return Material(
        span,
        now,
        desk.shifts.get(span.id) or Shift(span.id),
        earlier,
        list(desk.incidents.values()),
        list(desk.units.values()),
        shelves,
        list(desk.cameras.values()),
        list(desk.sketches.values()),
        list(desk.premises.values()),
        list(desk.roads.values()),
        planned,
        [desk.patrols[each.id] for each in rounds if each.id in desk.patrols],
        rounds,
        limits,
        shift_limits,
    )


def brief_of(m: Material) -> Brief:
    """Everything that is to be said, the most urgent of each section first."""
    open_incidents = [incident for incident in m.incidents if incident.is_open]
    incidents = _incidents(open_incidents, m)
    lines = (
        *_notes(m),
        *incidents,
        *_units(m),
        *_alarms(m),
        *_cameras(m),
        *_patrols(m),
        *_roads(m),
        *_planned_roads(m),
        *_sketches(m),
        *_premises(m),
    )
    overdue = sum(line.light == RED for line in incidents)
    after_end = sum(incident.opened_at >= m.span.ends_at for incident in open_incidents)
    figures = replace(figures_of(m.incidents, m.span, overdue), after_end=after_end)
    return Brief(m.span, m.now, lines, figures, _counts(m.units))


# -- sections --------------------------------------------------------------------------------------------------------


def _notes(m: Material) -> list[BriefLine]:
    noted = [(n, m.shift.id) for n in m.shift.notes] + [(n, "") for n in m.earlier]
    return [
        BriefLine("notes", "note", n.id, "stands", facts={"text": n.text, "at": n.at, "shift": shift})
        for n, shift in noted
    ]


def _incidents(open_incidents: list[Incident], m: Material) -> list[BriefLine]:
    lines = [(_urgency(incident, m), _incident(incident, m)) for incident in open_incidents]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _urgency(incident: Incident, m: Material) -> tuple[int, int, str]:
    clock = next_clock(incident, m.limits)
    return incident.priority, clock.left_ms(m.now) if clock else _LONGEST_LEFT, incident.id


def _incident(incident: Incident, m: Material) -> BriefLine:
    clock = next_clock(incident, m.limits)
    light = clock.light(m.now) if clock else GREEN
    flags = [
        name
        for name, holds in (
            ("overdue", light == RED),
            ("supervised", incident.supervised_at is not None),
            ("returned", bool(incident.returned)),
            ("requests", bool(incident.open_requests)),
        )
        if holds
    ]
    facts = {
        "number": incident.number,
        "title": incident.title,
        "priority": incident.priority,
        "status": incident.status,
        "units": incident.units,
        "flags": tuple(flags),
        "step": clock.name if clock else "",
        "due_at": clock.due_at if clock else 0,
    }
    state = ",".join((incident.status, f"P{incident.priority}", str(len(incident.units)), *flags))
    return BriefLine("incidents", "incident", incident.id, state, light, facts)


def _units(m: Material) -> list[BriefLine]:
    """Whoever is at work or out of service; who is free or off is only counted."""
    lines = []
    for unit in m.units:
        light = m.shift_limits.light(unit.status, unit.since_at, m.now)
        if unit.assignments or unit.duty == OUT_OF_SERVICE or light != GREEN:
            facts = {"status": unit.status, "since_at": unit.since_at, "incident": unit.incident or ""}
            state = ",".join((unit.status, *(a.incident for a in unit.assignments)))
            lines.append(BriefLine("units", "unit", unit.id, state, light, facts))
    return sorted(lines, key=lambda line: (_LIGHTS.index(line.light), line.key))


def _alarms(m: Material) -> list[BriefLine]:
    return [
        BriefLine(
            "alarms",
            "shelf",
            shelf.id,
            f"until {shelf.expires_at}",
            facts={
                "title": shelf.title,
                "reason": shelf.reason,
                "until": shelf.expires_at,
                "alarm": shelf.alarm,
            },
        )
        for shelf in sorted(m.shelves, key=lambda shelf: shelf.expires_at)
        if shelf.is_active(m.now)
    ]


def _cameras(m: Material) -> list[BriefLine]:
    down = sorted((c for c in m.cameras if not c.online), key=lambda camera: camera.since_at)
    return [
        BriefLine("cameras", "camera", c.id, "offline", YELLOW, {"since_at": c.since_at, "reason": c.reason})
        for c in down
    ]


def _patrols(m: Material) -> list[BriefLine]:
    records = {record.round: record for record in m.patrols}
    return [
        BriefLine(
            "patrols",
            "patrol",
            f"{each.id}:{mark.point}",
            "missed",
            YELLOW,
            {
                "route": each.plan.route,
                "point": mark.point,
                "unit": mark.unit,
                "begins_at": each.begins_at,
                "watched": mark.watched,
            },
        )
        for each in m.rounds
        if each.id in records
        for mark in records[each.id].marks
        if not mark.by
    ]


def _roads(m: Material) -> list[BriefLine]:
    """What officers have closed, now or from later on: one line for a street."""
    return [
        BriefLine(
            "roads",
            "road",
            street[0].road,
            f"until {street[0].until_at},{len(street)}{',emergency' if street[0].emergency_passes else ''}",
            facts={
                "title": street[0].name,
                "reason": street[0].reason,
                "from_at": street[0].from_at,
                "until": street[0].until_at,
                "pieces": len(street),
                "passes": street[0].emergency_passes,
                "desk": street[0].desk,
            },
        )
        for street in matters(road for road in m.roads if road.is_to_come(m.now))
    ]


def _planned_roads(m: Material) -> list[BriefLine]:
    """What the plan closes, now or before the next shifts are over: nobody at a desk has said so."""
    soon = m.now + m.shift_limits.expiring_ms
    return [
        BriefLine(
            "roads",
            "planned_road",
            f"{street[0].road}:{street[0].from_at}",
            f"until {street[0].until_at},{len(street)}{',emergency' if street[0].emergency_passes else ''}",
            facts={
                "title": street[0].name_zh or street[0].name_en or street[0].road,
                "title_en": street[0].name_en or street[0].name_zh or street[0].road,
                "from_at": street[0].from_at,
                "until": street[0].until_at or 0,
                "pieces": len(street),
                "passes": street[0].emergency_passes,
            },
        )
        for street in planned_matters(road for road in m.planned if road.holds_before(m.now, soon))
    ]


def _sketches(m: Material) -> list[BriefLine]:
    return [
        BriefLine(
            "sketches",
            "sketch",
            s.id,
            f"until {s.expires_at}",
            facts={
                "text": s.text,
                "shape": s.kind,
                "until": s.expires_at,
                "desk": s.desk,
            },
        )
        for s in sorted(m.sketches, key=lambda sketch: sketch.expires_at)
        if s.is_shown(m.now)
    ]


def _premises(m: Material) -> list[BriefLine]:
    soon = [n for n in m.premises if n.holds(m.now) and n.expires_at < m.now + m.shift_limits.expiring_ms]
    return [
        BriefLine(
            "premises",
            "premise",
            n.id,
            f"until {n.expires_at}",
            YELLOW if n.hazard else GREEN,
            {
                "text": n.text,
                "address": n.address,
                "until": n.expires_at,
                "hazard": n.hazard,
            },
        )
        for n in sorted(soon, key=lambda note: note.expires_at)
    ]


_LIGHTS: Final = (RED, YELLOW, GREEN)


def _counts(units: Iterable[Unit]) -> dict[str, int]:
    counts = Counter(_group(unit) for unit in units)
    return {group: counts[group] for group in ("available", "engaged", "out_of_service", "off_duty")}


def _group(unit: Unit) -> str:
    if unit.assignments:
        return "engaged"
    if unit.duty in DISPATCHABLE:
        return "available"
    return OFF_DUTY if unit.duty == OFF_DUTY else OUT_OF_SERVICE


def figures_of(incidents: Iterable[Incident], span: ShiftSpan, overdue: int = 0) -> ShiftFigures:
    """What a shift has done: medians are over what was received in it."""
    known = list(incidents)
    received = [i for i in known if span.begins_at <= i.opened_at < span.ends_at]
    closed = sum(
        i.status == CLOSED and i.closed_at is not None and span.begins_at <= i.closed_at < span.ends_at
        for i in known
    )
    return ShiftFigures(
        len(received),
        closed,
        overdue,
        _median_s(received, "accepted_at"),
        _median_s(received, "dispatched_at"),
        _median_s(received, "arrived_at"),
    )


def _median_s(incidents: Iterable[Incident], milestone: str) -> float | None:
    reached = [(at - i.opened_at) / 1000 for i in incidents if (at := getattr(i, milestone)) is not None]
    return median(reached) if reached else None
