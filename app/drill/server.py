"""The simulator's server: /events, /sse, /positions, /tasks, /health.

Owns sockets, the beat that moves the source on, and a clean end. Must not know what the messages say.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

import msgspec
from aiohttp import WSMsgType, web

from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.drill.message import Message, stamped
from app.drill.options import SimulateOptions
from app.drill.orders import Order
from app.drill.ring import Ring
from app.drill.source import Source, source_of
from app.drill.unit import POST
from app.i18n import tr
from app.service.clock import SystemClock

log = logging.getLogger(__name__)

BEAT_S: Final = 0.01
SLICE: Final = 200
HEARTBEAT_S: Final = 20.0
TRY_AGAIN_LATER: Final = 1013
POSITIONS_KEPT: Final = 2_000


def serve(options: SimulateOptions, now: Callable[[], Instant] | None = None) -> int:
    """Serves until SIGTERM, SIGINT or the end of the duration; 0 then. Raises ConfigError for unusable input."""
    now = now or SystemClock().now
    server = Server(options, source_of(options, now()), now)
    asyncio.run(server.run())
    return 0


class TaskRequest(msgspec.Struct, frozen=True):
    """What POST /tasks takes; other fields are for people and are not looked at."""

    task: str
    unit: str
    incident: str
    lat: float | None = None
    lon: float | None = None
    kind: str = ""


class RoadsRequest(msgspec.Struct, frozen=True):
    """What PUT /roads takes: every road that is closed from now on, and which of them emergency vehicles may use."""

    closed: tuple[str, ...]
    passable: tuple[str, ...] = ()


class Server:
    """One source, served to everybody who asks."""

    def __init__(self, options: SimulateOptions, source: Source, now: Callable[[], Instant]) -> None:
        self._options = options
        self._source = source
        self._now = now
        self._events = Ring(options.keep)
        self._positions = Ring(POSITIONS_KEPT)
        self._news = asyncio.Event()
        self._stop = asyncio.Event()
        self._tasks = source.open_tasks()
        self._closed = RoadsRequest(())

    async def run(self) -> None:
        """Listens, says so in one line on standard output, and serves."""
        self._add_stops()
        self._tell(self._source.past(self._now()))
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await self._listen(runner)
            await self._beat()
        finally:
            self._stop.set()
            self._wake()
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        site = web.TCPSite(runner, self._options.host, self._options.port)
        try:
            await site.start()
        except OSError as error:
            where = f"{self._options.host}:{self._options.port}"
            raise ConfigError(tr("feed.simulate.no_port", where=where, reason=error.strerror)) from None
        host, port = runner.addresses[0][:2]
        sys.stdout.write(f"listening on ws://{host}:{port}/events\n")
        sys.stdout.flush()

    def _add_stops(self) -> None:
        loop = asyncio.get_running_loop()
        if self._options.until_eof:
            threading.Thread(target=self._stop_at_eof, args=(loop,), name="stdin", daemon=True).start()
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self._stop.set)
            except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt there
                log.debug("no handler for signal %d on this system", number)

    def _stop_at_eof(self, loop: asyncio.AbstractEventLoop) -> None:
        # Unbuffered: a thread that dies inside sys.stdin's lock would abort the interpreter's end.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._stop.set)

    # -- the beat ----------------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Moves the source on until it is time to stop."""
        ends_s = time.monotonic() + (self._options.duration_s or float("inf"))
        while not self._stop.is_set() and time.monotonic() < ends_s:
            self._tell(self._source.advance(self._now()))
            await asyncio.sleep(BEAT_S)

    def _tell(self, messages: list[Message]) -> None:
        if messages:
            self._events.extend(messages)
            self._positions.extend(message for message in messages if message.is_fix)
            self._wake()

    def _wake(self) -> None:
        """Everybody who waits goes on; who comes later waits for the next one."""
        self._news.set()
        self._news = asyncio.Event()

    async def _slices(
        self, ring: Ring, after: str | None, is_open: Callable[[], bool]
    ) -> AsyncIterator[list[Message]]:
        """What follows an id, slice by slice, for as long as the client is there and keeps up."""
        number = self._start_of(ring, after)
        while is_open() and not self._stop.is_set():
            news = self._news
            messages, next_number = ring.since(number, SLICE)
            if number and number < ring.forgotten:
                return
            number = next_number
            if messages:
                yield messages
            else:
                await news.wait()

    def _start_of(self, ring: Ring, after: str | None) -> int:
        number = ring.number_after(after)
        at = self._source.instant_of(after) if after and not number else None
        return ring.number_at(at) if at is not None else number

    def _body(self, message: Message) -> bytes:
        if self._options.stamp and message.is_sound:
            return stamped(message.body, time.monotonic_ns())
        return message.body

    # -- requests ----------------------------------------------------------------------------------------------------

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/events", self._get_events)
        app.router.add_get("/sse", self._get_sse)
        app.router.add_get("/positions", self._get_positions)
        app.router.add_post("/tasks", self._post_task)
        app.router.add_delete("/tasks/{task}", self._delete_task)
        app.router.add_post("/tasks/{task}/roll", self._post_roll)
        app.router.add_put("/roads", self._put_roads)
        app.router.add_get("/health", self._get_health)
        return app

    async def _get_events(self, request: web.Request) -> web.StreamResponse:
        return await self._stream(request, self._events)

    async def _get_positions(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._stream(request, self._positions)
        fixes = b",".join(message.body for message in self._source.fixes())
        return web.Response(body=b"[%b]" % fixes, content_type="application/json")

    async def _stream(self, request: web.Request, ring: Ring) -> web.WebSocketResponse:
        """Sends while another coroutine reads, so that pings are answered and a leaving client is noticed."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, compress=False)
        await socket.prepare(request)
        await asyncio.gather(self._send(socket, ring, request.query.get("after")), self._read(socket))
        return socket

    async def _send(self, socket: web.WebSocketResponse, ring: Ring, after: str | None) -> None:
        try:
            async for messages in self._slices(ring, after, lambda: not socket.closed):
                for message in messages:
                    await socket.send_frame(self._body(message), _opcode(message.body))
                await asyncio.sleep(0)
            await socket.close(code=TRY_AGAIN_LATER)
        except ConnectionError:
            log.debug("a client went away while it was being sent to")

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for _ in socket:
            pass
        self._wake()

    async def _get_sse(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        after = request.query.get("after") or request.headers.get("Last-Event-ID")
        transport = request.transport
        try:
            async for messages in self._slices(
                self._events, after, lambda: transport is not None and not transport.is_closing()
            ):
                body = b"".join(b"id: %b\ndata: %b\n\n" % (m.id.encode(), self._body(m)) for m in messages)
                await response.write(body)
        except ConnectionError:
            log.debug("a client went away while it was being sent to")
        return response

    async def _post_task(self, request: web.Request) -> web.Response:
        """202 also for a task that is known already; 422 for a unit that there is none of."""
        try:
            asked = msgspec.json.decode(await request.read(), type=TaskRequest)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        if asked.task not in self._tasks:
            order = Order(at=self._moment(), act="give", **msgspec.structs.asdict(asked))
            if not self._source.take(order):
                return web.json_response({"error": tr("feed.simulate.no_unit", unit=asked.unit)}, status=422)
            self._tasks.add(asked.task)
        # Nobody in a vehicle of the drill presses a key: who is told to stand by somewhere goes.
        return web.json_response({"task": asked.task, "accepted": asked.kind == POST}, status=202)

    async def _delete_task(self, request: web.Request) -> web.Response:
        """Takes a task back; one that is not known is gone already."""
        task = request.match_info["task"]
        if task in self._tasks:
            self._tasks.discard(task)
            self._source.take(Order(at=self._moment(), act="recall", task=task))
        return web.json_response({"task": task}, status=202)

    async def _post_roll(self, request: web.Request) -> web.Response:
        """A crew that has a task answers for itself; 404 for one that nobody has."""
        task = request.match_info["task"]
        present = task in self._tasks
        return web.json_response({"task": task, "present": present}, status=200 if present else 404)

    async def _put_roads(self, request: web.Request) -> web.Response:
        """Units go round what is closed, also those under way; several desks tell the same."""
        try:
            asked = msgspec.json.decode(await request.read(), type=RoadsRequest)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        if asked != self._closed:
            self._closed = asked
            order = Order(at=self._moment(), act="close", roads=asked.closed, passable=asked.passable)
            self._source.take(order)
        return web.json_response({"closed": len(asked.closed)}, status=202)

    def _moment(self) -> Instant:
        """Now, with everything told that happened before: an order never changes what was said already."""
        now = self._now()
        self._tell(self._source.advance(now))
        return now

    async def _get_health(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {"told": self._events.last, "tasks": len(self._tasks), "closed": len(self._closed.closed)}
        )


def _opcode(body: bytes) -> WSMsgType:
    """Bytes that are no text would end the connection as a text frame."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return WSMsgType.BINARY
    return WSMsgType.TEXT
