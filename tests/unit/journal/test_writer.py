"""JournalThread: group commit, reads beside it, news of other desks, and nothing left behind."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.domain.events import IncidentNoted
from app.journal.errors import JournalError, JournalUnavailable, VersionConflict
from app.journal.store import Batch, Entry, Journal, Outcome, open_journal
from app.journal.writer import JournalThread
from tests.patience import PATIENCE_S


def note(stream: str, version: int = 1) -> Batch:
    return Batch((Entry(stream, version, IncidentNoted("1", "note"), 0, "officer", "desk", "", ""),))


class Watched:
    """A journal that counts its transactions and can be held up or broken."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.groups: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken: JournalError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def append_group(self, batches: Sequence[Batch]) -> tuple[Outcome, ...]:
        self.groups.append(len(batches))
        self.gate.wait(PATIENCE_S)
        if self.broken:
            raise self.broken
        return self._journal.append_group(batches)


@pytest.fixture
def journal(tmp_path: Path) -> Watched:
    return Watched(open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000))


@pytest.fixture
async def thread(journal: Watched) -> AsyncIterator[JournalThread]:
    thread = JournalThread(journal)  # type: ignore[arg-type]
    yield thread
    journal.gate.set()
    await thread.close()


async def test_all_that_wait_share_one_transaction(
    thread: JournalThread, journal: Watched, until: Any
) -> None:
    journal.gate.clear()
    first = asyncio.gather(thread.append(note("incident/first")))
    await until(lambda: journal.groups == [1])
    rest = asyncio.gather(*(thread.append(note(f"incident/{number}")) for number in range(50)))
    await asyncio.sleep(0)
    journal.gate.set()
    await first
    assert [recorded[0].seq for recorded in await rest] == list(range(2, 52))
    assert journal.groups == [1, 50]


async def test_a_refused_batch_is_refused_alone(thread: JournalThread) -> None:
    results = await asyncio.gather(
        *(thread.append(note(stream)) for stream in ("incident/1", "incident/1", "incident/2")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [tuple, VersionConflict, tuple]
    assert await thread.call(lambda journal: journal.head()) == 2


async def test_a_store_that_fails_tells_everybody_who_waited(thread: JournalThread, journal: Watched) -> None:
    journal.broken = JournalUnavailable("disk_full", where="x")
    results = await asyncio.gather(
        *(thread.append(note(f"incident/{number}")) for number in range(3)), return_exceptions=True
    )
    assert results == [journal.broken] * 3
    journal.broken = None
    assert await thread.append(note("incident/0"))


async def test_reads_go_on_while_the_disk_is_slow(
    thread: JournalThread, journal: Watched, until: Any
) -> None:
    journal.gate.clear()
    writing = asyncio.gather(thread.append(note("incident/1")))
    await until(lambda: journal.groups == [1])
    assert await thread.call(lambda journal: journal.head()) == 0
    journal.gate.set()
    await writing


async def test_what_a_call_raises_reaches_its_caller(thread: JournalThread) -> None:
    def fail(_: Journal) -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        await thread.call(fail)
    assert await thread.call(lambda journal: journal.head()) == 0


async def test_a_cancelled_caller_leaves_the_others_their_answers(
    thread: JournalThread, journal: Watched, until: Any
) -> None:
    journal.gate.clear()
    blocking = asyncio.gather(thread.append(note("incident/0")))
    await until(lambda: journal.groups == [1])
    impatient = asyncio.gather(thread.append(note("incident/1")))
    patient = asyncio.gather(thread.append(note("incident/2")))
    await asyncio.sleep(0)
    impatient.cancel()
    journal.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await blocking
    assert (await patient)[0][0].stream == "incident/2"


async def test_what_other_desks_append_is_news_and_what_this_desk_appends_is_not(
    thread: JournalThread, tmp_path: Path, until: Any
) -> None:
    heads: list[int] = []
    other = open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000)
    thread.follow_others(0, lambda: heads.append(other.head()))
    for number in range(1, 40):
        await thread.append(note(f"incident/own{number}"))
    assert heads == []
    for number in range(1, 4):
        other.append(note(f"incident/{number}"))
        await until(lambda number=number: heads[-1:] == [39 + number])
    await thread.append(note("incident/last"))
    other.close()
    assert heads == [40, 41, 42]


async def test_what_is_written_but_not_yet_counted_is_no_news(tmp_path: Path, until: Any) -> None:
    """The writer may be held up between the two for as long as the machine likes."""

    class Slow(Watched):
        looks = 0

        def append_group(self, batches: Sequence[Batch]) -> tuple[Outcome, ...]:
            outcomes = self._journal.append_group(batches)
            self.gate.wait(PATIENCE_S)
            return outcomes

        def wait_for_news(self, after_seq: int, timeout_s: float) -> bool:
            self.looks += 1
            return self._journal.wait_for_news(after_seq, timeout_s)

        def head(self) -> int:
            self.looks += 1
            return self._journal.head()

    journal = Slow(open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000))
    thread = JournalThread(journal)  # type: ignore[arg-type]
    news: list[int] = []
    thread.follow_others(0, lambda: news.append(journal.looks))
    journal.gate.clear()
    own = asyncio.gather(thread.append(note("incident/own")))
    await until(lambda: journal.looks == 2)  # it waits, and has seen the head move
    journal.gate.set()
    await own
    await until(lambda: journal.looks == 3)  # it waits again
    await thread.close()
    assert news == []


