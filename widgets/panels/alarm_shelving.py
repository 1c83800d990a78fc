"""Owns how an officer puts alarms aside from the lane: what is asked, and the commands that come of it.

Must not judge, and must not know the rows: it is told which alarm is meant.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.alarm import Alarm
from app.domain.commands import Command, ReviewShelved, ShelveAlarm, UnshelveAlarm
from app.domain.instants import Instant
from app.i18n import tr
from app.projections.alarm_lane import AlarmLane
from widgets.alarm_actions import SHELVE
from widgets.bridge import Bridge
from widgets.models.alarm_lane import Names
from widgets.panels.alarm_ask import AlarmAskSheet
from widgets.panels.alarm_scopes import proposed_scope, scopes_of
from widgets.panels.shelved_sheet import ShelvedSheet

Submit = Callable[[Command, str, str], None]
"""Gives a command; who and what it is about are said beside a refusal."""


class AlarmShelving:
    """Connects the sheet that asks and the sheet of what is shelved with the desk."""

    def __init__(
        self, bridge: Bridge, names: Names, ask: AlarmAskSheet, shelved: ShelvedSheet, submit: Submit
    ) -> None:
        self._bridge, self._names, self._ask, self._shelved, self._submit = (
            bridge,
            names,
            ask,
            shelved,
            submit,
        )
        self.alarm = ""
        """What was asked about last."""
        ask.shelve_wanted.connect(self._shelve)
        shelved.unshelve_wanted.connect(self.unshelve)
        shelved.review_wanted.connect(self.review)

    @property
    def _known(self) -> AlarmLane:
        return self._bridge.projections.alarm_lane

    def worst_chatterer(self, now: Instant) -> Alarm | None:
        """The newest alarm of the device that chatters most and that nobody has shelved."""
        known, alarms = self._known, self._bridge.desk.alarms
        open_ones = (alarms[key] for key in known.chatterers.values() if known.is_shelvable(alarms[key]))
        return max(open_ones, key=lambda alarm: known.chattering.count(alarm.origin, now), default=None)

    def ask_device(self) -> bool:
        """Asks about the device that chatters most; False where none does."""
        worst = self.worst_chatterer(self._bridge.clock.now())
        if worst is not None:
            self.ask(worst.id)
        return worst is not None

    def ask(self, key: str, title: str = "") -> None:
        """Asks about an alarm; a title of its own names what stands for more than one."""
        alarm = self._bridge.desk.alarms.get(key)
        if alarm is None:
            return
        self.alarm = key
        limits, known = self._known.limits, self._known
        longest_ms = limits.longest_shelf_ms(alarm.priority)
        choices = [span_ms for span_ms in limits.shelf_choices_ms if span_ms <= longest_ms] or [longest_ms]
        proposed = proposed_scope(known.group_of(key), alarm, chatters=alarm.origin in known.chattering)
        self._ask.ask_shelve(title or alarm.title, scopes_of(alarm, proposed, self._names), choices)

    def _shelve(self, scope: str, reason: str, span_ms: int) -> None:
        alarm = self._bridge.desk.alarms.get(self.alarm)
        title = alarm.title if alarm is not None else ""
        ends_at = self._bridge.clock.now() + span_ms
        command = ShelveAlarm(self._bridge.app.new_id(), scope, self.alarm, reason, ends_at)
        self._submit(command, title, SHELVE.title())

    def unshelve(self, shelf: str) -> None:
        self._submit(UnshelveAlarm(shelf), self._title(shelf), tr("alarm.shelves.unshelve"))

    def review(self, shelf: str) -> None:
        """Somebody has looked at it and leaves it as it is."""
        self._submit(ReviewShelved(shelf), self._title(shelf), tr("alarm.shelves.review"))

    def _title(self, shelf: str) -> str:
        known = self._bridge.desk.shelves.get(shelf)
        return self._shelved.what(known) if known is not None else ""
