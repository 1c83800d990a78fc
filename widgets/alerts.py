"""Which change is worth a sound: incidents and rows of the alarm lane that are new since the journal was read.

Owns what has been heard of, and the repeating of emergencies that nobody has acknowledged. Must not make the noise:
that is the sound board. What the journal held is no news: reading it, or replaying it, sounds nothing but an emergency
that still waits for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer

from app.domain.alarm import RAISED, Alarm
from app.projections.alarm_lane import AlarmLane
from widgets.bridge import Bridge
from widgets.sound import Sound, SoundBoard

_CAN_WAIT = 3
"""Alarms of this priority and below sound once a flood, the others once a row of the lane."""


class Alerts(QObject):
    """One sound a change at most: the most urgent of what is new."""

    def __init__(self, bridge: Bridge, board: SoundBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._board = bridge, board
        self._incidents: set[str] = set()
        self._alarms: set[str] = set()
        self._rows: dict[str, int] = {}
        """Row of the lane -> the most urgent priority that it has sounded with."""
        self._told_flood = False
        self._repeat = QTimer(self)
        self._repeat.setInterval(bridge.projections.alarm_lane.limits.repeat_ms)
        self._repeat.timeout.connect(lambda: self._board.play(Sound.EMERGENCY))
        bridge.incidents_changed.connect(self._on_incidents)
        bridge.alarms_changed.connect(self._on_alarms)
        if bridge.app.is_restored:
            self._know_all()
        else:
            bridge.restored.connect(self._know_all)

    @property
    def repeats(self) -> bool:
        """Whether an emergency sounds again and again."""
        return self._repeat.isActive()

    def close(self) -> None:
        """Repeats nothing any more."""
        self._repeat.stop()

    @property
    def _lane(self) -> AlarmLane:
        return self._bridge.projections.alarm_lane

    def _know_all(self) -> None:
        self._incidents.update(self._bridge.desk.incidents)
        for group in self._lane.groups.values():
            self._alarms.update(group.members)
            self._rows[group.id] = group.priority
        if self._lane.unanswered:
            self._board.play(Sound.EMERGENCY)
        self._keep_repeating()

    def _on_incidents(self, keys: Iterable[str]) -> None:
        if not self._bridge.app.is_restored:
            return
        known = self._bridge.desk.incidents
        fresh = [known[key] for key in keys if key not in self._incidents]
        self._incidents.update(incident.id for incident in fresh)
        self._play([Sound.of_priority(incident.priority) for incident in fresh if incident.is_open])

    def _on_alarms(self, keys: Iterable[str]) -> None:
        """What a shelf holds is no news yet: it is when it comes back to the lane."""
        if not self._bridge.app.is_restored:
            return
        known = self._bridge.desk.alarms
        fresh = []
        for key in keys:
            if self._lane.group_of(key) is None:
                self._alarms.discard(key)
                if key not in self._lane.groups:
                    self._rows.pop(key, None)
            elif key not in self._alarms:
                self._alarms.add(key)
                fresh.append(known[key])
        if fresh:
            told = self._is_told_flood()
            self._play([sound for alarm in fresh if (sound := self._sound_of(alarm, told)) is not None])
        self._forget_rows()
        self._keep_repeating()

    def _sound_of(self, alarm: Alarm, told_flood: bool) -> Sound | None:
        """A row of the lane sounds when it is new and when it becomes more urgent."""
        group = self._lane.group_of(alarm.id)
        if group is None or alarm.status != RAISED:
            return None
        heard = self._rows.get(group.id)
        if heard is not None and heard <= alarm.priority:
            return None
        self._rows[group.id] = alarm.priority
        if alarm.priority >= _CAN_WAIT and not alarm.emergency and told_flood:
            return None
        return Sound.of_alarm(alarm.priority, emergency=alarm.emergency)

    def _is_told_flood(self) -> bool:
        """Whether a flood is on that has sounded already."""
        told = self._told_flood
        self._told_flood = self._bridge.projections.alarm_load.is_flood(self._bridge.clock.now())
        return told and self._told_flood

    def _forget_rows(self) -> None:
        groups = self._lane.groups
        if len(self._rows) > 2 * len(groups) + 100:
            self._rows = {row: heard for row, heard in self._rows.items() if row in groups}

    def _keep_repeating(self) -> None:
        if not self._lane.unanswered:
            self._repeat.stop()
        elif not self._repeat.isActive():
            self._repeat.start()

    def _play(self, sounds: list[Sound]) -> None:
        if sounds:
            self._board.play(min(sounds, key=lambda sound: sound.urgency))
