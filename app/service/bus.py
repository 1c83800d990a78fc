"""The way from a wish to a durable fact.

Owns the queue of submissions and the loop decide -> append -> apply. Commands that wait together are decided on a fork
of the desk and appended in one commit, so a flood costs few fsyncs; an officer's key never waits behind it, as officers
go first. Must not touch the database itself (journal thread) nor Qt.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import Refusal, StreetdeskError
from app.domain.event import StrangeEvent
from app.domain.events import Recorded
from app.domain.plain import Plain, plain
from app.domain.roles import FEED, ROLES_AT_A_DESK
from app.journal.errors import AlreadyReceived, JournalError, JournalUnavailable, VersionConflict
from app.journal.store import Batch, Entry, FeedPosition, Person, QuarantinedMessage, Receipt, UnknownFields
from app.journal.writer import JournalThread
from app.service.clock import Clock
from app.service.last_hands import LastHands
from app.service.projector import Projector

if TYPE_CHECKING:
    from app.service.judging import Judge

log = logging.getLogger(__name__)

DECIDE_BUDGET_S = 0.003
"""Longest stretch of deciding on the loop's thread before the batch is sent off."""
BATCH_LIMIT = 256
SEEN_LIMIT = 10_000
"""Receipts kept in memory: what a reconnect repeats. Older ones are found by the journal's own unique key."""
CONFLICT_LIMIT = 50
"""Another desk wins now and then; fifty times in a row means that this desk does not see the journal as it is."""
RETRY_S = 1.0
"""Pause before what came from a feed is tried again while the journal cannot be written."""

Answer = tuple[Recorded, ...]


@plain
class Submission(Plain):
    """Commands that stand or fall together, with what must become durable in the same transaction."""

    commands: tuple[cmd.Command, ...]
    context: cmd.Context
    receipt: Receipt | None = None
    position: FeedPosition | None = None
    persons: tuple[Person, ...] = ()
    quarantined: tuple[QuarantinedMessage, ...] = ()
    unknown_fields: tuple[UnknownFields, ...] = ()
    otherwise: Callable[[Refusal], Submission] | None = None
    """What to submit in the same place when a rule refuses: a feed's message goes to the quarantine, not nowhere."""


Told = Callable[[BaseException | None], None]


class _Told:
    """The answer of a submission for which nobody waits, told at once: a future would cost the loop a turn each."""

    __slots__ = ("_is_done", "_tell")

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._is_done = False

    def done(self) -> bool:
        return self._is_done

    def cancelled(self) -> bool:
        return False

    def set_result(self, _records: Answer) -> None:
        self._is_done = True
        self._tell(None)

    def set_exception(self, error: BaseException) -> None:
        self._is_done = True
        self._tell(error)

    def cancel(self) -> None:
        self.set_exception(asyncio.CancelledError())


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    answer: asyncio.Future[Answer] | _Told
    entries: list[Entry] = field(default_factory=list)
    was_first: bool = True
    """Another desk was faster: it is decided again."""
    in_doubt: Receipt | None = None
    """Whose message it was, where a rule has refused it and something else is submitted in its place."""

    @property
    def is_overtaken(self) -> bool:
        """What an officer wished would have changed something, and another desk has just done it.

        The same report on two desks is one incident: nobody was second.
        """
        if self.was_first or self.entries or isinstance(self.submission.commands[0], cmd.ReportIncident):
            return False
        return self.submission.context.role in ROLES_AT_A_DESK


