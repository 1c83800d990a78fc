"""Ends a connection on which the server says nothing for too long.

A server that is stopped, or behind a cut line, answers nothing and breaks nothing off: whoever waits for it would wait
for hours. Owns one thread that shuts such sockets down; whoever waits on them is told so by his driver. Must not know
what is waited for.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_log = logging.getLogger(__name__)


class SilenceWatch:
    """`over(driver, limit_s)`: within it the server has that long. `close` ends the thread."""

    def __init__(self) -> None:
        self._deadlines: dict[int, tuple[float, Any]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, driver: Any, limit_s: float) -> Iterator[None]:
        key = self._begin(driver, time.monotonic() + limit_s)
        try:
            yield
        finally:
            with self._changed:
                self._deadlines.pop(key, None)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _begin(self, driver: Any, deadline_s: float) -> int:
        mark = object()
        with self._changed:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="journal-silence", daemon=True)
                self._thread.start()
            soonest_s = min((at for at, _ in self._deadlines.values()), default=float("inf"))
            self._deadlines[id(mark)] = (deadline_s, (driver, mark))
            if deadline_s < soonest_s:
                self._changed.notify_all()
        return id(mark)

    def _run(self) -> None:
        with self._changed:
            while not self._closing:
                now_s = time.monotonic()
                for key in [key for key, (at, _) in self._deadlines.items() if at <= now_s]:
                    _, (driver, _mark) = self._deadlines.pop(key)
                    _shut_down(driver)
                soonest_s = min((at for at, _ in self._deadlines.values()), default=None)
                self._changed.wait(None if soonest_s is None else max(soonest_s - now_s, 0.0))


def _shut_down(driver: Any) -> None:
    """The socket only: the connection belongs to the thread that waits on it."""
    if driver.closed:
        return
    try:
        with socket.socket(fileno=os.dup(driver.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
    except Exception as ended:  # noqa: BLE001 - whatever its driver says of it; the others are watched on
        _log.info("a silent connection ended just before it was cut off: %s", ended)
