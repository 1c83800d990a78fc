"""What may be done with alarms: accept, acknowledge, cancel, shelve - one or a group of them.

Owns the rules about alarms and shelves. Must not know how alarms are grouped or shown: a command names the alarms it
is about. What asks for the time stands in `permit_shelving`: decisions themselves know none.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from app.domain import alarm as al
from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import live_alarm, open_incident, reason_given
from app.domain.ids import alarm_stream, incident_stream, shelf_stream
from app.domain.instants import Instant
from app.domain.report_fields import plain_alarm
from app.domain.shelf import ALARM, SCOPES, Shelf, can_be_shelved, key_of
from app.domain.sketching import sent_text

MOST_ALARMS: Final = 200
"""In one command: a larger group is given in several, so that no decision holds the desk up."""
MOST_REASON: Final = 200
_MINUTE_MS: Final = 60_000


# -- what sources say ------------------------------------------------------------------------------------------------


def raise_alarm(desk: Desk, c: cmd.RaiseAlarm) -> Changes:
    if c.alarm in desk.alarms:
        return []
    plain = plain_alarm(c)
    values = {f.name: getattr(plain, f.name) for f in fields(plain)}
    emergency = desk.alarm_limits.is_emergency(c.alarm_type)
    return [(alarm_stream(c.alarm), ev.AlarmRaised(**values, emergency=emergency))]


def clear_alarm(desk: Desk, c: cmd.ClearAlarm) -> Changes:
    """The source's word ends an alarm, but no emergency: that it said so is kept, a person has to cancel it."""
    known = desk.alarms.get(c.alarm)
    if known is not None and not known.is_live:
        return []
    alarm = live_alarm(desk, c.alarm)
    if not alarm.emergency:
        return [(alarm_stream(alarm.id), ev.AlarmCleared(alarm.id))]
    return [(alarm_stream(alarm.id), ev.AlarmReturned(alarm.id))] if alarm.returned_at is None else []


# -- what officers do ------------------------------------------------------------------------------------------------


def acknowledge_alarm(desk: Desk, c: cmd.AcknowledgeAlarm) -> Changes:
    live_alarm(desk, c.alarm)
    return acknowledge_alarms(desk, cmd.AcknowledgeAlarms((c.alarm,)))


def acknowledge_alarms(desk: Desk, c: cmd.AcknowledgeAlarms) -> Changes:
    return [
        (alarm_stream(alarm.id), ev.AlarmAcknowledged(alarm.id))
        for alarm in _still_live(desk, c.alarms)
        if alarm.status == al.RAISED
    ]


def accept_alarm(desk: Desk, c: cmd.AcceptAlarm) -> Changes:
    return accept_alarms(desk, cmd.AcceptAlarms((c.alarm,), c.incident))


def accept_alarms(desk: Desk, c: cmd.AcceptAlarms) -> Changes:
    """One incident with every alarm among its sources; the first says what and where, the most urgent how urgent."""
    if c.incident in desk.incidents:
        raise Refusal("incident_exists", c.incident, incident=c.incident)
    alarms = _still_live(desk, c.alarms)
    first = alarms[0]
    stream = incident_stream(c.incident)
    report = ev.IncidentReported(
        c.incident,
        source="alarm",
        source_event=first.id,
        incident_type=first.alarm_type,
        priority=min(alarm.priority for alarm in alarms),
        title=first.title,
        lat=first.lat,
        lon=first.lon,
        grid=first.grid,
        camera=first.camera,
    )
    changes: Changes = [(stream, report), (stream, ev.IncidentAccepted(c.incident))]
    return changes + _joined(alarms[1:], c.incident) + _accepted(alarms, c.incident)


def attach_alarms(desk: Desk, c: cmd.AttachAlarms) -> Changes:
    """Alarms that call for what an open incident is about already."""
    incident = open_incident(desk, c.incident)
    alarms = _still_live(desk, c.alarms)
    return _joined(alarms, incident.id) + _accepted(alarms, incident.id)


def cancel_alarms(desk: Desk, c: cmd.CancelAlarms) -> Changes:
    """Nothing came of it, as a person has found out; the only end of an emergency beside an incident."""
    alarms = _still_live(desk, c.alarms)
    reason = _reason(alarms[0].id, c.reason)
    return [(alarm_stream(alarm.id), ev.AlarmCancelled(alarm.id, reason)) for alarm in alarms]


def _joined(alarms: list[Alarm], incident: str) -> Changes:
    sources = tuple(f"alarm:{alarm.id}" for alarm in alarms)
    if not sources:
        return []
    return [(incident_stream(incident), ev.IncidentSourcesJoined(incident, sources, len(sources)))]