class Bus:
    """Takes submissions in and answers each with its records, or with the Refusal that stopped it."""

    def __init__(self, journal: JournalThread, projector: Projector, clock: Clock) -> None:
        self._journal = journal
        self._projector = projector
        self._clock = clock
        self._officers: deque[_Waiting] = deque()
        self._feeds: deque[_Waiting] = deque()
        self._seen: OrderedDict[Receipt, None] = OrderedDict()
        self._conflicts = 0
        self._hands = LastHands()
        projector.listen(lambda _changes, records: self._hands.note(records, clock.now()))
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._lost: JournalUnavailable | None = None
        self.trouble: str = ""
        """Why the journal cannot be written just now; empty while it can."""
        self.on_trouble: Callable[[str], None] = lambda _text: None
        self.permit_dispatch: Callable[[Desk, cmd.Command, cmd.Context], None] = lambda _d, _c, _x: None
        """Raises Refusal where run cards want a reason; they are read after the start."""
        self.permit_roads: Callable[[Desk, cmd.Command, cmd.Context], None] = lambda _d, _c, _x: None
        """Raises Refusal for what is no road of the district; they are read after the start too."""

    async def submit(self, command: cmd.Command, context: cmd.Context) -> Answer:
        """One command of an officer or a unit. Raises Refusal, or JournalError when it could not be made durable."""
        return await self.offer(Submission((command,), context))

    def offer(self, submission: Submission) -> asyncio.Future[Answer]:
        """Queues a submission; the future has its records once they are durable and folded in."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queue(_Waiting(submission, answer))
        return answer

    def post(self, submission: Submission, told: Told) -> None:
        """Queues a submission; `told(None)` once it is durable and folded in, `told(error)` when it is not to be."""
        self._queue(_Waiting(submission, _Told(told)))

    def _queue(self, waiting: _Waiting) -> None:
        lane = self._feeds if waiting.submission.context.role == FEED else self._officers
        lane.append(waiting)
        self._idle.clear()
        self._news.set()

    def forget(self, receipt: Receipt) -> None:
        """What was refused or could not be written is no repetition when it is sent again."""
        self._seen.pop(receipt, None)

    def out_of_reach(self, error: JournalError | None) -> None:
        """The journal cannot be read; None: it can again. Meanwhile nobody is left waiting for it."""
        if error is None or isinstance(error, JournalUnavailable):
            self._lost = error
            self.tell_whether_writing()

    def tell_whether_writing(self) -> None:
        error = self._why_not_write()
        self._set_trouble(str(error) if error is not None else "")

    def _why_not_write(self) -> JournalUnavailable | None:
        """What is decided without knowing all that has happened may be wrong: the newer program's desk goes on."""
        strange = self._projector.strange
        if strange is None or not isinstance(strange.event, StrangeEvent):
            return self._lost
        kind = strange.event
        return JournalUnavailable(
            "desk_outdated", seq=strange.seq, desk=strange.desk, type=kind.type_name, schema=kind.schema
        )

    async def drain(self) -> None:
        """Returns once everything that was offered is answered."""
        await self._idle.wait()

    async def run(self) -> None:
        """The loop; runs until it is cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._officers or self._feeds:
                await self._carry_out(self._decide_some())
            self._idle.set()

    async def _carry_out(self, decided: list[_Waiting]) -> None:
        """Whatever goes wrong, everybody who waits is told, and the bus goes on for the others."""
        try:
            await self._commit(decided)
        except Exception as error:
            log.exception("a batch of %d submissions was lost on its way to the journal", len(decided))
            _fail(decided, error)

    # -- deciding ----------------------------------------------------------------------------------------------------

    def _decide_some(self) -> list[_Waiting]:
        """Takes what waits, officers first, and decides it on one fork until the budget is used."""
        fork = self._projector.desk.fork()
        decided: list[_Waiting] = []
        until = time.monotonic() + DECIDE_BUDGET_S
        while (self._officers or self._feeds) and len(decided) < BATCH_LIMIT:
            waiting = (self._officers or self._feeds).popleft()
            if waiting.answer.cancelled():
                continue
            if self._decide_one(fork, waiting):
                decided.append(waiting)
            if time.monotonic() > until:
                break
        return decided

    def _decide_one(self, fork: Desk, waiting: _Waiting) -> bool:
        if self._is_repeated(waiting.submission.receipt):
            return _only_position(waiting)
        try:
            waiting.entries = self._entries_or_otherwise(fork, waiting)
            if waiting.is_overtaken:
                raise Refusal("overtaken", _subject(waiting.submission))
        except Refusal as refusal:
            self._sign(refusal, waiting.submission)
            waiting.answer.set_exception(refusal)
        except Exception as error:
            log.exception("a command could not be decided: %s", waiting.submission.commands)
            waiting.answer.set_exception(error)
        return not waiting.answer.done()

    def _entries_or_otherwise(self, fork: Desk, waiting: _Waiting) -> list[Entry]:
        try:
            return self._entries(fork, waiting.submission)
        except Refusal as refusal:
            if waiting.submission.otherwise is None:
                raise
            waiting.in_doubt = waiting.submission.receipt
            waiting.submission = waiting.submission.otherwise(refusal)
            return self._entries(fork, waiting.submission)

    def _sign(self, refusal: Refusal, submission: Submission) -> None:
        if submission.commands:
            self._hands.sign(refusal, submission.commands[0], submission.context, self._clock.now())

    def _is_repeated(self, receipt: Receipt | None) -> bool:
        """Seen before, in this batch or lately; remembers it otherwise."""
        if receipt is None:
            return False
        if receipt in self._seen:
            return True
        self._seen[receipt] = None
        if len(self._seen) > SEEN_LIMIT:
            self._seen.popitem(last=False)
        return False

    def _entries(self, fork: Desk, submission: Submission) -> list[Entry]:
        """Decides all commands of a submission; a refusal of one leaves the fork as if none had been tried."""
        judged = _judged()
        trial = fork.fork() if len(submission.commands) > 1 else fork
        entries: list[Entry] = []
        now = self._clock.now()
        context = submission.context
        for command in submission.commands:
            for stream, event in judged(trial, command, context, self.permit_more):
                trial.apply(stream, event, context.occurred_at, now, context.actor, context.desk)
                version = trial.versions[stream]
                entries.append(
                    Entry(
                        stream,
                        version,
                        event,
                        context.occurred_at,
                        context.actor,
                        context.desk,
                        context.cause_id,
                        context.correlation_id,
                    )
                )
        if trial is not fork:
            _replay(fork, entries, now)
        return entries

    def refusal_of(self, command: cmd.Command, context: cmd.Context) -> Refusal | None:
        """What a command would be told now, with who was first; None where it would be done. Nothing is written."""
        submission = Submission((command,), context)
        try:
            self._entries(self._projector.desk.fork(), submission)
        except Refusal as refusal:
            self._sign(refusal, submission)
            return refusal
        return None

    def permit_more(self, desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
        """What rules know that are read after the start. Raises Refusal."""
        self.permit_dispatch(desk, command, context)
        self.permit_roads(desk, command, context)

    # -- committing --------------------------------------------------------------------------------------------------

    async def _commit(self, decided: list[_Waiting]) -> None:
        if not decided:
            return
        closed = self._why_not_write()
        if closed is not None:
            await self._wait_for_journal(decided, closed)
            return
        try:
            if known := await self._known_of(decided):
                self._again([w for w in decided if w.in_doubt not in known or _only_position(w)])
                return
            records = await self._journal.append(_batch(decided))
        except asyncio.CancelledError:
            _cancel(decided)
            raise
        except VersionConflict as conflict:
            await self._after_conflict(decided, conflict)
        except AlreadyReceived as known:
            self._again([w for w in decided if not _was_known(w, known) or _only_position(w)])
        except JournalUnavailable as error:
            await self._wait_for_journal(decided, error)
        except StreetdeskError as error:
            _fail(decided, error)
        else:
            self._conflicts = 0
            self._set_trouble("")
            await self._projector.take(records)
            _answer(decided, records)

    async def _known_of(self, decided: list[_Waiting]) -> set[Receipt]:
        """What a rule refuses may have been taken in before a crash, when it was not yet so: then it is no news."""
        doubted = {w.in_doubt for w in decided if w.in_doubt is not None}
        return await self._journal.call(lambda journal: journal.known_receipts(doubted)) if doubted else set()

    async def _after_conflict(self, decided: list[_Waiting], conflict: VersionConflict) -> None:
        """Another desk was faster: look at what it did and decide again."""
        self._conflicts += 1
        if self._conflicts > CONFLICT_LIMIT:
            self._conflicts = 0
            _fail(decided, conflict)
            return
        try:
            await self._projector.catch_up()
        except JournalUnavailable as error:
            await self._wait_for_journal(decided, error)
            return
        for waiting in decided:
            waiting.was_first = waiting.was_first and not waiting.entries
        self._again(decided)

    def _again(self, decided: list[_Waiting]) -> None:
        """Back to the front of their lanes, in order; they are decided anew on the newest state."""
        for waiting in reversed(decided):
            if waiting.submission.receipt is not None:
                self._seen.pop(waiting.submission.receipt, None)
            lane = self._feeds if waiting.submission.context.role == FEED else self._officers
            lane.appendleft(waiting)

    async def _wait_for_journal(self, decided: list[_Waiting], error: JournalUnavailable) -> None:
        """Officers are told at once; what feeds sent is kept and tried again, nothing is acknowledged meanwhile."""
        self._set_trouble(str(error))
        feeds = [w for w in decided if w.submission.context.role == FEED]
        _fail([w for w in decided if w not in feeds], error)
        self._again(feeds)
        if feeds:
            await asyncio.sleep(RETRY_S)

    def _set_trouble(self, text: str) -> None:
        if text != self.trouble:
            self.trouble = text
            self.on_trouble(text)


def _subject(submission: Submission) -> str:
    return str(getattr(submission.commands[0], "incident", "")) if submission.commands else ""


def _replay(fork: Desk, entries: list[Entry], now: int) -> None:
    for entry in entries:
        fork.apply(entry.stream, entry.event, entry.occurred_at, now, entry.actor, entry.desk)


def _batch(decided: list[_Waiting]) -> Batch:
    submissions = [w.submission for w in decided]
    newest: dict[str, FeedPosition] = {s.position.feed: s.position for s in submissions if s.position}
    receipts = dict.fromkeys(s.receipt for s in submissions if s.receipt)
    return Batch(
        entries=tuple(entry for w in decided for entry in w.entries),
        receipts=tuple(receipts),
        positions=tuple(newest.values()),
        persons=tuple(p for s in submissions for p in s.persons),
        quarantined=tuple(q for s in submissions for q in s.quarantined),
        unknown_fields=tuple(u for s in submissions for u in s.unknown_fields),
    )


def _was_known(waiting: _Waiting, known: AlreadyReceived) -> bool:
    return waiting.submission.receipt in known.receipts


@cache
def _judged() -> Judge:
    """The rules of the domain, read when the first command comes; an import an event would cost a tenth of deciding."""
    from app.service.judging import judged

    return judged


def _only_position(waiting: _Waiting) -> bool:
    """A message that was taken in before brings nothing new but its place in the feed; False when not even that."""
    position = waiting.submission.position
    if position is None:
        waiting.answer.set_result(())
        return False
    waiting.submission = Submission((), waiting.submission.context, position=position)
    waiting.entries, waiting.in_doubt = [], None
    return True


def _answer(decided: list[_Waiting], records: Answer) -> None:
    at = 0
    for waiting in decided:
        own = records[at : at + len(waiting.entries)]
        at += len(waiting.entries)
        if not waiting.answer.done():
            waiting.answer.set_result(own)


def _fail(waiting: list[_Waiting], error: Exception) -> None:
    for each in waiting:
        if not each.answer.done():
            each.answer.set_exception(error)


def _cancel(waiting: list[_Waiting]) -> None:
    for each in waiting:
        each.answer.cancel()
