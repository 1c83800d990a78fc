"""Putting an incident right: sending back, ordering, supervising, calling back, linking, undoing a merge, files.

Owns the rules of these commands. Must not change the desk. What asks who speaks stands in `permit_triage`: decisions
themselves do not know.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain import incident as inc
from app.domain.desk import Desk
from app.domain.dispatching import Changes, accepted_first, assign, release
from app.domain.errors import Refusal
from app.domain.force_requests import answered_by, left_behind
from app.domain.guards import (
    MAX_NAME,
    free_for,
    known_incident,
    known_unit,
    open_incident,
    plain_line,
    reason_given,
    required_line,
)
from app.domain.ids import incident_stream
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.domain.roles import SHIFT_LEAD
from app.domain.unit import RETURNED

MOST_LINKS: Final = 50
MOST_FILES: Final = 50
MOST_FILE_BYTES: Final = 20 * 1024 * 1024
MEDIA_TYPES: Final = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "application/pdf",
        "audio/mpeg", "audio/mp4", "audio/wav", "video/mp4",
    }
)  # fmt: skip
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def permit_triage(desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
    """Raises Refusal where an order of the desk would be sent back by anyone but a shift lead. Other commands pass."""
    match command:
        case cmd.AnswerTask(accepted=False, unit=by) | cmd.ReturnIncident(by=by):
            known = desk.incidents.get(command.incident)
            if known is not None and by.strip() in known.ordered and context.role != SHIFT_LEAD:
                raise Refusal("order_stands", known.id, number=known.number, by=by.strip())


# -- who has it ------------------------------------------------------------------------------------------------------


def return_incident(desk: Desk, c: cmd.ReturnIncident) -> Changes:
    """退单: it waits again with its clocks running on; a unit that sends it back is free."""
    incident, by = open_incident(desk, c.incident), c.by.strip()
    if not incident.holders:
        raise Refusal("nobody_has_it", incident.id, number=incident.number)
    if by not in incident.holders:
        raise Refusal("not_theirs_to_return", incident.id, number=incident.number, by=by)
    changes = _one(incident, ev.IncidentReturned(incident.id, by, reason_given(incident.id, c.reason)))
    return changes + (release(by, incident.id, RETURNED) if by in incident.units else [])


def assign_by_order(desk: Desk, c: cmd.AssignByOrder) -> Changes:
    """签派: overrides who does not want it, not who cannot: a busy unit stays busy."""
    incident = open_incident(desk, c.incident)
    department = plain_line(incident.id, "department", c.department, MAX_NAME)
    units = tuple(dict.fromkeys(c.units))
    if not units and not department:
        raise Refusal("order_to_nobody", incident.id, number=incident.number)
    for unit in units:
        free_for(desk, known_unit(desk, unit), incident)
    reason = reason_given(incident.id, c.reason)
    changes = accepted_first(incident)
    changes += _one(incident, ev.IncidentOrdered(incident.id, units, department, reason))
    if department:
        changes += _one(incident, ev.IncidentHandedOver(incident.id, department, reason))
    changes += [change for unit in units for change in assign(unit, incident.id)]
    return changes + answered_by(desk, incident, units)


def supervise(desk: Desk, c: cmd.SuperviseIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    reason = reason_given(incident.id, c.reason)
    if incident.supervised_at is not None:
        return []
    return _one(incident, ev.IncidentSupervised(incident.id, reason))


def end_supervision(desk: Desk, c: cmd.EndSupervision) -> Changes:
    incident = known_incident(desk, c.incident)
    reason = reason_given(incident.id, c.reason)
    if incident.supervised_at is None:
        return []
    return _one(incident, ev.IncidentSupervisionEnded(incident.id, reason))


def contact_reporter(desk: Desk, c: cmd.ContactReporter) -> Changes:
    """Every attempt is kept, and after the end too: the office revisits (访) what it has closed."""
    incident = known_incident(desk, c.incident)
    if c.result not in inc.CONTACT_RESULTS:
        raise Refusal("contact_result_unknown", incident.id, result=c.result)
    return _one(incident, ev.IncidentReporterContacted(incident.id, c.result))


# -- what belongs together -------------------------------------------------------------------------------------------


def link_incidents(desk: Desk, c: cmd.LinkIncidents) -> Changes:
    """Both know of it. Ended ones too: a follow-up is linked to what is over."""
    here, there = known_incident(desk, c.incident), known_incident(desk, c.other)
    _sane_link(here, there, c.relation)
    known = here.link(there.id)
    if known is not None and known.relation == c.relation:
        return []
    back = inc.SEEN_FROM_THERE.get(c.relation, c.relation)
    changes = _one(here, ev.IncidentLinked(here.id, there.id, c.relation))
    return changes + _one(there, ev.IncidentLinked(there.id, here.id, back))


def unlink_incidents(desk: Desk, c: cmd.UnlinkIncidents) -> Changes:
    here, there = known_incident(desk, c.incident), known_incident(desk, c.other)
    if here.link(there.id) is None:
        return []
    changes = _one(here, ev.IncidentUnlinked(here.id, there.id))
    return changes + _one(there, ev.IncidentUnlinked(there.id, here.id))


def _sane_link(here: Incident, there: Incident, relation: str) -> None:
    """The same person is known by the reports' references alone: neither name nor number stands in a link."""
    if here.id == there.id:
        raise Refusal("link_with_itself", here.id, number=here.number)
    if relation not in inc.RELATIONS:
        raise Refusal("relation_unknown", here.id, relation=relation)
    for incident in (here, there):
        if relation == "same_person" and incident.person_ref is None:
            raise Refusal("reporter_unknown", incident.id, number=incident.number)
        if here.link(there.id) is None and len(incident.links) >= MOST_LINKS:
            raise Refusal("too_many_links", incident.id, number=incident.number, limit=MOST_LINKS)


