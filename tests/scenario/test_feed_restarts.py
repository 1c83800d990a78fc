"""A server that dies again and again: no event is lost, and what comes twice has the same (source, id)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from app.bootstrap import App
from app.config import Config, default_district
from app.domain.instants import Instant, format_iso
from app.drill.message import Message
from app.drill.options import SimulateOptions
from app.drill.source import source_of
from app.feeds.backoff import Backoff
from app.feeds.envelope import Malformed, decode
from app.feeds.websocket import WebSocketFeed
from app.journal.store import Receipt
from app.service.clock import SystemClock
from app.service.tasks import TaskOwner
from tests.patience import PATIENCE_S
from tests.servers.simulator import Simulator, simulator

RESTARTS = 20
RATE = 120


class DurableInbox:
    """Stands for the journal: keeps every event once, by (source, id), and knows the last one that it kept."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.bodies: dict[tuple[str, str], bytes] = {}
        self.repeats = 0
        self.broken: Counter[bytes] = Counter()
        self._news = asyncio.Event()

    @property
    def last_id(self) -> str | None:
        return self.order[-1] if self.order else None

    async def take(self, feed: str, frames: Sequence[str | bytes]) -> None:
        for frame in frames:
            self._keep(frame if isinstance(frame, bytes) else frame.encode())
        self._news.set()

    def _keep(self, raw: bytes) -> None:
        try:
            envelope = decode(raw)
        except Malformed:
            self.broken[raw] += 1
            return
        key = (envelope.source, envelope.id)
        if key in self.bodies:
            assert self.bodies[key] == raw, "the same id means the same event"
            self.repeats += 1
            return
        self.bodies[key] = raw
        self.order.append(envelope.id)

    async def grows_by(self, count: int) -> None:
        goal = len(self.order) + count
        async with asyncio.timeout(PATIENCE_S):
            while len(self.order) < goal:
                self._news.clear()
                await self._news.wait()


def options(epoch: str) -> list[str]:
    return ["--rate", str(RATE), "--seed", "5", "--malformed", "0.05", "--epoch", epoch]


async def until(news: asyncio.Event, condition: Callable[[], bool]) -> None:
    """Waits until it holds; looked at again at each news, and now and then in case it came true just after one."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await news.wait()


async def kill_again_and_again(
    server: Simulator, live_again: Callable[[], Awaitable[None]], taken: Callable[[int], Awaitable[None]]
) -> None:
    """`live_again()` waits until what the killed one has still sent is read and the next one is found, `taken(n)` until
    n more messages have come in."""
    dice = random.Random(3)
    for _ in range(RESTARTS):
        await taken(dice.randrange(1, 80))
        await asyncio.to_thread(server.kill_and_restart)
        await live_again()
    await taken(100)


def told_without_a_kill(began_at: Instant, until_at: Instant) -> list[Message]:
    """What a simulator that never died tells, positions left out."""
    source = source_of(SimulateOptions(rate=RATE, seed=5, malformed=0.05, epoch_at=began_at), began_at)
    return [message for message in source.advance(until_at) if not message.is_fix]


@pytest.mark.timeout(1200)
async def test_a_server_killed_twenty_times_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Two clients at once: a bare one that remembers every byte, and a desk with its journal."""
    began_at = SystemClock().now()
    server = await asyncio.to_thread(Simulator, *options(format_iso(began_at)))
    inbox, owner = DurableInbox(), TaskOwner()
    feed = WebSocketFeed(
        server.url,
        name="restarts",
        inbox=inbox,
        resume_after=lambda: inbox.last_id,
        backoff=Backoff(0.02, 0.1, random.Random(1)),
    )
    desk = App(Config(db=str(tmp_path / "journal.db"), district_dir=default_district(), feeds=(server.url,)))
    news = asyncio.Event()
    desk.on_changes = lambda _changes, _records: news.set()
    desk.on_fix = lambda _fix: news.set()
    await desk.start()
    await desk.connect()
    owner.start(feed.run(), "feed")

    both, before = (feed.status, desk.feeds[0]), [0, 0]

    async def live_again() -> None:
        await until(
            news,
            lambda: all(s.reconnects > n and s.state == "live" for s, n in zip(both, before, strict=True)),
        )
        before[:] = [status.reconnects for status in both]

    async def taken(count: int) -> None:
        goal = desk.feeds[0].received + count
        await inbox.grows_by(count)
        await until(news, lambda: desk.feeds[0].received >= goal)

    try:
        await kill_again_and_again(server, live_again, taken)
        assert feed.status.reconnects >= RESTARTS
        assert inbox.repeats == 0, "a restarted server knows the ids that it gave before"
        assert_nothing_lost(inbox, began_at)
        await assert_journal_holds(desk, news, told_without_a_kill(began_at, SystemClock().now()))
    finally:
        await owner.close()
        await desk.close()
        await asyncio.to_thread(server.kill)


