"""Who else looks at an incident or edits it just now: said from desk to desk and kept by nobody.

Owns what is said, the rhythm in which it is said again, and who is thought to be there. It never enters the journal:
who looked when is no fact of the incident. What must not be lost - a claim, a take-over with its reason - is a command.
On PostgreSQL all desks of the database hear each other, on SQLite those of one process.

What a desk goes by (checksums by file, up to 4 kB) is said when it joins, when it changes, and to whoever wants it; any
other word carries only one sum of it all. Who hears a sum that is not his own and has not heard what is behind it wants
it: so it is learned by who came late, and by who missed the word.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final

import msgspec

from app.domain.instants import Instant
from app.service.clock import Clock
from app.service.desk_channel import MOST_BYTES, TopicChannel

log = logging.getLogger(__name__)

BEAT_S: Final = 2.0
MISSED_BEATS: Final = 3
"""A desk that was not heard for so many beats has gone without a word."""
GATHER_S: Final = 0.15
"""Who goes through the queue with the arrow keys looks at nothing."""
MOST_HEARD: Final = 500
MOST_WANTED: Final = 16
"""Of how many desks one word asks what they go by; the others' turn is the next word."""
_SIGNS: Final = 16


class Present(msgspec.Struct, frozen=True):
    """One desk: `session` is one run of it, `field` what is being edited ("" nothing), `incident` "" when it is away.

    `asks`: whoever hears it for the first time answers. `declared` are checksums of the declared data that it goes by,
    by file; empty in most words, and until it has read them. `goes_by` is the sum of them all, `wants` are the sessions
    of which it wants to hear what is behind theirs.
    """

    desk: str
    actor: str
    session: str
    incident: str = ""
    field: str = ""
    since_at: Instant = 0
    asks: bool = False
    declared: dict[str, str] = {}
    goes_by: str = ""
    wants: tuple[str, ...] = ()


TOPIC: Final = "presence"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Present).decode