def unmerge_incident(desk: Desk, c: cmd.UnmergeIncident) -> Changes:
    """Undoes a merge from the outside in: while the other one is itself merged away, that merge is undone first.

    What came to the other one since stays there, its units too; that it has ended meanwhile does not matter.
    """
    incident = known_incident(desk, c.incident)
    if incident.merged_into is None:
        raise Refusal("not_merged", incident.id, number=incident.number)
    into = desk.incidents[incident.merged_into]
    if into.merged_into is not None:
        raise Refusal("unmerge_the_other_first", incident.id, number=incident.number, other=into.number)
    reason = reason_given(incident.id, c.reason)
    changes = _one(incident, ev.IncidentUnmerged(incident.id, into.id, reason))
    changes += _one(into, ev.IncidentSeparated(into.id, incident.id, incident.source_ids, reason))
    return changes + left_behind(incident, into)


# -- files -----------------------------------------------------------------------------------------------------------


def attach_file(desk: Desk, c: cmd.AttachFile) -> Changes:
    incident = known_incident(desk, c.incident)
    if any(file.id == c.attachment for file in incident.files):
        return []
    name = mask_text(required_line(incident.id, "file_name", c.name, MAX_NAME))
    sane_file(incident.id, name, c.media_type, c.size_bytes)
    if not _SHA256.fullmatch(c.attachment):
        raise Refusal("file_id_unknown", incident.id, name=name)
    if len(incident.files) >= MOST_FILES:
        raise Refusal("too_many_files", incident.id, number=incident.number, limit=MOST_FILES)
    return _one(
        incident, ev.IncidentFileAttached(incident.id, c.attachment, name, c.media_type, c.size_bytes)
    )


def detach_attachment(desk: Desk, c: cmd.DetachAttachment) -> Changes:
    incident = known_incident(desk, c.incident)
    reason = reason_given(incident.id, c.reason)
    if all(file.id != c.attachment for file in incident.files):
        return []
    return _one(incident, ev.IncidentFileDetached(incident.id, c.attachment, reason))


def sane_file(subject: str, name: str, media_type: str, size_bytes: int) -> None:
    """Raises Refusal when a file is of a kind that the desk cannot show, empty or too large."""
    if media_type not in MEDIA_TYPES:
        raise Refusal("file_kind", subject, name=name)
    if not 0 < size_bytes <= MOST_FILE_BYTES:
        raise Refusal("file_size", subject, name=name, size_mb=f"{size_bytes / 1024**2:.1f}",
                      limit_mb=MOST_FILE_BYTES // 1024**2)  # fmt: skip


def _one(incident: Incident, event: ev.Event) -> Changes:
    return [(incident_stream(incident.id), event)]
