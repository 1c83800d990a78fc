"""Commands of triage: sending back, ordering, supervising, calling back, linking, undoing a merge, files, notes.

Owns their names and fields; commands.py gathers them. Must not judge them: that is triage.py and premise_rules.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.instants import Instant
from app.domain.plain import plain


@plain
class UnmergeIncident(Command):
    """`incident` is the one that was merged away; it stands on its own again."""

    incident: str
    reason: str


@plain
class LinkIncidents(Command):
    """`relation` (incident.RELATIONS) says what `other` is to `incident`. A second link of two replaces the first."""

    incident: str
    other: str
    relation: str = "related"


@plain
class UnlinkIncidents(Command):
    incident: str
    other: str


@plain
class ReturnIncident(Command):
    """`by` is who has it and sends it back: one of its units, or the department that took it over."""

    incident: str
    by: str
    reason: str


@plain
class AssignByOrder(Command):
    """To units, to a department or to both, whatever they wish."""

    incident: str
    units: tuple[str, ...] = ()
    department: str = ""
    reason: str = ""


@plain
class SuperviseIncident(Command):
    incident: str
    reason: str


@plain
class EndSupervision(Command):
    incident: str
    reason: str


@plain
class ContactReporter(Command):
    """`result` is one of incident.CONTACT_RESULTS; only "reached" stops the contact clock."""

    incident: str
    result: str


@plain
class AttachFile(Command):
    """`attachment` is the SHA-256 of bytes that are durable already (service/attachments.py)."""

    incident: str
    attachment: str
    name: str
    media_type: str
    size_bytes: int


@plain
class DetachAttachment(Command):
    incident: str
    attachment: str
    reason: str


@plain
class PutPremiseNote(Command):
    """What whoever goes to a place should know, until `expires_at`; sent again under the same id it replaces itself."""

    premise: str
    text: str
    hazard: bool
    expires_at: Instant
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None


@plain
class WithdrawPremiseNote(Command):
    premise: str
    reason: str
