"""Owns a bridge for a panel that comes and goes: whatever the panel connects to ends with the tap.

Must not decide anything. Connections without a receiver, such as those of closures, would otherwise keep a closed panel
alive and call it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, TypeVar

from PySide6.QtCore import QMetaMethod, QObject

from app.domain.commands import Command
from widgets.bridge import Answered, Bridge

T = TypeVar("T")

_NOT_TAPPED: Final = ("trouble_changed", "destroyed", "objectNameChanged")
"""What panels tell the bridge, and what every object says of itself."""


class BridgeTap(Bridge):
    """Says all that a bridge says, and asks it for all the rest. What is told to a closed tap is told to nobody."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        # A bridge's own beginning would take the core away from the bridge that there is.
        super(Bridge, self).__init__(parent)
        self.app = bridge.app
        self._bridge = bridge
        self._closed = False
        for name in _signals(bridge):
            getattr(bridge, name).connect(getattr(self, name))
        self.trouble_changed.connect(bridge.trouble_changed)

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
        for name in _signals(self._bridge):
            getattr(self._bridge, name).disconnect(getattr(self, name))
        self.deleteLater()

    def _while_open(self, call: Callable[[T], None]) -> Callable[[T], None]:
        def told(what: T) -> None:
            if not self._closed:
                call(what)

        return told


def _signals(bridge: Bridge) -> Iterator[str]:
    """Every signal that goes down to the panels."""
    about = bridge.metaObject()
    for index in range(about.methodCount()):
        method = about.method(index)
        name = bytes(method.name().data()).decode()
        if method.methodType() == QMetaMethod.MethodType.Signal and name not in _NOT_TAPPED:
            yield name
