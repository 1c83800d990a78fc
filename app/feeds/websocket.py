"""The WebSocket client of the plain JSON feeds.

Owns connecting, reconnecting, resuming after the last durable event and back-pressure. Must not read what a message
says and must not drop one: frames go to the inbox as they came.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.domain.instants import Instant
from app.feeds.backoff import Backoff
from app.feeds.feed import FeedState, FeedStatus, Frame, Inbox

if TYPE_CHECKING:
    import aiohttp

__all__ = ["FeedStatus", "Inbox", "WebSocketFeed", "resume_url"]

SLICE_FRAMES: Final = 64
STABLE_S: Final = 5.0
"""A connection that held this long, or brought something, was no failure."""
CONNECT_TIMEOUT_S: Final = 10.0
HEARTBEAT_S: Final = 20.0
FRAME_LIMIT_BYTES: Final = 16_000_000
"""Frames over the envelope's limit but under this one still reach the inbox, which says what is wrong with them."""


class WebSocketFeed:
    """One connection that comes back. `run` lives until it is cancelled; `status` and `on_status` tell how it is.

    `resume_after` names the last event that is safely in the journal, None for none; it is asked at each connect.
    `now` dates the status; `headers` go with the handshake (a token of the server).
    """

    def __init__(
        self,
        url: str,
        *,
        name: str,
        inbox: Inbox,
        resume_after: Callable[[], str | None],
        now: Callable[[], Instant] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        backoff: Backoff | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._url = url
        self._inbox = inbox
        self._resume_after = resume_after
        self._now: Callable[[], Instant | None] = now or (lambda: None)
        self._monotonic = monotonic
        self._backoff = backoff or Backoff()
        self._headers = headers
        self.status = FeedStatus(name, shown_url(url), monotonic)
        self.on_status: Callable[[FeedStatus], None] = lambda _status: None

    async def run(self) -> None:
        """Connects, reads, reconnects; until cancelled. What the network does wrong is state, never an exception."""
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S)
        try:
            async with aiohttp.ClientSession(
                timeout=timeout, headers=self._headers, trust_env=False
            ) as session:
                while True:
                    await self._one_connection(session)
                    await self._wait_to_retry()
        finally:
            self._become("stopped")

    async def _one_connection(self, session: aiohttp.ClientSession) -> None:
        import aiohttp

        self._become("connecting")
        began_s, received = self._monotonic(), self.status.received
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                socket = await self._connect(session)
            async with socket:
                self._note_error("")
                self._become("live")
                began_s = self._monotonic()
                await self._read(socket)
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as fault:
            self._note_fault(fault)
        if self.status.received > received or self._monotonic() - began_s >= STABLE_S:
            self._backoff.reset()

    async def _connect(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse[bool]:
        # Text frames stay bytes: aiohttp would end the connection over one that is not UTF-8.
        return await session.ws_connect(
            resume_url(self._url, self._resume_after()),
            heartbeat=HEARTBEAT_S,
            max_msg_size=FRAME_LIMIT_BYTES,
            compress=0,
            decode_text=False,
        )

    async def _read(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        """Hands over what has come, slice by slice, until the connection ends."""
        is_open = True
        while is_open:
            frames, is_open = await self._slice(socket)
            if frames:
                await self._take(frames)

    async def _slice(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> tuple[list[Frame], bool]:
        """The next frame and whatever else is already buffered; False with the last ones of a connection."""
        frames: list[Frame] = []
        is_open = await self._receive(socket, frames)
        try:
            async with asyncio.timeout(0):
                while is_open and len(frames) < SLICE_FRAMES:
                    is_open = await self._receive(socket, frames)
        except TimeoutError:
            pass  # the buffer is empty: that is the end of the slice, not a fault
        return frames, is_open

    async def _receive(self, socket: aiohttp.ClientWebSocketResponse[bool], frames: list[Frame]) -> bool:
        from aiohttp import WSMsgType

        message = await socket.receive()
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            frames.append(message.data)
            return True
        self._note_end(socket.close_code)
        return False

    async def _take(self, frames: list[Frame]) -> None:
        status = self.status
        status.received += len(frames)
        status.last_message_s = self._monotonic()
        status.last_message_at = self._now()
        await self._inbox.take(status.name, frames)

    async def _wait_to_retry(self) -> None:
        self.status.reconnects += 1
        self.status.retry_in_s = self._backoff.next_s()
        self._become("retrying")
        await asyncio.sleep(self.status.retry_in_s)
        self.status.retry_in_s = 0.0

    # -- state -------------------------------------------------------------------------------------------------------

    def _become(self, state: FeedState) -> None:
        self.status.state = state
        self.status.since_at = self._now()
        self.on_status(self.status)

    def _note_error(self, error: str, **facts: object) -> None:
        self.status.error, self.status.error_facts = error, facts

    def _note_end(self, code: int | None) -> None:
        if code == _TOO_LARGE:
            self._note_error("frame_too_large", limit=FRAME_LIMIT_BYTES)
        elif code in (None, _ABNORMAL):
            self._note_error("lost")
        else:
            self._note_error("closed", code=code)

    def _note_fault(self, fault: Exception) -> None:
        import aiohttp

        match fault:
            case aiohttp.WSServerHandshakeError():
                self._note_error("http", status=fault.status)
            case aiohttp.ClientSSLError():
                self._note_error("tls")
            case aiohttp.ClientConnectorDNSError():
                self._note_error("not_found")
            case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | ValueError():
                self._note_error("bad_url")
            case TimeoutError():
                self._note_error("timeout")
            case aiohttp.ClientConnectorError() | ConnectionRefusedError():
                self._note_error("refused")
            case _:
                self._note_error("lost")


_TOO_LARGE: Final = 1009
_ABNORMAL: Final = 1006


def resume_url(url: str, after: str | None) -> str:
    """The feed's URL with `after=<id>` in its query, in place of one that may already stand there."""
    if after is None:
        return url
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "after"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("after", after)])))


def shown_url(url: str) -> str:
    """The URL without what may be secret in it: credentials, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
