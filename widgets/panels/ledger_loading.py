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
    """`done` is called with all rows once they are made; `share` says how far it is."""

    def __init__(self, parent: QObject, done: Callable[[dict[str, LedgerRow]], None]) -> None:
        super().__init__(parent)
        self._done = done
        self._keys: list[str] = []
        self._made: dict[str, LedgerRow] = {}
        self._incidents: Mapping[str, Incident] = {}
        self._rows: LedgerRows | None = None
        self.is_running = False
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    @property
    def share(self) -> float:
        return len(self._made) / max(1, len(self._made) + len(self._keys))

    def begin(self, incidents: Mapping[str, Incident], rows: LedgerRows) -> None:
        """Makes a row of every incident, whatever was being made before."""
        self._incidents, self._rows = incidents, rows
        self._keys, self._made = list(incidents)[::-1], {}
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
        keys = self._keys[-count:] if count else []
        del self._keys[len(self._keys) - len(keys) :]
        known = self._incidents
        self._made |= self._rows.of(known[key] for key in reversed(keys))

    def _end(self) -> None:
        self._turn.stop()
        self.is_running = False
        made, self._made = self._made, {}
        self._done(made)

    def stop(self) -> None:
        self._turn.stop()
        self.is_running = False
