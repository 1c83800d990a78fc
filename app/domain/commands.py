"""Every command that the desk takes, imperative.

Owns names and fields of commands. Must not judge them: that is decide.py.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from app.domain.command import Command
from app.domain.instants import Instant
from app.domain.plain import Plain, plain

if TYPE_CHECKING:
    from app.domain.claim_commands import (
        ClaimIncident,
        ReleaseClaim,
        TakeOverIncident,
    )
    from app.domain.field_commands import (
        AnswerRollCall,
        MessageDesk,
        MessageUnit,
        NoteDelivery,
        PairPhone,
        PauseRollCall,
        ReadDeskMessages,
        ReadUnitMessages,
        RecordHandOverReceipt,
        ReleaseReporter,
        RequestForce,
        ResendTask,
        ResumeRollCall,
        SetAlarmLevel,
        SettleForceRequest,
        TickItem,
        UnpairPhones,
    )
    from app.domain.post_commands import (
        AnswerPost,
        NotePostDelivery,
        OrderToPost,
        ReachPost,
        RecallFromPost,
        ResendPost,
    )
    from app.domain.road_commands import CloseRoad, OpenRoad
    from app.domain.shift_commands import (
        AdoptDutyPlan,
        CheckPatrolPoint,
        MissPatrolPoint,
        NoteForNextShift,
        RevealOfficer,
        SettleShiftNote,
        SignInShift,
        SignOffOfficer,
        SignOnOfficer,
        SignOutShift,
    )
    from app.domain.sketch_commands import ShareSketch, WithdrawSketch
    from app.domain.triage_commands import (
        AssignByOrder,
        AttachFile,
        ContactReporter,
        DetachAttachment,
        EndSupervision,
        LinkIncidents,
        PutPremiseNote,
        ReturnIncident,
        SuperviseIncident,
        UnlinkIncidents,
        UnmergeIncident,
        WithdrawPremiseNote,
    )

__all__ = [
    "AdoptDutyPlan",
    "AnswerPost",
    "AnswerRollCall",
    "AssignByOrder",
    "AttachFile",
    "CheckPatrolPoint",
    "ClaimIncident",
    "CloseRoad",
    "Command",
    "ContactReporter",
    "DetachAttachment",
    "EndSupervision",
    "LinkIncidents",
    "MessageDesk",
    "MessageUnit",
    "MissPatrolPoint",
    "NoteDelivery",
    "NoteForNextShift",
    "NotePostDelivery",
    "OpenRoad",
    "OrderToPost",
    "PairPhone",
    "PauseRollCall",
    "PutPremiseNote",
    "ReachPost",
    "ReadDeskMessages",
    "ReadUnitMessages",
    "RecallFromPost",
    "RecordHandOverReceipt",
    "ReleaseClaim",
    "ReleaseReporter",
    "RequestForce",
    "ResendPost",
    "ResendTask",
    "ResumeRollCall",
    "ReturnIncident",
    "RevealOfficer",
    "SetAlarmLevel",
    "SettleForceRequest",
    "SettleShiftNote",
    "ShareSketch",
    "SignInShift",
    "SignOffOfficer",
    "SignOnOfficer",
    "SignOutShift",
    "SuperviseIncident",
    "TakeOverIncident",
    "TickItem",
    "UnlinkIncidents",
    "UnmergeIncident",
    "UnpairPhones",
    "WithdrawPremiseNote",
    "WithdrawSketch",
]
"""What stands in other modules and is found here all the same."""

_HOMES: Final = ("claim", "field", "post", "road", "shift", "sketch", "triage")
"""Fields whose commands stand in a module of their own, read when the first one of it is asked for."""


def __getattr__(name: str) -> Any:
    if name in __all__:
        read_all()
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def read_all() -> None:
    """Whoever needs every class of command there is calls this first."""
    for home in _HOMES:
        module = import_module(f"app.domain.{home}_commands")
        globals().update({name: getattr(module, name) for name in __all__ if hasattr(module, name)})


@plain
class Context(Plain):
    """Who wishes, from which desk, why, and when it happened at the source (`occurred_at`).

    `despite_claim`: the officer has been warned that this desk has claimed what he acts on.
    """

    actor: str
    role: str
    desk: str
    occurred_at: Instant
    purpose: str = ""
    cause_id: str = ""
    correlation_id: str = ""
    despite_claim: str = ""


@plain
class ReportIncident(Command):
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
class UpdateIncident(Command):
    """None leaves a field as it is. `seen` are fields with the values that the officer had before his eyes: where one
    of them is another meanwhile, nothing is changed.
    """

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
    seen: tuple[tuple[str, object], ...] = ()


@plain
class AcceptIncident(Command):
    incident: str


@plain
class DispatchUnits(Command):
    """`override_reason`: why units are sent that the run card bars. `level`: the alarm level, 0 leaves it as it is."""

    incident: str
    units: tuple[str, ...]
    override_reason: str = ""
    level: int = 0


@plain
class RecallUnit(Command):
    incident: str
    unit: str
    reason: str


@plain
class AnswerTask(Command):
    unit: str
    incident: str
    accepted: bool
    reason: str = ""


@plain
class SetUnitStatus(Command):
    """`incident` says which assignment is meant; None is enough while the unit has only one."""

    unit: str
    status: str
    incident: str | None = None
    reason: str = ""


@plain
class ObserveUnitStatus(Command):
    """What a unit or another system says has already happened; it holds even where an officer's order is missing."""

    unit: str
    status: str
    incident: str | None = None


