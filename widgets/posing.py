"""Makes a window without an officer worth a picture: something is selected, every panel stands, the wall has frames.

Owns nothing that a desk with an officer uses. Must not touch the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from widgets.console import Console

LOOK_MS = 100
LONGEST_LOOKS = 40


class Pose(QObject):
    """Selects the most urgent open incident (another only when more urgent); lets the wall run until it is live."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        console.bridge.incidents_changed.connect(lambda _keys: self._select())
        if console.bridge.app.is_restored:
            self._begin()
        else:
            console.bridge.restored.connect(self._begin)

    def _begin(self) -> None:
        self._console.build_all()
        self._select()
        self._timer.start()

    def _select(self) -> None:
        selection = self._console.selection
        known = self._console.bridge.desk.incidents
        waiting = [incident for incident in known.values() if incident.is_open]
        if not (waiting and self._console.bridge.app.is_restored):
            return
        urgent = min(waiting, key=lambda incident: (incident.priority, incident.opened_at))
        chosen = known.get(selection.incident)
        if chosen is None or urgent.priority < chosen.priority:
            selection.select_incident(urgent.id)

    def _look(self) -> None:
        """The wall may be a tab behind the card: it is shown until its tiles are live, then the card again."""
        if not self._console.isVisible():
            return
        wall: Any = self._console.panel("wall")
        if self._looks == 0:
            self._console.dock("wall").raise_()
        self._looks += 1
        if wall.is_live or self._looks >= LONGEST_LOOKS:
            self._timer.stop()
            self._console.dock("card").raise_()
