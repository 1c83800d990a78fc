"""Which units have called for help themselves and have not been helped yet.

Owns the derivation from alarms and incidents; it keeps nothing. Must not raise or end an alarm.
"""

from __future__ import annotations

from typing import Final

from app.domain.alarm import Alarm
from app.domain.desk import Desk

DEVICE: Final = "unit:"
"""Before a unit's id in the device of its own emergency."""


def units_in_distress(desk: Desk) -> frozenset[str]:
    """Units whose emergency nobody has ended, or whose incident is open."""
    return frozenset(
        alarm.device.removeprefix(DEVICE)
        for alarm in desk.alarms.values()
        if alarm.emergency and alarm.device.startswith(DEVICE) and _goes_on(desk, alarm)
    )


def _goes_on(desk: Desk, alarm: Alarm) -> bool:
    if alarm.is_live:
        return True
    incident = desk.incidents.get(alarm.incident or "")
    while incident is not None and incident.merged_into is not None:
        incident = desk.incidents.get(incident.merged_into)
    return incident is not None and incident.is_open
