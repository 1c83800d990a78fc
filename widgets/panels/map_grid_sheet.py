"""When the sheet of a grid is opened on the map, what stands in it, and what a choice in it means.

Owns which grid is looked at and which of its contacts were shown for this look. Must not word a fact (grid_page.py) or
paint one (grid_sheet.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal
from shiboken6 import isValid

from app.domain.instants import Instant
from app.i18n import has_text, tr
from widgets.bridge import Bridge
from widgets.map.map_view import MapView
from widgets.panels.grid_page import GridPages
from widgets.panels.grid_sheet import GridSheet
from widgets.panels.map_grids import MapGrids

if TYPE_CHECKING:
    from app.geo.grid_facts import Contact


class MapGridSheet(QObject):
    """The sheet of one map panel. `picked` carries kind and id of an incident or a unit, `wall_wanted` a camera."""

    picked = Signal(str, str)
    wall_wanted = Signal(str)

    def __init__(self, bridge: Bridge, view: MapView, grids: MapGrids) -> None:
        super().__init__(view)
        self._bridge, self._view = bridge, view
        self._pages = GridPages(bridge, grids)
        self._codes = {grid.code for grid in bridge.district.grids}
        self._centres = {
            grid.code: (
                sum(lat for _, lat in grid.ring[:-1]) / (len(grid.ring) - 1),
                sum(lon for lon, _ in grid.ring[:-1]) / (len(grid.ring) - 1),
            )
            for grid in bridge.district.grids
        }
        self._clear: dict[str, Contact] = {}
        self.grid = ""
        self.sheet = view.sheets["grid"] = GridSheet(view)
        self.sheet.reshaped.connect(view.place_sheets)
        self.sheet.opening.connect(self._choose_grid)
        self.sheet.closed.connect(self._clear.clear)
        self.sheet.wanted.connect(self._go)
        self.sheet.reveal_wanted.connect(self._reveal)
        view.picked.connect(self._picked)
        bridge.ticked.connect(self._follow_clock)

    def look_at(self, grid: str, *, by_hand: bool = True) -> None:
        """Opens the sheet of a grid; `by_hand` gives it the keyboard. A code that there is none of is passed over."""
        if grid not in self._codes:
            return
        self._turn_to(grid)
        if self.sheet.isVisible():
            return
        self._view.open_sheet("grid")
        if not by_hand:
            self._view.setFocus()

    def look_at_found(self, kind: str, key: str) -> None:
        """A grid that was searched for is looked at."""
        if kind == "grid":
            self.look_at(key)

    def show_news(self) -> None:
        """What is known of the grid now, while somebody looks."""
        if self.sheet.isVisible():
            self._show()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _follow_clock(self, _now: Instant) -> None:
        self.show_news()

    def _picked(self, kind: str, key: str) -> None:
        if kind == "grid":
            self.look_at(key, by_hand=False)

    def _choose_grid(self) -> None:
        """By key: the grid that is chosen on the map, else the one in its middle."""
        kind, key = self._view.scene.selected
        ground = self._view.frame.ground
        if kind != "grid" and ground is not None:
            middle = QPointF(self._view.rect().center())
            key = ground.grid_at(*self._view.view.to_plane(middle.x(), middle.y())) or ""
        self._turn_to(key if key in self._codes else "")

    def _turn_to(self, grid: str) -> None:
        if grid != self.grid:
            self._clear.clear()
        self.grid = grid
        if grid:
            self._view.select("grid", grid)
        self._show()

    def _show(self) -> None:
        now = self._bridge.clock.now()
        self.sheet.show_page(self._pages.page(self.grid, self._clear, now) if self.grid else None)

    def _go(self, kind: str, key: str) -> None:
        if kind in ("incident", "unit"):
            self.picked.emit(kind, key)
        elif kind == "camera":
            self.wall_wanted.emit(key)
        elif kind == "grid":
            self._turn_to(key)
            self._view.fly_to(*self._centres[key])
        elif kind == "contact":
            self._ask(key)
        elif kind == "hazard":
            hazard = [h for h in self._bridge.district.hazards if h.grid == self.grid][int(key)]
            self._view.fly_to(hazard.lat, hazard.lon)

    def _ask(self, contact: str) -> None:
        if contact not in self._clear:
            role = contact.rpartition("-")[0]
            known = has_text(f"grid.role.{role}")
            self.sheet.ask_purpose(contact, tr(f"grid.role.{role}") if known else role)

    def _reveal(self, contact: str, purpose: str) -> None:
        grid = self.grid

        def done(person: Contact) -> None:
            if isValid(self) and grid == self.grid and self.sheet.isVisible():
                self._clear[contact] = person
                self.sheet.forget_purpose()
                self._show()

        def refused(sentence: str) -> None:
            if isValid(self):
                self.sheet.purpose.tell(sentence)

        reading = self._bridge.app.contact(grid, contact, purpose)
        self._bridge.fetch(reading, done, refused)
