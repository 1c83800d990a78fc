"""Short texts between the desks on one PostgreSQL that nothing keeps: who hears them hears them, nobody else ever does.

Owns one connection and the thread that waits on it, from start to end; a connection that breaks off is made again.
Must not know what the texts say, and must not be used for anything that may not be lost.
"""

from __future__ import annotations

import asyncio
import logging
import select
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

log = logging.getLogger(__name__)

_CHANNELS: Final = "streetdesk_"
"""And the topic."""
CONNECT_TIMEOUT_S: Final = 5
RETRY_S: Final = 2.0


class PostgresNotices:
    """`listeners` by topic, a plain word, and `on_open` (also after a break) are called on `loop`."""

    def __init__(
        self,
        url: str,
        loop: asyncio.AbstractEventLoop,
        listeners: Mapping[str, Callable[[str], None]],
        on_open: Callable[[], None],
    ) -> None:
        plain = make_url(url).set(drivername="postgresql").difference_update_query(["lock_timeout_s"])
        self._conninfo = plain.render_as_string(hide_password=False)
        self._loop, self._on_open = loop, on_open
        self._listeners = {f"{_CHANNELS}{topic}": listener for topic, listener in listeners.items()}
        self._outbox: deque[tuple[str, str]] = deque()
        self._closing = threading.Event()
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    def say(self, topic: str, text: str) -> None:
        """To all other desks; while there is no connection only the newest is kept."""
        self._outbox.append((f"{_CHANNELS}{topic}", text))
        self._wake()

    def close(self) -> None:
        """Says what is still to be said, then ends. Blocks for as long as that takes."""
        self._closing.set()
        self._wake()
        self._thread.join()
        self._woken.close()
        self._waker.close()

    def _wake(self) -> None:
        """Never waits: during a long break nobody reads, and what lies there already wakes as well as more of it."""
        with suppress(BlockingIOError):
            self._waker.send(b".")

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                connection = psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S,
                    application_name="streetdesk presence",
                    keepalives_idle=5, keepalives_interval=2, keepalives_count=3, tcp_user_timeout=10_000,
                )  # fmt: skip
                with connection:
                    self._serve(connection)
            except psycopg.Error as error:
                log.info("other desks are not heard: %s", error)
            while len(self._outbox) > 1:
                self._outbox.popleft()
            self._closing.wait(RETRY_S)

    def _serve(self, connection: psycopg.Connection[Any]) -> None:
        connection.add_notify_handler(self._heard)
        for channel in self._listeners:
            connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        self._tell(lambda _text: self._on_open(), "")
        while True:
            self._say_all(connection)
            if self._closing.is_set():
                return
            ready, _, _ = select.select([connection.fileno(), self._woken.fileno()], [], [])
            if self._woken.fileno() in ready:
                self._woken.recv(4096)
            # Whatever has come is handed out while the server answers.
            connection.execute("SELECT 1")

    def _say_all(self, connection: psycopg.Connection[Any]) -> None:
        while self._outbox:
            connection.execute("SELECT pg_notify(%s, %s)", self._outbox[0])
            self._outbox.popleft()

    def _heard(self, notice: psycopg.Notify) -> None:
        self._tell(self._listeners[notice.channel], notice.payload)

    def _tell(self, listener: Callable[[str], None], text: str) -> None:
        try:
            self._loop.call_soon_threadsafe(listener, text)
        except RuntimeError:  # the loop has ended: nobody is left to be told
            log.debug("a notice came after the end")
