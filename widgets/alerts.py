"""Which change is worth a sound: incidents and alarms that are new since the journal was read.

Owns what has been heard of. Must not make the noise: that is the sound board.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from app.domain.alarm import RAISED
from widgets.bridge import Bridge
from widgets.sound import Sound, SoundBoard


class Alerts(QObject):
    """One sound a change at most: the most urgent of what is new."""

    def __init__(self, bridge: Bridge, board: SoundBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._board = bridge, board
        self._incidents: set[str] = set()
        self._alarms: set[str] = set()
        bridge.incidents_changed.connect(self._on_incidents)
        bridge.alarms_changed.connect(self._on_alarms)
        if bridge.app.is_restored:
            self._know_all()
        else:
            bridge.restored.connect(self._know_all)

    def _know_all(self) -> None:
        """What the journal held is no news."""
        self._incidents.update(self._bridge.desk.incidents)
        self._alarms.update(self._bridge.desk.alarms)

    def _on_incidents(self, keys: Iterable[str]) -> None:
        if not self._bridge.app.is_restored:
            return
        known = self._bridge.desk.incidents
        fresh = [known[key] for key in keys if key not in self._incidents]
        self._incidents.update(incident.id for incident in fresh)
        self._play([Sound.of_priority(incident.priority) for incident in fresh if incident.is_open])

    def _on_alarms(self, keys: Iterable[str]) -> None:
        if not self._bridge.app.is_restored:
            return
        known = self._bridge.desk.alarms
        fresh = [known[key] for key in keys if key not in self._alarms]
        self._alarms.update(alarm.id for alarm in fresh)
        self._play([Sound.ALARM for alarm in fresh if alarm.status == RAISED])

    def _play(self, sounds: list[Sound]) -> None:
        if sounds:
            self._board.play(min(sounds, key=lambda sound: sound.urgency))
