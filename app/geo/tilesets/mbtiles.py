"""Owns raster tiles in an MBTiles file: SQLite, opened read-only, rows counted from the south. Must not write."""

import sqlite3
from pathlib import Path
from typing import Any

from app.geo.tilesets.pictures import is_vector_tile, picture_size_px
from app.geo.tilesets.tile_source import MOST_ZOOM, WORLD, LonLatBounds, TileCrs, TilesetFacts
from app.geo.tilesets.tileset_error import TilesetError

_SQLITE = b"SQLite format 3\x00"


class MBTiles:
    """An MBTiles 1.x file with pictures in it. Raises TilesetError, one line, for anything else."""

    def __init__(self, path: Path, crs: TileCrs = "epsg3857") -> None:
        self._file = path.name
        _check_file(path)
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            self._facts = self._read_facts(path, crs)
        except BaseException:
            self._db.close()
            raise

    @property
    def facts(self) -> TilesetFacts:
        return self._facts

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """See TileSource."""
        rows = self._query(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (z, x, 2**z - 1 - y),
        )
        return _as_bytes(rows[0][0]) if rows else None

    def is_stale(self, z: int, x: int, y: int) -> bool:
        return False

    def close(self) -> None:
        self._db.close()

    def _read_facts(self, path: Path, crs: TileCrs) -> TilesetFacts:
        tables = {name for (name,) in self._query("SELECT name FROM sqlite_master")}
        for table, mend in (("tiles", "no_tiles"), ("metadata", "no_metadata")):
            if table not in tables:
                raise self._error(mend)
        said = {str(name): str(value) for name, value in self._query("SELECT name, value FROM metadata")}
        if said.get("format") in ("pbf", "mvt", "application/vnd.mapbox-vector-tile"):
            raise self._error("vector_tiles")
        lowest, highest = self._zooms()
        return TilesetFacts(
            name=said.get("name", "") or path.stem,
            attribution=said.get("attribution", ""),
            min_zoom=lowest,
            max_zoom=highest,
            tile_px=self._side_px(),
            bounds=self._bounds(said.get("bounds", "")),
            crs=crs,
        )

    def _zooms(self) -> tuple[int, int]:
        """What the tiles themselves say: metadata of real files often promises more."""
        # One query for each end: of both at once SQLite reads the whole index.
        lowest = self._query("SELECT MIN(zoom_level) FROM tiles")[0][0]
        highest = self._query("SELECT MAX(zoom_level) FROM tiles")[0][0]
        if lowest is None:
            raise self._error("no_tiles")
        if not (isinstance(lowest, int) and isinstance(highest, int) and 0 <= lowest <= highest <= MOST_ZOOM):
            raise self._error("bad_zoom", value=f"{lowest}..{highest}")
        return lowest, highest

    def _side_px(self) -> int:
        body = _as_bytes(self._query("SELECT tile_data FROM tiles LIMIT 1")[0][0])
        if is_vector_tile(body):
            raise self._error("vector_tiles")
        size_px = picture_size_px(body)
        if size_px is None:
            raise self._error("no_picture")
        return size_px[0]

    def _bounds(self, text: str) -> LonLatBounds:
        if not text:
            return WORLD
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise self._error("bad_bounds", value=text[:80]) from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise self._error("bad_bounds", value=text[:80])
        return west, south, east, north

    def _query(self, sql: str, values: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._error("damaged", reason=error) from None

    def _error(self, mend_key: str, **params: object) -> TilesetError:
        return TilesetError(self._file, "", "", mend_key, **params)


def _check_file(path: Path) -> None:
    """What SQLite would tell late or in its own words."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise TilesetError(path.name, "", "", "unreadable", reason=error.strerror) from None
    if size == 0:
        raise TilesetError(path.name, "", "", "empty")
    if not head.startswith(_SQLITE):
        raise TilesetError(path.name, "", "", "not_mbtiles")
    page_bytes, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    promised = (65_536 if page_bytes == 1 else page_bytes) * pages
    if len(head) < 100 or size < promised:
        raise TilesetError(path.name, "", "", "truncated", size=size, promised=promised)


def _as_bytes(data: object) -> bytes:
    """A cell's bytes; SQLite lets a column hold anything."""
    return data if isinstance(data, bytes) else b""
