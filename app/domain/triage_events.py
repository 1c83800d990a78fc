"""Events of triage: sending back, ordering, supervising, calling back, linking, undoing a merge, files, premise notes.

Owns names, fields and schema versions, under the rules of events.py, which gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.instants import Instant
from app.domain.plain import plain

# -- incident/<id> ---------------------------------------------------------------------------------------------------


@plain
class IncidentReturned(Event, type_name="incident.returned"):
    """Whoever had it sends it back: `by` is a unit or a department."""

    incident: str
    by: str
    reason: str


@plain
class IncidentOrdered(Event, type_name="incident.ordered"):
    """What follows - units assigned, a department that takes over - holds against their wish."""

    incident: str
    units: tuple[str, ...]
    department: str
    reason: str


@plain
class IncidentSupervised(Event, type_name="incident.supervised"):
    """A lead watches over it from here on; who stands in the envelope of the record."""

    incident: str
    reason: str


@plain
class IncidentSupervisionEnded(Event, type_name="incident.supervision_ended"):
    incident: str
    reason: str


@plain
class IncidentReporterContacted(Event, type_name="incident.reporter_contacted"):
    """Somebody at the desk called the reporter; `result` is one of incident.CONTACT_RESULTS."""

    incident: str
    result: str


@plain
class IncidentLinked(Event, type_name="incident.linked"):
    """`relation` says what `other` is to this incident; the other one's stream says it the other way round."""

    incident: str
    other: str
    relation: str


@plain
class IncidentUnlinked(Event, type_name="incident.unlinked"):
    incident: str
    other: str


@plain
class IncidentUnmerged(Event, type_name="incident.unmerged"):
    """The merge was wrong: the incident stands on its own again."""

    incident: str
    into: str
    reason: str


@plain
class IncidentSeparated(Event, type_name="incident.separated"):
    """The other side of an undone merge, on the stream of the incident that went on."""

    incident: str
    unmerged: str
    source_ids: tuple[str, ...]
    reason: str


@plain
class IncidentFileAttached(Event, type_name="incident.file_attached"):
    """`attachment` is the SHA-256 of the bytes, in hex; the bytes lie beside the database and can be erased there."""

    incident: str
    attachment: str
    name: str
    media_type: str
    size_bytes: int


@plain
class IncidentFileDetached(Event, type_name="incident.file_detached"):
    incident: str
    attachment: str
    reason: str


# -- premise/<id> ----------------------------------------------------------------------------------------------------


@plain
class PremiseNoted(Event, type_name="premise.noted"):
    """What whoever goes there should know. `text` is masked; an address without a position is a place too."""

    premise: str
    text: str
    hazard: bool
    expires_at: Instant
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str | None = None


@plain
class PremiseNoteWithdrawn(Event, type_name="premise.withdrawn"):
    premise: str
    reason: str
