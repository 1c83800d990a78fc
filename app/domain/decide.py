"""decide(desk, command) -> events: the one place where the desk says yes or no.

Owns the table of commands and the rules about one incident, camera or message. Rules about incidents together with
units stand in dispatching.py, those about alarms in alarm_rules.py. Must not change the desk: the caller applies what
was decided, once it is durable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from app.domain import alarm_rules as ar
from app.domain import claiming as cl
from app.domain import commands as cmd
from app.domain import dispatching as dp
from app.domain import events as ev
from app.domain import field_rules as fr
from app.domain import incident as inc
from app.domain import post_rules as po
from app.domain import premise_rules as pr
from app.domain import road_rules as rd
from app.domain import shift_rules as sh
from app.domain import sketching as sk
from app.domain import triage as tg
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import (
    MAX_NAME,
    MAX_REASON,
    held_message,
    known_incident,
    known_unit,
    open_incident,
    plain_line,
    plain_text,
    reason_given,
    sane_code,
)
from app.domain.ids import (
    camera_stream,
    export_stream,
    feed_stream,
    grid_stream,
    incident_stream,
    unit_stream,
)
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.domain.report_fields import plain_report, sane_unit


def decide(desk: Desk, command: cmd.Command) -> Changes:
    """What follows from a command, as (stream, event) in order; [] when it is already so.

    Raises Refusal naming the rule. Pure: the desk stays as it was.
    """
    return _DECISIONS[type(command)](desk, command)


def _report(desk: Desk, c: cmd.ReportIncident) -> Changes:
    if f"{c.source}:{c.source_event}" in desk.by_source:
        return []
    if c.incident in desk.incidents:
        raise Refusal("incident_exists", c.incident, incident=c.incident)
    return [(incident_stream(c.incident), ev.IncidentReported(**_fields(plain_report(c))))]


def _update(desk: Desk, c: cmd.UpdateIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    for field, value in c.seen:
        if getattr(incident, field) != value:
            raise Refusal("changed_meanwhile", incident.id, number=incident.number, field=field)
    fields = _fields(plain_report(c))
    wanted = {f: v for f, v in fields.items() if f not in ("incident", "seen") and v is not None}
    changed = {f: v for f, v in wanted.items() if getattr(incident, f) != v}
    return _one(incident, ev.IncidentUpdated(incident.id, **changed)) if changed else []


def _accept(desk: Desk, c: cmd.AcceptIncident) -> Changes:
    return dp.accepted_first(open_incident(desk, c.incident))


def _report_back(desk: Desk, c: cmd.ReportBack) -> Changes:
    incident = open_incident(desk, c.incident)
    if incident.status == inc.REPORTED:
        raise Refusal("not_accepted_yet", incident.id, number=incident.number)
    feedback = plain_text(incident.id, "feedback", c.feedback)
    if not feedback:
        raise Refusal("feedback_missing", incident.id, number=incident.number)
    return _one(incident, ev.IncidentReportedBack(incident.id, feedback))


def _verify(desk: Desk, c: cmd.VerifyIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    if incident.status == inc.VERIFIED:
        return []
    if incident.status != inc.REPORTED_BACK:
        raise Refusal("nothing_reported_back", incident.id, number=incident.number)
    return _one(incident, ev.IncidentVerified(incident.id))


def _close(desk: Desk, c: cmd.CloseIncident) -> Changes:
    """Closing as resolved needs somebody to have been there and said what was done; nobody else verifies by it."""
    incident = open_incident(desk, c.incident)
    if incident.open_requests:
        asked = sum(request.missing for request in incident.open_requests)
        raise Refusal("request_unanswered", incident.id, number=incident.number, count=asked)
    if c.outcome not in inc.OUTCOMES:
        raise Refusal("outcome_unknown", incident.id, outcome=c.outcome)
    feedback = plain_text(incident.id, "feedback", c.feedback)
    told = incident.reported_back_at is not None
    if not told and not feedback:
        raise Refusal("feedback_missing", incident.id, number=incident.number)
    if c.outcome == "resolved" and not told and incident.status not in (inc.HANDLING, inc.HANDED_OVER):
        raise Refusal("nobody_on_scene", incident.id, number=incident.number)
    stream = incident_stream(incident.id)
    changes = dp.accepted_first(incident)
    if feedback:
        changes.append((stream, ev.IncidentReportedBack(incident.id, feedback)))
    return [
        *changes,
        (stream, ev.IncidentClosed(incident.id, c.outcome)),
        *dp.release_all(incident, "closed"),
    ]


def _reopen(desk: Desk, c: cmd.ReopenIncident) -> Changes:
    incident = known_incident(desk, c.incident)
    if incident.status != inc.CLOSED:
        raise Refusal("not_closed", incident.id, number=incident.number, status=incident.status)
    return _one(incident, ev.IncidentReopened(incident.id, reason_given(incident.id, c.reason)))


def _withdraw(desk: Desk, c: cmd.WithdrawIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    reason = reason_given(incident.id, c.reason)
    return _one(incident, ev.IncidentWithdrawn(incident.id, reason)) + dp.release_all(incident, "withdrawn")


def _merge(desk: Desk, c: cmd.MergeIncident) -> Changes:
    """The incident goes into another one, with its source ids and its units."""
    merged, into = open_incident(desk, c.incident), open_incident(desk, c.into)
    if merged.id == into.id:
        raise Refusal("merge_with_itself", merged.id, number=merged.number)
    if merged.supervised_at is not None and into.supervised_at is None:
        raise Refusal("merge_loses_supervision", merged.id, number=merged.number, other=into.number)
    changes = _one(merged, ev.IncidentMerged(merged.id, into.id))
    changes += _one(into, ev.IncidentAbsorbed(into.id, merged.id, merged.source_ids))
    return changes + dp.move_units(desk, merged, into) + dp.move_requests(merged, into)


def _hand_over(desk: Desk, c: cmd.HandOverIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    department = plain_line(incident.id, "department", c.department, MAX_NAME)
    if not department:
        raise Refusal("department_missing", incident.id, number=incident.number)
    event = ev.IncidentHandedOver(incident.id, department, reason_given(incident.id, c.reason))
    return dp.accepted_first(incident) + _one(incident, event)


def _escalate(desk: Desk, c: cmd.EscalateIncident) -> Changes:
    incident = open_incident(desk, c.incident)
    if c.level not in inc.LEVELS:
        raise Refusal("level_unknown", incident.id, level=c.level)
    reason = reason_given(incident.id, c.reason)
    if incident.escalated_to == c.level:
        return []
    return _one(incident, ev.IncidentEscalated(incident.id, c.level, reason))


def _note(desk: Desk, c: cmd.NoteIncident) -> Changes:
    """Notes are taken after the end too: the story of an incident does not end with its handling."""
    incident = known_incident(desk, c.incident)
    text = plain_text(incident.id, "remark", c.text)
    if not text:
        raise Refusal("note_empty", incident.id, number=incident.number)
    return _one(incident, ev.IncidentNoted(incident.id, text))


def _reveal(desk: Desk, c: cmd.RevealReporter) -> Changes:
    incident = known_incident(desk, c.incident)
    purpose = plain_line(incident.id, "purpose", c.purpose, MAX_REASON)
    if not purpose:
        raise Refusal("reveal_needs_purpose", incident.id, number=incident.number)
    if incident.person_ref is None:
        raise Refusal("reporter_unknown", incident.id, number=incident.number)
    return _one(incident, ev.IncidentReporterRevealed(incident.id, purpose))


def _reveal_contact(_desk: Desk, c: cmd.RevealContact) -> Changes:
    sane_code(c.grid, "grid", c.grid)
    sane_code(c.grid, "contact", c.contact)
    purpose = plain_line(c.grid, "purpose", c.purpose, MAX_REASON)
    if not purpose:
        raise Refusal("contact_needs_purpose", c.grid, grid=c.grid)
    return [(grid_stream(c.grid), ev.GridContactRevealed(c.grid, c.contact, purpose))]


def _export_unmasked(_desk: Desk, c: cmd.ExportUnmasked) -> Changes:
    purpose = mask_text(c.purpose.strip())
    if not purpose:
        raise Refusal("export_needs_purpose", c.export)
    return [
        (export_stream(c.export), ev.ExportedUnmasked(c.export, c.form, purpose, c.since, c.until)),
    ]


def _enrol(desk: Desk, c: cmd.EnrolUnit) -> Changes:
    if c.unit in desk.units:
        return []
    sane_unit(c)
    return [(unit_stream(c.unit), ev.UnitEnrolled(**_fields(c)))]


def _unit_area(desk: Desk, c: cmd.ObserveUnitArea) -> Changes:
    """Transitions only: a unit that is known to be there already has nothing to tell."""
    unit = known_unit(desk, c.unit)
    if unit.has_left(c.area) != c.inside:
        return []
    event = ev.UnitEnteredArea if c.inside else ev.UnitLeftArea
    return [(unit_stream(unit.id), event(unit.id, c.area, c.code, unit.incident or ""))]


def _camera_status(desk: Desk, c: cmd.SetCameraStatus) -> Changes:
    known = desk.cameras.get(c.camera)
    if (known.online if known else True) == c.online:
        return []
    sane_code(c.camera, "camera", c.camera)
    reason = plain_line(c.camera, "reason", c.reason, MAX_REASON)
    return [(camera_stream(c.camera), ev.CameraStatusChanged(c.camera, c.online, reason))]


def _watch(_desk: Desk, c: cmd.WatchCamera) -> Changes:
    sane_code(c.camera, "camera", c.camera)
    purpose = plain_line(c.camera, "purpose", c.purpose, MAX_REASON)
    if not purpose:
        raise Refusal("purpose_missing", c.camera, camera=c.camera)
    return [(camera_stream(c.camera), ev.CameraWatched(c.camera, purpose))]


def _quarantine(desk: Desk, c: cmd.QuarantineMessage) -> Changes:
    if c.quarantine in desk.quarantine:
        return []
    return [(feed_stream(c.source), ev.MessageQuarantined(c.quarantine, c.source, c.reason))]


def _readmit(desk: Desk, c: cmd.ReadmitMessage) -> Changes:
    held = held_message(desk, c.quarantine)
    return [(feed_stream(held.source), ev.MessageReadmitted(held.id, held.source))]


def _discard(desk: Desk, c: cmd.DiscardMessage) -> Changes:
    held = held_message(desk, c.quarantine)
    event = ev.MessageDiscarded(held.id, held.source, reason_given(held.id, c.reason))
    return [(feed_stream(held.source), event)]


def _one(incident: Incident, event: ev.Event) -> Changes:
    return [(incident_stream(incident.id), event)]


def _fields(command: Any) -> dict[str, Any]:
    """Shallow: dataclasses.asdict would copy every value."""
    return {f.name: getattr(command, f.name) for f in fields(command)}


_DECISIONS: dict[type[cmd.Command], Callable[[Desk, Any], Changes]] = {
    cmd.ReportIncident: _report,
    cmd.UpdateIncident: _update,
    cmd.AcceptIncident: _accept,
    cmd.DispatchUnits: dp.dispatch_units,
    cmd.RecallUnit: dp.recall_unit,
    cmd.AnswerTask: dp.answer_task,
    cmd.SetUnitStatus: dp.set_unit_status,
    cmd.ObserveUnitStatus: dp.observe_unit_status,
    cmd.RevealReporter: _reveal,
    cmd.RevealContact: _reveal_contact,
    cmd.ExportUnmasked: _export_unmasked,
    cmd.EnrolUnit: _enrol,
    cmd.ObserveUnitArea: _unit_area,
    cmd.ReportBack: _report_back,
    cmd.VerifyIncident: _verify,
    cmd.CloseIncident: _close,
    cmd.ReopenIncident: _reopen,
    cmd.WithdrawIncident: _withdraw,
    cmd.MergeIncident: _merge,
    cmd.UnmergeIncident: tg.unmerge_incident,
    cmd.LinkIncidents: tg.link_incidents,
    cmd.UnlinkIncidents: tg.unlink_incidents,
    cmd.ReturnIncident: tg.return_incident,
    cmd.AssignByOrder: tg.assign_by_order,
    cmd.SuperviseIncident: tg.supervise,
    cmd.EndSupervision: tg.end_supervision,
    cmd.ContactReporter: tg.contact_reporter,
    cmd.AttachFile: tg.attach_file,
    cmd.DetachAttachment: tg.detach_attachment,
    cmd.PutPremiseNote: pr.put_premise_note,
    cmd.WithdrawPremiseNote: pr.withdraw_premise_note,
    cmd.ClaimIncident: cl.claim_incident,
    cmd.TakeOverIncident: cl.take_over_incident,
    cmd.ReleaseClaim: cl.release_claim,
    cmd.HandOverIncident: _hand_over,
    cmd.RecordHandOverReceipt: fr.record_hand_over_receipt,
    cmd.NoteDelivery: fr.note_delivery,
    cmd.ResendTask: fr.resend_task,
    cmd.AnswerRollCall: fr.answer_roll_call,
    cmd.PauseRollCall: fr.pause_roll_call,
    cmd.ResumeRollCall: fr.resume_roll_call,
    cmd.MessageUnit: fr.message_unit,
    cmd.MessageDesk: fr.message_desk,
    cmd.ReadUnitMessages: fr.read_unit_messages,
    cmd.ReadDeskMessages: fr.read_desk_messages,
    cmd.PairPhone: fr.pair_phone,
    cmd.UnpairPhones: fr.unpair_phones,
    cmd.TickItem: fr.tick_item,
    cmd.SetAlarmLevel: dp.set_alarm_level,
    cmd.ReleaseReporter: fr.release_reporter,
    cmd.RequestForce: fr.request_force,
    cmd.SettleForceRequest: fr.settle_force_request,
    cmd.EscalateIncident: _escalate,
    cmd.NoteIncident: _note,
    cmd.SetCameraStatus: _camera_status,
    cmd.WatchCamera: _watch,
    cmd.RaiseAlarm: ar.raise_alarm,
    cmd.ClearAlarm: ar.clear_alarm,
    cmd.AcknowledgeAlarm: ar.acknowledge_alarm,
    cmd.AcknowledgeAlarms: ar.acknowledge_alarms,
    cmd.AcceptAlarm: ar.accept_alarm,
    cmd.AcceptAlarms: ar.accept_alarms,
    cmd.AttachAlarms: ar.attach_alarms,
    cmd.CancelAlarms: ar.cancel_alarms,
    cmd.ShelveAlarm: ar.shelve_alarm,
    cmd.UnshelveAlarm: ar.unshelve_alarm,
    cmd.ReviewShelved: ar.review_shelved,
    cmd.ShareSketch: sk.share_sketch,
    cmd.WithdrawSketch: sk.withdraw_sketch,
    cmd.OrderToPost: po.order_to_post,
    cmd.ReachPost: po.reach_post,
    cmd.RecallFromPost: po.recall_from_post,
    cmd.NotePostDelivery: po.note_post_delivery,
    cmd.AnswerPost: po.answer_post,
    cmd.ResendPost: po.resend_post,
    cmd.CloseRoad: rd.close_road,
    cmd.OpenRoad: rd.open_road,
    cmd.QuarantineMessage: _quarantine,
    cmd.ReadmitMessage: _readmit,
    cmd.DiscardMessage: _discard,
    **sh.DECISIONS,
}
