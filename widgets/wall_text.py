"""Owns the text scale of a panel that fills the console's own screen.

It is the largest at which the panel still has the room that it had in the window: what was in sight there stays in
sight, larger. On another screen the console stays in sight beside it, and both keep the scale of the program.
Must not make walls: docks say when they become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

from widgets.docks import Dock
from widgets.style import end_enlarging, enlarge, tell, theme_notifier, tokens

STEPS: Final = (2.0, 1.75, 1.5, 1.25)
"""How many times larger than the program's own scale; beyond twice letters only take room from each other."""


def step_for(before: QSize, after: QSize) -> float:
    """The step for a panel that had so much room and has so much now; 1.0 when it has not won enough for any."""
    if before.isEmpty():
        return 1.0
    won = min(after.width() / before.width(), after.height() / before.height())
    return next((step for step in STEPS if step <= won), 1.0)


class WallText(QObject):
    """Enlarges a wall while it has the keyboard: whoever goes back to the console finds it as he left it."""

    def __init__(self, console: QWidget) -> None:
        super().__init__(console)
        self._console = console
        self._wall: Dock | None = None
        self._plain_scale = 1.0
        self._is_large = False
        self._has_had_focus = False
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._follow_focus)

    def watch(self, docks: Iterable[Dock]) -> None:
        for dock in docks:
            dock.became_wall.connect(lambda dock=dock: self._begin(dock))
            dock.leaves_wall.connect(self.end)

    def end(self) -> None:
        """Everything wears the program's own scale again."""
        self._rest()
        self._wall = None

    def _begin(self, dock: Dock) -> None:
        self.end()
        if dock.screen() is self._console.screen():
            self._wall = dock
            self._has_had_focus = QGuiApplication.focusWindow() is dock.windowHandle()
            self._grow()

    def _grow(self) -> None:
        wall = self._wall
        step = step_for(wall.room_in_window, wall.screen().size()) if wall is not None else 1.0
        if wall is not None and not self._is_large and step > 1:
            self._is_large, self._plain_scale = True, tokens().scale
            enlarge(wall, self._plain_scale * step)
            # A turn later: the key that made the wall does not wait for both.
            QTimer.singleShot(0, self, self._tell)

    def _tell(self) -> None:
        if self._is_large and self._wall is not None:
            tell(self._wall)

    def _rest(self) -> None:
        if self._is_large and self._wall is not None:
            self._is_large = False
            end_enlarging(self._wall, self._plain_scale)
            self._wall.dress_frame()
            # All the rest a turn later, and what was laid out behind the wall meanwhile.
            QTimer.singleShot(0, self, theme_notifier.changed.emit)

    def _follow_focus(self, window: QWindow | None) -> None:
        """Menus and sheets of the wall are the wall; with no window at all somebody only looks elsewhere."""
        wall = self._wall.windowHandle() if self._wall is not None else None
        if window is None or wall is None:
            return
        if window is wall or wall.isAncestorOf(window, QWindow.AncestorMode.IncludeTransients):
            self._has_had_focus = True
            self._grow()
        elif self._has_had_focus:  # before, a window manager only goes by way of the console to the wall
            self._rest()
