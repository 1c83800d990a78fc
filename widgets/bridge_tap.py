"""Owns a bridge for a panel that comes and goes: whatever the panel connects to ends with the tap.

Must not decide anything. Connections without a receiver, such as those of closures, would otherwise keep a closed panel
alive and call it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.commands import Command
from widgets.bridge import Answered, Bridge

T = TypeVar("T")

_TAPPED: Final = (
    "incidents_changed", "units_changed", "cameras_changed", "alarms_changed", "quarantine_changed", "grids_changed",
    "positions_changed", "feeds_changed", "restored", "ticked",
)  # fmt: skip


class BridgeTap(QObject):
    """Says what a bridge says, and is otherwise that bridge. What is told to a closed tap is told to nobody."""

    incidents_changed = Signal(object)
    units_changed = Signal(object)
    cameras_changed = Signal(object)
    alarms_changed = Signal(object)
    quarantine_changed = Signal(object)
    grids_changed = Signal(object)
    positions_changed = Signal(object)
    feeds_changed = Signal()
    restored = Signal()
    ticked = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._closed = False
        for name in _TAPPED:
            getattr(bridge, name).connect(getattr(self, name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bridge, name)

    def fetch(
        self,
        reading: Coroutine[Any, Any, T],
        done: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """As the bridge's, while the tap is open."""
        self._bridge.fetch(reading, self._while_open(done), self._while_open(failed) if failed else None)

    def submit(self, command: Command, answered: Answered | None = None, purpose: str = "") -> None:
        """As the bridge's; a command that was given is carried out though nobody hears of it."""
        self._bridge.submit(command, self._while_open(answered) if answered else None, purpose)

    def close(self) -> None:
        """Nothing is told any more."""
        self._closed = True
        for name in _TAPPED:
            getattr(self._bridge, name).disconnect(getattr(self, name))
        self.deleteLater()

    def _while_open(self, call: Callable[[T], None]) -> Callable[[T], None]:
        def told(what: T) -> None:
            if not self._closed:
                call(what)

        return told
