"""Owns the second map: a dock that floats, on another screen where there is one, with its own view and layers.

It is built when it is opened and ended when it is closed: nothing of it is left. Must not know what a map shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.paths import user_config_dir
from widgets.bridge_tap import BridgeTap
from widgets.docks import Dock, DockSpec
from widgets.garbage import collect_all_soon, keep_what_stands

if TYPE_CHECKING:
    from widgets.console import Console
    from widgets.panels.map import MapPanel

NAME = "second_map"
VIEW_FILE, LAYER_FILE = "map_view_2.json", "map_layers_2.json"
_SHARE = 0.7


class SecondMap(QObject):
    """`dock` stands with the console's other docks; its place is part of the layout."""

    def __init__(self, console: Console, exercise: bool, *, remember: bool) -> None:
        super().__init__(console)
        self._console = console
        self._remember = remember
        self._tap: BridgeTap | None = None
        self._placed = False
        self.dock = Dock(DockSpec(NAME, self._build), exercise, console)
        self.dock.hide()
        console.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()
        self.dock.visibilityChanged.connect(self._seen)
        console.bridge.restored.connect(self._fill)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self.dock)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._search)

    @property
    def panel(self) -> MapPanel | None:
        """None while it is closed."""
        return cast("MapPanel", self.dock.panel) if self.dock.is_filled else None

    def toggle(self) -> None:
        """Opens it, the first time on another screen; or closes it."""
        if not self.dock.isHidden():
            self.dock.close()
            return
        if not self._placed:
            self._place()
        self.dock.show()
        self._fill()
        self.dock.bring_up()

    def end(self) -> None:
        """Ends it with the console; whether it was open is in the layout already."""
        self.dock.hide()
        self._free()

    # -- life --------------------------------------------------------------------------------------------------------

    def _build(self) -> QWidget:
        from widgets.panels.map import MapPanel

        # What stands already is not looked through when this map's objects are collected at its end.
        keep_what_stands()
        self._tap = BridgeTap(self._console.bridge, self)
        panel = MapPanel(
            self._tap,
            layer_file=user_config_dir() / LAYER_FILE,
            remember=self._remember,
            view_file=view_file() if self._remember else None,
        )
        self._console.wiring.connect_map(panel)
        return panel

    def _seen(self, in_sight: bool) -> None:
        if in_sight:
            self._placed = True
            QTimer.singleShot(0, self, self._fill)
        elif self.dock.isHidden():
            QTimer.singleShot(0, self, self._free)

    def _fill(self) -> None:
        if not self.dock.isHidden() and self._console.bridge.app.is_restored:
            self.dock.fill()

    def _free(self) -> None:
        """Ends panel, threads, timers and pictures; a window that was opened again meanwhile is left alone."""
        panel = self.panel
        if panel is None or not self.dock.isHidden():
            return
        self.dock.empty()
        panel.basemaps.close()
        panel.close()
        panel.view.close()
        panel.deleteLater()
        if self._tap is not None:
            self._tap.close()
            self._tap = None
        # Widgets and their closures hold each other, and old objects are otherwise never looked at again.
        collect_all_soon(self._console)

    def _search(self) -> None:
        if self.panel is not None:
            self.panel.search.open(self.panel.view)

    def _place(self) -> None:
        """On the next screen, else beside the middle of the console's own."""
        own = self._console.screen()
        others = [screen for screen in QGuiApplication.screens() if screen is not own]
        room = (others[0] if others else own).availableGeometry()
        wanted = QRect(0, 0, round(room.width() * _SHARE), round(room.height() * _SHARE))
        wanted.moveCenter(room.center())
        self.dock.setFloating(True)
        self.dock.setGeometry(wanted)


def view_file() -> Path:
    return user_config_dir() / VIEW_FILE
