"""What stands in the window's head besides the lamps: the command line, and the sheet that says how the desk itself is.

Owns both and the measuring of keys. Must not know what a command does: wiring.py says what a look or a report means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from widgets.key_latency import KeyLatency
from widgets.panels.command_line import CommandLine
from widgets.panels.command_source import CommandSource

if TYPE_CHECKING:
    from widgets.console import Console
    from widgets.panels.health_sheet import HealthSheet


class Head(QObject):
    """Of one window."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._health: HealthSheet | None = None
        self.key_latency = KeyLatency(console)
        self.line = self._make_line()

    def toggle_health(self) -> None:
        """How fast and how well the desk itself is, below its lamps."""
        self.health.toggle(self._console.strip.database)

    @property
    def health(self) -> HealthSheet:
        """Built when it is first wanted."""
        if self._health is None:
            from widgets.panels.health_sheet import HealthSheet

            self._health = HealthSheet(self._console.bridge, self.key_latency, self._console)
        return self._health

    def _make_line(self) -> CommandLine:
        """What the line finds on the map it finds in the map's own search."""
        console, wiring = self._console, self._console.wiring
        source = CommandSource(console.bridge, wiring.map_search, wiring.map_middle, self)
        line = CommandLine(console.bridge, source, console)
        console.strip.take_line(line.edit)
        console.strip.health_wanted.connect(self.toggle_health)
        line.went.connect(wiring.look_at)
        line.reported.connect(wiring.go_to_incident)
        return line
