"""Owns the menu of what is under the pointer: which actions each kind of thing has, in which order, with which key.

What an action is, when it is offered and what it becomes is declared in widgets/actions.py. What needs a form goes to
the panel that has it; the rest is done at once, and a refusal is told on the map.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.geo.coordinates import from_wgs84
from app.i18n import tr
from widgets.actions import (
    INCIDENT_ACTIONS,
    RECALL,
    UNIT_ACTIONS,
    WITHDRAW,
    Action,
    Target,
    Words,
    perform,
    target_of,
)
from widgets.map.hit import Hit
from widgets.panels.map_names import ThingNames

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

GRID_SHEET: Final = "grid"
SYSTEMS: Final = ("wgs84", "gcj02", "bd09")
_AFTER_LINE: Final = (WITHDRAW, RECALL)
"""What takes something back stands apart."""


class ActionMenu(QMenu):
    """A menu in which the keys that it shows work too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._by_key: dict[str, QAction] = {}

    def add(self, text: str, do: Callable[[], object], *, key: str = "", name: str = "") -> QAction:
        item = self.addAction(f"{text}\t{key}" if key else text)
        item.setObjectName(name)
        item.triggered.connect(lambda _checked=False: do())
        if key:
            self._by_key[key] = item
        return item

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self._by_key.get(QKeySequence(event.keyCombination()).toString())
        if item is None:
            super().keyPressEvent(event)
        elif item.isEnabled():
            self._close_all()
            item.trigger()

    def _close_all(self) -> None:
        menu: QWidget | None = self
        while isinstance(menu, QMenu):
            menu.close()
            menu = menu.parentWidget()


