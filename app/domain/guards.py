"""Questions that decisions ask before they allow a thing; each names its rule when the answer is no.

Owns the refusals that several decisions share. Must not emit events.
"""

from __future__ import annotations

from app.domain import unit
from app.domain.alarm import Alarm
from app.domain.desk import Desk, Quarantined
from app.domain.errors import Refusal
from app.domain.incident import PRIORITIES, Incident
from app.domain.unit import Unit

MAX_TITLE = 200
MAX_TEXT = 20_000
MAX_REASON = 2_000
MAX_ADDRESS = 500
MAX_NAME = 200
MAX_CODE = 100
"""Ids and codes: longer ones are not ours."""


def known_incident(desk: Desk, incident: str) -> Incident:
    found = desk.incidents.get(incident)
    if found is None:
        raise Refusal("incident_unknown", incident, incident=incident)
    return found


def open_incident(desk: Desk, incident: str) -> Incident:
    found = known_incident(desk, incident)
    if not found.is_open:
        raise Refusal("incident_ended", incident, number=found.number, status=found.status)
    return found


def known_unit(desk: Desk, unit_id: str) -> Unit:
    found = desk.units.get(unit_id)
    if found is None:
        raise Refusal("unit_unknown", unit_id, unit=unit_id)
    return found


def free_for(desk: Desk, found: Unit, incident: Incident) -> None:
    """A unit may be sent when it is on duty, not there already, and has capacity left."""
    if found.assignment(incident.id) is not None:
        raise Refusal("unit_already_assigned", found.id, unit=found.id, number=incident.number)
    if not found.assignments and found.duty not in unit.DISPATCHABLE:
        raise Refusal("unit_not_on_duty", found.id, unit=found.id, status=found.duty)
    if len(found.assignments) >= found.capacity:
        busy_with = desk.incidents.get(found.assignments[-1].incident)
        number = busy_with.number if busy_with else found.assignments[-1].incident
        raise Refusal("unit_busy", found.id, unit=found.id, number=number, status=found.status)


def live_alarm(desk: Desk, alarm_id: str) -> Alarm:
    found = desk.alarms.get(alarm_id)
    if found is None:
        raise Refusal("alarm_unknown", alarm_id, alarm=alarm_id)
    if not found.is_live:
        raise Refusal("alarm_ended", alarm_id, title=found.title, status=found.status)
    return found


def held_message(desk: Desk, quarantine: str) -> Quarantined:
    found = desk.quarantine.get(quarantine)
    if found is None or found.status != "held":
        raise Refusal("message_not_held", quarantine, quarantine=quarantine)
    return found


def reason_given(subject: str, reason: str) -> str:
    text = plain_line(subject, "reason", reason, MAX_REASON)
    if not text:
        raise Refusal("reason_missing", subject)
    return text


def plain_line(subject: str, field: str, text: str, limit: int) -> str:
    """One line of signs that can be seen: what is invisible or turns the line round could hide what stands there.

    Raises Refusal naming the field when it is longer than `limit`.
    """
    if len(text) > limit:
        raise Refusal("field_length", subject, field=field, length=len(text), limit=limit)
    return visible_line(text)


def required_line(subject: str, field: str, text: str, limit: int) -> str:
    """A plain line that says something; raises Refusal naming the field when it does not."""
    line = plain_line(subject, field, text, limit)
    if not line:
        raise Refusal("field_empty", subject, field=field)
    return line


def plain_text(subject: str, field: str, text: str, limit: int = MAX_TEXT) -> str:
    """As `plain_line`, but lines stay lines."""
    if len(text) > limit:
        raise Refusal("field_length", subject, field=field, length=len(text), limit=limit)
    return visible_text(text)


def visible_line(text: str) -> str:
    text = " ".join(text.split())
    return text if text.isprintable() else "".join(filter(str.isprintable, text)).strip()


def visible_text(text: str) -> str:
    return "\n".join(visible_line(line) for line in text.splitlines()).strip()


def sane_code(subject: str, field: str, code: str | None, limit: int = MAX_CODE) -> None:
    """An id or a code, which is kept as it stands: short, and nothing in it that cannot be seen."""
    if code is not None and (len(code) > limit or not code.isprintable()):
        raise Refusal("field_code", subject, field=field, limit=limit)


def sane_report(subject: str, priority: int | None, title: str | None, description: str | None) -> None:
    """Fields that every screen shows are kept within what a screen can show."""
    if priority is not None and priority not in PRIORITIES:
        raise Refusal("priority_unknown", subject, priority=priority)
    if title is not None and (not title.strip() or len(title) > MAX_TITLE):
        raise Refusal("title_length", subject, length=len(title), limit=MAX_TITLE)
    if description is not None and len(description) > MAX_TEXT:
        raise Refusal("text_length", subject, length=len(description), limit=MAX_TEXT)


def sane_position(subject: str, lat: float | None, lon: float | None) -> None:
    """Both or neither, within the globe; NaN fails both comparisons."""
    if lat is None and lon is None:
        return
    if lat is None or lon is None or not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise Refusal("position_impossible", subject, lat=lat, lon=lon)
