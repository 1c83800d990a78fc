"""Owns raster tiles in a PMTiles v3 archive, read where needed. Must not read archives over a network.

No memory map: an archive on a stick that is pulled out would kill the process.
"""

import gzip
import json
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from app.geo.tilesets.pictures import picture_size_px
from app.geo.tilesets.tile_source import MOST_ZOOM, LonLatBounds, TileCrs, TilesetFacts
from app.geo.tilesets.tileset_error import TilesetError

_HEADER_BYTES = 127
_MOST_PACKED_BYTES = 4 * 1024 * 1024
_MOST_UNPACKED_BYTES = 32 * 1024 * 1024
_KEPT_DIRECTORIES = 32
_DEPTH = 4
_RASTER = (TileType.PNG, TileType.JPEG, TileType.WEBP)
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, IndexError, ValueError, OverflowError)


class PMTilesArchive:
    """A PMTiles v3 archive with pictures in it. Raises TilesetError, one line, for anything else."""

    def __init__(self, path: Path, crs: TileCrs = "epsg3857") -> None:
        self._file = path.name
        self._archive, self._size = _opened(path)
        self._directories: OrderedDict[int, list[Entry]] = OrderedDict()
        try:
            self._header = self._read_header()
            self._facts = self._read_facts(path, crs)
        except BaseException:
            self._archive.close()
            raise

    @property
    def facts(self) -> TilesetFacts:
        return self._facts

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """See TileSource."""
        if not (0 <= z <= MOST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
            return None
        entry = self._entry(zxy_to_tileid(z, x, y))
        return self._tile(entry) if entry is not None else None

    def is_stale(self, z: int, x: int, y: int) -> bool:
        return False

    def close(self) -> None:
        self._archive.close()

    def _read_header(self) -> dict[str, Any]:
        try:
            header: dict[str, Any] = dict(deserialize_header(self._bytes(0, min(_HEADER_BYTES, self._size))))
        except (MagicNumberNotFound, UnicodeDecodeError):
            raise self._error("not_pmtiles") from None
        except SpecVersionUnsupported:
            raise self._error("pmtiles_version") from None
        except _BROKEN as error:
            raise self._error("damaged", reason=error) from None
        if header["tile_type"] not in _RASTER:
            raise self._error("vector_tiles")
        if header["internal_compression"] != Compression.GZIP:
            raise self._error("pmtiles_compression")
        self._check_extent(header)
        return header

    def _check_extent(self, header: dict[str, Any]) -> None:
        promised = max(
            header[f"{part}_offset"] + header[f"{part}_length"] for part in ("root", "metadata", "tile_data")
        )
        if self._size < promised:
            raise self._error("truncated", size=self._size, promised=promised)
        if not 0 <= header["min_zoom"] <= header["max_zoom"] <= MOST_ZOOM:
            raise self._error("bad_zoom", value=f"{header['min_zoom']}..{header['max_zoom']}")

    def _read_facts(self, path: Path, crs: TileCrs) -> TilesetFacts:
        header, said = self._header, self._metadata()
        return TilesetFacts(
            name=str(said.get("name") or path.stem),
            attribution=str(said.get("attribution") or ""),
            min_zoom=header["min_zoom"],
            max_zoom=header["max_zoom"],
            tile_px=self._side_px(),
            bounds=self._bounds(),
            crs=crs,
        )

    def _metadata(self) -> dict[str, Any]:
        offset, length = self._header["metadata_offset"], self._header["metadata_length"]
        if length == 0:
            raise self._error("no_metadata")
        packed = self._packed(offset, length)
        try:
            said = json.loads(gzip.decompress(packed))
        except _BROKEN as error:
            raise self._error("damaged", reason=error) from None
        return said if isinstance(said, dict) else {}

    def _side_px(self) -> int:
        entry = self._first_entry()
        size_px = picture_size_px(self._tile(entry)) if entry is not None else None
        if size_px is None:
            raise self._error("no_picture" if entry is not None else "no_tiles")
        return size_px[0]

    def _bounds(self) -> LonLatBounds:
        names = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        west, south, east, north = (self._header[name] / 1e7 for name in names)
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise self._error("bad_bounds", value=f"{west}, {south}, {east}, {north}")
        return west, south, east, north

    def _first_entry(self) -> Entry | None:
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEPTH):
            entries = self._directory(offset, length)
            if not entries or entries[0].run_length > 0:
                return entries[0] if entries else None
            offset, length = self._header["leaf_directory_offset"] + entries[0].offset, entries[0].length
        return None

    def _entry(self, tile_id: int) -> Entry | None:
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEPTH):
            found = find_tile(self._directory(offset, length), tile_id)
            if found is None or found.run_length > 0:
                return found
            offset, length = self._header["leaf_directory_offset"] + found.offset, found.length
        raise self._error("damaged", reason="directories nest too deep")

    def _directory(self, offset: int, length: int) -> list[Entry]:
        """Decoded once and kept: a directory has thousands of entries, a view asks for hundreds of tiles."""
        if offset in self._directories:
            self._directories.move_to_end(offset)
            return self._directories[offset]
        packed = self._packed(offset, length)
        try:
            entries = deserialize_directory(packed)
        except _BROKEN as error:
            raise self._error("damaged", reason=error) from None
        self._directories[offset] = entries
        if len(self._directories) > _KEPT_DIRECTORIES:
            self._directories.popitem(last=False)
        return entries

    def _tile(self, entry: Entry) -> bytes:
        start = self._header["tile_data_offset"] + entry.offset
        if start + entry.length > self._size:
            raise self._error("truncated", size=self._size, promised=start + entry.length)
        return self._bytes(start, entry.length)

    def _packed(self, offset: int, length: int) -> bytes:
        """Zipped bytes that are known to unpack into a bearable size."""
        if length > _MOST_PACKED_BYTES:
            raise self._error("damaged", reason=f"{length} bytes at {offset}")
        body = self._bytes(offset, length)
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacking.decompress(body, _MOST_UNPACKED_BYTES)
        except zlib.error as error:
            raise self._error("damaged", reason=error) from None
        if unpacking.unconsumed_tail:
            raise self._error("damaged", reason=f"over {_MOST_UNPACKED_BYTES} bytes unpacked")
        return body

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            self._archive.seek(offset)
            body = self._archive.read(length)
        except OSError as error:
            raise self._error("unreadable", reason=error.strerror) from None
        if len(body) < length:
            raise self._error("truncated", size=offset + len(body), promised=offset + length)
        return body

    def _error(self, mend_key: str, **params: object) -> TilesetError:
        return TilesetError(self._file, "", "", mend_key, **params)


def _opened(path: Path) -> tuple[BinaryIO, int]:
    """The archive and its size in bytes."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise TilesetError(path.name, "", "", "empty")
        return path.open("rb"), size
    except OSError as error:
        raise TilesetError(path.name, "", "", "unreadable", reason=error.strerror) from None
