"""A bus on a real SQLite journal, without window or feeds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain.roles import DUTY_OFFICER, FEED
from app.domain.unit import Unit
from app.journal.store import Receipt, open_journal
from app.journal.writer import JournalThread
from app.service.bus import Bus, Submission
from app.service.clock import SetClock
from app.service.projector import Projector
from app.service.tasks import TaskOwner

START_AT = 1_795_330_000_000
UNITS = (Unit("p1", "police", "P1"), Unit("p2", "police", "P2"))


class BusUnderTest:
    """One desk's bus and projector; several of them may share a file."""

    def __init__(self, name: str, journal: JournalThread, clock: SetClock) -> None:
        self.name = name
        self.clock = clock
        self.journal = journal
        self.projector = Projector(journal, UNITS)
        self.bus = Bus(journal, self.projector, clock)
        self.tasks = TaskOwner()

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        return self.projector.desk

    def officer(self) -> cmd.Context:
        return cmd.Context(f"officer of {self.name}", DUTY_OFFICER, self.name, self.clock.now())

    def feed(self) -> cmd.Context:
        return cmd.Context("feed:110", FEED, self.name, self.clock.now())

    async def do(self, command: cmd.Command) -> object:
        return await self.bus.submit(command, self.officer())

    def from_feed(self, command: cmd.Command, event: str | None = None) -> Submission:
        return Submission((command,), self.feed(), receipt=Receipt("110", event) if event else None)

    async def close(self) -> None:
        await self.tasks.close()
        await self.journal.close()


def report(incident: str, title: str = "crowd", **fields: object) -> cmd.ReportIncident:
    return cmd.ReportIncident(incident, "110", incident, "crowd", 2, title, **fields)  # type: ignore[arg-type]


async def start_bus(name: str, path: Path, *, running: bool = True) -> BusUnderTest:
    clock = SetClock(START_AT)
    journal = await JournalThread.open(lambda: open_journal(str(path), clock=clock.now))
    under_test = BusUnderTest(name, journal, clock)
    await under_test.projector.catch_up()
    if running:
        under_test.tasks.start(under_test.bus.run(), "bus")
    return under_test


@pytest.fixture
async def desk_a(tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    under_test = await start_bus("desk-a", tmp_path / "journal.db")
    yield under_test
    await under_test.close()


@pytest.fixture
async def desk_b(desk_a: BusUnderTest, tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    """A second desk on the same journal, which does not follow the first one by itself."""
    under_test = await start_bus("desk-b", tmp_path / "journal.db")
    yield under_test
    await under_test.close()