class MapMenu(QObject):
    """Builds the menus of one map panel and says what was chosen.

    `form_wanted` carries an incident and the action whose form is on the card, `unit_form_wanted` the same of a unit;
    `refused` carries who, what and why not.
    """

    form_wanted = Signal(str, object)
    unit_form_wanted = Signal(str, object)
    task_wanted = Signal(str)
    wall_wanted = Signal(str)
    near_wanted = Signal(float, float)
    export_wanted = Signal()
    keep_wanted = Signal()
    refused = Signal(str, str, str)
    copied = Signal(str)

    def __init__(self, panel: MapPanel, names: ThingNames) -> None:
        super().__init__(panel)
        self._panel = panel
        self._names = names
        self._adders: dict[str, Callable[[ActionMenu, str], None]] = {
            "incident": self._add_incident,
            "unit": self._add_unit,
            "camera": self._add_camera,
            "grid": self._add_grid,
        }

    def menu_for(self, things: Sequence[Hit], lat: float, lon: float) -> ActionMenu:
        """What can be done at a place: with the one thing that stands there, or a submenu for each of several."""
        menu = ActionMenu(self._panel)
        acted = [hit for hit in things if hit[0] in self._adders]
        marks = [hit for hit in acted if hit[0] != "grid"]
        if len(marks) == 1:
            self._add_head(menu, marks[0])
            self._adders[marks[0][0]](menu, marks[0][1])
            self._add_submenus(menu, [hit for hit in acted if hit not in marks])
        else:
            self._add_submenus(menu, acted)
        if menu.actions():
            menu.addSeparator()
        self._add_ground(menu, lat, lon)
        return menu

    def _add_head(self, menu: ActionMenu, hit: Hit) -> None:
        head = menu.addAction(self._short(hit))
        head.setObjectName("head")
        head.setEnabled(False)

    def _add_submenus(self, menu: ActionMenu, things: Sequence[Hit]) -> None:
        for kind, key in things:
            sub = ActionMenu(menu)
            sub.setTitle(self._short((kind, key)))
            sub.setObjectName(f"{kind}/{key}")
            menu.addMenu(sub)
            self._adders[kind](sub, key)

    def _short(self, hit: Hit) -> str:
        name = self._names.of(hit)
        return (name if len(name) <= 40 else f"{name[:39]}…").replace("&", "&&")

    # -- things ------------------------------------------------------------------------------------------------------

    def _add_incident(self, menu: ActionMenu, key: str) -> None:
        target = self._target(key)
        for action in INCIDENT_ACTIONS:
            self._add_action(menu, action, target, partial(self._do_incident, key, action))
        menu.addSeparator()
        menu.add(tr("map_tools.menu.middle"), lambda: self._panel.fly_to("incident", key), name="middle")

    def _add_unit(self, menu: ActionMenu, key: str) -> None:
        target = target_of(self._panel.bridge.desk, None, key)
        incident = target.incident.id if target.incident is not None else ""
        text = tr("map_tools.menu.no_task")
        if incident:
            text = tr("map_tools.menu.task", number=self._names.number(incident))
        task = menu.add(text, lambda: self.task_wanted.emit(incident), name="task")
        task.setEnabled(bool(incident))
        for action in UNIT_ACTIONS:
            self._add_action(menu, action, target, partial(self._do_unit, key, action))
        menu.addSeparator()
        following = self._panel.view.following
        text = tr("map_tools.menu.unfollow" if following.unit == key else "map_tools.menu.follow")
        menu.add(text, lambda: following.toggle(key), key="F", name="follow")
        menu.add(tr("unit_story.menu"), lambda: self._panel.unit_story.show(key), name="story")
        menu.add(tr("map_tools.menu.middle"), lambda: self._panel.fly_to("unit", key), name="middle")

    def _add_camera(self, menu: ActionMenu, key: str) -> None:
        menu.add(tr("map_tools.menu.wall"), lambda: self.wall_wanted.emit(key), name="wall")
        report = self._panel.incident_from_camera
        menu.add(tr("wall.menu_incident"), lambda: report.emit(key), name="incident_from_camera")

    def _add_grid(self, menu: ActionMenu, key: str) -> None:
        sheet = menu.add(tr("map_tools.menu.grid"), lambda: self._open_grid(key), name="grid")
        sheet.setEnabled(GRID_SHEET in self._panel.view.sheets)

    def _add_action(self, menu: ActionMenu, action: Action, target: Target, do: Callable[[], None]) -> None:
        if action in _AFTER_LINE:
            menu.addSeparator()
        dots = "…" if action.asks else ""
        item = menu.add(f"{action.title()}{dots}", do, key=action.key, name=action.id)
        item.setEnabled(action.enabled(target))

    def _open_grid(self, key: str) -> None:
        """The sheet says what there is of the selected grid."""
        view = self._panel.view
        view.select("grid", key)
        self._panel.picked.emit("grid", key)
        if not view.sheets[GRID_SHEET].isVisible():
            view.open_sheet(GRID_SHEET)

    # -- the ground --------------------------------------------------------------------------------------------------

    def _add_ground(self, menu: ActionMenu, lat: float, lon: float) -> None:
        panel = self._panel
        panel.roads.add_to(menu, lat, lon)
        menu.add(tr("console.menu_incident_here"), lambda: panel.incident_at.emit(lat, lon), name="here")
        menu.add(tr("map_tools.menu.near"), lambda: self.near_wanted.emit(lat, lon), name="near")
        menu.add(tr("map_tools.menu.measure"), lambda: self._measure(lat, lon), name="measure")
        copies = ActionMenu(menu)
        copies.setTitle(tr("map_tools.menu.copy"))
        copies.setObjectName("copy")
        menu.addMenu(copies)
        for system in SYSTEMS:
            text = tr(f"map_tools.crs.{system}", place=place_text(lat, lon, system))
            copies.add(text, partial(self.copy, lat, lon, system), name=system)
        menu.addSeparator()
        menu.add(tr("map_tools.menu.keep"), self.keep_wanted.emit, key="Ctrl+B", name="keep")
        menu.add(tr("map_tools.menu.export"), self.export_wanted.emit, key="Ctrl+P", name="export")

    def copy(self, lat: float, lon: float, system: str = "wgs84") -> None:
        """Puts a WGS-84 place on the clipboard, in one of SYSTEMS."""
        text = place_text(lat, lon, system)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(tr(f"map_tools.crs.{system}", place=text))

    def _measure(self, lat: float, lon: float) -> None:
        """The line begins here; the pointer draws on."""
        view = self._panel.view
        view.sketching.start("line")
        at = view.view.to_screen(*view.scene.projection.to_metres(lat, lon))
        view.sketching.click((lat, lon), QPointF(*at), double=False)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _target(self, incident: str) -> Target:
        bridge = self._panel.bridge
        config = bridge.app.config
        return target_of(bridge.desk, incident, role=config.role, at_desk=config.desk)

    def _do_incident(self, key: str, action: Action) -> None:
        target = self._target(key)
        if not action.enabled(target):
            return
        if action.asks or action.command is None:
            self.form_wanted.emit(key, action)
        else:
            self._perform(action, target, self._names.number(key))

    def _do_unit(self, key: str, action: Action) -> None:
        target = target_of(self._panel.bridge.desk, None, key)
        if not action.enabled(target):
            return
        if action.asks:
            self.unit_form_wanted.emit(key, action)
        else:
            self._perform(action, target, self._names.unit(key))

    def _perform(self, action: Action, target: Target, who: str) -> None:
        def answered(sentence: str | None) -> None:
            if sentence is not None:
                self.refused.emit(who, action.title(), sentence)

        perform(self._panel.bridge, action, target, Words(), answered)


def place_text(lat: float, lon: float, system: str) -> str:
    """A WGS-84 place in another system, about a tenth of a metre fine, as other programs read it."""
    shown_lat, shown_lon = from_wgs84(lat, lon, system)
    return f"{shown_lat:.6f}, {shown_lon:.6f}"
