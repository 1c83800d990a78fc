"""Where the units are now.

Owns the newest fix of every unit and the batched way of fixes into the pruned track table. Fixes are not events: they
never enter the journal. Must not judge a fix but by its time: an older one never replaces a newer one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.domain.instants import Instant
from app.journal.errors import JournalUnavailable
from app.journal.store import TrackPoint
from app.journal.writer import JournalThread
from app.service.clock import Clock

FLUSH_S = 2.0
KEEP_MS = 30 * 86_400_000
"""Tracks of units are personal data of those who walk: thirty days, then gone."""
STALE_MS = 60_000
WAITING_LIMIT = 100_000
WAY_STEP_MS = 5_000


class Positions:
    """Newest fix by unit, and what still has to be written."""

    def __init__(self, journal: JournalThread, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self.fixes: dict[str, TrackPoint] = {}
        self._unwritten: list[TrackPoint] = []
        self.on_fix: Callable[[TrackPoint], None] = lambda _fix: None
        self.on_heard: Callable[[TrackPoint], None] = lambda _fix: None

    async def restore(self) -> None:
        """The last known fixes, as they were written before this start."""
        now = self._clock.now()
        known = await self._journal.call(lambda journal: journal.positions_at(now))
        self.fixes = {**known, **self.fixes}

    def hear(self, fix: TrackPoint) -> None:
        """A fix that another desk had first: it writes it down and judges by it."""
        known = self.fixes.get(fix.unit)
        if known is None or known.at < fix.at:
            self.fixes[fix.unit] = fix
            self.on_heard(fix)

    def put(self, fix: TrackPoint) -> None:
        known = self.fixes.get(fix.unit)
        if known is not None and known.at > fix.at:
            return
        self.fixes[fix.unit] = fix
        if len(self._unwritten) < WAITING_LIMIT:
            self._unwritten.append(fix)
        self.on_fix(fix)

    async def ways(self, since: Instant) -> list[TrackPoint]:
        """Where every unit that has a fix has been since then, unit by unit; a point every WAY_STEP_MS will do."""
        units = sorted(self.fixes)
        return await self._journal.call(lambda journal: journal.tracks_since(units, since, WAY_STEP_MS))

    def is_stale(self, unit: str, now: Instant) -> bool:
        fix = self.fixes.get(unit)
        return fix is not None and now - fix.at > STALE_MS

    async def run(self) -> None:
        """Writes fixes every FLUSH_S and prunes old tracks; runs until it is cancelled."""
        is_pruned = False
        while True:
            is_pruned = is_pruned or await self._prune()
            await asyncio.sleep(FLUSH_S)
            await self.flush()

    async def _prune(self) -> bool:
        """Whether it could be done."""
        try:
            await self._journal.call(lambda journal: journal.prune_tracks(self._clock.now() - KEEP_MS))
        except JournalUnavailable:
            return False
        return True

    async def flush(self) -> None:
        """What could not be written is kept for the next time; the bus says aloud that the journal is unavailable."""
        rows, self._unwritten = self._unwritten, []
        if not rows:
            return
        try:
            await self._journal.call(lambda journal: journal.record_positions(rows))
        except JournalUnavailable:
            self._unwritten = rows + self._unwritten
