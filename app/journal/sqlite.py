"""The journal in a SQLite file: the embedded default.

Owns the file, its pragmas, what SQLite's errors mean, and waking by polling `data_version`. Must not let SQLite repair
anything on its own before `_inspect` has looked at it through a connection that cannot write.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, and_, create_engine, event, make_url, select, text

from app.domain.instants import Instant
from app.journal import migrating, tables
from app.journal.appending import Head
from app.journal.errors import JournalDamaged, JournalError, JournalUnavailable
from app.journal.sql import Envelope, SqlJournal, StoredEvent
from app.journal.verifying import Link
from app.journal.witness import Witness, acknowledged

APPLICATION_ID = 0x53444A31
BUSY_TIMEOUT_S = 5.0
"""How long a desk waits for another one's transaction; `?timeout=S` in the URL sets another."""
POLL_S = 0.025
_JOURNAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024

_ENVELOPE = ", ".join(tables.HASHED_COLUMNS[:-1])
# A page comes back as one row of JSON: one step of SQLite is one release of the interpreter lock, see
# sql._INSERT_SIZES. Payloads are JSON already and are strung together as they stand.
_EVENTS = text(f"""
    SELECT json_group_array(json_array({_ENVELOPE})), '[' || group_concat(payload, ',') || ']'
    FROM (SELECT * FROM event WHERE seq > :after_seq AND seq <= :last_seq ORDER BY seq)
""")  # noqa: S608 - our own names
_LINKS = text(f"""
    SELECT json_group_array(json_array({_ENVELOPE}, payload, hex(prev_hash), hex(hash)))
    FROM (SELECT * FROM event WHERE seq > :after_seq ORDER BY seq LIMIT :limit)
""")  # noqa: S608 - our own names
_decode_envelopes = msgspec.json.Decoder(list[Envelope]).decode
_decode_payloads = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_links = msgspec.json.Decoder(list[Link]).decode


def _between(after_seq: int, last_seq: int) -> ColumnElement[bool]:
    return and_(tables.event.c.seq > after_seq, tables.event.c.seq <= last_seq)


def open_sqlite(url_or_path: str, clock: Callable[[], Instant], mode: str, readonly: bool) -> SqliteJournal:
    """Open the journal in a file, making file and folder when they are missing. See store.open_journal."""
    path, timeout_s = _place(url_or_path)
    with _explaining(path):
        if not path.exists():
            if readonly:
                raise JournalUnavailable("no_such_journal", where=path)
            _make(path, mode)
        if path.is_dir():
            raise JournalUnavailable("is_a_folder", where=path)
        found_mode = _inspect(path, mode, timeout_s)
        if readonly:
            return SqliteJournal(path, _engine(path, timeout_s, "ro"), clock, found_mode, readonly)
        _refuse_readonly_file(path)
        engine = _engine(path, timeout_s, "rw")
        _migrate(engine, found_mode, str(path))
        return SqliteJournal(path, engine, clock, found_mode, readonly)


def _place(url_or_path: str) -> tuple[Path, float]:
    if "://" not in url_or_path:
        return Path(url_or_path).absolute(), BUSY_TIMEOUT_S
    url = make_url(url_or_path)
    if not url.database or url.database == ":memory:":
        raise JournalError("in_memory")
    return Path(url.database).absolute(), float(str(url.query.get("timeout", BUSY_TIMEOUT_S)))


def _engine(path: Path, timeout_s: float, access: str) -> Engine:
    """`access` is SQLite's: ro, rw or rwc."""
    uri = f"{path.as_uri()}?mode={access}"
    if access == "ro" and not _writable(path.parent) and not _log_of(path).exists():
        # Nobody can write here, and SQLite could not make the files that it shares with writers.
        uri += "&immutable=1"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, paramstyle="named", pool_size=4)
    event.listen(engine, "connect", _set_up_readonly if access == "ro" else _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"journal_size_limit = {_JOURNAL_SIZE_LIMIT_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_readonly(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _make(path: Path, mode: str) -> None:
    """Make a whole journal under another name first: no crash leaves a file that is not yet a journal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    unfinished.unlink(missing_ok=True)
    engine = _engine(unfinished, BUSY_TIMEOUT_S, "rwc")
    try:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _migrate(engine, mode, str(path))
        engine.dispose()
        _name(unfinished, path)
    finally:
        engine.dispose()
        for leftover in (unfinished, _log_of(unfinished), unfinished.with_name(f"{unfinished.name}-shm")):
            leftover.unlink(missing_ok=True)


def _name(unfinished: Path, path: Path) -> None:
    """Give the finished file its name unless another desk was first."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links.
        if not path.exists():
            unfinished.rename(path)
    path.with_name(f"{path.name}-acknowledged").unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _migrate(engine: Engine, mode: str, where: str) -> None:
    with engine.connect() as connection:
        if migrating.is_newest(connection):
            return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        migrating.migrate(connection, mode, where)


def _inspect(path: Path, mode: str, timeout_s: float) -> str:
    """The mode of a sound journal at `path`.

    The connection cannot write: what is found damaged stays as it is, its write-ahead log too.
    """
    if path.stat().st_size == 0:
        raise JournalDamaged("empty_file", where=path)
    engine = _engine(path, timeout_s, "ro")
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
                raise JournalDamaged("not_a_journal", where=path)
            found_mode = migrating.check(connection, str(path), mode)
            _refuse_lost_end(path, connection)
            return found_mode
    finally:
        engine.dispose()


def _refuse_lost_end(path: Path, connection: Connection) -> None:
    acknowledged_seq, acknowledged_hash = acknowledged(path)
    if acknowledged_seq == 0:
        return
    head = connection.scalar(select(tables.chain_head.c.seq)) or 0
    note = f"{path.name}-acknowledged"
    if acknowledged_seq > head:
        raise JournalDamaged("lost_end", where=path, head=head, acknowledged=acknowledged_seq, note=note)
    stored = connection.scalar(select(tables.event.c.hash).where(tables.event.c.seq == acknowledged_seq))
    if stored != acknowledged_hash:
        raise JournalDamaged("other_history", where=path, seq=acknowledged_seq, note=note)


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refuse_readonly_file(path: Path) -> None:
    for needed in (path, path.parent):
        if not _writable(needed):
            raise JournalUnavailable("read_only", where=needed)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except JournalError:
        raise
    except Exception as error:
        explained = explain(getattr(error, "orig", None) or error, str(path))
        if explained is None:
            raise
        raise explained from error


_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_IOERR: "disk_error",
}
_DAMAGED = {sqlite3.SQLITE_NOTADB: "not_a_database", sqlite3.SQLITE_CORRUPT: "corrupt"}
_UNSTORABLE = (
    UnicodeError,
    OverflowError,
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)


