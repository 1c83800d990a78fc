"""Every event that the journal can hold, past tense.

Owns names, fields and schema versions of events. Must not hold personal data: a `person_ref` points into the erasable
persons table. A change of a field raises SCHEMA and adds an upcaster in app/journal/codec.py; no event is ever removed.
"""

from __future__ import annotations

from app.domain.alarm_events import (
    AlarmCancelled,
    AlarmReturned,
    AlarmShelved,
    AlarmUnshelved,
    IncidentSourcesJoined,
    ShelfReviewed,
)
from app.domain.claim_events import IncidentClaimed, IncidentClaimReleased, IncidentTakenOver
from app.domain.event import EVENT_TYPES, Event
from app.domain.field_events import (
    IncidentAlarmLevelSet,
    IncidentForceRequested,
    IncidentForceRequestSettled,
    IncidentForceSent,
    IncidentHandOverReceived,
    IncidentItemTicked,
    IncidentReporterReleased,
    UnitMessaged,
    UnitMessagesRead,
    UnitPhonePaired,
    UnitPhoneUnpaired,
    UnitRollAnswered,
    UnitRollPaused,
    UnitRollResumed,
    UnitTaskDelivered,
    UnitTaskRead,
    UnitTaskResent,
)
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
from app.domain.post_events import (
    UnitPostAnswered,
    UnitPostDelivered,
    UnitPostOrdered,
    UnitPostReached,
    UnitPostRead,
    UnitPostRecalled,
    UnitPostResent,
)
from app.domain.road_events import RoadClosed, RoadOpened
from app.domain.shift_events import (
    DutyPlanAdopted,
    OfficerRevealed,
    OfficerSignedOff,
    OfficerSignedOn,
    PatrolPointChecked,
    PatrolPointMissed,
    ShiftNoted,
    ShiftNoteSettled,
    ShiftSignedIn,
    ShiftSignedOut,
)
from app.domain.sketch_events import SketchShared, SketchWithdrawn
from app.domain.triage_events import (
    IncidentFileAttached,
    IncidentFileDetached,
    IncidentLinked,
    IncidentOrdered,
    IncidentReporterContacted,
    IncidentReturned,
    IncidentSeparated,
    IncidentSupervised,
    IncidentSupervisionEnded,
    IncidentUnlinked,
    IncidentUnmerged,
    PremiseNoted,
    PremiseNoteWithdrawn,
)

__all__ = [
    "EVENT_TYPES",
    "AlarmCancelled",
    "AlarmReturned",
    "AlarmShelved",
    "AlarmUnshelved",
    "DutyPlanAdopted",
    "Event",
    "IncidentAlarmLevelSet",
    "IncidentClaimReleased",
    "IncidentClaimed",
    "IncidentFileAttached",
    "IncidentFileDetached",
    "IncidentForceRequestSettled",
    "IncidentForceRequested",
    "IncidentForceSent",
    "IncidentHandOverReceived",
    "IncidentItemTicked",
    "IncidentLinked",
    "IncidentOrdered",
    "IncidentReporterContacted",
    "IncidentReporterReleased",
    "IncidentReturned",
    "IncidentSeparated",
    "IncidentSourcesJoined",
    "IncidentSupervised",
    "IncidentSupervisionEnded",
    "IncidentTakenOver",
    "IncidentUnlinked",
    "IncidentUnmerged",
    "OfficerRevealed",
    "OfficerSignedOff",
    "OfficerSignedOn",
    "PatrolPointChecked",
    "PatrolPointMissed",
    "PremiseNoteWithdrawn",
    "PremiseNoted",
    "RoadClosed",
    "RoadOpened",
    "ShelfReviewed",
    "ShiftNoteSettled",
    "ShiftNoted",
    "ShiftSignedIn",
    "ShiftSignedOut",
    "SketchShared",
    "SketchWithdrawn",
    "UnitMessaged",
    "UnitMessagesRead",
    "UnitPhonePaired",
    "UnitPhoneUnpaired",
    "UnitPostAnswered",
    "UnitPostDelivered",
    "UnitPostOrdered",
    "UnitPostReached",
    "UnitPostRead",
    "UnitPostRecalled",
    "UnitPostResent",
    "UnitRollAnswered",
    "UnitRollPaused",
    "UnitRollResumed",
    "UnitTaskDelivered",
    "UnitTaskRead",
    "UnitTaskResent",
]
"""What stands in other modules and is found here all the same."""


@plain
class Recorded(Plain):
    """An event with its place in the journal."""

    seq: int
    stream: str
    version: int
    event: Event
    occurred_at: Instant
    recorded_at: Instant
    actor: str
    desk: str
    cause_id: str
    correlation_id: str
    mode: str


# -- incident/<id> ---------------------------------------------------------------------------------------------------


@plain
class IncidentReported(Event, type_name="incident.reported"):
    incident: str
    source: str
    source_event: str
    incident_type: str
    priority: int
    title: str
    description: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    person_ref: str | None = None
    camera: str | None = None
    attachments: tuple[str, ...] = ()


@plain
class IncidentUpdated(Event, type_name="incident.updated"):
    """Only the fields that changed are not None."""

    incident: str
    incident_type: str | None = None
    priority: int | None = None
    title: str | None = None
    description: str | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    camera: str | None = None


@plain
class IncidentAccepted(Event, type_name="incident.accepted"):
    incident: str


@plain
class IncidentUnitAssigned(Event, type_name="incident.unit_assigned"):
    incident: str
    unit: str


@plain
class IncidentRuleOverridden(Event, type_name="incident.rule_overridden"):
    """Units were sent against the run card, for this reason."""

    incident: str
    reason: str


