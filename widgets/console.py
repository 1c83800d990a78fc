"""The window: docks, their default arrangement, and what goes on between them.

Owns the main window. Must not hold rules, read the journal or paint anything a panel paints.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.docks import Dock, DockSpec
from widgets.layouts import arrange
from widgets.parts.empty_state import EmptyState
from widgets.selection import Selection


class Console(QMainWindow):
    """One desk's window. `closed` is emitted once when the officer closes it."""

    closed = Signal()

    def __init__(self, bridge: Bridge, *, remember: bool = True) -> None:
        super().__init__()
        self.bridge = bridge
        self.selection = Selection(self)
        self.setDockNestingEnabled(True)
        self._docks = {spec.name: Dock(spec, self) for spec in self._specs()}
        arrange(self, self._docks)
        self.resize(1920, 1080)
        self.retranslate()
        QTimer.singleShot(0, self, self.build_all)

    def _specs(self) -> tuple[DockSpec, ...]:
        names = ("queue", "alarms", "map", "card", "dispatch", "units", "wall", "quarantine")
        return tuple(DockSpec(name, name, _coming) for name in names)

    def dock(self, name: str) -> Dock:
        return self._docks[name]

    def panel(self, name: str) -> QWidget:
        """A dock's panel; built now when it has not been seen yet."""
        return self._docks[name].panel

    def build_all(self) -> None:
        """Builds every panel that has not been seen yet."""
        for dock in self._docks.values():
            dock.panel

    def pictured(self) -> dict[str, QWidget]:
        """What goes into a set of screenshots, by the stem of its file."""
        return {dock.spec.picture: dock.panel for dock in self._docks.values()}

    def show_failure(self, text: str) -> None:
        failure = EmptyState()
        failure.show_error(tr("console.failed.title"), text)
        for dock in self._docks.values():
            dock.hide()
        self.setCentralWidget(failure)

    def retranslate(self) -> None:
        drill = self.bridge.app.mode == "drill"
        centre = self.bridge.district.name_zh
        self.setWindowTitle(tr("console.title_exercise" if drill else "console.title", centre=centre))
        for dock in self._docks.values():
            dock.retranslate()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def shut_down(self) -> None:
        """Ends everything that the window owns."""
        self.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)


def _coming() -> QWidget:
    panel = EmptyState()
    panel.show_empty(tr("console.coming.title"), tr("console.coming.hint"))
    return panel
