"""Owns what every set of map tiles has in common. Must not know where tiles come from."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

TileCrs = Literal["epsg3857", "gcj02", "epsg4490"]
"""The grid a tileset is cut by: web mercator over WGS-84, the same over GCJ-02 (Amap), or degrees (Tianditu "c")."""

LonLatBounds = tuple[float, float, float, float]
"""west, south, east, north in degrees of WGS-84."""

WORLD: LonLatBounds = (-180.0, -90.0, 180.0, 90.0)
MOST_ZOOM = 24


class TileAddress(NamedTuple):
    """Zoom, column from the west, row from the north (the XYZ scheme, whatever a file stores)."""

    z: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class TilesetFacts:
    """What is known of a tileset without reading a tile; `tile_px` is the side of its pictures."""

    name: str
    attribution: str
    min_zoom: int
    max_zoom: int
    tile_px: int
    bounds: LonLatBounds
    crs: TileCrs


class TileSource(Protocol):
    """Tiles of one base map. Used and closed by one thread, the one that opened it."""

    @property
    def facts(self) -> TilesetFacts: ...

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """An encoded picture (PNG, JPEG, WebP), None where there is none or none yet. Never waits for a network.

        Raises TilesetError when the file turns out to be damaged.
        """

    def is_stale(self, z: int, x: int, y: int) -> bool:
        """Whether what `read` gave last for this tile is past its time and could not be renewed."""

    def close(self) -> None: ...
