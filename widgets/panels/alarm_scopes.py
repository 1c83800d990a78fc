"""Owns what the alarm lane proposes to shelve of a row, and in which words. Must not shelve."""

from __future__ import annotations

from app.domain.shelf import ALARM, DEVICE, TYPE_AT_PLACE, key_of
from app.i18n import tr
from widgets.models.alarm_lane import AlarmRow, Names
from widgets.panels.alarm_ask import Scope


def scopes_of(row: AlarmRow, is_one_device: bool, names: Names) -> list[Scope]:
    """Every scope that the row's alarm has, the proposed one first."""
    first = ALARM
    if row.chattering or (row.kind == "group" and is_one_device):
        first = DEVICE
    elif row.kind == "group":
        first = TYPE_AT_PLACE
    known = [scope for scope in (ALARM, DEVICE, TYPE_AT_PLACE) if key_of(row.alarm, scope) is not None]
    known.sort(key=lambda scope: scope != first)
    return [Scope(scope, _words(scope, row, names)) for scope in known]


def _words(scope: str, row: AlarmRow, names: Names) -> str:
    alarm = row.alarm
    return tr(
        f"alarm.scope.{scope}",
        device=names.camera(alarm.origin) or alarm.origin,
        type=row.type_name,
        place=names.grid(alarm.place),
    )
