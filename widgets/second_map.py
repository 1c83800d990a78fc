"""Owns the second map: a dock that floats, on another screen where there is one, with its own view and layers.

It is built when it is opened and ended when it is closed: nothing of it is left. Must not know what a map shows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.paths import user_config_dir
from widgets.bridge_tap import BridgeTap
from widgets.docks import Dock, DockSpec
from widgets.garbage import collect_all_soon, keep_what_stands

if TYPE_CHECKING:
    from widgets.console import Console
    from widgets.panels.map import MapPanel

NAME = "second_map"
VIEW_FILE, LAYER_FILE = "second_map.json", "map_layers_2.json"
_VERSION = 1
_SHARE = 0.7


class SecondMap(QObject):
    """`dock` stands with the console's other docks; its place is part of the layout."""

    def __init__(self, console: Console, exercise: bool, *, remember: bool) -> None:
        super().__init__(console)
        self._console = console
        self._remember = remember
        self._readable = True
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
        panel = MapPanel(self._tap, layer_file=user_config_dir() / LAYER_FILE, remember=self._remember)
        self._console.wiring.connect_map(panel)
        self._restore_view(panel)
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
        self._keep_view(panel)
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

    # -- the view of last time ---------------------------------------------------------------------------------------

    def _restore_view(self, panel: MapPanel) -> None:
        from widgets.map.view import Camera2D

        if not self._remember:
            return
        try:
            view = _read_view(view_file())
        except (OSError, ValueError, KeyError, TypeError) as fault:
            self._readable = False
            panel.tools.told.tell(tr("map_tools.second.unreadable", reason=fault), failed=True)
            return
        if view is not None:
            lat, lon, zoom = view
            x_m, y_m = panel.view.scene.projection.to_metres(lat, lon)
            panel.view.steering.go_to(Camera2D(x_m, y_m, zoom))

    def _keep_view(self, panel: MapPanel) -> None:
        """A view that nobody holds fits itself the next time too."""
        if not (self._remember and self._readable):
            return
        try:
            _write_view(view_file(), _view_of(panel) if panel.view.locked else None)
        except OSError as fault:
            self._console.bridge.trouble_changed.emit(tr("map_tools.second.not_kept", reason=fault))


def view_file() -> Path:
    return user_config_dir() / VIEW_FILE


def _view_of(panel: MapPanel) -> tuple[float, float, float]:
    target = panel.view.view.target
    return (*panel.view.scene.projection.to_degrees(target.x_m, target.y_m), target.zoom)


def _read_view(path: Path) -> tuple[float, float, float] | None:
    if not path.exists():
        return None
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    if content["version"] != _VERSION:
        raise ValueError(f"{path}: version {content['version']!r} is not {_VERSION}")
    view = content["view"]
    return None if view is None else (float(view["lat"]), float(view["lon"]), float(view["zoom"]))


def _write_view(path: Path, view: tuple[float, float, float] | None) -> None:
    plain = None if view is None else dict(zip(("lat", "lon", "zoom"), view, strict=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"version": _VERSION, "view": plain}), encoding="utf-8")
    fresh.replace(path)
