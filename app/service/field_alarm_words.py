"""Owns the words of an alarm of the field link, and of an incident that is made of one, in the language of this desk.

Whichever desk raised or accepted it. Must not decide what an alarm is about: app/domain/field_causes.py does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.domain.plain import replace
from app.i18n import tr
from app.service.emergency_words import emergency_title

NameOf = Callable[[str], str | None]
"""The call sign of a unit's id in the language in force; nothing where only the journal knows it."""

_MADE_OF: Final = "alarm:field-"
"""How the first source of an incident begins that is made of such an alarm."""


def own_title(alarm: Alarm, desk: Desk, name_of: NameOf) -> str:
    """The title as this desk would have given it; any other alarm's own title."""
    if alarm.source != "field":
        return alarm.title
    from app.domain.field_causes import DECLINED, EMERGENCY, MESSAGE, UNHEARD, cause_of

    cause = cause_of(alarm)
    unit = desk.units.get(cause.unit) if cause is not None else None
    if cause is None or unit is None:
        return alarm.title
    incident = desk.incidents.get(cause.incident)
    if incident is None and cause.incident:
        return alarm.title
    sign = name_of(unit.id) or unit.call_sign
    number = incident.number.rpartition("-")[2] if incident is not None else ""
    if cause.what == EMERGENCY:
        return emergency_title(sign, number, cause.which.partition(".")[0])
    if cause.what in (MESSAGE, UNHEARD):
        return tr(f"field.alarm.{cause.what}{'' if number else '.alone'}", unit=sign, number=number)
    decline = unit.decline(incident.id) if incident is not None else unit.post_decline
    reason = decline.reason if cause.what == DECLINED and decline is not None else ""
    what = f"{cause.what}.unsaid" if cause.what == DECLINED and not reason else cause.what
    return tr(f"field.alarm.{what}", unit=sign, number=number or tr("post.number"), reason=reason)


def said_title(incident: Incident, title: str, desk: Desk, name_of: NameOf) -> str:
    """`title` is what the incident is or once was called; words that an officer has given it stay his."""
    first = incident.source_ids[0] if incident.source_ids else ""
    if not first.startswith(_MADE_OF):
        return title
    alarm = desk.alarms.get(first.partition(":")[2])
    if alarm is None or not _is_said_by(alarm, title):
        return title
    return own_title(alarm, desk, name_of)


def said(incident: Incident, desk: Desk, name_of: NameOf) -> Incident:
    """The incident as it is shown; what is decided goes by the one that the desk keeps."""
    title = said_title(incident, incident.title, desk, name_of)
    return incident if title == incident.title else replace(incident, title=title)


def _is_said_by(alarm: Alarm, title: str) -> bool:
    """Not of a decline: its reason is gone with the decline. What was signed has its numbers masked."""
    return alarm.device.partition(":")[0] != "declined" and title in (alarm.title, mask_text(alarm.title))