async def test_a_broken_tail_tells_and_goes_on(tmp_path: Path, until: Any, allow_log: Any) -> None:
    allow_log("following the journal broke off")
    journal = open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000)

    class Flaky(Watched):
        def wait_for_news(self, after_seq: int, timeout_s: float) -> bool:
            if not self.followed:
                raise self.trouble
            return self._journal.wait_for_news(after_seq, timeout_s)

        followed = False
        trouble = JournalUnavailable("no_connection", where="x", reason="gone")

    flaky = Flaky(journal)
    thread = JournalThread(flaky)  # type: ignore[arg-type]
    troubles: list[JournalError | None] = []
    seen: list[bool] = []
    thread.follow_others(0, lambda: seen.append(True), troubles.append)
    await until(lambda: troubles == [flaky.trouble])
    other = open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000)
    other.append(note("incident/1"))
    other.close()
    flaky.followed = True
    await until(lambda: len(seen) == 1)
    assert troubles[-1] is None
    await thread.close()


async def test_close_writes_what_waits_and_leaves_no_thread(journal: Watched, tmp_path: Path) -> None:
    before = threading.active_count()
    thread = JournalThread(journal)  # type: ignore[arg-type]
    thread.follow_others(0, lambda: None)
    waiting = asyncio.gather(*(thread.append(note(f"incident/{number}")) for number in range(20)))
    await asyncio.sleep(0)
    await asyncio.gather(thread.close(), thread.close())
    await thread.close()
    assert len(await waiting) == 20
    assert not [running for running in threading.enumerate() if running.name.startswith("journal-w")]
    assert threading.active_count() <= before + 1  # journal-close is just saying so
    with pytest.raises(RuntimeError):
        await thread.append(note("incident/late"))
    with pytest.raises(RuntimeError):
        await thread.call(lambda journal: journal.head())
    again = open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000)
    assert again.head() == 20
    again.close()


async def test_open_opens_off_the_loop_and_raises_here(tmp_path: Path) -> None:
    names: list[str] = []

    def opened() -> Journal:
        names.append(threading.current_thread().name)
        return open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000)

    thread = await JournalThread.open(opened)
    assert names == ["journal-open"]
    await thread.append(note("incident/1"))
    await thread.close()
    with pytest.raises(JournalError):
        await JournalThread.open(lambda: open_journal("sqlite://", clock=lambda: 1_000))


async def test_what_is_read_at_once_comes_with_the_journal_or_closes_it(tmp_path: Path) -> None:
    opened: list[Journal] = []

    def open_it() -> Journal:
        opened.append(open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000))
        return opened[-1]

    def unreadable(_journal: Journal) -> int:
        raise ZeroDivisionError

    thread, head = await JournalThread.open_and_read(open_it, lambda journal: journal.head())
    assert head == 0
    await thread.close()
    with pytest.raises(ZeroDivisionError):
        await JournalThread.open_and_read(open_it, unreadable)
    with pytest.raises(JournalError):
        opened[-1].head()
