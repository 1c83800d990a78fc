"""The journal in a PostgreSQL database: several desks over a network.

Owns its lock (one advisory lock serialises appends), LISTEN/NOTIFY, how long a silent server is waited for, and what
the server's errors mean.
"""

from __future__ import annotations

import select as sockets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError

from app.domain.instants import Instant
from app.journal import migrating, tables
from app.journal.appending import Encoded, Head
from app.journal.errors import JournalError, JournalUnavailable, NotBegun
from app.journal.silence import SilenceWatch
from app.journal.sql import SqlJournal, StoredEvent
from app.journal.store import Outcome
from app.journal.verifying import Link

CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_S = 5.0
"""How long a desk waits for another one's transaction; `?lock_timeout_s=S` in the URL sets another."""
BEAT_S = 2.0
"""How often a desk that waits for news asks whether the server is still there."""
SILENT_S = 3.0
"""What takes no work is answered by then, or the server is not there."""
READ_LIMIT_S = 20.0
_LOCK = 0x53444A31
_CHANNEL = "streetdesk_journal"


def open_postgresql(url: str, clock: Callable[[], Instant], mode: str, readonly: bool) -> PostgresJournal:
    """Open the journal in a database that exists, making its tables when they are missing. See store.open_journal."""
    try:
        place = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise JournalError("bad_url", reason=str(error)) from error
    where = place.difference_update_query(place.query).render_as_string(hide_password=True)
    silence = SilenceWatch()
    engine = _engine(place, readonly, silence)
    try:
        with engine.connect() as connection, connection.begin():
            if not readonly:
                _lock(connection)
                migrating.migrate(connection, mode, where, lambda: _others(connection))
            found_mode = migrating.check(connection, where, mode)
    except Exception as error:
        engine.dispose()
        silence.close()
        explained = explain(getattr(error, "orig", None) or error, where)
        if explained is None:
            raise
        raise explained from error
    return PostgresJournal(engine, where, clock, found_mode, readonly, silence)


def _others(connection: Connection) -> int:
    """Connections of other desks. One that has just been closed is still counted for a moment."""
    until_s = time.monotonic() + _LINGER_S
    while True:
        count = int(connection.scalar(_OTHERS, {"name": _APPLICATION}) or 0)
        if count == 0 or time.monotonic() > until_s:
            return count
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        time.sleep(_LINGER_STEP_S)


_APPLICATION = "streetdesk"
_LINGER_S, _LINGER_STEP_S = 2.0, 0.1
_OTHERS = text(
    """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = :name AND datname = current_database() AND pid <> pg_backend_pid()
    """
)


