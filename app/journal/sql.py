"""The journal on a SQL database, as far as SQLite and PostgreSQL agree.

Owns the append transaction, reading and verifying. Must not hold what only one database has (sqlite.py, postgresql.py)
nor the tables beside the events (side_tables.py).

The append path uses the driver's cursor of a connection from SQLAlchemy's pool: beside a disk that takes 200 us a
further 100 us of bookkeeping would be felt. Everything else is SQLAlchemy Core.
"""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeAlias

import msgspec
from sqlalchemy import Connection, Engine, PoolProxiedConnection, select

from app.domain.event import StrangeEvent
from app.domain.events import Recorded
from app.domain.instants import Instant
from app.journal import codec
from app.journal.appending import (
    Encoded,
    Group,
    Head,
    Judgement,
    Overtaken,
    Row,
    encode_batch,
    receipts_of,
    streams_of,
)
from app.journal.errors import JournalDamaged, JournalError, JournalUnavailable, NotBegun, VersionConflict
from app.journal.side_tables import BatchSideRows, SideTables
from app.journal.store import Batch, Outcome, Receipt, Verdict
from app.journal.tables import EVENT_COLUMNS, chain_head, event
from app.journal.verifying import Link, verify_chain

Envelope: TypeAlias = tuple[int, str, int, str, int, int, int, str, str, str, str, str]
"""tables.HASHED_COLUMNS of one event without the payload."""
StoredEvent: TypeAlias = tuple[Envelope, str | msgspec.Raw]

PAGE = 2_000
"""Events per statement: some 2 ms of decoding, so that a window in the same process stays alive meanwhile."""

_INSERT_SIZES = (256, 32, 4, 1)
"""Rows per INSERT. One statement is one release of the interpreter lock; one a row would hand every row's turn to a
busy window thread (measured: 600 rows/s)."""

_log = logging.getLogger(__name__)
_versions = msgspec.json.Decoder(dict[str, int | None]).decode
_receipts = msgspec.json.Decoder(list[tuple[str, str]]).decode


