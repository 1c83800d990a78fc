"""Owns raster base maps beside the district's own vector ground: files and servers of map tiles behind one protocol.

Must not decode pictures, know Qt or the screen.
"""

from app.geo.tilesets.basemaps import BasemapEntry, load_basemaps, open_tileset
from app.geo.tilesets.tile_source import TileAddress, TilesetFacts, TileSource
from app.geo.tilesets.tileset_error import TilesetError

__all__ = [
    "BasemapEntry",
    "TileAddress",
    "TileSource",
    "TilesetError",
    "TilesetFacts",
    "load_basemaps",
    "open_tileset",
]