@plain
class IncidentUnitArrived(Event, type_name="incident.unit_arrived"):
    incident: str
    unit: str


@plain
class IncidentUnitCleared(Event, type_name="incident.unit_cleared"):
    """The unit no longer works on the incident: finished, recalled, declined or moved."""

    incident: str
    unit: str
    reason: str


@plain
class IncidentReportedBack(Event, type_name="incident.reported_back"):
    incident: str
    feedback: str


@plain
class IncidentVerified(Event, type_name="incident.verified"):
    incident: str


@plain
class IncidentClosed(Event, type_name="incident.closed"):
    incident: str
    outcome: str


@plain
class IncidentReopened(Event, type_name="incident.reopened"):
    incident: str
    reason: str


@plain
class IncidentWithdrawn(Event, type_name="incident.withdrawn"):
    incident: str
    reason: str


@plain
class IncidentMerged(Event, type_name="incident.merged"):
    incident: str
    into: str


@plain
class IncidentAbsorbed(Event, type_name="incident.absorbed"):
    """The other side of a merge, on the stream of the incident that goes on."""

    incident: str
    merged: str
    source_ids: tuple[str, ...]


@plain
class IncidentHandedOver(Event, type_name="incident.handed_over"):
    incident: str
    department: str
    reason: str


@plain
class IncidentEscalated(Event, type_name="incident.escalated"):
    incident: str
    level: str
    reason: str


@plain
class IncidentNoted(Event, type_name="incident.noted"):
    incident: str
    text: str


@plain
class IncidentReporterRevealed(Event, type_name="incident.reporter_revealed"):
    """An officer read who reported; actor and instant stand in the envelope of the record."""

    incident: str
    purpose: str


# -- unit/<id> -------------------------------------------------------------------------------------------------------


@plain
class UnitEnrolled(Event, type_name="unit.enrolled"):
    """A unit that is not in the district's reference data turned up, for instance from a neighbouring street."""

    unit: str
    kind: str
    call_sign: str
    lat: float | None = None
    lon: float | None = None


@plain
class UnitDispatched(Event, type_name="unit.dispatched"):
    unit: str
    incident: str


@plain
class UnitAnswered(Event, type_name="unit.answered"):
    """The unit accepted or declined its task."""

    unit: str
    incident: str
    accepted: bool
    reason: str = ""


@plain
class UnitProgressed(Event, type_name="unit.progressed"):
    """`phase` is en_route or on_scene."""

    unit: str
    incident: str
    phase: str


@plain
class UnitReleased(Event, type_name="unit.released"):
    unit: str
    incident: str
    reason: str


@plain
class UnitDutyChanged(Event, type_name="unit.duty_changed"):
    """`duty` is off_duty, available, returning or out_of_service."""

    unit: str
    duty: str
    reason: str = ""


@plain
class UnitLeftArea(Event, type_name="unit.left_area"):
    """`area` is district or grid, `code` the district's or the grid's; `incident` is what the unit was at work on."""

    unit: str
    area: str
    code: str
    incident: str = ""


@plain
class UnitEnteredArea(Event, type_name="unit.entered_area"):
    """The other side of UnitLeftArea: the unit is back."""

    unit: str
    area: str
    code: str
    incident: str = ""


# -- grid/<code> -----------------------------------------------------------------------------------------------------


@plain
class GridContactRevealed(Event, type_name="grid.contact_revealed"):
    """An officer read who can be called about a grid; actor and instant stand in the envelope of the record."""

    grid: str
    contact: str
    purpose: str


# -- export/<id> -----------------------------------------------------------------------------------------------------


@plain
class ExportedUnmasked(Event, type_name="export.unmasked"):
    """A document that shows personal data was asked for; actor and instant stand in the envelope of the record.

    `form` is the document's suffix, `since` and `until` the period that it covers.
    """

    export: str
    form: str
    purpose: str
    since: Instant | None = None
    until: Instant | None = None


# -- camera/<id>, alarm/<id> -----------------------------------------------------------------------------------------


@plain
class CameraStatusChanged(Event, type_name="camera.status_changed"):
    camera: str
    online: bool
    reason: str = ""


@plain
class CameraWatched(Event, type_name="camera.watched"):
    """An officer looked through the camera; actor and instant stand in the envelope of the record."""

    camera: str
    purpose: str


@plain
class AlarmRaised(Event, type_name="alarm.raised", schema=2):
    """`emergency` as the centre's limits had it then; `device` is what raised it, "" when the source does not say."""

    alarm: str
    source: str
    source_event: str
    alarm_type: str
    priority: int
    title: str
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None
    camera: str | None = None
    device: str = ""
    emergency: bool = False


@plain
class AlarmCleared(Event, type_name="alarm.cleared"):
    alarm: str


@plain
class AlarmAcknowledged(Event, type_name="alarm.acknowledged"):
    alarm: str


@plain
class AlarmAccepted(Event, type_name="alarm.accepted"):
    """An officer judged the alarm to be an incident."""

    alarm: str
    incident: str


# -- feed/<source> ---------------------------------------------------------------------------------------------------


@plain
class MessageQuarantined(Event, type_name="message.quarantined"):
    """The message itself may name people and therefore stands in the erasable quarantine table."""

    quarantine: str
    source: str
    reason: str


@plain
class MessageReadmitted(Event, type_name="message.readmitted"):
    quarantine: str
    source: str


@plain
class MessageDiscarded(Event, type_name="message.discarded"):
    quarantine: str
    source: str
    reason: str
