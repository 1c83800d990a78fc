"""Owns the way to a tile server: one thread with its own loop, few connections, back-off. Must not keep tiles.

Newest wishes go first and only so many wait. Nothing that is told or logged holds an address or a key: texts of the
network library do, so they are never passed on.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import aiohttp

from app.geo.tilesets.pictures import picture_format
from app.geo.tilesets.tile_source import TileAddress
from app.geo.tilesets.url_template import UrlTemplate

Outcome = Literal["picture", "unchanged", "absent", "refused", "not_a_picture", "unreachable"]

CONNECTIONS = 4
MOST_WAITING = 640
MOST_BODY_BYTES = 4 * 1024 * 1024
_ATTEMPTS = 4
_FIRST_PAUSE_S, _MOST_PAUSE_S = 1.0, 30.0
_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=8, sock_read=10)
_AGENT = {"User-Agent": "Streetdesk", "Accept": "image/*"}
_END_S = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one wish; `status` is 0 where no server answered."""

    address: TileAddress
    outcome: Outcome
    status: int = 0
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_good(self) -> bool:
        return self.outcome in ("picture", "unchanged", "absent")


class TileFetcher:
    """Fetches what `want` names and tells every answer to `answered`, on its own thread. Ends with `close`."""

    def __init__(
        self,
        template: UrlTemplate,
        answered: Callable[[Answer], None],
        *,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self._template = template
        self._answered = answered
        self._first_pause_s = self._pause_s = first_pause_s
        self._waiting: dict[TileAddress, str] = {}
        self._attempts: dict[TileAddress, int] = {}
        self._busy: set[TileAddress] = set()
        self._go_on_s = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None
        self._started = threading.Event()
        self._thread: threading.Thread | None = None

    def want(self, address: TileAddress, etag: str = "") -> None:
        """Fetch a tile soon, unless it is unchanged since `etag`. Never waits for the network."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tile fetcher", daemon=True)
            self._thread.start()
            self._started.wait()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, address, etag)

    def close(self) -> None:
        """Give up what is under way and end the thread."""
        if self._thread is None or self._loop is None:
            return
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)
        self._thread.join(_END_S)

    # -- on the fetcher's thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        with asyncio.Runner() as runner, contextlib.suppress(asyncio.CancelledError):
            self._loop = runner.get_loop()
            self._awake = asyncio.Event()
            self._loop.call_soon(self._started.set)
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._serving = asyncio.current_task()
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(
            connector=connector, timeout=_TIMEOUT, headers=_AGENT, trust_env=True
        ) as session:
            await asyncio.gather(*(self._work(session) for _ in range(CONNECTIONS)))

    def _end(self) -> None:
        if self._serving is not None:
            self._serving.cancel()

    def _put(self, address: TileAddress, etag: str) -> None:
        if address in self._busy:
            return
        self._waiting.pop(address, None)
        self._waiting[address] = etag
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._awake.set()

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            await self._something_to_do()
            address, etag = self._waiting.popitem()
            self._busy.add(address)
            answer = await self._fetch(session, address, etag)
            self._busy.discard(address)
            self._judge(answer, etag)

    async def _something_to_do(self) -> None:
        """Until a tile waits and the pause after a failure is over."""
        loop = asyncio.get_running_loop()
        while not self._waiting or loop.time() < self._go_on_s:
            if self._waiting:
                await asyncio.sleep(self._go_on_s - loop.time())
            else:
                self._awake.clear()
                await self._awake.wait()

    def _judge(self, answer: Answer, etag: str) -> None:
        if answer.is_good:
            self._pause_s, self._go_on_s = self._first_pause_s, 0.0
            self._attempts.pop(answer.address, None)
        else:
            self._put_back(answer, etag)
            self._pause()
        self._answered(answer)

    def _pause(self) -> None:
        """One failure pauses all connections; what fails while they were under way prolongs nothing."""
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._go_on_s:
            self._go_on_s = now_s + self._pause_s
            self._pause_s = min(_MOST_PAUSE_S, self._pause_s * 2)

    def _put_back(self, answer: Answer, etag: str) -> None:
        """Behind everything else. A tile that the server refuses is let go in the end, a silent server is not."""
        address = answer.address
        if answer.outcome != "unreachable":
            self._attempts[address] = self._attempts.get(address, 0) + 1
            if self._attempts[address] >= _ATTEMPTS:
                del self._attempts[address]
                return
        if address not in self._waiting and len(self._waiting) < MOST_WAITING:
            self._waiting = {address: etag, **self._waiting}

    async def _fetch(self, session: aiohttp.ClientSession, address: TileAddress, etag: str) -> Answer:
        asked = {"If-None-Match": etag} if etag else {}
        try:
            async with session.get(self._template.url(*address), headers=asked, max_redirects=3) as response:
                body = await _limited_body(response) if response.status == 200 else b""
                return _judged(address, response.status, body, response.headers)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Answer(address, "unreachable")


async def _limited_body(response: aiohttp.ClientResponse) -> bytes:
    """Empty when there is more than any tile has."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            return b""
    return bytes(body)


def _judged(address: TileAddress, status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    outcome: Outcome = "refused"
    if status == 200:
        outcome = "picture" if picture_format(body) is not None else "not_a_picture"
    elif status == 304:
        outcome = "unchanged"
    elif status in (204, 404, 410):
        outcome = "absent"
    return Answer(address, outcome, status, body if outcome == "picture" else b"", dict(headers))
