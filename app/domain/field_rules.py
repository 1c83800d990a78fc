"""Following a unit that was sent: delivery, roll call, messages, phones, checklist, requests, hand-over receipts.

Owns the rules of these commands. Must not change the desk, and must not know limits or the time: what is overdue stands
in field_clocks.py.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain import field_link as fl
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.field_limits import MAX_MESSAGE
from app.domain.guards import (
    MAX_CODE,
    MAX_NAME,
    MAX_REASON,
    known_incident,
    known_unit,
    open_incident,
    plain_line,
    plain_text,
    reason_given,
    required_line,
    sane_code,
)
from app.domain.ids import incident_stream, unit_stream
from app.domain.incident import Incident
from app.domain.incident_parts import ForceRequest
from app.domain.masking import mask_text
from app.domain.unit import Assignment, Unit

MOST_PHONES: Final = 5
MOST_ITEMS: Final = 100
MOST_REQUESTS: Final = 50
MOST_ASKED: Final = 20
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


# -- delivery --------------------------------------------------------------------------------------------------------


def note_delivery(desk: Desk, c: cmd.NoteDelivery) -> Changes:
    """Reports come in any order, late and twice: what is known already, or no longer matters, changes nothing."""
    unit = known_unit(desk, c.unit)
    if c.stage not in fl.STAGES:
        raise Refusal("delivery_stage_unknown", unit.id, stage=c.stage)
    held = unit.assignment(c.incident)
    if held is None or held.phase != un.DISPATCHED or held.answered or held.delivery.knows(c.stage):
        return []
    event = ev.UnitTaskDelivered if c.stage == fl.DELIVERED else ev.UnitTaskRead
    return _told(unit, event(unit.id, c.incident))


def resend_task(desk: Desk, c: cmd.ResendTask) -> Changes:
    unit, incident = known_unit(desk, c.unit), open_incident(desk, c.incident)
    held = _assignment(unit, incident)
    if held.phase != un.DISPATCHED:
        raise Refusal("task_under_way", unit.id, unit=unit.id, number=incident.number)
    return _told(unit, ev.UnitTaskResent(unit.id, incident.id))


# -- roll call -------------------------------------------------------------------------------------------------------


def answer_roll_call(desk: Desk, c: cmd.AnswerRollCall) -> Changes:
    """Every answer is kept: that somebody was known to be safe then is what a roll call is for."""
    unit, incident, _held = _on_scene(desk, c.unit, c.incident)
    return _told(unit, ev.UnitRollAnswered(unit.id, incident.id))


def pause_roll_call(desk: Desk, c: cmd.PauseRollCall) -> Changes:
    unit, incident, held = _on_scene(desk, c.unit, c.incident)
    reason = mask_text(reason_given(unit.id, c.reason))
    if held.roll.paused_at is not None:
        return []
    return _told(unit, ev.UnitRollPaused(unit.id, incident.id, reason))


def resume_roll_call(desk: Desk, c: cmd.ResumeRollCall) -> Changes:
    unit, incident, held = _on_scene(desk, c.unit, c.incident)
    return [] if held.roll.paused_at is None else _told(unit, ev.UnitRollResumed(unit.id, incident.id))


def _on_scene(desk: Desk, unit_id: str, incident_id: str) -> tuple[Unit, Incident, Assignment]:
    unit, incident = known_unit(desk, unit_id), open_incident(desk, incident_id)
    held = _assignment(unit, incident)
    if held.phase != un.ON_SCENE:
        raise Refusal("roll_not_on_scene", unit.id, unit=unit.id, number=incident.number)
    return unit, incident, held


# -- messages --------------------------------------------------------------------------------------------------------


def message_unit(desk: Desk, c: cmd.MessageUnit) -> Changes:
    return _message(desk, c, from_unit=False, asks_reading=c.asks_reading)


def message_desk(desk: Desk, c: cmd.MessageDesk) -> Changes:
    return _message(desk, c, from_unit=True)


def _message(
    desk: Desk, c: cmd.MessageUnit | cmd.MessageDesk, *, from_unit: bool, asks_reading: bool = False
) -> Changes:
    unit = known_unit(desk, c.unit)
    sane_code(unit.id, "message", c.message)
    if any(known.id == c.message for known in unit.messages):
        return []
    text = mask_text(plain_text(unit.id, "message", c.text, MAX_MESSAGE))
    if not text:
        raise Refusal("field_empty", unit.id, field="message")
    if c.incident:
        known_incident(desk, c.incident)
    return _told(unit, ev.UnitMessaged(unit.id, c.message, text, from_unit, c.incident, asks_reading))


def read_unit_messages(desk: Desk, c: cmd.ReadUnitMessages) -> Changes:
    return _read(known_unit(desk, c.unit), by_unit=False)


def read_desk_messages(desk: Desk, c: cmd.ReadDeskMessages) -> Changes:
    return _read(known_unit(desk, c.unit), by_unit=True)


def _read(unit: Unit, *, by_unit: bool) -> Changes:
    last = fl.last_unread(unit.messages, by_unit=by_unit)
    return [] if last is None else _told(unit, ev.UnitMessagesRead(unit.id, last.id, by_unit))


# -- phones ----------------------------------------------------------------------------------------------------------


def pair_phone(desk: Desk, c: cmd.PairPhone) -> Changes:
    unit = known_unit(desk, c.unit)
    sane_code(unit.id, "phone", c.phone)
    if not _SHA256.fullmatch(c.token_hash):
        raise Refusal("phone_token", unit.id, unit=unit.id)
    if any(phone.id == c.phone for phone in unit.phones):
        return []
    if len(unit.phones) >= MOST_PHONES:
        raise Refusal("too_many_phones", unit.id, unit=unit.id, limit=MOST_PHONES)
    return _told(unit, ev.UnitPhonePaired(unit.id, c.phone, c.token_hash, c.offered_by[:MAX_NAME]))


def unpair_phones(desk: Desk, c: cmd.UnpairPhones) -> Changes:
    unit = known_unit(desk, c.unit)
    reason = reason_given(unit.id, c.reason)
    stream = unit_stream(unit.id)
    return [(stream, ev.UnitPhoneUnpaired(unit.id, phone.id, reason)) for phone in unit.phones]


# -- on scene --------------------------------------------------------------------------------------------------------


def tick_item(desk: Desk, c: cmd.TickItem) -> Changes:
    incident = open_incident(desk, c.incident)
    _there(desk, incident, c.unit)
    sane_code(incident.id, "item", c.item)
    if (incident.tick(c.item) is not None) == c.done:
        return []
    if c.done and len(incident.ticks) >= MOST_ITEMS:
        raise Refusal("too_many_ticks", incident.id, number=incident.number, limit=MOST_ITEMS)
    return _one(incident, ev.IncidentItemTicked(incident.id, c.item, c.done, c.unit))


def request_force(desk: Desk, c: cmd.RequestForce) -> Changes:
    incident = open_incident(desk, c.incident)
    _there(desk, incident, c.unit)
    sane_code(incident.id, "request", c.request)
    if any(known.id == c.request for known in incident.requests):
        return []
    if not 1 <= c.count <= MOST_ASKED or len(c.kinds) > MOST_ASKED:
        raise Refusal("request_count", incident.id, count=c.count, limit=MOST_ASKED)
    if len(incident.requests) >= MOST_REQUESTS:
        raise Refusal("too_many_requests", incident.id, number=incident.number, limit=MOST_REQUESTS)
    for kind in c.kinds:
        sane_code(incident.id, "kind", kind)
    reason = mask_text(plain_line(incident.id, "reason", c.reason, MAX_REASON))
    kinds = tuple(dict.fromkeys(c.kinds))
    return _one(incident, ev.IncidentForceRequested(incident.id, c.request, c.unit, kinds, c.count, reason))


def settle_force_request(desk: Desk, c: cmd.SettleForceRequest) -> Changes:
    incident = known_incident(desk, c.incident)
    known: ForceRequest | None = next((r for r in incident.requests if r.id == c.request), None)
    if known is None:
        raise Refusal("request_unknown", incident.id, number=incident.number)
    if known.settled:
        return []
    reason = plain_line(incident.id, "reason", c.reason, MAX_REASON)
    if not c.met and not reason:
        raise Refusal("reason_missing", incident.id)
    return _one(incident, ev.IncidentForceRequestSettled(incident.id, known.id, c.met, mask_text(reason)))


def _there(desk: Desk, incident: Incident, unit_id: str) -> None:
    """Whoever speaks from the scene has been sent there; the desk ("") may always."""
    if unit_id:
        _assignment(known_unit(desk, unit_id), incident)


def release_reporter(desk: Desk, c: cmd.ReleaseReporter) -> Changes:
    incident = open_incident(desk, c.incident)
    _there(desk, incident, required_line(incident.id, "unit", c.unit, MAX_CODE))
    purpose = plain_line(incident.id, "purpose", c.purpose, MAX_REASON)
    if not purpose:
        raise Refusal("reveal_needs_purpose", incident.id, number=incident.number)
    if incident.person_ref is None:
        raise Refusal("reporter_unknown", incident.id, number=incident.number)
    if c.unit in incident.released_to:
        return []
    return _one(incident, ev.IncidentReporterReleased(incident.id, c.unit, mask_text(purpose)))


# -- hand-over -------------------------------------------------------------------------------------------------------


def record_hand_over_receipt(desk: Desk, c: cmd.RecordHandOverReceipt) -> Changes:
    """May be given again when something was put down wrongly: the newest one holds."""
    incident = known_incident(desk, c.incident)
    if not incident.department or incident.handed_over_at is None:
        raise Refusal("not_handed_over", incident.id, number=incident.number)
    told = mask_text(plain_text(incident.id, "told", c.told, MAX_REASON))
    received_by = mask_text(required_line(incident.id, "received_by", c.received_by, MAX_NAME))
    reference = plain_line(incident.id, "reference", c.reference, MAX_CODE)
    known = incident.receipt
    if known is not None and (known.told, known.received_by, known.reference) == (
        told,
        received_by,
        reference,
    ):
        return []
    event = ev.IncidentHandOverReceived(incident.id, incident.department, told, received_by, reference)
    return _one(incident, event)


def _assignment(unit: Unit, incident: Incident) -> Assignment:
    held = unit.assignment(incident.id)
    if held is None:
        raise Refusal("unit_not_assigned", unit.id, unit=unit.id, number=incident.number)
    return held


def _told(unit: Unit, event: ev.Event) -> Changes:
    return [(unit_stream(unit.id), event)]


def _one(incident: Incident, event: ev.Event) -> Changes:
    return [(incident_stream(incident.id), event)]
