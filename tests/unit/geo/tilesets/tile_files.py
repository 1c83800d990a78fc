"""Files of tiles that tests make: real MBTiles and PMTiles, whole and hostile. Must not know what reads them."""

import gzip
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tests.servers.tile_server import png, tile_colour

Tiles = Mapping[tuple[int, int, int], bytes]

VECTOR_TILE = gzip.compress(b"\x1a\x05\x0a\x03abc", mtime=0)
TILES: Tiles = {
    (z, x, y): png(256, *tile_colour(z, x, y)) for z in (0, 1, 2) for x in range(2**z) for y in range(2**z)
}
METADATA = {"name": "测试影像", "format": "png", "bounds": "-180,-85,180,85", "attribution": "© 测试"}


def make_mbtiles(path: Path, tiles: Tiles = TILES, metadata: Mapping[str, str] | None = METADATA) -> Path:
    """An MBTiles file; no metadata table at all for None."""
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
    )
    rows = [(z, x, 2**z - 1 - y, body) for (z, x, y), body in tiles.items()]
    db.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    if metadata is not None:
        db.execute("CREATE TABLE metadata (name text, value text)")
        db.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
    db.commit()
    db.close()
    return path


def make_pmtiles(path: Path, tiles: Tiles = TILES, kind: TileType = TileType.PNG) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        for address, body in sorted((zxy_to_tileid(*address), body) for address, body in tiles.items()):
            writer.write_tile(address, body)
        header = {
            "tile_compression": Compression.NONE,
            "tile_type": kind,
            "min_lon_e7": -1_800_000_000,
            "min_lat_e7": -850_000_000,
            "max_lon_e7": 1_800_000_000,
            "max_lat_e7": 850_000_000,
        }
        writer.finalize(header, {"name": "测试影像", "attribution": "© 测试"})
    return path


def cut(path: Path, part: float) -> Path:
    """Only the first part of a file, as a copy that was broken off leaves it."""
    body = path.read_bytes()
    path.write_bytes(body[: round(len(body) * part)])
    return path
