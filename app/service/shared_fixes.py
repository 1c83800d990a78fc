"""Where the units are, said from desk to desk: a feed speaks to one desk, and all of them recommend by it.

Owns what is said, its rhythm and its form: the newest fix of every unit that has moved, from whoever had it of a feed
or a phone. Who joins is told all of them once; what is missed after that comes again with the unit's next fix. Must not
judge a fix: service/positions.py does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import msgspec

from app.domain.instants import Instant
from app.journal.store import TrackPoint
from app.service.desk_channel import MOST_BYTES, TopicChannel

log = logging.getLogger(__name__)

TOPIC: Final = "fixes"
GATHER_S: Final = 0.5
"""So long fixes are gathered: units say where they are once a second."""
MOST_TOGETHER: Final = 60
"""With ids as long as they may be so many still fit into one notice."""

_Row = tuple[str, Instant, float, float, float | None, float | None]


class Said(msgspec.Struct, frozen=True, array_like=True):
    """Fixes of one desk; `session` is one run of it, by which it knows its own words again."""

    session: str
    fixes: tuple[_Row, ...]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Said).decode


class SharedFixes:
    """`on_fix` is told what other desks know; `is_alone` says that nobody is there to be told."""

    def __init__(
        self, session: str, on_fix: Callable[[TrackPoint], None], is_alone: Callable[[], bool]
    ) -> None:
        self._session, self._on_fix, self._is_alone = session, on_fix, is_alone
        self._channel: TopicChannel | None = None
        self._own: dict[str, TrackPoint] = {}
        self._unsaid: dict[str, TrackPoint] = {}
        self._news = asyncio.Event()

    def attach(self, channel: TopicChannel) -> None:
        self._channel = channel

    def put(self, fix: TrackPoint) -> None:
        """A fix that this desk had first."""
        self._own[fix.unit] = self._unsaid[fix.unit] = fix
        self._news.set()

    def say_again(self) -> None:
        """Everything, for a desk that has just come or was away."""
        self._unsaid = {**self._own, **self._unsaid}
        self._news.set()

    def hear(self, text: str) -> None:
        """What came from the channel; what nobody here understands is left alone."""
        try:
            said = _decode(text)
        except msgspec.DecodeError as fault:
            log.info("fixes of another desk are not understood: %s", fault)
            return
        if said.session != self._session:
            for row in said.fixes:
                self._on_fix(TrackPoint(*row))

    async def run(self) -> None:
        """Says what is new, gathered; runs until it is cancelled."""
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER_S)
            self._news.clear()
            self._say()

    def _say(self) -> None:
        fixes, self._unsaid = self._unsaid, {}
        if self._channel is None or self._is_alone():
            return
        rows = [(f.unit, f.at, f.lat, f.lon, f.heading_deg, f.speed_mps) for f in fixes.values()]
        for first in range(0, len(rows), MOST_TOGETHER):
            text = _encode(Said(self._session, tuple(rows[first : first + MOST_TOGETHER])))
            if len(text) <= MOST_BYTES:
                self._channel.say(text.decode())
