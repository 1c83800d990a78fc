"""Owns the words of an alarm of the field link in the language of this desk, whichever desk raised it.

Must not decide what an alarm is about: app/domain/field_causes.py does.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.i18n import tr
from app.service.emergency_words import emergency_title


def own_title(alarm: Alarm, desk: Desk, call_signs: Mapping[str, str]) -> str:
    """The title as this desk would have given it; any other alarm's own title."""
    if alarm.source != "field":
        return alarm.title
    from app.domain.field_causes import DECLINED, EMERGENCY, MESSAGE, cause_of

    cause = cause_of(alarm)
    unit = desk.units.get(cause.unit) if cause is not None else None
    if cause is None or unit is None:
        return alarm.title
    incident = desk.incidents.get(cause.incident)
    if incident is None and cause.incident:
        return alarm.title
    sign = call_signs.get(unit.id, unit.call_sign)
    number = incident.number.rpartition("-")[2] if incident is not None else ""
    if cause.what == EMERGENCY:
        return emergency_title(sign, number, cause.which.partition(".")[0])
    if cause.what == MESSAGE:
        return tr("field.alarm.message" if number else "field.alarm.message.alone", unit=sign, number=number)
    decline = unit.decline(incident.id) if incident is not None else unit.post_decline
    reason = decline.reason if cause.what == DECLINED and decline is not None else ""
    what = f"{cause.what}.unsaid" if cause.what == DECLINED and not reason else cause.what
    return tr(f"field.alarm.{what}", unit=sign, number=number or tr("post.number"), reason=reason)
