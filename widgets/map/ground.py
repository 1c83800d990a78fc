"""Owns a district's ground as it is shown: base map, tiles, and which tiles a change makes out of date.

Must not paint.
"""

import math
from collections.abc import Iterable, Mapping

from PySide6.QtGui import QPolygonF

from app.geo.district import District
from widgets.map import cartography as rules
from widgets.map.basemap import Basemap, Cone
from widgets.map.hit import PolygonIndex
from widgets.map.marks import CameraMark
from widgets.map.projection import Projection
from widgets.map.tiles import TileCache
from widgets.map.view import Bounds
from widgets.style import tokens

_EVERYWHERE: Bounds = (-math.inf, -math.inf, math.inf, math.inf)


class Ground:
    """One district on its plane."""

    def __init__(self, district: District, dpr: float) -> None:
        self.district = district
        self.projection = Projection.at(district.centre_lat, district.centre_lon)
        self.load: Mapping[str, int] = {}
        self._basemap = Basemap(district, self.projection)
        grids = self._basemap.grids
        self._grid_index = PolygonIndex(
            self._basemap.grid_codes, [grids.outline(i) for i in range(len(grids))]
        )
        self.tiles = TileCache(self._basemap, dpr)

    @property
    def bounds(self) -> Bounds:
        return self._basemap.bounds

    @property
    def shown(self) -> dict[str, bool]:
        """Which of the layers that lie in the tiles are shown, by name."""
        return dict(self._basemap.shown)

    def renew(self, dpr: float) -> None:
        """Other colours or another resolution: every tile is painted anew."""
        self.tiles.clear()
        self.tiles = TileCache(self._basemap, dpr)

    def set_load(self, load: Mapping[str, int]) -> int:
        """Open items by grid code; how many tiles became out of date."""
        before, self.load = self.load, dict(load)
        self._basemap.load = self.load
        if not self._basemap.shown["grids"]:
            return 0
        most = len(tokens().map.grid_load) - 1
        changed = [
            index
            for index, code in enumerate(self._basemap.grid_codes)
            if min(self.load.get(code, 0), most) != min(before.get(code, 0), most)
        ]
        boxes = self._basemap.grids.boxes
        return sum(self.tiles.invalidate(tuple(boxes[index].tolist())) for index in changed)

    def set_cameras(self, marks: Iterable[CameraMark]) -> None:
        """Views of cameras lie in the tiles, since cameras seldom change."""
        cones = self._basemap.cones
        for mark in marks:
            x_m, y_m = self.projection.to_metres(mark.lat, mark.lon)
            cone = Cone(x_m, y_m, mark.bearing_deg, mark.fov_deg, mark.range_m, mark.online)
            before, cones[mark.key] = cones.get(mark.key), cone
            if cone != before:
                for changed in (before, cone):
                    if changed is not None:
                        self.tiles.invalidate(changed.bounds, rules.CONES_FROM_ZOOM)

    def switch(self, name: str, visible: bool) -> None:
        """Show or hide a layer that lies in the tiles; other names are none of this."""
        if self._basemap.shown.get(name, visible) != visible:
            self._basemap.shown[name] = visible
            self.tiles.invalidate(_EVERYWHERE)

    def grid_at(self, x_m: float, y_m: float) -> str | None:
        return self._grid_index.at(x_m, y_m)

    def grid_polygon(self, code: str) -> QPolygonF | None:
        return self._basemap.grid_polygon(code)
