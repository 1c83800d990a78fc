"""Owns tiles of online base maps kept on this machine's disk. Must not fetch, and never knows a server's key.

A cache may fail and may be thrown away: a damaged one is begun anew, a full disk or a locked file only means that
nothing is kept. Any thread may call; several desks on one machine may share the file.
"""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.domain.instants import Instant
from app.geo.tilesets.tile_source import TileAddress

MOST_BYTES = 512 * 1024 * 1024
_KEEP_PART = 0.9
"""What is left after making room, so that not every tile has to make room."""
_USE_STEP_MS = 3_600_000
_BUSY_S = 2.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tile (
    tileset TEXT NOT NULL, z INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
    etag TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER NOT NULL, size INTEGER NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (tileset, z, x, y));
CREATE INDEX IF NOT EXISTS tile_by_use ON tile (used_at, size);
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptTile:
    """A server's answer; an empty body says that there is no such tile."""

    body: bytes
    etag: str
    expires_at: Instant


class TileCache:
    """One file of tiles, at most `most_bytes` of pictures; what was not looked at for longest goes first."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._db = self._opened()
        self._bytes = self._attempt(self._stored_bytes, 0)

    @property
    def bytes(self) -> int:
        """Pictures kept, in bytes."""
        return self._bytes

    def get(self, tileset: str, address: TileAddress, now: Instant) -> KeptTile | None:
        """What is kept of a tile, past its time or not."""
        with self._lock:
            return self._attempt(lambda: self._read(tileset, address, now), None)

    def put(self, tileset: str, address: TileAddress, tile: KeptTile, now: Instant) -> bool:
        """Keep a tile; whether it could be kept."""
        with self._lock:
            return self._attempt(lambda: self._write(tileset, address, tile, now), False)

    def renew(self, tileset: str, address: TileAddress, expires_at: Instant) -> None:
        """The server says that what is kept is still right."""
        with self._lock:
            self._attempt(lambda: self._renew(tileset, address, expires_at), None)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _opened(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return self._connected()
            except sqlite3.OperationalError:
                return None
            except sqlite3.DatabaseError:
                self._remove()
            except OSError:
                return None
        return None

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_SCHEMA)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _attempt(self, work: Callable[[], T], failed: T) -> T:
        if self._db is None:
            return failed
        try:
            return work()
        except sqlite3.Error:
            return failed

    def _stored_bytes(self) -> int:
        assert self._db is not None
        return int(self._db.execute("SELECT COALESCE(SUM(size), 0) FROM tile").fetchone()[0])

    def _read(self, tileset: str, address: TileAddress, now: Instant) -> KeptTile | None:
        assert self._db is not None
        row = self._db.execute(
            "SELECT body, etag, expires_at, used_at FROM tile WHERE tileset = ? AND z = ? AND x = ? AND y = ?",
            (tileset, *address),
        ).fetchone()
        if row is None:
            return None
        if now - row[3] > _USE_STEP_MS:
            self._db.execute(
                "UPDATE tile SET used_at = ? WHERE tileset = ? AND z = ? AND x = ? AND y = ?",
                (now, tileset, *address),
            )
        return KeptTile(row[0], row[1], row[2])

    def _write(self, tileset: str, address: TileAddress, tile: KeptTile, now: Instant) -> bool:
        assert self._db is not None
        size = len(tile.body)
        if size > self._most_bytes:
            return False
        self._forget(tileset, address)
        if self._bytes + size > self._most_bytes:
            self._make_room(size)
        self._db.execute(
            "INSERT INTO tile (tileset, z, x, y, etag, expires_at, used_at, size, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (tileset, *address, tile.etag, tile.expires_at, now, size, tile.body),
        )
        self._bytes += size
        return True

    def _renew(self, tileset: str, address: TileAddress, expires_at: Instant) -> None:
        assert self._db is not None
        self._db.execute(
            "UPDATE tile SET expires_at = ? WHERE tileset = ? AND z = ? AND x = ? AND y = ?",
            (expires_at, tileset, *address),
        )

    def _forget(self, tileset: str, address: TileAddress) -> None:
        assert self._db is not None
        gone = self._db.execute(
            "DELETE FROM tile WHERE tileset = ? AND z = ? AND x = ? AND y = ? RETURNING size",
            (tileset, *address),
        ).fetchall()
        self._bytes -= sum(size for (size,) in gone)

    def _make_room(self, size: int) -> None:
        """Down to a part of the cap; other desks may have written too, so the file itself is asked."""
        assert self._db is not None
        self._bytes = self._stored_bytes()
        for rowid, gone in self._db.execute("SELECT rowid, size FROM tile ORDER BY used_at").fetchall():
            if self._bytes + size <= self._most_bytes * _KEEP_PART:
                break
            self._db.execute("DELETE FROM tile WHERE rowid = ?", (rowid,))
            self._bytes -= gone
