"""The way on which desks of one database say short texts to each other, by topic; what is said is kept by nobody.

Owns which way there is: NOTIFY on PostgreSQL, the process on SQLite. Must not know what the texts say, and must not be
used for anything that may not be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, TypeAlias

Listeners: TypeAlias = Mapping[str, Callable[[str], None]]
"""Who is told what is said, by topic: a plain word."""
MOST_BYTES: Final = 7_900
"""PostgreSQL takes no notice of 8,000 bytes or more."""


class TopicChannel(Protocol):
    """What speaks to the other desks about one topic."""

    def say(self, text: str) -> None: ...


class DeskChannel(Protocol):
    """The way to the other desks. What is said may be lost and is never heard twice."""

    def say(self, topic: str, text: str) -> None: ...
    def close(self) -> None: ...


class LocalChannel:
    """Desks of one process on one SQLite file; nobody hears himself."""

    _rooms: ClassVar[dict[str, list[LocalChannel]]] = {}

    def __init__(self, room: str, listeners: Listeners) -> None:
        self._room, self._listeners = room, listeners
        self._loop = asyncio.get_running_loop()
        self._rooms.setdefault(room, []).append(self)

    def say(self, topic: str, text: str) -> None:
        for other in self._rooms[self._room]:
            if other is not self:
                other._loop.call_soon_threadsafe(other._listeners[topic], text)

    def close(self) -> None:
        here = self._rooms[self._room]
        here.remove(self)
        if not here:
            del self._rooms[self._room]


def open_channel(db: str, listeners: Listeners, on_open: Callable[[], None]) -> DeskChannel:
    """The way to the other desks on this database; needs a running loop.

    `on_open` is called once every topic is listened to, and again after a break.
    """
    if db.startswith("postgresql"):
        from app.journal.notices import PostgresNotices

        return PostgresNotices(db, asyncio.get_running_loop(), listeners, on_open)
    channel = LocalChannel(db, listeners)
    asyncio.get_running_loop().call_soon(on_open)
    return channel


@dataclass(frozen=True, slots=True)
class OneTopic:
    """The way for the texts of one topic."""

    channel: DeskChannel
    topic: str

    def say(self, text: str) -> None:
        self.channel.say(self.topic, text)
