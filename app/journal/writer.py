"""The journal from an asyncio loop: one thread that writes, one that reads, one that follows other desks.

Owns these threads and the journal given to it. Must not make tasks: it takes work through queues and answers futures,
in one hop to the loop for each transaction.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar

from app.domain.events import Recorded
from app.journal.errors import JournalError
from app.journal.store import Batch, Journal

T = TypeVar("T")
Answer: TypeAlias = "tuple[asyncio.Future[Any], Any]"
"""A future and what it is to become; an exception is raised where the future is awaited."""

_log = logging.getLogger(__name__)
_TAIL_WAIT_S = 60.0
_TAIL_RETRY_S = 1.0


class JournalThread:
    """Lets one asyncio loop append to, read and follow `journal` without ever waiting for the disk.

    Make it and call it on that loop; `close` ends the threads and closes the journal. `open` also opens the journal off
    the loop.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._batches: SimpleQueue[tuple[Batch, asyncio.Future[tuple[Recorded, ...]]] | None] = SimpleQueue()
        self._calls: SimpleQueue[tuple[Callable[[Journal], Any], asyncio.Future[Any]] | None] = SimpleQueue()
        self._closing = threading.Event()
        self._appended_seq = 0
        self._begun = 0
        self._counted = 0
        self._counting = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._closed: asyncio.Future[None] | None = None
        self._start("journal-writer", self._write)
        self._start("journal-reader", self._read)

    @classmethod
    async def open(cls, opened: Callable[[], Journal]) -> JournalThread:
        """A JournalThread on the journal that `opened` gives, called on a thread of its own: opening reads the disk and
        imports the driver. Raises what `opened` raises."""
        return (await cls.open_and_read(opened, lambda _journal: None))[0]

    @classmethod
    async def open_and_read(
        cls, opened: Callable[[], Journal], first: Callable[[Journal], T]
    ) -> tuple[JournalThread, T]:
        """As `open`, and what `first` reads, at once on the same thread: a busy loop is asked for one turn less.

        Raises what either raises; the journal is closed then.
        """

        def read() -> tuple[Journal, T]:
            journal = opened()
            try:
                return journal, first(journal)
            except BaseException:
                journal.close()
                raise

        loop = asyncio.get_running_loop()
        found: asyncio.Future[tuple[Journal, T]] = loop.create_future()
        opening = threading.Thread(
            target=lambda: _hop(loop, [(found, _outcome_of(read))]), name="journal-open", daemon=True
        )
        opening.start()
        journal, what = await found
        return cls(journal), what

    @property
    def journal(self) -> Journal:
        """For work on threads of its own, such as large files: every method may wait for the disk."""
        return self._journal

    async def append(self, batch: Batch) -> tuple[Recorded, ...]:
        """Append `batch`; it shares its transaction with whatever else is waiting, but stands or falls alone.

        Raises as Journal.append. A cancelled caller's batch may be written all the same.
        """
        self._refuse_closed()
        recorded: asyncio.Future[tuple[Recorded, ...]] = self._loop.create_future()
        self._batches.put((batch, recorded))
        return await recorded

    async def call(self, fn: Callable[[Journal], T]) -> T:
        """`fn(journal)` on the reader thread, one after the other. Raises what `fn` raises."""
        self._refuse_closed()
        result: asyncio.Future[T] = self._loop.create_future()
        self._calls.put((fn, result))
        return await result

    def follow_others(
        self,
        known_seq: int,
        on_news: Callable[[], None],
        on_trouble: Callable[[JournalError | None], None] | None = None,
    ) -> None:
        """From now on call `on_news`, on the loop, when somebody else has appended beyond `known_seq`.

        What this desk appends itself is no news. `on_trouble` gets the error when following breaks off (it is tried
        again every second), None once it is mended.
        """
        self._refuse_closed()
        self._start("journal-tail", lambda: self._follow(known_seq, on_news, on_trouble))

    async def close(self) -> None:
        """Write what is waiting, end the threads and close the journal. May be called twice."""
        if self._closed is None:
            self._closed = self._loop.create_future()
            self._closing.set()
            self._batches.put(None)
            self._calls.put(None)
            threading.Thread(target=self._end, name="journal-close", daemon=True).start()
        await asyncio.shield(self._closed)

    def _start(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _refuse_closed(self) -> None:
        if self._closing.is_set():
            raise RuntimeError("this JournalThread is closed")

    # -- on the threads ----------------------------------------------------------------------------------------------

    def _write(self) -> None:
        while group := self._next_group():
            self._begun += 1
            answers = self._append(group)
            with self._counting:
                self._counted += 1
                self._counting.notify_all()
            _hop(self._loop, answers)

    def _next_group(self) -> list[tuple[Batch, asyncio.Future[tuple[Recorded, ...]]]]:
        """Wait for a batch and take all that wait by then; empty when closing and all is written."""
        first = self._batches.get()
        if first is None:
            return []
        group = [first]
        try:
            while (waiting := self._batches.get_nowait()) is not None:
                group.append(waiting)
            self._batches.put(None)
        except Empty:
            pass
        return group

    def _append(self, group: list[tuple[Batch, asyncio.Future[tuple[Recorded, ...]]]]) -> list[Answer]:
        try:
            outcomes = self._journal.append_group([batch for batch, _ in group])
        except Exception as error:  # noqa: BLE001 - it is raised in every caller
            return [(future, error) for _, future in group]
        written = (records[-1].seq for records in outcomes if isinstance(records, tuple) and records)
        self._appended_seq = max(written, default=self._appended_seq)
        return [(future, outcome) for (_, future), outcome in zip(group, outcomes, strict=True)]

    def _read(self) -> None:
        while (asked := self._calls.get()) is not None:
            fn, future = asked
            _hop(self._loop, [(future, _outcome_of(fn, self._journal))])

    def _follow(
        self,
        known_seq: int,
        on_news: Callable[[], None],
        on_trouble: Callable[[JournalError | None], None] | None,
    ) -> None:
        troubled = False
        while not self._closing.is_set():
            try:
                head = self._head_of_others(known_seq, 0.0 if troubled else _TAIL_WAIT_S)
            except JournalError as error:
                if self._closing.is_set():
                    return
                if not troubled:
                    _log.warning("following the journal broke off: %s", error)
                    self._tell(on_trouble, error)
                troubled = True
                self._closing.wait(_TAIL_RETRY_S)
                continue
            if troubled:
                troubled = False
                self._tell(on_trouble, None)
            if head is not None:
                known_seq = head
                _on_loop(self._loop, lambda _none: on_news(), None)

    def _head_of_others(self, known_seq: int, timeout_s: float) -> int | None:
        """The head of the journal when others have moved it; None when nobody or only this desk has."""
        if not self._journal.wait_for_news(max(known_seq, self._appended_seq), timeout_s):
            return None
        head = self._journal.head()
        self._wait_until_counted()
        return head if head > max(known_seq, self._appended_seq) else None

    def _wait_until_counted(self) -> None:
        """An own append is in the store a moment before it is counted here; the writer ends what it has begun."""
        with self._counting:
            begun = self._begun
            self._counting.wait_for(lambda: self._counted >= begun)

    def _tell(
        self, on_trouble: Callable[[JournalError | None], None] | None, error: JournalError | None
    ) -> None:
        if on_trouble:
            _on_loop(self._loop, on_trouble, error)

    def _end(self) -> None:
        """Writer and reader run dry first; closing the journal then wakes the tail."""
        for thread in self._threads:
            if thread.name != "journal-tail":
                thread.join()
        failure: object = _outcome_of(self._journal.close)
        for thread in self._threads:
            thread.join()
        if self._closed is not None:
            _hop(self._loop, [(self._closed, failure)])


def _outcome_of(fn: Callable[..., T], *args: Any) -> T | Exception:
    try:
        return fn(*args)
    except Exception as error:  # noqa: BLE001 - it is raised in the caller
        return error


def _hop(loop: asyncio.AbstractEventLoop, answers: list[Answer]) -> None:
    _on_loop(loop, _resolve, answers)


def _on_loop(loop: asyncio.AbstractEventLoop, callback: Callable[[T], None], argument: T) -> None:
    try:
        loop.call_soon_threadsafe(callback, argument)
    except RuntimeError:
        # The loop was closed without close(): what was written is durable, nobody is left to be told.
        _log.warning("the loop of the journal ended before its threads")


def _resolve(answers: list[Answer]) -> None:
    for future, outcome in answers:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