def _engine(url: URL, readonly: bool, silence: SilenceWatch) -> Engine:
    lock_timeout_s = float(str(url.query.get("lock_timeout_s", LOCK_TIMEOUT_S)))
    engine = create_engine(
        url.difference_update_query(["lock_timeout_s"]),
        pool_size=4,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": _APPLICATION,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    )
    _watch_pings(engine, silence)
    settings = [
        # Durable on return, whatever the server's default is.
        "SET synchronous_commit = on",
        f"SET lock_timeout = {int(lock_timeout_s * 1000)}",
        f"SET default_transaction_read_only = {'on' if readonly else 'off'}",
    ]

    def set_up(connection: Any, _record: object) -> None:
        for setting in settings:
            connection.execute(setting)
        connection.commit()

    event.listen(engine, "connect", set_up)
    return engine


def _watch_pings(engine: Engine, silence: SilenceWatch) -> None:
    """The pool asks a connection whether it is alive before it hands it out; a silent server would never say."""
    ping = engine.dialect.do_ping

    def watched(driver: Any) -> bool:
        with silence.over(driver, SILENT_S):
            return bool(ping(driver))

    engine.dialect.do_ping = watched  # type: ignore[method-assign,assignment]


def _lock(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


_KEYS_BY_STATE = {
    "53100": "disk_full",
    "25006": "read_only",
    "42501": "read_only",
    "55P03": "locked",
    "28P01": "not_admitted",
    "28000": "not_admitted",
    "3D000": "not_admitted",
    "XX001": "corrupt",
    "XX002": "corrupt",
}
_UNSTORABLE = (
    UnicodeError,
    OverflowError,
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
)


def explain(error: BaseException, where: str) -> JournalError | None:
    """What an error of psycopg means to an officer; None when it is another's."""
    reason = _reason(error)
    key = _KEYS_BY_STATE.get(getattr(error, "sqlstate", None) or "")
    if key:
        return JournalUnavailable(key, where=where, reason=reason)
    if isinstance(error, psycopg.OperationalError):
        # At log-in the server's answer has no state of its own: it stands in the text, in the server's language.
        return JournalUnavailable("no_connection", where=where, reason=reason)
    if isinstance(error, _UNSTORABLE):
        return JournalError("unstorable", what=where, reason=reason)
    if isinstance(error, psycopg.Error):
        return JournalUnavailable("store_error", where=where, reason=reason)
    return None


def _reason(error: BaseException) -> str:
    """What follows the first line is libpq's advice to its programmers."""
    return next(iter(str(error).splitlines()), "").strip()


class PostgresJournal(SqlJournal):
    """The Journal port on one database; any number of desks may have it open."""

    mark = "%s"
    state_sql = """
        SELECT seq, recorded_at, hash,
            (SELECT coalesce(json_object_agg(
                asked.stream, (SELECT max(version) FROM event WHERE event.stream = asked.stream)), '{}')
             FROM json_array_elements_text(%s::json) AS asked(stream))::text,
            (SELECT coalesce(json_agg(json_build_array(source, source_event)), '[]')
             FROM json_array_elements(%s::json) AS asked(pair) JOIN receipt
             ON source = pair ->> 0 AND source_event = pair ->> 1)::text
        FROM chain_head
    """

    def __init__(
        self,
        engine: Engine,
        where: str,
        clock: Callable[[], Instant],
        mode: str,
        readonly: bool,
        silence: SilenceWatch,
    ) -> None:
        super().__init__(engine, where, clock, mode, readonly)
        self._silence = silence
        self._wakers: set[socket.socket] = set()
        self._wakers_lock = threading.Lock()

    def _begin(self, cursor: Any) -> None:
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        except (psycopg.errors.AdminShutdown, psycopg.errors.CrashShutdown) as error:
            # The server may end a connection just after `_has_gone` has looked.
            raise NotBegun("no_connection", where=self._where, reason=_reason(error)) from error

    def _has_gone(self, writer: PoolProxiedConnection) -> bool:
        """Of an idle connection there is nothing to read but its end."""
        driver: Any = writer.driver_connection
        return bool(driver.closed or sockets.select([driver.fileno()], [], [], 0)[0])

    def _transact(self, writer: PoolProxiedConnection, encoded: Sequence[Encoded]) -> list[Outcome]:
        # Others' transactions are waited for by the server (lock_timeout); beyond that it is silence.
        with self._silence.over(writer.driver_connection, LOCK_TIMEOUT_S + SILENT_S):
            return super()._transact(writer, encoded)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with (
            super()._reading() as connection,
            self._silence.over(connection.connection.driver_connection, READ_LIMIT_S),
        ):
            yield connection

    def _announce(self, cursor: Any) -> None:
        cursor.execute("SELECT pg_notify(%s, '')", (_CHANNEL,))

    def _acknowledged(self, head: Head) -> None:
        """The server keeps its own promises."""

    def _explain(self, error: BaseException) -> JournalError | None:
        return explain(error, self._where)

    def _events(self, connection: Connection, after_seq: int, last_seq: int) -> list[StoredEvent]:
        seq = tables.event.c.seq
        wanted = select(*tables.event.columns[:-2]).where(seq > after_seq, seq <= last_seq).order_by(seq)
        return [(row[:-1], row[-1]) for row in connection.execute(wanted).tuples()]

    def _links(self, connection: Connection, after_seq: int, limit: int) -> list[Link]:
        seq = tables.event.c.seq
        wanted = select(*tables.event.columns).where(seq > after_seq).order_by(seq).limit(limit)
        return [(*row[:-2], row[-2].hex(), row[-1].hex()) for row in connection.execute(wanted).tuples()]

    def wait_for_news(self, after_seq: int, timeout_s: float) -> bool:
        until = time.monotonic() + timeout_s
        with self._explaining(), closing(self._engine.raw_connection()) as pooled:
            driver: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
            driver.rollback()
            driver.autocommit = True
            try:
                with self._silence.over(driver, SILENT_S):
                    driver.execute(f"LISTEN {_CHANNEL}")
                is_news = self._listen(driver, after_seq, until)
                with self._silence.over(driver, SILENT_S):
                    # It goes back to the pool: one that still listens would collect notices for nobody.
                    driver.execute(f"UNLISTEN {_CHANNEL}")
                driver.autocommit = False
            except BaseException:
                pooled.invalidate()
                raise
            return is_news

    def _listen(self, driver: psycopg.Connection[Any], after_seq: int, until: float) -> bool:
        woken, waker = socket.socketpair()
        with woken, waker:
            with self._wakers_lock:
                self._wakers.add(waker)
            try:
                while not self._closed.is_set():
                    with self._silence.over(driver, SILENT_S):
                        row = driver.execute("SELECT seq FROM chain_head").fetchone()
                    if row and row[0] > after_seq:
                        return True
                    left_s = until - time.monotonic()
                    if left_s <= 0:
                        return False
                    sockets.select([driver.fileno(), woken.fileno()], [], [], min(left_s, BEAT_S))
                return False
            finally:
                with self._wakers_lock:
                    self._wakers.discard(waker)

    def _scrub(self) -> None:
        """The server's vacuum clears deleted rows; its own log ages out as the server is set up."""

    def close(self) -> None:
        self._closed.set()
        with self._wakers_lock:
            for waker in self._wakers:
                waker.send(b".")
        super().close()
        self._silence.close()