class SqlJournal(SideTables):
    """The Journal port on an engine. `dialect` must take named parameters; `mark` is its positional placeholder."""

    mark: str
    state_sql: str
    """Takes the streams and the receipts of a group as JSON; gives the head's seq, recorded_at and hash, and as JSON
    the version of each stream and those receipts that are known."""

    def __init__(
        self, engine: Engine, where: str, clock: Callable[[], Instant], mode: str, readonly: bool
    ) -> None:
        self.mode = mode
        self._engine = engine
        self._where = where
        self._clock = clock
        self._readonly = readonly
        self._closed = threading.Event()
        self._users = 0
        self._users_changed = threading.Condition()
        self._write_lock = threading.RLock()
        self._writer: PoolProxiedConnection | None = None
        self._side_rows = BatchSideRows(engine.dialect)
        self._insert_sql = {size: self._insert_events_sql(size) for size in _INSERT_SIZES}
        self._move_head_sql = "UPDATE chain_head SET seq = ?, recorded_at = ?, hash = ?".replace(
            "?", self.mark
        )
        self._writer_of_sql = "SELECT actor, desk FROM event WHERE stream = ? AND version = ?".replace(
            "?", self.mark
        )

    # -- what differs ------------------------------------------------------------------------------------------------

    @abstractmethod
    def _begin(self, cursor: Any) -> None:
        """Start the append transaction and wait for the turn of this desk. Raises NotBegun where another try may do."""

    @abstractmethod
    def _announce(self, cursor: Any) -> None:
        """Tell other desks, as part of the transaction."""

    @abstractmethod
    def _acknowledged(self, head: Head) -> None:
        """The transaction is durable."""

    @abstractmethod
    def _explain(self, error: BaseException) -> JournalError | None:
        """What a driver's error means to an officer; None when it is not one of a driver."""

    @abstractmethod
    def _events(self, connection: Connection, after_seq: int, last_seq: int) -> list[StoredEvent]:
        """The events with after_seq < seq <= last_seq, in the order of seq."""

    @abstractmethod
    def _links(self, connection: Connection, after_seq: int, limit: int) -> list[Link]: ...

    @abstractmethod
    def wait_for_news(self, after_seq: int, timeout_s: float) -> bool: ...

    # -- appending ---------------------------------------------------------------------------------------------------

    def append(self, batch: Batch) -> tuple[Recorded, ...]:
        outcome = self.append_group((batch,))[0]
        if isinstance(outcome, JournalError):
            raise outcome
        return outcome

    def append_group(self, batches: Sequence[Batch]) -> tuple[Outcome, ...]:
        encoded = [encode_batch(batch) for batch in batches]
        sound = [one for one in encoded if isinstance(one, Encoded)]
        written = iter(self._write_group(sound) if sound else ())
        return tuple(one if isinstance(one, JournalError) else next(written) for one in encoded)

    def _write_group(self, group: Sequence[Encoded]) -> list[Outcome]:
        try:
            return self._write_together(group)
        except (JournalUnavailable, JournalDamaged):
            raise
        except JournalError as error:
            if len(group) == 1:
                return [error]
        # One batch holds what the database does not take: only that one shall be refused.
        return [outcome for encoded in group for outcome in self._write_group((encoded,))]

    def _write_together(self, encoded: Sequence[Encoded]) -> list[Outcome]:
        with self._write_lock:
            try:
                return self._write_on(self._open_writer(), encoded)
            except NotBegun as ended:
                _log.info("the connection had ended, a fresh one is tried: %s", ended)
                return self._write_on(self._open_writer(), encoded)

    def _write_on(self, writer: PoolProxiedConnection, encoded: Sequence[Encoded]) -> list[Outcome]:
        try:
            return self._transact(writer, encoded)
        except BaseException as error:  # noqa: BLE001 - raised again, explained
            self._drop_writer(writer)
            self._raise_explained(error)

    def _open_writer(self) -> PoolProxiedConnection:
        if self._closed.is_set():
            raise JournalUnavailable("closed", where=self._where)
        self._refuse_writing()
        if self._writer is not None and self._has_gone(self._writer):
            self._drop_writer(self._writer)
        if self._writer is None:
            try:
                self._writer = self._engine.raw_connection()
            except Exception as error:  # noqa: BLE001 - raised again, explained
                self._raise_explained(error)
        return self._writer

    def _has_gone(self, _writer: PoolProxiedConnection) -> bool:
        """Has the store ended a connection that stood idle?"""
        return False

    def _drop_writer(self, writer: PoolProxiedConnection) -> None:
        """After an error the connection may be of no use: the next append takes a fresh one."""
        self._writer = None
        try:
            # Closing alone would not do: SQLite keeps the lock while a statement of the batch is still referred to.
            writer.rollback()
        except self._engine.dialect.loaded_dbapi.Error as error:
            _log.info("taking back a failed append failed too: %s", error)
        writer.invalidate()

    def _transact(self, writer: PoolProxiedConnection, encoded: Sequence[Encoded]) -> list[Outcome]:
        cursor = writer.cursor()
        self._begin(cursor)
        group = self._open_group(cursor, encoded)
        judgements = group.admit(encoded)
        self._insert_events(cursor, group.rows)
        self._side_rows.write(cursor, group.accepted)
        if group.rows:
            cursor.execute(self._move_head_sql, (group.head.seq, group.head.recorded_at, group.head.hash))
            self._announce(cursor)
        outcomes = [self._outcome(cursor, judgement) for judgement in judgements]
        cursor.close()
        writer.commit()
        if group.rows:
            self._acknowledged(group.head)
        return outcomes

    def _open_group(self, cursor: Any, encoded: Sequence[Encoded]) -> Group:
        receipts = [(receipt.source, receipt.source_event) for receipt in receipts_of(encoded)]
        named = [msgspec.json.encode(names).decode() for names in (list(streams_of(encoded)), receipts)]
        row = cursor.execute(self.state_sql, named).fetchone()
        if row is None:
            raise JournalDamaged("no_chain_head", where=self._where)
        versions = {stream: version or 0 for stream, version in _versions(row[3]).items()}
        known = {Receipt(*pair) for pair in _receipts(row[4])}
        head = Head(row[0], row[1], bytes(row[2]))
        return Group(head, versions, known, self._clock(), self.mode)

    def _insert_events(self, cursor: Any, rows: Sequence[Row]) -> None:
        start = 0
        for size in _INSERT_SIZES:
            while len(rows) - start >= size:
                chunk = rows[start : start + size]
                cursor.execute(self._insert_sql[size], [value for row in chunk for value in row])
                start += size

    def _insert_events_sql(self, size: int) -> str:
        row = f"({', '.join([self.mark] * len(EVENT_COLUMNS))})"
        names = ", ".join(EVENT_COLUMNS)
        return f"INSERT INTO event ({names}) VALUES {', '.join([row] * size)}"  # noqa: S608 - our own names

    def _outcome(self, cursor: Any, judgement: Judgement) -> Outcome:
        if not isinstance(judgement, Overtaken):
            return judgement
        entry = judgement.entry
        first = cursor.execute(self._writer_of_sql, (entry.stream, entry.version)).fetchone()
        actor, desk = first or ("", "")
        return VersionConflict(entry.stream, entry.version - 1, judgement.actual, actor, desk)

    def _refuse_writing(self) -> None:
        if self._readonly:
            raise JournalUnavailable("opened_readonly", where=self._where)

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(
        self, after_seq: int = 0, limit: int = 10_000, until: Instant | None = None, tolerant: bool = False
    ) -> tuple[Recorded, ...]:
        found: list[Recorded] = []
        recorded = _recorded_or_strange if tolerant else _recorded
        with self._reading() as connection:
            last_seq = min(self._last_seq(connection, until), after_seq + limit)
            while after_seq < last_seq:
                page_end = min(after_seq + PAGE, last_seq)
                found.extend(map(recorded, self._events(connection, after_seq, page_end)))
                after_seq = page_end
        return tuple(found)

    def _last_seq(self, connection: Connection, until: Instant | None) -> int:
        head = self._head(connection).seq
        if until is None:
            return head
        # Neither seq nor recorded_at ever goes back: the boundary is found without an index and without a scan.
        return bisect_right(range(1, head + 1), until, key=lambda seq: self._recorded_at(connection, seq))

    def _recorded_at(self, connection: Connection, seq: int) -> Instant:
        recorded_at: Instant | None = connection.scalar(select(event.c.recorded_at).where(event.c.seq == seq))
        if recorded_at is None:
            raise JournalDamaged("missing_event", seq=seq, where=self._where)
        return recorded_at

    def read_stream(self, stream: str, after_version: int = 0, after_seq: int = 0) -> tuple[Recorded, ...]:
        wanted = (
            select(*event.columns[:-2])
            .where(event.c.stream == stream, event.c.version > after_version, event.c.seq > after_seq)
            .order_by(event.c.version)
        )
        with self._reading() as connection:
            rows = connection.execute(wanted).tuples()
            return tuple(_recorded_or_strange((row[:-1], row[-1])) for row in rows)

    def head(self) -> int:
        with self._reading() as connection:
            return self._head(connection).seq

    def _head(self, connection: Connection) -> Head:
        row = connection.execute(select(chain_head)).one_or_none()
        if row is None:
            raise JournalDamaged("no_chain_head", where=self._where)
        return Head(row.seq, row.recorded_at, bytes(row.hash))

    def verify(self) -> Verdict:
        with self._reading() as connection:
            return verify_chain(
                head=lambda: self._head(connection),
                page=lambda after_seq: self._links(connection, after_seq, PAGE),
            )

    # -- connections -------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explaining(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self._write_lock, self._explaining():
            self._refuse_writing()
            with self._engine.connect().execution_options(writing=True) as connection, connection.begin():
                yield connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again, explained
            self._raise_explained(error)
        finally:
            self._leave()

    def _raise_explained(self, error: BaseException) -> NoReturn:
        """Raise what a driver's error means to an officer, anything else as it is."""
        cause = getattr(error, "orig", None) or error
        explained = None if isinstance(error, JournalError) else self._explain(cause)
        if explained is None:
            raise error
        raise explained from error

    def _enter(self) -> None:
        with self._users_changed:
            if self._closed.is_set():
                raise JournalUnavailable("closed", where=self._where)
            self._users += 1

    def _leave(self) -> None:
        with self._users_changed:
            self._users -= 1
            self._users_changed.notify_all()

    def close(self) -> None:
        with self._users_changed:
            self._closed.set()
            self._users_changed.wait_for(lambda: self._users == 0)
        with self._write_lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._engine.dispose()


def _recorded(stored: StoredEvent) -> Recorded:
    envelope, payload = stored
    seq, stream, version, type_name, schema = envelope[:5]
    return Recorded(seq, stream, version, codec.decode(seq, type_name, schema, payload), *envelope[5:])


def _recorded_or_strange(stored: StoredEvent) -> Recorded:
    try:
        return _recorded(stored)
    except JournalDamaged as damage:
        if damage.key not in _WRITTEN_BY_A_NEWER_PROGRAM:
            raise
    seq, stream, version, type_name, schema = stored[0][:5]
    return Recorded(seq, stream, version, StrangeEvent(type_name, schema), *stored[0][5:])


_WRITTEN_BY_A_NEWER_PROGRAM = ("unknown_event", "newer_event")
