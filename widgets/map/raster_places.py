"""Owns where raster tiles lie on the map's plane and which of them a view needs. Must not know pictures or Qt.

Each tile is a box of the plane: the means of its corners. Neighbours share their corners, so boxes meet without a gap
in any grid. tests/gui/map/test_raster_places.py measures how far a pixel is off within a box: by the curve of web
mercator, and for GCJ-02 by the change of the shift across one tile.
"""

import math

import numpy as np

from app.geo.tilesets import TileAddress, TilesetFacts
from app.geo.tilesets.tile_grid import columns_and_rows, metres_per_pixel, tiles_under, to_lat_lon
from widgets.map.projection import Projection
from widgets.map.view import Bounds

_MOST_TILES = 1_024
_MOST_KEPT = 8_192

TileBlock = tuple[int, range, range]
"""Zoom, columns and rows."""


class RasterPlaces:
    """The tiles of one tileset on one plane."""

    def __init__(self, facts: TilesetFacts, projection: Projection) -> None:
        self._facts = facts
        self._projection = projection
        self._boxes: dict[TileAddress, Bounds] = {}

    def block(self, bounds: Bounds, px_per_m: float) -> TileBlock:
        """The tiles under bounds at the zoom whose pixels are nearest to the screen's; no tiles beyond the tileset.

        Deeper than the tileset goes its last zoom is taken, above it its first while that is not too many.
        """
        facts = self._facts
        z = min(facts.max_zoom, max(facts.min_zoom, self._zoom(px_per_m)))
        west, south, east, north = self._degrees(bounds)
        columns, rows = tiles_under(facts.crs, z, (west, south, east, north))
        if west >= east or south >= north or len(columns) * len(rows) > _MOST_TILES:
            return z, range(0), range(0)
        return z, columns, rows

    def box(self, address: TileAddress) -> Bounds:
        """Where a tile lies, metres."""
        if address not in self._boxes:
            self._place((address.z, range(address.x, address.x + 1), range(address.y, address.y + 1)))
        return self._boxes[address]

    def boxes(self, block: TileBlock) -> list[tuple[TileAddress, Bounds]]:
        """The tiles of a block and where they lie, row by row."""
        z, columns, rows = block
        addresses = [TileAddress(z, x, y) for y in rows for x in columns]
        if any(address not in self._boxes for address in addresses):
            self._place(block)
        return [(address, self._boxes[address]) for address in addresses]

    def parent(self, address: TileAddress) -> TileAddress | None:
        """The tile of the zoom before that holds this one, None above the tileset's first zoom."""
        if address.z <= self._facts.min_zoom:
            return None
        return TileAddress(address.z - 1, address.x // 2, address.y // 2)

    def children(self, address: TileAddress) -> list[TileAddress]:
        """The four tiles of the next zoom, fewer where the grid ends."""
        z, x, y = address.z + 1, address.x * 2, address.y * 2
        across, down = columns_and_rows(self._facts.crs, z)
        return [
            TileAddress(z, x + i, y + j) for j in (0, 1) for i in (0, 1) if x + i < across and y + j < down
        ]

    def _zoom(self, px_per_m: float) -> int:
        whole_m = metres_per_pixel(0, self._projection.lat, self._facts.tile_px)
        return round(math.log2(max(1e-12, whole_m * px_per_m)))

    def _degrees(self, bounds: Bounds) -> Bounds:
        """west, south, east, north of plane bounds within the tileset's own."""
        north, west = self._projection.to_degrees(bounds[0], bounds[1])
        south, east = self._projection.to_degrees(bounds[2], bounds[3])
        own = self._facts.bounds
        return max(west, own[0]), max(south, own[1]), min(east, own[2]), min(north, own[3])

    def _place(self, block: TileBlock) -> None:
        """All corners of a block in one go: an inverse shift of a point alone costs as much as of a hundred."""
        z, columns, rows = block
        if len(self._boxes) > _MOST_KEPT:
            self._boxes.clear()
        corners = np.meshgrid(
            np.arange(columns.start, columns.stop + 1.0), np.arange(rows.start, rows.stop + 1.0)
        )
        lat, lon = to_lat_lon(self._facts.crs, z, *corners)
        plane = self._projection.plane(np.stack([lon, lat], axis=-1).reshape(-1, 2))
        x_m, y_m = plane[:, 0].reshape(lat.shape), plane[:, 1].reshape(lat.shape)
        edges_x, edges_y = (x_m[:-1] + x_m[1:]) / 2, (y_m[:, :-1] + y_m[:, 1:]) / 2
        for j, y in enumerate(rows):
            for i, x in enumerate(columns):
                self._boxes[TileAddress(z, x, y)] = (
                    float(edges_x[j, i]),
                    float(edges_y[j, i]),
                    float(edges_x[j, i + 1]),
                    float(edges_y[j + 1, i]),
                )
