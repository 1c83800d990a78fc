"""What stands in the window's head besides the lamps: the command line, and the sheet that says how the desk itself is.

Owns both and the measuring of keys; what is not seen at the start is made when it is first wanted. Must not know what a
command does: wiring.py says what a look or a report means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.i18n import tr
from widgets.key_latency import KeyLatency
from widgets.panels.command_edit import CommandEdit

if TYPE_CHECKING:
    from widgets.console import Console
    from widgets.panels.command_line import CommandLine
    from widgets.panels.health_sheet import HealthSheet


class Head(QObject):
    """Of one window."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._line: CommandLine | None = None
        self._health: HealthSheet | None = None
        self.key_latency = KeyLatency(console)
        self._edit = CommandEdit()
        self._edit.entered.connect(self._first_entered)
        console.strip.take_line(self._edit)
        console.strip.health_wanted.connect(self.toggle_health)
        self.retranslate()

    def open_line(self) -> None:
        """The keyboard to the command line."""
        self.line.open()

    def toggle_health(self) -> None:
        """How fast and how well the desk itself is, below its lamps."""
        self.health.toggle(self._console.strip.database)

    def retranslate(self) -> None:
        """The language has changed."""
        self._edit.setPlaceholderText(tr("strip.command"))
        self._edit.setAccessibleName(tr("strip.command"))
        if self._line is not None:
            self._line.retranslate()

    @property
    def line(self) -> CommandLine:
        """The command line; what it finds on the map it finds in the map's own search."""
        if self._line is None:
            from widgets.panels.command_line import CommandLine
            from widgets.panels.command_source import CommandSource

            console, wiring = self._console, self._console.wiring
            source = CommandSource(console.bridge, wiring.map_search, wiring.map_middle, self)
            self._line = CommandLine(console.bridge, source, self._edit, console)
            self._line.went.connect(wiring.look_at)
            self._line.reported.connect(wiring.go_to_incident)
        return self._line

    @property
    def health(self) -> HealthSheet:
        """The sheet about the desk itself."""
        if self._health is None:
            from widgets.panels.health_sheet import HealthSheet

            self._health = HealthSheet(self._console.bridge, self.key_latency, self._console)
        return self._health

    def _first_entered(self) -> None:
        """By a click: from then on the line hears of it itself."""
        self._edit.entered.disconnect(self._first_entered)
        if self._line is None and QApplication.focusWidget() is self._edit:
            self.line.enter()
