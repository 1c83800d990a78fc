"""Who gets in: how many connections, from one address and of all, and how long each may take to say what it wants.

Owns connections that have not asked anything yet. Must not read what they ask.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

HEADERS_S: Final = 10.0
MOST_CONNECTIONS: Final = 400
MOST_OF_ONE_ADDRESS: Final = 40


class Door:
    """Makes the protocol of each connection; asyncio calls it for every one that comes in."""

    def __init__(self, server: web.Server, headers_s: float = HEADERS_S) -> None:
        self._server = server
        self._headers_s = headers_s
        self._open: Counter[str] = Counter()
        self._late: dict[RequestHandler, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.Protocol:
        return _Guarded(self, self._server())

    def came(self, address: str) -> bool:
        """Whether there is room for one more."""
        if self._open.total() >= MOST_CONNECTIONS or self._open[address] >= MOST_OF_ONE_ADDRESS:
            return False
        self._open[address] += 1
        return True

    def went(self, address: str) -> None:
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def wait_for(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Without a whole request in time the connection ends."""
        loop = asyncio.get_running_loop()
        self._late[handler] = loop.call_later(self._headers_s, self._abort, handler, transport)

    def asked(self, handler: RequestHandler) -> None:
        """Its request is whole, or it is gone."""
        timer = self._late.pop(handler, None)
        if timer is not None:
            timer.cancel()

    def _abort(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        self._late.pop(handler, None)
        transport.abort()


class _Guarded(asyncio.Protocol):
    """Passes everything on to the handler once there is room; ends the connection otherwise."""

    def __init__(self, door: Door, handler: RequestHandler) -> None:
        self._door = door
        self._handler = handler
        self._address: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        address = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._door.came(address):
            transport.abort()
            return
        self._address = address
        self._handler.connection_made(transport)
        self._door.wait_for(self._handler, transport)

    def data_received(self, data: bytes) -> None:
        if self._address is not None:
            self._handler.data_received(data)

    def eof_received(self) -> bool | None:
        self._handler.eof_received()
        return None

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._address is not None:
            self._door.went(self._address)
            self._door.asked(self._handler)
            self._handler.connection_lost(exc)

    def pause_writing(self) -> None:
        self._handler.pause_writing()

    def resume_writing(self) -> None:
        self._handler.resume_writing()
