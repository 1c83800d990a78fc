"""Owns the proof that the client hands over every frame as it came, resumes, and shows what is wrong as state."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer, unused_port
from yarl import URL

from app.feeds.backoff import Backoff
from app.feeds.feed import FeedStatus
from app.feeds.websocket import SLICE_FRAMES, WebSocketFeed, resume_url, shown_url
from app.service.tasks import TaskOwner
from tests.patience import PATIENCE_S

Talk = Callable[[web.WebSocketResponse, web.Request], Awaitable[None]]


class RecordingInbox:
    """Keeps what it is handed; `gate` closed makes it slow."""

    def __init__(self) -> None:
        self.frames: list[str | bytes] = []
        self.slices: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._news = asyncio.Event()

    async def take(self, feed: str, frames: Sequence[str | bytes]) -> None:
        self.slices.append(len(frames))
        self.frames += frames
        self._news.set()
        await self.gate.wait()

    async def holds(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.frames) < count:
                self._news.clear()
                await self._news.wait()


class Watched:
    """A feed that runs, with its inbox and every state that it went through."""

    def __init__(self, url: str, **options: object) -> None:
        self.inbox = RecordingInbox()
        self.states: list[tuple[str, str]] = []
        self._changed = asyncio.Event()
        options = {"resume_after": lambda: None, **options}
        quick = Backoff(0.005, 0.02, random.Random(1))
        self.feed = WebSocketFeed(url, name="test", inbox=self.inbox, backoff=quick, **options)  # type: ignore[arg-type]
        self.feed.on_status = self._note

    def _note(self, status: FeedStatus) -> None:
        self.states.append((status.state, status.error))
        self._changed.set()

    async def until(self, state: str, error: str = "") -> None:
        async with asyncio.timeout(PATIENCE_S):
            while (state, error) not in self.states:
                self._changed.clear()
                await self._changed.wait()


@contextlib.asynccontextmanager
async def running(watched: Watched) -> AsyncIterator[Watched]:
    owner = TaskOwner()
    owner.start(watched.feed.run(), "feed")
    try:
        yield watched
    finally:
        watched.inbox.gate.set()
        await owner.close()


@contextlib.asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[str]:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await talk(socket, request)
        return socket

    app = web.Application()
    app.router.add_get("/events", handle)
    async with TestServer(app) as server:
        yield str(server.make_url("/events").with_scheme("ws"))


async def hold(socket: web.WebSocketResponse) -> None:
    """Keeps a connection open until the client leaves."""
    async for _ in socket:
        pass


@pytest.mark.parametrize(
    ("url", "after", "expected"),
    [
        ("ws://h/events", None, "ws://h/events"),
        ("ws://h/events", "a-1", "ws://h/events?after=a-1"),
        ("ws://h/events?key=x&empty=", "a", "ws://h/events?key=x&empty=&after=a"),
        ("ws://h/events?after=old&k=1", "new", "ws://h/events?k=1&after=new"),
    ],
)
def test_the_resume_id_is_merged_into_the_query(url: str, after: str | None, expected: str) -> None:
    assert resume_url(url, after) == expected


@pytest.mark.parametrize("event_id", ["a b", "a&b=c", "110/1?x#y", "网格-1", "a+b%20"])
def test_any_id_survives_the_url(event_id: str) -> None:
    assert URL(resume_url("ws://h/events?k=1", event_id)).query["after"] == event_id


def test_the_shown_url_has_no_secrets() -> None:
    assert shown_url("wss://me:pass@h:8/events?token=s#f") == "wss://h:8/events"


async def test_frames_come_in_order_text_and_binary_and_even_when_they_are_no_utf_8() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.send_str("烟雾")
        await socket.send_bytes(b"\xff\x00")
        await socket.send_frame(b"caf\xe9", WSMsgType.TEXT)
        await socket.send_str("last")
        await hold(socket)

    async with serving(talk) as url, running(Watched(url)) as watched:
        await watched.inbox.holds(4)
        raw = [f.encode() if isinstance(f, str) else f for f in watched.inbox.frames]
        assert raw == ["烟雾".encode(), b"\xff\x00", b"caf\xe9", b"last"]
        assert watched.feed.status.reconnects == 0


async def test_an_oversized_frame_reaches_the_inbox_and_the_feed_goes_on() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.send_str("x" * 1_500_000)
        await socket.send_str("after")
        await hold(socket)

    async with serving(talk) as url, running(Watched(url)) as watched:
        await watched.inbox.holds(2)
        assert [len(frame) for frame in watched.inbox.frames] == [1_500_000, 5]


async def test_a_frame_over_the_hard_limit_is_a_state_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.feeds.websocket.FRAME_LIMIT_BYTES", 1000)

    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.send_str("x" * 2000)
        await hold(socket)

    async with serving(talk) as url, running(Watched(url)) as watched:
        await watched.until("retrying", "frame_too_large")
        assert watched.feed.status.error_text


async def test_a_lost_connection_is_resumed_after_the_last_durable_event() -> None:
    asked: list[str | None] = []

    async def talk(socket: web.WebSocketResponse, request: web.Request) -> None:
        asked.append(request.query.get("after"))
        first = len(asked) * 10
        for n in range(first, first + 3):
            await socket.send_str(str(n))
        if len(asked) < 3:
            await socket.close()
        else:
            await hold(socket)

    def durable() -> str | None:
        return bytes(watched.inbox.frames[-1]).decode() if watched.inbox.frames else None  # type: ignore[arg-type]

    async with serving(talk) as url:
        watched = Watched(url, resume_after=durable)
        async with running(watched):
            await watched.inbox.holds(9)
    assert asked == [None, "12", "22"]
    assert watched.feed.status.reconnects == 2


async def test_a_slow_inbox_slows_the_server_down_and_nothing_is_lost() -> None:
    all_sent = asyncio.Event()

    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        for n in range(4000):
            await socket.send_str(f"{n:05d}" + "x" * 5000)
        all_sent.set()
        await hold(socket)

    async with serving(talk) as url:
        watched = Watched(url)
        watched.inbox.gate.clear()
        async with running(watched):
            await watched.inbox.holds(1)
            with pytest.raises(TimeoutError):  # 20 MB do not fit into the buffers between both
                async with asyncio.timeout(0.5):
                    await all_sent.wait()
            watched.inbox.gate.set()
            await watched.inbox.holds(4000)
    assert [int(frame[:5]) for frame in watched.inbox.frames] == list(range(4000))
    assert max(watched.inbox.slices) <= SLICE_FRAMES
    assert len(watched.inbox.slices) < 4000, "what is buffered is handed over together"


async def test_a_server_that_is_not_there_is_a_state() -> None:
    async with running(Watched(f"ws://127.0.0.1:{unused_port()}/events")) as watched:
        await watched.until("retrying", "refused")
        assert watched.feed.status.retry_in_s > 0
    assert watched.feed.status.state == "stopped"


async def test_a_wrong_path_is_a_state_with_the_http_status() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await hold(socket)

    async with serving(talk) as url, running(Watched(url.replace("/events", "/elsewhere"))) as watched:
        await watched.until("retrying", "http")
        assert watched.feed.status.error_facts == {"status": 404}


@pytest.mark.parametrize("url", ["mailto:somebody", "not a url", "ws://", "ws://h:port/"])
async def test_a_url_that_is_none_is_a_state(url: str) -> None:
    async with running(Watched(url)) as watched:
        await watched.until("retrying", "bad_url")


async def test_the_status_tells_what_came_and_when() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.send_str("one")
        await hold(socket)

    clock_s = [100.0]
    async with serving(talk) as url:
        watched = Watched(url, now=lambda: 5_000, monotonic=lambda: clock_s[0])
        async with running(watched):
            await watched.until("live")
            await watched.inbox.holds(1)
            clock_s[0] = 107.5
            status = watched.feed.status
            assert (status.received, status.last_message_at, status.since_at) == (1, 5_000, 5_000)
            assert status.silent_s == 7.5
    assert [state for state, _ in watched.states] == ["connecting", "live", "stopped"]
