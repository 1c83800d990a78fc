"""Owns the bookmarks of one map panel: keeping its view by name, going back to one. Must not read or write the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF

from app.i18n import tr
from widgets.map.bookmark_sheet import BookmarkSheet
from widgets.map.bookmarks import Bookmark, Bookmarks, bookmarks_path
from widgets.map.strip import Telling
from widgets.map.things import things_at
from widgets.map.view import MAX_ZOOM, MIN_ZOOM, Camera2D
from widgets.panels.map_names import ThingNames

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

SHEET: Final = "bookmarks"


class MapBookmarks(QObject):
    """Ctrl+B keeps the view, B opens the list."""

    def __init__(self, panel: MapPanel, names: ThingNames, told: Telling) -> None:
        super().__init__(panel)
        self._view = panel.view
        self._names = names
        self._told = told
        self.bookmarks = Bookmarks(bookmarks_path(), self)
        self.sheet = BookmarkSheet(self.bookmarks, panel.view)
        panel.view.sheets[SHEET] = self.sheet
        self.sheet.named.connect(self.keep)
        self.sheet.wanted.connect(self.go_to)
        self.bookmarks.told.connect(lambda text: told.tell(text, failed=True))

    def open(self) -> None:
        """The list, with the digits at hand; a second time it is put away."""
        self.bookmarks.read()
        self._view.open_sheet(SHEET)

    def ask_name(self) -> None:
        """The line for the name of the view as it is now."""
        was_open = self.sheet.isVisible()
        if not was_open:
            self.open()
        self.sheet.open_to_name(self._suggestion(), once=not was_open)

    def keep(self, name: str) -> None:
        """Keeps the view as it is, or will be when its glide has ended."""
        target = self._view.view.target
        lat, lon = self._view.scene.projection.to_degrees(target.x_m, target.y_m)
        self.bookmarks.put(Bookmark(name, lat, lon, target.zoom))
        if not self.bookmarks.fault:
            self._told.tell(tr("map_tools.bookmark.kept", name=name))

    def go_to(self, bookmark: Bookmark) -> None:
        """It is the officer who asks, so the view is held there."""
        x_m, y_m = self._view.scene.projection.to_metres(bookmark.lat, bookmark.lon)
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, bookmark.zoom))
        self._view.steering.go_to(Camera2D(x_m, y_m, zoom))

    def _suggestion(self) -> str:
        """What stands in the middle of the view: a place before the grid round it."""
        middle = QPointF(self._view.rect().center())
        still = [hit for hit in things_at(self._view, middle) if hit[0] in ("place", "grid")]
        return self._names.of(still[0]) if still else ""