@plain
class ObserveUnitArea(Command):
    """A unit's fixes say that it is inside or outside of an area that it belongs to: `area` is district or grid."""

    unit: str
    area: str
    code: str
    inside: bool


@plain
class EnrolUnit(Command):
    unit: str
    kind: str
    call_sign: str
    lat: float | None = None
    lon: float | None = None


@plain
class ReportBack(Command):
    incident: str
    feedback: str


@plain
class VerifyIncident(Command):
    incident: str


@plain
class CloseIncident(Command):
    """`feedback` fills the report-back step when nobody has filled it yet."""

    incident: str
    outcome: str
    feedback: str = ""


@plain
class ReopenIncident(Command):
    incident: str
    reason: str


@plain
class WithdrawIncident(Command):
    incident: str
    reason: str


@plain
class MergeIncident(Command):
    incident: str
    into: str


@plain
class HandOverIncident(Command):
    incident: str
    department: str
    reason: str


@plain
class EscalateIncident(Command):
    incident: str
    level: str
    reason: str


@plain
class NoteIncident(Command):
    incident: str
    text: str


@plain
class RevealReporter(Command):
    incident: str
    purpose: str


@plain
class RevealContact(Command):
    """`contact` is the id of one of the grid's contacts."""

    grid: str
    contact: str
    purpose: str


@plain
class ExportUnmasked(Command):
    """Lets a document with personal data out of the journal. `form` is its suffix, `since` and `until` its period."""

    export: str
    form: str
    purpose: str
    since: Instant | None = None
    until: Instant | None = None


@plain
class SetCameraStatus(Command):
    camera: str
    online: bool
    reason: str = ""


@plain
class WatchCamera(Command):
    camera: str
    purpose: str


@plain
class RaiseAlarm(Command):
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


@plain
class ClearAlarm(Command):
    """The source says that all is well again."""

    alarm: str


@plain
class AcknowledgeAlarm(Command):
    alarm: str


@plain
class AcceptAlarm(Command):
    """Makes an incident of the alarm; `incident` is the id that the new incident gets."""

    alarm: str
    incident: str


@plain
class AcknowledgeAlarms(Command):
    """A group at once; which of it has ended meanwhile is passed over, as in the commands below."""

    alarms: tuple[str, ...]


@plain
class AcceptAlarms(Command):
    """Makes one incident of a group; the first alarm gives title and place."""

    alarms: tuple[str, ...]
    incident: str


@plain
class AttachAlarms(Command):
    """More alarms of an incident that is open already."""

    alarms: tuple[str, ...]
    incident: str


@plain
class CancelAlarms(Command):
    """A person says that nothing came of it."""

    alarms: tuple[str, ...]
    reason: str


@plain
class ShelveAlarm(Command):
    """Puts aside until `expires_at` what `scope` (app/domain/shelf.py) says of this alarm."""

    shelf: str
    scope: str
    alarm: str
    reason: str
    expires_at: Instant


@plain
class UnshelveAlarm(Command):
    shelf: str


@plain
class ReviewShelved(Command):
    """Somebody has looked at a shelf and leaves it as it is."""

    shelf: str


@plain
class QuarantineMessage(Command):
    quarantine: str
    source: str
    reason: str


@plain
class ReadmitMessage(Command):
    quarantine: str
    source: str


@plain
class DiscardMessage(Command):
    quarantine: str
    source: str
    reason: str