def assert_nothing_lost(inbox: DurableInbox, began_at: Instant) -> None:
    last = decode(inbox.bodies[next(reversed(inbox.bodies))])
    told, came = told_without_a_kill(began_at, last.occurred_at), set(inbox.bodies.values())
    assert len(told) > 1000
    for message in told[:-5]:  # of those at the very end some may still have been on their way
        if message.is_sound:
            assert message.body in came
        else:
            assert inbox.broken[message.body] >= 1


async def assert_journal_holds(app: App, news: asyncio.Event, told: list[Message]) -> None:
    """Each message is in by its receipt, or held; each report is one incident."""
    sound = [decode(message.body) for message in told if message.is_sound]
    reports = [e for e in sound if e.kind in ("incident.reported", "order.placed", "report.filed")]
    desk = app.projections.desk
    await until(news, lambda: f"{reports[-1].source}:{reports[-1].id}" in desk.by_source)
    expected = {Receipt(e.source, e.id) for e in sound if e.occurred_at <= reports[-1].occurred_at}
    known = await app.journal.call(lambda journal: journal.known_receipts(expected))
    held = {q.source for q in desk.quarantine.values()}
    assert len(told) > 1000
    assert not {r for r in expected - known if r.source not in held}, "neither taken in nor held"
    assert len(expected - known) <= len(desk.quarantine)
    assert {f"{e.source}:{e.id}" for e in reports} <= desk.by_source.keys()
    newer = [i for i in desk.incidents.values() if i.opened_at > reports[-1].occurred_at]
    assert len(desk.incidents) - len(newer) == len(reports), "no incident twice"


@pytest.fixture
def one_feed() -> DurableInbox:
    return DurableInbox()


async def received(url: str, inbox: DurableInbox, after: str | None, count: int) -> None:
    owner = TaskOwner()
    feed = WebSocketFeed(url, name="one", inbox=inbox, resume_after=lambda: after)
    owner.start(feed.run(), "feed")
    try:
        await inbox.grows_by(count)
    finally:
        await owner.close()


async def test_a_known_id_is_answered_with_what_followed_it(one_feed: DurableInbox) -> None:
    epoch = format_iso(SystemClock().now() - 20_000)
    with simulator(*options(epoch)) as server:
        await received(server.url, one_feed, None, 200)
        resumed = DurableInbox()
        await received(server.url, resumed, one_feed.order[50], 100)
    assert resumed.order[:100] == one_feed.order[51:151]


async def test_an_unknown_id_is_answered_with_everything_that_is_kept(one_feed: DurableInbox) -> None:
    epoch = format_iso(SystemClock().now() - 20_000)
    with simulator(*options(epoch)) as server:
        await received(server.url, one_feed, None, 100)
        everything = DurableInbox()
        await received(server.url, everything, "nobody-knows-me", 100)
    assert everything.order[:100] == one_feed.order[:100]


async def test_sigterm_ends_it_cleanly() -> None:
    server = await asyncio.to_thread(Simulator, "--rate", "20")
    assert await asyncio.to_thread(server.end) == (0, "")


async def test_a_task_outlives_the_simulator(tmp_path: Path, one_feed: DurableInbox) -> None:
    import aiohttp

    epoch = format_iso(SystemClock().now())
    asked = [*options(epoch), "--orders", str(tmp_path / "orders.jsonl")]
    task = {"task": "i1.f1", "unit": "f1", "incident": "i1", "lat": 31.2212, "lon": 121.4747, "title": "x"}
    with simulator(*asked) as server:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                async with session.post(server.http("/tasks"), json=task) as answer:
                    assert answer.status == 202
            async with session.post(
                server.http("/tasks"), json={**task, "task": "t2", "unit": "zz"}
            ) as answer:
                assert answer.status == 422
            async with session.post(server.http("/tasks"), data=b"{") as answer:
                assert answer.status == 400
    with simulator(*asked) as server:
        await answered(server.url, one_feed)
        async with aiohttp.ClientSession() as session, session.get(server.http("/health")) as answer:
            assert (await answer.json())["tasks"] == 1
    acks = [decode(b) for b in one_feed.bodies.values() if b'"task.ack"' in b]
    assert [(ack.unit, ack.task) for ack in acks] == [("f1", "i1.f1")]


async def answered(url: str, inbox: DurableInbox) -> None:
    """Until the unit has answered its task."""
    owner = TaskOwner()
    feed = WebSocketFeed(url, name="one", inbox=inbox, resume_after=lambda: inbox.last_id)
    owner.start(feed.run(), "feed")
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not any(b'"task.ack"' in body for body in inbox.bodies.values()):
                await inbox.grows_by(1)
    finally:
        await owner.close()
