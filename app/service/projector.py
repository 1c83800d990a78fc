"""Keeps the projections equal to the journal.

Owns the position up to which the journal is folded in, restoring at start and catching up with other desks. Must not
decide anything and must not hold the loop's thread longer than SLICE_S at a time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from app.domain.alarm_limits import AlarmLimits
from app.domain.desk import Desk
from app.domain.event import StrangeEvent
from app.domain.events import Recorded
from app.domain.unit import Unit
from app.journal.store import Journal
from app.journal.writer import JournalThread
from app.projections import snapshot
from app.projections.changes import Changes
from app.projections.projections import Projections

log = logging.getLogger(__name__)

SLICE_S = 0.004
READ_LIMIT = 2_000

NAME = "desk"
SNAPSHOT_EVERY = 20_000
"""Events; about a third of a second of folding."""

Listener = Callable[[Changes, Sequence[Recorded]], None]


class Projector:
    """Folds records in order, exactly once, and tells listeners which keys changed."""

    def __init__(
        self, journal: JournalThread, units: tuple[Unit, ...] = (), alarm_limits: AlarmLimits | None = None
    ) -> None:
        self._journal = journal
        self.projections = Projections(units, alarm_limits)
        self._listeners: list[Listener] = []
        self._folding = asyncio.Lock()
        self._saved_seq = 0
        self.strange: Recorded | None = None
        """The first record that a newer program wrote: from there on the state is not the whole truth."""

    @property
    def desk(self) -> Desk:
        return self.projections.desk

    def listen(self, listener: Listener) -> None:
        """`listener(changes, records)` is called after every slice that was folded in."""
        self._listeners.append(listener)

    async def restore(self, saved: bytes | None) -> None:
        """At start: from what `saved_state` gave, then everything that the journal has beyond it."""
        units = tuple(self.desk.units.values())
        if saved is not None:
            restored = Projections(units, self.desk.alarm_limits)
            try:
                snapshot.restore(saved, restored)
            except ValueError:
                log.info("the snapshot is unreadable: folding the whole journal instead")
            else:
                self.projections = restored
                self._saved_seq = restored.seq
        await self.catch_up()

    def snapshot_is_due(self) -> bool:
        """Enough has been folded in since the last snapshot that a start would feel it."""
        return self.strange is None and self.projections.seq - self._saved_seq >= SNAPSHOT_EVERY

    async def save_snapshot(self) -> None:
        """Encodes and writes off this thread; what is folded in meanwhile is for the next one."""
        picture = snapshot.picture_of(self.projections)
        self._saved_seq = picture.seq
        await self._journal.call(
            lambda journal: journal.save_snapshot(
                NAME, picture.seq, snapshot.SCHEMA, snapshot.encode(picture)
            )
        )

    async def take(self, records: Sequence[Recorded]) -> None:
        """Folds in what this desk has just appended; reads first what other desks appended before it."""
        if records and records[0].seq > self.projections.seq + 1:
            await self.catch_up()
        async with self._folding:
            await self._fold(records)

    async def catch_up(self) -> None:
        """Reads and folds everything that the journal has beyond this state."""
        async with self._folding:
            while True:
                records = await self._journal.call(self._read_next)
                await self._fold(records)
                if len(records) < READ_LIMIT:
                    return

    def _read_next(self, journal: Journal) -> tuple[Recorded, ...]:
        return journal.read(self.projections.seq, READ_LIMIT, tolerant=True)

    async def _fold(self, records: Sequence[Recorded]) -> None:
        at = 0
        while at < len(records):
            changes = Changes()
            start, until = at, time.monotonic() + SLICE_S
            while at < len(records) and time.monotonic() < until:
                if records[at].seq == self.projections.seq + 1:
                    self._apply(records[at], changes)
                at += 1
            for listener in self._listeners:
                listener(changes, records[start:at])
            if at < len(records):
                await asyncio.sleep(0)

    def _apply(self, record: Recorded, changes: Changes) -> None:
        """What a newer program wrote is passed over; what builds on it may then not fit, and is passed over too."""
        if isinstance(record.event, StrangeEvent):
            self.strange = self.strange or record
            self.projections.pass_over(record)
            return
        try:
            self.projections.apply(record, changes)
        except Exception:
            if self.strange is None:
                raise
            log.exception("event %d does not fit without what is not understood", record.seq)
            self.projections.pass_over(record)


def saved_state(journal: Journal) -> bytes | None:
    """The newest usable snapshot. None when there is none, and when it is ahead of the journal: an older journal was
    put back in its place."""
    saved = journal.load_snapshot(NAME, snapshot.SCHEMA)
    if saved is None or saved[0] > journal.head():
        return None
    return saved[1]
