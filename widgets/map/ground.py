"""Owns a district's ground as it is shown: base map, tiles, and which tiles a change makes out of date.

Must not paint.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPolygonF

from app.geo.district import District
from widgets.map import cartography as rules
from widgets.map.basemap import Backdrop, Basemap, Cone
from widgets.map.ground_shapes import GroundShapes
from widgets.map.hit import PolygonIndex
from widgets.map.marks import CameraMark
from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.tiles import TileCache
from widgets.map.view import Bounds
from widgets.style import tokens


class Ground:
    """One district on its plane."""

    def __init__(self, district: District, dpr: float, shapes: GroundShapes | None = None) -> None:
        self.district = district
        self.projection = Projection.at(district.centre_lat, district.centre_lon)
        self.load: Mapping[str, int] = {}
        self._basemap = Basemap(district, self.projection, shapes)
        grids = self._basemap.grids
        self._grid_index = PolygonIndex(
            self._basemap.grid_codes, [grids.outline(i) for i in range(len(grids))]
        )
        self.tiles = TileCache(self._basemap, dpr)

    @property
    def bounds(self) -> Bounds:
        return self._basemap.bounds

    def renew(self, dpr: float) -> None:
        """Other colours or another resolution: every tile is painted anew."""
        self.tiles.clear()
        self.tiles = TileCache(self._basemap, dpr)

    def set_load(self, load: Mapping[str, int]) -> int:
        """Level 0 to 4 by grid code; how many tiles became out of date."""
        before, self.load = self.load, dict(load)
        self._basemap.load = self.load
        if not self._basemap.opacity["grids"]:
            return 0
        most = len(tokens().map.grid_load) - 1
        changed = [
            index
            for index, code in enumerate(self._basemap.grid_codes)
            if min(self.load.get(code, 0), most) != min(before.get(code, 0), most)
        ]
        return self.tiles.invalidate_under(self._basemap.grids.boxes[changed])

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

    def fade(self, name: str, opacity: float) -> None:
        """Show a layer that lies in the tiles at an opacity, at 0 not at all; other names are none of this."""
        if self._basemap.opacity.get(name, opacity) != opacity:
            self._basemap.opacity[name] = opacity
            self.tiles.invalidate(EVERYWHERE)

    def arrange(self, order: Sequence[str]) -> None:
        """What lies over what, from below."""
        if order != self._basemap.order:
            self._basemap.order = order
            self.tiles.invalidate(EVERYWHERE)

    def set_backdrop(self, backdrop: Backdrop | None) -> None:
        """Lay a base map of pictures under the district, or take it away."""
        self._basemap.backdrop = backdrop
        self.tiles.invalidate(EVERYWHERE)

    @property
    def backdrop(self) -> Backdrop | None:
        return self._basemap.backdrop

    def want(self, level: int, seen_px: QRect, px_per_m: float) -> None:
        """Ask for what lies under a rectangle of the plane (device pixels of that level)."""
        self.tiles.want(level, seen_px)
        if self._basemap.backdrop is not None and self._basemap.opacity["base"]:
            left, top = seen_px.left() / px_per_m, seen_px.top() / px_per_m
            right, bottom = left + seen_px.width() / px_per_m, top + seen_px.height() / px_per_m
            self._basemap.backdrop.want((left, top, right, bottom), px_per_m)

    def backdrop_changed(self, bounds: Bounds) -> None:
        """More of the backdrop has come: paint what lies over it anew."""
        self.tiles.invalidate(bounds)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        """Paint a part of it anew, past the tiles: for a print. The painter already maps metres to its own units."""
        return self._basemap.painting(painter, bounds, zoom, px_per_m)

    def grid_at(self, x_m: float, y_m: float) -> str | None:
        return self._grid_index.at(x_m, y_m)

    def grid_polygon(self, code: str) -> QPolygonF | None:
        return self._basemap.grid_polygon(code)