def _accepted(alarms: list[Alarm], incident: str) -> Changes:
    return [(alarm_stream(alarm.id), ev.AlarmAccepted(alarm.id, incident)) for alarm in alarms]


def _still_live(desk: Desk, ids: tuple[str, ...]) -> list[Alarm]:
    """Of a group whatever has not ended meanwhile; Refusal when that is nothing."""
    if not ids:
        raise Refusal("alarms_none", "")
    if len(ids) > MOST_ALARMS:
        raise Refusal("alarms_too_many", ids[0], count=len(ids), limit=MOST_ALARMS)
    unique = dict.fromkeys(ids)
    alarms = [alarm for key in unique if (alarm := desk.alarms.get(key)) is not None and alarm.is_live]
    return alarms or [live_alarm(desk, ids[0])]


# -- shelving --------------------------------------------------------------------------------------------------------


def shelve_alarm(desk: Desk, c: cmd.ShelveAlarm) -> Changes:
    """The alarm says which device, or which type at which place, is meant."""
    if c.shelf in desk.shelves:
        return []
    alarm = _shelvable(desk, c)
    event = ev.AlarmShelved(
        c.shelf,
        c.scope,
        alarm.id,
        alarm.origin,
        alarm.alarm_type,
        alarm.place,
        alarm.priority,
        alarm.title,
        _reason(c.alarm, c.reason),
        c.expires_at,
    )
    return [(shelf_stream(c.shelf), event)]


def unshelve_alarm(desk: Desk, c: cmd.UnshelveAlarm) -> Changes:
    known_shelf(desk, c.shelf)
    return [(shelf_stream(c.shelf), ev.AlarmUnshelved(c.shelf))]


def review_shelved(desk: Desk, c: cmd.ReviewShelved) -> Changes:
    known_shelf(desk, c.shelf)
    return [(shelf_stream(c.shelf), ev.ShelfReviewed(c.shelf))]


def permit_shelving(desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
    """Raises Refusal when it is for too long, stands already, or is over. Other commands pass."""
    now = context.occurred_at
    if isinstance(command, cmd.ShelveAlarm):
        alarm = _shelvable(desk, command)
        _sane_end(desk, alarm, command, now)
        _not_shelved_yet(desk, alarm, command, now)
    elif isinstance(command, cmd.UnshelveAlarm | cmd.ReviewShelved):
        shelf = known_shelf(desk, command.shelf)
        if not shelf.is_active(now):
            raise Refusal("shelf_over", shelf.id, title=shelf.title)


def known_shelf(desk: Desk, shelf: str) -> Shelf:
    found = desk.shelves.get(shelf)
    if found is None:
        raise Refusal("shelf_unknown", shelf, shelf=shelf)
    return found


def _shelvable(desk: Desk, c: cmd.ShelveAlarm) -> Alarm:
    """A device that chatters may be quiet just now: to shelve it, its last alarm need not stand any more."""
    known = desk.alarms.get(c.alarm)
    alarm = live_alarm(desk, c.alarm) if known is None or c.scope == ALARM else known
    if alarm.emergency:
        raise Refusal("emergency_not_shelved", alarm.id, title=alarm.title)
    if not can_be_shelved(alarm):
        raise Refusal("urgent_not_shelved", alarm.id, title=alarm.title)
    if c.scope not in SCOPES:
        raise Refusal("shelf_scope_unknown", alarm.id, scope=c.scope)
    if key_of(alarm, c.scope) is None:
        raise Refusal("shelf_scope_unsaid", alarm.id, title=alarm.title)
    return alarm


def _sane_end(desk: Desk, alarm: Alarm, c: cmd.ShelveAlarm, now: Instant) -> None:
    longest_ms = desk.alarm_limits.longest_shelf_ms(alarm.priority)
    if not now < c.expires_at <= now + longest_ms:
        limit_min = longest_ms // _MINUTE_MS
        raise Refusal("shelf_end", alarm.id, priority=alarm.priority, limit_min=limit_min)


def _not_shelved_yet(desk: Desk, alarm: Alarm, c: cmd.ShelveAlarm, now: Instant) -> None:
    key = key_of(alarm, c.scope)
    for shelf in desk.shelves.values():
        if shelf.key == key and shelf.is_active(now) and shelf.covers(alarm) and shelf.id != c.shelf:
            raise Refusal("shelved_already", alarm.id, title=alarm.title, desk=shelf.desk)


def _reason(subject: str, reason: str) -> str:
    """One plain line with numbers of people masked: it stands in the journal for ever."""
    text = sent_text(reason_given(subject, reason))
    if not text:
        raise Refusal("reason_missing", subject)
    if len(text) > MOST_REASON:
        raise Refusal("alarm_reason_length", subject, length=len(text), limit=MOST_REASON)
    return text