class Presence:
    """This desk among the others. `on_change` is told the incidents of which `others` is another now."""

    def __init__(
        self, desk: str, actor: str, session: str, clock: Clock, on_change: Callable[[set[str]], None]
    ) -> None:
        self._me = Present(desk, actor, session)
        self._clock, self._on_change = clock, on_change
        self._heard: dict[str, tuple[Present, float]] = {}
        self._channel: TopicChannel | None = None
        self.on_joined: Callable[[], None] = lambda: None
        """A desk has come, or is back after a break: it has missed whatever was said before."""
        self._listens_since_s = 0.0
        self._news = asyncio.Event()
        self._tells_all = False
        self._wants: dict[str, None] = {}

    # -- this desk ---------------------------------------------------------------------------------------------------

    @property
    def me(self) -> Present:
        return self._me

    def look(self, incident: str) -> None:
        """The officer looks at this incident now, "" at none."""
        if incident != self._me.incident:
            self._become(incident, "")

    def edit(self, field: str) -> None:
        """The officer edits a field of what he looks at; "" ends that."""
        if field != self._me.field:
            self._become(self._me.incident, field)

    def declare(self, sums: Mapping[str, str]) -> None:
        """What this desk goes by, from now on."""
        self._me = msgspec.structs.replace(self._me, declared=dict(sums), goes_by=sum_of(sums))
        self._tell_all()

    def _tell_all(self) -> None:
        """With the next word goes what this desk goes by."""
        self._tells_all = True
        self._news.set()

    def _become(self, incident: str, field: str) -> None:
        now = self._clock.now()
        self._me = msgspec.structs.replace(self._me, incident=incident, field=field, since_at=now)
        self._news.set()

    # -- the others --------------------------------------------------------------------------------------------------

    @property
    def is_alone(self) -> bool:
        """Whether no other desk is heard."""
        return not self._heard

    def others(self, incident: str) -> tuple[Present, ...]:
        """Who else is at an incident; who edits first, then who is there longest."""
        if not self._heard:  # asked of every row of a queue
            return ()
        there = [present for present, _ in self._heard.values() if present.incident == incident]
        return tuple(sorted(there, key=lambda p: (not p.field, p.since_at, p.session)))

    def unlike(self) -> dict[str, tuple[str, ...]]:
        """Desks that go by other declared data than this one, each with the files that differ or one of both lacks."""
        own = self._me.declared
        found = {
            present.desk: tuple(
                sorted(name for name in own | present.declared if own.get(name) != present.declared.get(name))
            )
            for present, _ in self._heard.values()
            if own and present.declared
        }
        return {desk: files for desk, files in sorted(found.items()) if files}

    def is_silent(self, desk: str) -> bool:
        """Whether nothing is heard of a desk, though this one has listened for long enough to hear it."""
        listens_s = time.monotonic() - self._listens_since_s if self._channel is not None else 0.0
        if listens_s < MISSED_BEATS * BEAT_S or desk == self._me.desk:
            return False
        return all(present.desk != desk for present, _ in self._heard.values())

    def hear(self, text: str) -> None:
        """What came from the channel; what nobody here understands is left alone."""
        try:
            present = _decode(text)
        except msgspec.DecodeError as fault:
            log.info("another desk said what this one does not understand: %s", fault)
            return
        is_new = present.session not in self._heard
        if present.session == self._me.session or (is_new and len(self._heard) >= MOST_HEARD):
            return
        before = self._heard.get(present.session)
        present = self._with_declared(present, before[0] if before else None)
        self._heard[present.session] = (present, time.monotonic())
        if (present.asks and is_new) or self._me.session in present.wants:
            self._tell_all()
        if present.asks:
            self.on_joined()
        self._tell(
            {before[0].incident if before else "", present.incident} if _differ(before, present) else set()
        )

    def _with_declared(self, present: Present, before: Present | None) -> Present:
        """With what it goes by as far as that is known; what is not is wanted."""
        own, sum_ = self._me, present.goes_by
        self._wants.pop(present.session, None)
        if present.declared or not sum_:
            return present
        if sum_ == own.goes_by:
            return msgspec.structs.replace(present, declared=own.declared)
        if before is not None and before.declared and sum_of(before.declared) == sum_:
            return msgspec.structs.replace(present, declared=before.declared)
        if own.goes_by:
            self._wants[present.session] = None
            self._news.set()
        return present

    def greet(self) -> None:
        """The way to the others has just been opened, or opened again."""
        self._say(asks=True)

    # -- life --------------------------------------------------------------------------------------------------------

    def attach(self, channel: TopicChannel) -> None:
        self._channel, self._listens_since_s = channel, time.monotonic()

    async def run(self) -> None:
        """Says what is new at once and everything again each beat; says good-bye when it is cancelled."""
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(BEAT_S):
                        await self._news.wait()
                    await asyncio.sleep(GATHER_S)
                self._news.clear()
                self._forget_silent()
                self._say()
        finally:
            self._me = msgspec.structs.replace(self._me, incident="", field="")
            self._wants.clear()
            self._say()

    def _say(self, *, asks: bool = False) -> None:
        if self._channel is None:
            return
        wants = tuple(islice(self._wants, MOST_WANTED))
        for session in wants:
            del self._wants[session]
        declared = self._me.declared if asks or self._tells_all else {}
        self._tells_all = False
        word = msgspec.structs.replace(self._me, asks=asks, declared=declared, wants=wants)
        self._channel.say(_fitting(word).decode())

    def _forget_silent(self) -> None:
        since_s = time.monotonic() - MISSED_BEATS * BEAT_S
        gone = [session for session, (_, heard_s) in self._heard.items() if heard_s < since_s]
        for session in gone:
            self._wants.pop(session, None)
        self._tell({self._heard.pop(session)[0].incident for session in gone})

    def _tell(self, incidents: set[str]) -> None:
        incidents.discard("")
        if incidents:
            self._on_change(incidents)


def sum_of(declared: Mapping[str, str]) -> str:
    """One sum for all; "" for none."""
    if not declared:
        return ""
    said = "\n".join(f"{name}\t{sum_}" for name, sum_ in sorted(declared.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:_SIGNS]


def _fitting(word: Present) -> bytes:
    """A word that no way is too narrow for: who is where goes before what the desk goes by."""
    text = _encode(word)
    if len(text) <= MOST_BYTES:
        return text
    log.info("what this desk goes by is too much for one notice: %d bytes", len(text))
    return _encode(msgspec.structs.replace(word, declared={}))


def _differ(before: tuple[Present, float] | None, now: Present) -> bool:
    if before is None:
        return True
    return (before[0].incident, before[0].field) != (now.incident, now.field)
