"""What an officer can do in the alarm lane, declared once.

Owns ids, keys and when an action is offered. Must not know a panel and must not judge: `enabled` only spares the
officer what would be refused anyway; app/domain decides. Menu, buttons and the page of keys ("?") read it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.shelf import can_be_shelved
from app.i18n import tr
from widgets.models.alarm_lane import AlarmRow


@dataclass(frozen=True, slots=True)
class AlarmAction:
    """One thing to do with the chosen row. `key` is a QKeySequence text; `needs_row` is False for what needs none."""

    id: str
    key: str
    enabled: Callable[[AlarmRow], bool]
    needs_row: bool = True

    def title(self) -> str:
        return tr(f"alarm.act.{self.id}")

    def why_not(self, row: AlarmRow) -> str:
        """One sentence on why it is not offered for this row; "" where it is."""
        if self.enabled(row):
            return ""
        if self.id == "shelve":
            return tr("alarm.not.shelve.emergency" if row.alarm.emergency else "alarm.not.shelve")
        return tr(f"alarm.not.{self.id}")


def _always(_row: AlarmRow) -> bool:
    return True


NEXT: Final = AlarmAction("next", "J", _always, needs_row=False)
ACKNOWLEDGE: Final = AlarmAction("acknowledge", "K", lambda row: row.is_raised)
ACCEPT: Final = AlarmAction("accept", "I", _always)
ATTACH: Final = AlarmAction("attach", "T", _always)
OPEN: Final = AlarmAction("open", "Space", lambda row: row.kind != "single")
SHELVE: Final = AlarmAction("shelve", "S", lambda row: can_be_shelved(row.alarm))
SHELVE_DEVICE: Final = AlarmAction("shelve_device", "Shift+S", _always, needs_row=False)
"""The device that chatters, whatever row is chosen."""
CANCEL: Final = AlarmAction("cancel", "X", _always)
SHELVED: Final = AlarmAction("shelved", "V", _always, needs_row=False)
LOAD: Final = AlarmAction("load", "L", _always, needs_row=False)

ROW_ACTIONS: Final = (ACKNOWLEDGE, ACCEPT, ATTACH, OPEN, SHELVE, CANCEL)
ALARM_ACTIONS: Final = (NEXT, *ROW_ACTIONS, SHELVE_DEVICE, SHELVED, LOAD)
"""In the order in which they are listed."""
