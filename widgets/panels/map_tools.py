"""Owns the putting together of what an officer can do on one map: menu, keys, choosing, bookmarks, prints.

Must not do any of it. Wiring connects its parts with the other panels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot

from app.i18n import tr
from widgets.map.controls import Controls
from widgets.map.hidden_note import HiddenNote
from widgets.map.strip import Telling
from widgets.map.things import things_at
from widgets.panels.map_bookmarks import SHEET as BOOKMARK_SHEET
from widgets.panels.map_bookmarks import MapBookmarks
from widgets.panels.map_chosen import MapChosen
from widgets.panels.map_export import SHEET as EXPORT_SHEET
from widgets.panels.map_export import MapExport
from widgets.panels.map_keys import MapKeys
from widgets.panels.map_menu import ActionMenu, MapMenu
from widgets.panels.map_names import ThingNames

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel


class MapTools(QObject):
    """The tools of one map panel."""

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        names = ThingNames(panel.bridge)
        self.told = Telling(panel.view)
        self.hidden = HiddenNote(panel.view)
        self.menu = MapMenu(panel, names)
        self.chosen = MapChosen(panel, names)
        self.keys = MapKeys(panel, self.open_menu_at, self.menu.copy)
        self.export = MapExport(panel, self.told)
        self.bookmarks = MapBookmarks(panel, names, self.told)
        control, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
        self.keys.keys[Qt.Key.Key_P, control] = self.open_export
        self.keys.keys[Qt.Key.Key_B, control] = self.bookmarks.ask_name
        self.keys.keys[Qt.Key.Key_B, none] = self.bookmarks.open
        self.chosen.print_wanted.connect(lambda rows: self.export.ask("a4", rows))
        self._opened: ActionMenu | None = None
        controls = panel.view.findChild(Controls)
        assert controls is not None
        for sheet in (BOOKMARK_SHEET, EXPORT_SHEET):
            controls.offer(sheet)
        self.menu.export_wanted.connect(self.open_export)
        self.menu.keep_wanted.connect(self.bookmarks.ask_name)
        self.menu.refused.connect(self._tell_refusal)
        self.menu.copied.connect(self._tell_copied)
        panel.view.context_requested.connect(self._open_menu)

    # -- the menu ----------------------------------------------------------------------------------------------------

    def _open_menu(self, _kind: str, _key: str, at: QPoint) -> None:
        self.open_menu_at(QPointF(self._panel.view.mapFromGlobal(at)))

    def open_menu_at(self, at: QPointF) -> None:
        """Opens the menu of everything under a point of the map, unless one is open already."""
        if self._opened is not None:
            return
        view = self._panel.view
        view.hover_at(None)
        menu = self._opened = self.menu.menu_for(things_at(view, at), *view.lat_lon_at(at))
        menu.aboutToHide.connect(self._menu_closed)
        menu.popup(view.mapToGlobal(at.toPoint()))

    @property
    def opened_menu(self) -> ActionMenu | None:
        return self._opened

    def _menu_closed(self) -> None:
        if self._opened is not None:
            self._opened.deleteLater()
            self._opened = None

    def open_export(self) -> None:
        """The sheet in which is said as what the map is to be kept."""
        self._panel.view.open_sheet(EXPORT_SHEET)

    # -- what others say ---------------------------------------------------------------------------------------------

    @Slot(str)
    def show_incident(self, incident: str) -> None:
        self._panel.select("incident", incident)
        self.chosen.set_incident(incident)

    @Slot(str)
    def show_unit(self, unit: str) -> None:
        self._panel.select("unit", unit)

    @Slot(str)
    def show_camera(self, camera: str) -> None:
        self._panel.select("camera", camera)

    def retranslate(self) -> None:
        """The language has changed."""
        self.told.renew()
        self.hidden.say()
        if self.chosen.things:
            self.chosen.renew()

    def _tell_refusal(self, who: str, what: str, why: str) -> None:
        self.told.tell(tr("map_tools.told.refused", who=who, what=what, why=why), failed=True)

    def _tell_copied(self, place: str) -> None:
        self.told.tell(tr("map_tools.told.copied", place=place))
