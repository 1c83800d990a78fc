"""Owns the making of the ledger's rows: a few milliseconds at a time, so that the desk goes on meanwhile.

Must not know the table that they go into.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer

from app.domain.incident import Incident
from widgets.models.ledger_rows import LedgerRow, LedgerRows

TURN_S: Final = 0.003
AT_ONCE: Final = 50
SMALL: Final = 400
"""So many rows are made at once: nobody sees a loading state that is over before it is painted."""


class LedgerLoading(QObject):
    """`take` is given some rows at a time, the newest first, and `done` called after the last; `share` says how far
    it is.
    """

    def __init__(
        self, parent: QObject, take: Callable[[dict[str, LedgerRow]], None], done: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._hand_over, self._done = take, done
        self._keys: list[str] = []
        self._count = 0
        self._incidents: Mapping[str, Incident] = {}
        self._rows: LedgerRows | None = None
        self.is_running = False
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    @property
    def share(self) -> float:
        return 1 - len(self._keys) / max(1, self._count)

    def begin(self, incidents: Mapping[str, Incident], rows: LedgerRows) -> None:
        """Makes a row of every incident, whatever was being made before."""
        self._incidents, self._rows = incidents, rows
        self._keys = list(incidents)
        self._count = len(self._keys)
        self.is_running = True
        if len(self._keys) <= SMALL:
            self._take(len(self._keys))
            self._end()
        else:
            self._turn.start()

    def _go_on(self) -> None:
        until_s = time.perf_counter() + TURN_S
        while self._keys and time.perf_counter() < until_s:
            self._take(AT_ONCE)
        if not self._keys:
            self._end()

    def _take(self, count: int) -> None:
        assert self._rows is not None
        if not count:
            return
        keys = self._keys[-count:]
        del self._keys[-count:]
        known = self._incidents
        self._hand_over(self._rows.of(known[key] for key in reversed(keys)))

    def _end(self) -> None:
        self._turn.stop()
        self.is_running = False
        self._done()

    def stop(self) -> None:
        self._turn.stop()
        self.is_running = False
