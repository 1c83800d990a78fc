"""All projections of one journal, folded together.

Owns the order in which an event reaches them and the set of keys that it changed. Must not write or read the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain import events as ev
from app.domain.alarm_limits import AlarmLimits
from app.domain.desk import Desk
from app.domain.events import Recorded
from app.domain.incident import Incident
from app.domain.unit import Unit
from app.projections.alarm_lane import AlarmLane
from app.projections.alarm_load import AlarmLoad
from app.projections.case_handling import CaseHandling
from app.projections.changes import Changes
from app.projections.grid_load import GridLoad
from app.projections.metrics import Metrics

_KEYS: Final = {
    "unit": "units",
    "camera": "cameras",
    "sketch": "sketches",
    "premise": "premises",
    "road": "roads",
}
"""Where in the changes the keys of streams go of which nothing is folded but the desk."""


class Projections:
    """The whole state of a desk at `seq`. Units of the district are known before the first event."""

    def __init__(self, units: tuple[Unit, ...] = (), alarm_limits: AlarmLimits | None = None) -> None:
        limits = alarm_limits or AlarmLimits()
        self.desk = Desk(units={unit.id: unit for unit in units}, alarm_limits=limits)
        self.alarm_lane = AlarmLane(limits)
        self.alarm_load = AlarmLoad(limits)
        self.grid_load = GridLoad()
        self.metrics = Metrics()
        self.handling = CaseHandling()
        self.seq = 0
        self.at = 0

    def apply(self, record: Recorded, changes: Changes) -> None:
        """Folds one record in and notes what it changed in `changes`."""
        kind, _, key = record.stream.partition("/")
        before = self.desk.incidents.get(key) if kind == "incident" else None
        self.desk.apply(
            record.stream, record.event, record.occurred_at, record.recorded_at, record.actor, record.desk
        )
        self.seq, self.at = record.seq, record.recorded_at
        self.alarm_load.begin(record.recorded_at)
        match kind:
            case "incident":
                self._incident_changed(before, self.desk.incidents[key], changes)
                self.handling.put(self.desk.incidents[key].id, record)
            case "unit" | "camera" | "sketch" | "premise" | "road":
                getattr(changes, _KEYS[kind]).add(key)
            case "alarm":
                self._alarm_changed(key, record, changes)
            case "shelf":
                changes.shelves.add(key)
                changes.alarms |= self.alarm_lane.put_shelf(self.desk.shelves[key], record.recorded_at)
            case "shift" | "roster" | "officer" | "patrol":
                changes.shifts.add(record.stream)
            case "feed":
                changes.quarantine.add(record.event.quarantine)  # type: ignore[attr-defined]

    def pass_over(self, record: Recorded) -> None:
        """Counts a record of which nothing else can be made."""
        self.desk.versions[record.stream] = record.version
        self.seq, self.at = record.seq, record.recorded_at

    def restore_incidents(self, incidents: Sequence[Incident]) -> None:
        """Takes incidents over from a snapshot as they are."""
        self.desk.incidents.update([(incident.id, incident) for incident in incidents])
        for incident in incidents:
            if incident.merged_into is None:  # what was merged is found under the incident that absorbed it
                for source_id in incident.source_ids:
                    self.desk.by_source[source_id] = incident.id
        self.metrics.restore(incidents)
        self.grid_load.restore(incidents)

    def _alarm_changed(self, key: str, record: Recorded, changes: Changes) -> None:
        alarm, is_new = self.desk.alarms[key], isinstance(record.event, ev.AlarmRaised)
        changes.alarms.add(key)
        changes.alarms |= self.alarm_lane.put(alarm, record.recorded_at, is_new=is_new)
        if is_new:
            shelved = self.alarm_lane.shelf_of(key) is not None
            self.metrics.alarm(record.occurred_at)
            self.alarm_load.raised(record.occurred_at, alarm.origin or alarm.source, shelved=shelved)

    def _incident_changed(self, before: Incident | None, after: Incident, changes: Changes) -> None:
        self.metrics.put(before, after)
        changes.grids |= self.grid_load.put(before, after)
        changes.incidents.add(after.id)
