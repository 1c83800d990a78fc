"""Owns what the alarm lane proposes to shelve, and in which words. Must not shelve."""

from __future__ import annotations

from app.centre.types_in_force import type_name
from app.domain.alarm import Alarm
from app.domain.shelf import ALARM, DEVICE, TYPE_AT_PLACE, key_of
from app.i18n import tr
from app.projections.alarm_groups import AlarmGroup
from widgets.models.alarm_lane import Names
from widgets.panels.alarm_ask import Scope


def proposed_scope(group: AlarmGroup | None, alarm: Alarm, *, chatters: bool) -> str:
    """What chatters is shelved by its device, a group by what it has in common, anything else by itself."""
    if chatters:
        return DEVICE
    if group is None or len(group) == 1:
        return ALARM
    key = key_of(alarm, DEVICE)
    is_one = key is not None and all(key_of(member, DEVICE) == key for member in group.members.values())
    return DEVICE if is_one else TYPE_AT_PLACE


def scopes_of(alarm: Alarm, proposed: str, names: Names) -> list[Scope]:
    """Every scope that the alarm has, the proposed one first; an alarm that has ended has none of its own."""
    scopes = (ALARM, DEVICE, TYPE_AT_PLACE) if alarm.is_live else (DEVICE, TYPE_AT_PLACE)
    known = [scope for scope in scopes if key_of(alarm, scope) is not None]
    known.sort(key=lambda scope: scope != proposed)
    return [Scope(scope, _words(scope, alarm, names)) for scope in known]


def _words(scope: str, alarm: Alarm, names: Names) -> str:
    return tr(
        f"alarm.scope.{scope}",
        device=names.camera(alarm.origin) or alarm.origin,
        type=type_name(alarm.alarm_type),
        place=names.grid(alarm.place),
    )