def explain(error: BaseException, where: str) -> JournalError | None:
    """What an error of sqlite3 or of the file system means to an officer; None when it is another's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return JournalDamaged(_DAMAGED[code], where=where)
    if code in _UNAVAILABLE:
        return JournalUnavailable(_UNAVAILABLE[code], where=where, reason=str(error))
    if isinstance(error, _UNSTORABLE):
        return JournalError("unstorable", what=where, reason=str(error))
    if isinstance(error, msgspec.MsgspecError):
        return JournalDamaged("corrupt", where=where)
    if isinstance(error, sqlite3.Error):
        return JournalUnavailable("store_error", where=where, reason=str(error))
    if isinstance(error, OSError):
        key = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "cannot_open"
        return JournalUnavailable(key, where=where, reason=str(error))
    return None


class SqliteJournal(SqlJournal):
    """The Journal port on one file; several desks (processes) may have it open."""

    mark = "?"
    state_sql = """
        SELECT seq, recorded_at, hash,
            (SELECT json_group_object(value, (SELECT max(version) FROM event WHERE stream = value))
             FROM json_each(?)),
            (SELECT json_group_array(json_array(source, source_event))
             FROM json_each(?) AS asked JOIN receipt
             ON source = json_extract(asked.value, '$[0]') AND source_event = json_extract(asked.value, '$[1]'))
        FROM chain_head
    """

    def __init__(
        self, path: Path, engine: Engine, clock: Callable[[], Instant], mode: str, readonly: bool
    ) -> None:
        super().__init__(engine, str(path), clock, mode, readonly)
        self._witness = None if readonly else Witness(path)

    def _begin(self, cursor: Any) -> None:
        cursor.execute("BEGIN IMMEDIATE")

    def _announce(self, cursor: Any) -> None:
        """Other desks see `data_version` change."""

    def _acknowledged(self, head: Head) -> None:
        if self._witness:
            self._witness.note(head.seq, head.hash)

    def _explain(self, error: BaseException) -> JournalError | None:
        return explain(error, self._where)

    def _events(self, connection: Connection, after_seq: int, last_seq: int) -> list[StoredEvent]:
        found = connection.execute(_EVENTS, {"after_seq": after_seq, "last_seq": last_seq}).one()
        envelopes = _decode_envelopes(found[0])
        if not envelopes:
            return []
        try:
            return list(zip(envelopes, _decode_payloads(found[1]), strict=True))
        except (msgspec.MsgspecError, ValueError):
            # A payload is not JSON: one by one, so that the damage is told with its seq.
            rows = connection.execute(
                select(tables.event.c.payload)
                .where(_between(after_seq, last_seq))
                .order_by(tables.event.c.seq)
            )
            return list(zip(envelopes, rows.scalars(), strict=True))

    def _links(self, connection: Connection, after_seq: int, limit: int) -> list[Link]:
        return _decode_links(connection.scalar(_LINKS, {"after_seq": after_seq, "limit": limit}))

    def wait_for_news(self, after_seq: int, timeout_s: float) -> bool:
        until = time.monotonic() + timeout_s
        with self._explaining(), closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            seen: int | None = None
            while True:
                version = cursor.execute("PRAGMA data_version").fetchone()[0]
                if version != seen:
                    seen = version
                    if cursor.execute("SELECT seq FROM chain_head").fetchone()[0] > after_seq:
                        return True
                left_s = until - time.monotonic()
                if left_s <= 0 or self._closed.wait(min(left_s, POLL_S)):
                    return False

    def _scrub(self) -> None:
        """The erased row is overwritten in the file (secure_delete); its copies in the log go with the log."""
        with self._explaining(), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        super().close()
        if self._witness:
            self._witness.close()
