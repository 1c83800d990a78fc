"""Everything that decisions look at: the fold of all streams.

Owns the dictionaries of incidents, units, cameras, alarms, quarantined messages, shared sketches, premise notes
and closed roads, and the version of each stream.
Must not judge (decide.py) and must not be changed but through `apply`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from app.domain import alarm as alarms
from app.domain import events as ev
from app.domain import incident as incidents
from app.domain import premise as premises
from app.domain import road as closures
from app.domain import shelf as shelves
from app.domain import shift as sh
from app.domain import sketch as sketches
from app.domain import unit as units
from app.domain.alarm import Alarm
from app.domain.alarm_limits import AlarmLimits
from app.domain.duty import DutyTurn, adopted
from app.domain.incident import Incident
from app.domain.instants import Instant, civil_day
from app.domain.plain import Plain, plain, replace
from app.domain.premise import PremiseNote
from app.domain.road import RoadClosure
from app.domain.shelf import Shelf
from app.domain.sketch import SharedSketch
from app.domain.unit import Unit

T = TypeVar("T")


TOLD_LATE_MS: Final = 60_000
"""What a caller tells of later than this after it happened: its clocks count from the call."""


@plain
class Quarantined(Plain):
    """A message that could not be taken in; `status` is held, readmitted or discarded."""

    id: str
    source: str
    reason: str
    received_at: Instant
    status: str = "held"


@plain
class CameraState(Plain):
    id: str
    online: bool
    since_at: Instant
    reason: str = ""


@dataclass(slots=True)
class Desk:
    """The state of one centre. Keys are ids; `versions` counts the events of every stream."""

    incidents: MutableMapping[str, Incident] = field(default_factory=dict)
    units: MutableMapping[str, Unit] = field(default_factory=dict)
    cameras: MutableMapping[str, CameraState] = field(default_factory=dict)
    """Only cameras of which a status was ever heard; all others count as online."""
    alarms: MutableMapping[str, Alarm] = field(default_factory=dict)
    quarantine: MutableMapping[str, Quarantined] = field(default_factory=dict)
    by_source: MutableMapping[str, str] = field(default_factory=dict)
    """'source:id' -> incident, so that an update finds what an earlier message reported."""
    versions: MutableMapping[str, int] = field(default_factory=dict)
    numbers: MutableMapping[str, int] = field(default_factory=dict)
    """Civil day -> incidents so far: the journal's order gives every desk the same incident numbers."""
    sketches: MutableMapping[str, SharedSketch] = field(default_factory=dict)
    """Withdrawn and run out ones too: whoever shows them asks `is_shown`."""
    shelves: MutableMapping[str, Shelf] = field(default_factory=dict)
    """Ended ones too: whoever counts them asks `is_active`."""
    alarm_limits: AlarmLimits = field(default_factory=AlarmLimits)
    premises: MutableMapping[str, PremiseNote] = field(default_factory=dict)
    """Withdrawn and run out ones too: whoever shows them asks `holds`."""
    roads: MutableMapping[str, RoadClosure] = field(default_factory=dict)
    """The last closure of every road that was ever closed: whoever shows them asks `holds`."""
    shifts: MutableMapping[str, sh.Shift] = field(default_factory=dict)
    officers: MutableMapping[str, sh.Officer] = field(default_factory=dict)
    patrols: MutableMapping[str, sh.PatrolRecord] = field(default_factory=dict)
    """What became of rounds, by round."""
    duty: tuple[DutyTurn, ...] = ()
    """The duty plan, in order of beginning."""

    def fork(self) -> Desk:
        """A view that can be changed without changing this one: what-if for a batch of commands."""
        return Desk(
            _layer(self.incidents),
            _layer(self.units),
            _layer(self.cameras),
            _layer(self.alarms),
            _layer(self.quarantine),
            _layer(self.by_source),
            _layer(self.versions),
            _layer(self.numbers),
            _layer(self.sketches),
            _layer(self.shelves),
            self.alarm_limits,
            _layer(self.premises),
            roads=_layer(self.roads),
            shifts=_layer(self.shifts),
            officers=_layer(self.officers),
            patrols=_layer(self.patrols),
            duty=self.duty,
        )

    def apply(
        self,
        stream: str,
        event: ev.Event,
        at: Instant,
        recorded_at: Instant,
        actor: str = "",
        desk: str = "",
    ) -> None:
        """Folds one event in; `at` is when it occurred, `actor` and `desk` who said so where."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        kind = stream.partition("/")[0]
        signed = _APPLY_SIGNED.get(kind)
        if signed is not None:
            signed(self, event, at, actor, desk)
        elif isinstance(event, incidents.SIGNED):
            known = self.incidents[event.incident]
            self.incidents[event.incident] = incidents.evolve_signed(known, event, at, actor, desk)
        else:
            _APPLY[kind](self, event, at, recorded_at)

    def _apply_incident(self, event: Any, at: Instant, recorded_at: Instant) -> None:
        if isinstance(event, ev.IncidentReported):
            number = self._next_number(recorded_at)
            told_at = recorded_at if event.source == "desk" and recorded_at - at > TOLD_LATE_MS else 0
            incident = replace(
                incidents.opened(event, at), number=number, recorded_at=recorded_at, told_at=told_at
            )
        else:
            incident = incidents.evolve(self.incidents[event.incident], event, at)
        self.incidents[incident.id] = incident
        if isinstance(event, _BRINGS_SOURCES):
            self.by_source.update(dict.fromkeys(incident.source_ids, incident.id))

    def _next_number(self, recorded_at: Instant) -> str:
        """Civil day and running number, such as 20261122-007: short enough to say over the radio by its tail."""
        day = civil_day(recorded_at)
        count = self.numbers.get(day, 0) + 1
        self.numbers[day] = count
        return f"{day}-{count:03d}"

    def _apply_unit(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        if isinstance(event, ev.UnitEnrolled):
            self.units[event.unit] = units.enrolled(event, at)
            return
        known = self.units.get(event.unit) or Unit(event.unit, "external", event.unit)
        self.units[event.unit] = units.evolve(known, event, at)

    def _apply_camera(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        if isinstance(event, ev.CameraStatusChanged):
            self.cameras[event.camera] = CameraState(event.camera, event.online, at, event.reason)

    def _apply_alarm(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        if isinstance(event, ev.AlarmRaised):
            self.alarms[event.alarm] = alarms.raised(event, at)
        else:
            self.alarms[event.alarm] = alarms.evolve(self.alarms[event.alarm], event, at)

    def _apply_sketch(self, event: Any, at: Instant, actor: str, desk: str) -> None:
        if isinstance(event, ev.SketchShared):
            self.sketches[event.sketch] = sketches.shared(event, at, actor, desk)
        else:
            self.sketches[event.sketch] = sketches.evolve(self.sketches[event.sketch], event)

    def _apply_premise(self, event: Any, at: Instant, actor: str, _desk: str) -> None:
        if isinstance(event, ev.PremiseNoted):
            self.premises[event.premise] = premises.noted(event, at, actor)
        else:
            self.premises[event.premise] = premises.evolve(self.premises[event.premise], event)

    def _apply_road(self, event: Any, at: Instant, actor: str, desk: str) -> None:
        if isinstance(event, ev.RoadClosed):
            self.roads[event.road] = closures.closed(event, at, actor, desk)
        else:
            self.roads[event.road] = closures.evolve(self.roads[event.road], event)

    def _apply_shelf(self, event: Any, at: Instant, actor: str, desk: str) -> None:
        if isinstance(event, ev.AlarmShelved):
            self.shelves[event.shelf] = shelves.shelved(event, at, actor, desk)
        else:
            self.shelves[event.shelf] = shelves.evolve(self.shelves[event.shelf], event, at, actor)

    def _apply_shift(self, event: Any, at: Instant, actor: str, desk: str) -> None:
        known = self.shifts.get(event.shift) or sh.Shift(event.shift)
        self.shifts[event.shift] = sh.evolve_shift(known, event, at, actor, desk)
        if isinstance(event, ev.ShiftSignedIn):
            sh.forget_lines(self.shifts, event.shift)

    def _apply_roster(self, event: Any, _at: Instant, _recorded_at: Instant) -> None:
        self.duty = adopted(self.duty, event.since, event.until, event.turns)

    def _apply_officer(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        changed = sh.evolve_officer(self.officers.get(event.officer), event, at)
        if changed is not None:
            self.officers[event.officer] = changed

    def _apply_patrol(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        known = self.patrols.get(event.round) or sh.PatrolRecord(event.round)
        self.patrols[event.round] = sh.evolve_patrol(known, event, at)

    def _apply_grid(self, _event: Any, _at: Instant, _recorded_at: Instant) -> None:
        """That a contact was read changes nothing that is decided by: it is written to be found again."""

    def _apply_export(self, _event: Any, _at: Instant, _recorded_at: Instant) -> None:
        """That a document has left changes nothing either."""

    def _apply_feed(self, event: Any, at: Instant, _recorded_at: Instant) -> None:
        match event:
            case ev.MessageQuarantined():
                held = Quarantined(event.quarantine, event.source, event.reason, at)
            case ev.MessageReadmitted():
                held = replace(self.quarantine[event.quarantine], status="readmitted")
            case _:
                held = replace(self.quarantine[event.quarantine], status="discarded")
        self.quarantine[held.id] = held


_BRINGS_SOURCES = (ev.IncidentReported, ev.IncidentAbsorbed, ev.IncidentSourcesJoined, ev.IncidentUnmerged)
"""After these the incident is the one that its source ids mean."""

_APPLY_SIGNED: dict[str, Callable[[Desk, Any, Instant, str, str], None]] = {
    "sketch": Desk._apply_sketch,
    "premise": Desk._apply_premise,
    "road": Desk._apply_road,
    "shelf": Desk._apply_shelf,
    "shift": Desk._apply_shift,
}
_APPLY: dict[str, Callable[[Desk, Any, Instant, Instant], None]] = {
    "incident": Desk._apply_incident,
    "unit": Desk._apply_unit,
    "camera": Desk._apply_camera,
    "alarm": Desk._apply_alarm,
    "grid": Desk._apply_grid,
    "export": Desk._apply_export,
    "feed": Desk._apply_feed,
    "roster": Desk._apply_roster,
    "officer": Desk._apply_officer,
    "patrol": Desk._apply_patrol,
}


def _layer(below: MutableMapping[str, T]) -> MutableMapping[str, T]:
    return ChainMap({}, below)
