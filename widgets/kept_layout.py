"""Where window and docks stand, kept while the desk runs and not only when it is closed.

Owns when the settings file of layouts is written. Must not place anything.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QDockWidget, QMainWindow

from widgets.bridge import Bridge
from widgets.layouts import Layout, Layouts, layouts_path, layouts_text
from widgets.settings_keeper import SettingsKeeper

_CHANGES = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.Move,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.WindowStateChange,
    }
)


class KeptLayout(QObject):
    """The layouts of one window; `failed` of `keeper` says why they could not be written."""

    def __init__(self, bridge: Bridge, window: QMainWindow, layouts: Layouts) -> None:
        super().__init__(window)
        self._window = window
        self._layouts = layouts
        self._watched: list[QObject] = []
        self.keeper = SettingsKeeper(bridge, layouts_path(), self._content, self)

    def watch(self) -> None:
        """Everything stands in its first place: from now on whatever is moved is kept."""
        self._watched = [self._window, *self._window.findChildren(QDockWidget)]
        for each in self._watched:
            each.installEventFilter(self)

    def end(self) -> None:
        """Keep what stands now; what the end of the desk hides is no choice of the officer's."""
        if self._watched:
            for each in self._watched:
                each.removeEventFilter(self)
            self._watched = []
            self.keeper.write_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self.keeper.touch()
        return False

    def _content(self) -> str:
        self._layouts.last = Layout.of(self._window)
        return layouts_text(self._layouts)
