"""The field client's server: one page, a WebSocket for each phone, a way in for photos.

Owns sockets, who is let in, and what is pushed when. Must not decide: what phones send becomes commands, and what they
show is view.py's. Nothing of it is reachable unless an address to listen on was given.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from aiohttp import WSMsgType, web

from app.dispatch.run_card import RunCard
from app.domain import commands as cmd
from app.domain.errors import ConfigError, Refusal, StreetdeskError
from app.domain.events import Recorded
from app.domain.guards import sane_position
from app.domain.roles import GRID_MEMBER, SYSTEM
from app.domain.unit import PHASES, Unit
from app.geo.grid_index import GridIndex
from app.i18n import tr
from app.journal.store import Receipt, TrackPoint
from app.link.field.acts import ABOUT_A_TASK, FieldAct, Malformed, command_of, happened_at, read_act
from app.link.field.distress_call import Whereabouts, distress_call
from app.link.field.door import Door
from app.link.field.page import CONTENT_SECURITY, Page, load_page
from app.link.field.pairing import Guesses, PairingCodes, hash_of, new_phone, new_token
from app.link.field.view import Sight, view
from app.projections.changes import Changes
from app.service.bus import Submission
from app.service.refusals import refusal_text

if TYPE_CHECKING:
    from app.link.following import DeskSide

log = logging.getLogger(__name__)

MOST_PHOTO_BYTES: Final = 8 * 1024 * 1024
MOST_WORDS_BYTES: Final = 16 * 1024
BODY_S: Final = 30.0
SIGN_IN_S: Final = 5.0
SEND_S: Final = 10.0
HEARTBEAT_S: Final = 20.0
HAZARD_WITHIN_M: Final = 100.0
MOST_ACTS: Final = 60
"""Acts in ten seconds: what waited on a phone comes all at once, but a day's work it is not."""
ACTS_WITHIN_MS: Final = 10_000
UNAUTHORISED: Final = 4401
TRY_LATER: Final = 4429
PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(eq=False, slots=True)
class _Client:
    """One phone that has signed in. `dirty` is set when what it shows may have changed."""

    socket: web.WebSocketResponse
    unit: str
    phone: str
    dirty: asyncio.Event = field(default_factory=asyncio.Event)
    acts_at: list[int] = field(default_factory=list)


class FieldServer:
    """Made by `open`, ended by `close`."""

    def __init__(self, side: DeskSide, cards: Mapping[str, RunCard], page: Page) -> None:
        self._side = side
        self._cards = cards
        self._page = page
        self._guesses = Guesses()
        self._clients: set[_Client] = set()
        self._grids = {grid.code: (grid.name_zh, grid.name_en) for grid in side.district.grids}
        self._signs = {u.id: (u.call_sign_zh, u.call_sign_en) for u in side.district.units}
        self._runner: web.AppRunner
        self._door: Door
        self._socket: asyncio.Server
        self.codes = PairingCodes()
        self.address = ("", 0)

    @classmethod
    async def open(cls, side: DeskSide, where: tuple[str, int]) -> FieldServer:
        """Listens. Raises ConfigError when the address cannot be had, or a file of the page is broken."""
        from app.dispatch.run_card_file import read_run_cards

        cards, _faults = read_run_cards(side.types, side.config.district_dir)
        server = cls(side, cards, load_page())
        server._runner = web.AppRunner(
            server._application(), access_log=None, shutdown_timeout=1.0, keepalive_timeout=5.0
        )
        await server._runner.setup()
        assert server._runner.server is not None
        server._door = Door(server._runner.server)
        try:
            listening = await asyncio.get_running_loop().create_server(server._door, *where)
        except OSError as fault:
            await server._runner.cleanup()
            address = f"{where[0]}:{where[1]}"
            reason = os.strerror(fault.errno) if fault.errno is not None and fault.errno > 0 else str(fault)
            raise ConfigError(tr("field.no_port", where=address, reason=reason)) from None
        server._socket = listening
        host, port = listening.sockets[0].getsockname()[:2]
        server.address = (host, port)
        log.info("the field client listens on http://%s:%d/", host, port)
        return server

    async def close(self) -> None:
        self._socket.close()
        for client in list(self._clients):
            await client.socket.close(code=1001)
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MOST_PHOTO_BYTES, middlewares=[self._guard])
        for path in self._page.files:
            app.router.add_get(path, self._get_file)
        app.router.add_post("/pair", self._post_pair)
        app.router.add_post("/photo", self._post_photo)
        app.router.add_get("/ws", self._get_socket)
        return app

    # -- what changed ------------------------------------------------------------------------------------------------

    def on_changes(self, changes: Changes, _records: Sequence[Recorded]) -> None:
        """Phones whose unit or whose task has changed are told; all that came meanwhile is one push."""
        if not self._clients or not (changes.units or changes.incidents or changes.premises):
            return
        units = self._side.projections().desk.units
        for client in self._clients:
            unit = units.get(client.unit)
            tasks = {held.incident for held in unit.assignments} if unit is not None else set()
            if client.unit in changes.units or tasks & changes.incidents or (tasks and changes.premises):
                client.dirty.set()

    # -- requests ----------------------------------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Whatever goes wrong is told in a status and a word, never in a trace; no connection is kept for later."""
        self._door.asked(request.protocol)
        try:
            async with asyncio.timeout(None if request.path == "/ws" else BODY_S):
                response: web.StreamResponse = await handler(request)
        except web.HTTPException as fault:
            response = web.json_response({"error": fault.reason}, status=fault.status)
        except TimeoutError:
            response = web.json_response({"error": "too slow"}, status=408)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = CONTENT_SECURITY
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
            response.force_close()
        return response

    async def _get_file(self, request: web.Request) -> web.Response:
        body, content_type = self._page.files[request.path]
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    async def _post_pair(self, request: web.Request) -> web.Response:
        """A code for a token. The same answer for a wrong, a used and an expired one."""
        now, address = self._side.clock.now(), request.remote or ""
        if not self._guesses.may(address, now):
            return web.json_response({"error": "later"}, status=429)
        offer = self.codes.take(_code_of(await _limited(request, MOST_WORDS_BYTES)), now)
        if offer is None:
            self._guesses.wrong(address, now)
            return web.json_response({"error": "code"}, status=403)
        token = new_token()
        pair = cmd.PairPhone(offer.unit, new_phone(), hash_of(token), offer.by)
        context = cmd.Context(f"field:{offer.unit}", SYSTEM, self._side.config.desk, now)
        try:
            await self._side.bus.submit(pair, context)
        except StreetdeskError as fault:
            return web.json_response({"error": _sentence(fault)}, status=409)
        return web.json_response({"token": token})

    async def _post_photo(self, request: web.Request) -> web.Response:
        """The bytes of a picture for an incident that the unit works on."""
        unit = self._unit_of(request.headers.get("Authorization", "").removeprefix("Bearer "), request)
        if unit is None:
            return web.json_response({"error": "token"}, status=401)
        if request.content_type not in PHOTO_TYPES:
            return web.json_response({"error": "type"}, status=415)
        incident = request.query.get("incident", "")
        if unit.assignment(incident) is None:
            return web.json_response({"error": "task"}, status=403)
        data = await _limited(request, MOST_PHOTO_BYTES)
        try:
            await self._side.attachments().attach(
                self._context(unit.id, self._side.clock.now()), incident, _photo_name(request, unit), data
            )
        except StreetdeskError as fault:
            return web.json_response({"error": _sentence(fault)}, status=409)
        return web.json_response({"ok": True})

    # -- the socket --------------------------------------------------------------------------------------------------

    async def _get_socket(self, request: web.Request) -> web.StreamResponse:
        if not _same_origin(request):
            return web.json_response({"error": "origin"}, status=403)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MOST_WORDS_BYTES, compress=False)
        await socket.prepare(request)
        unit = await self._sign_in(socket, request)
        if unit is None:
            return socket
        client = _Client(socket, unit[0].id, unit[1])
        client.dirty.set()
        async with self._present(client):
            try:
                await asyncio.gather(self._push(client), self._read(client))
            except (ConnectionError, TimeoutError):
                log.debug("a phone of %s went away", client.unit)
        return socket

    @asynccontextmanager
    async def _present(self, client: _Client) -> AsyncIterator[None]:
        self._clients.add(client)
        try:
            yield
        finally:
            self._clients.discard(client)
            if not client.socket.closed:
                await client.socket.close()

    async def _sign_in(self, socket: web.WebSocketResponse, request: web.Request) -> tuple[Unit, str] | None:
        """The first message holds the token; without it in time the socket is closed."""
        now, address = self._side.clock.now(), request.remote or ""
        if not self._guesses.may(address, now):
            await socket.close(code=TRY_LATER)
            return None
        try:
            message = await socket.receive(SIGN_IN_S)
        except TimeoutError:
            await socket.close(code=UNAUTHORISED)
            return None
        token = _token_of(message.data) if message.type is WSMsgType.TEXT else ""
        found = self._phone_of(token)
        if found is None:
            self._guesses.wrong(address, now)
            await socket.close(code=UNAUTHORISED)
        return found

    async def _push(self, client: _Client) -> None:
        while not client.socket.closed:
            await client.dirty.wait()
            client.dirty.clear()
            unit = self._side.projections().desk.units.get(client.unit)
            if unit is None or all(phone.id != client.phone for phone in unit.phones):
                await client.socket.close(code=UNAUTHORISED)
                return
            state = await self._state(unit)
            async with asyncio.timeout(SEND_S):
                if not client.socket.closed:
                    await client.socket.send_str(msgspec.json.encode(state).decode())

    async def _read(self, client: _Client) -> None:
        try:
            async for message in client.socket:
                if message.type is WSMsgType.TEXT:
                    await self._answer(client, message.data)
        finally:
            client.dirty.set()

    async def _answer(self, client: _Client, text: str) -> None:
        try:
            act = read_act(text)
        except Malformed:
            await client.socket.close(code=1003)
            return
        if self._is_too_much(client):
            await client.socket.close(code=TRY_LATER)
            return
        why = await self._do(client, act)
        answer = (
            {"type": "done", "id": act.id} if why is None else {"type": "refused", "id": act.id, "why": why}
        )
        async with asyncio.timeout(SEND_S):
            if not client.socket.closed:
                await client.socket.send_str(msgspec.json.encode(answer).decode())

    def _is_too_much(self, client: _Client) -> bool:
        now = self._side.clock.now()
        client.acts_at = [at for at in client.acts_at if at > now - ACTS_WITHIN_MS] + [now]
        return len(client.acts_at) > MOST_ACTS

    async def _do(self, client: _Client, act: FieldAct) -> str | None:
        """None when it is durable, or was already; else the sentence that says why not.

        Raises ConnectionError when it could not be written: the phone keeps it and comes again.
        """
        now = self._side.clock.now()
        unit = self._side.projections().desk.units.get(client.unit)
        if unit is None or all(phone.id != client.phone for phone in unit.phones):
            raise ConnectionError("revoked")
        if act.act == "position":
            return self._fix(unit, act, now)
        if _is_past(unit, act):
            return None
        is_call = act.act == "emergency"
        command = self._call(unit, act, now) if is_call else command_of(act, unit.id)
        receipt = Receipt(f"field:{unit.id}", act.id)
        context = self._context(unit.id, happened_at(act, now))
        try:
            await self._side.bus.offer(Submission((command,), context, receipt=receipt))
        except Refusal as refusal:
            self._side.bus.forget(receipt)
            return refusal_text(refusal)
        except StreetdeskError as fault:
            self._side.bus.forget(receipt)
            raise ConnectionError(str(fault)) from fault
        return None

    def _fix(self, unit: Unit, act: FieldAct, now: int) -> str | None:
        try:
            sane_position(unit.id, act.lat, act.lon)
        except Refusal as refusal:
            return refusal_text(refusal)
        if act.lat is not None and act.lon is not None:
            self._side.positions.put(TrackPoint(unit.id, happened_at(act, now), act.lat, act.lon))
        return None

    def _call(self, unit: Unit, act: FieldAct, now: int) -> cmd.Command:
        incident = self._side.projections().desk.incidents.get(unit.incident or "")
        spec = next((known for known in self._side.district.units if known.id == unit.id), None)
        post = (spec.home_lat, spec.home_lon) if spec is not None else None
        where = Whereabouts(now, self._side.positions.fixes.get(unit.id), incident, post)
        grids = GridIndex(self._side.district)

        def code_at(lat: float, lon: float) -> str | None:
            grid = grids.grid_at(lat, lon)
            return grid.code if grid is not None else None

        return distress_call(act, unit, where, code_at)

    # -- who and what ------------------------------------------------------------------------------------------------

    def _context(self, unit: str, at: int) -> cmd.Context:
        return cmd.Context(f"field:{unit}", GRID_MEMBER, self._side.config.desk, at)

    def _unit_of(self, token: str, request: web.Request) -> Unit | None:
        now, address = self._side.clock.now(), request.remote or ""
        if not self._guesses.may(address, now):
            return None
        found = self._phone_of(token)
        if found is None:
            self._guesses.wrong(address, now)
            return None
        return found[0]

    def _phone_of(self, token: str) -> tuple[Unit, str] | None:
        """The unit and the phone that a token speaks for."""
        wanted = hash_of(token) if token else ""
        for unit in self._side.projections().desk.units.values():
            for phone in unit.phones:
                if phone.token_hash == wanted:
                    return unit, phone.id
        return None

    async def _state(self, unit: Unit) -> dict[str, Any]:
        side, desk = self._side, self._side.projections().desk
        fix = side.positions.fixes.get(unit.id)
        numbers: dict[str, str] = {}
        for held in unit.assignments:
            incident = desk.incidents[held.incident]
            ref = incident.person_ref
            if unit.id in incident.released_to and ref is not None:
                person = await side.journal.call(lambda journal, ref=ref: journal.person(ref))  # type: ignore[misc]
                numbers[incident.id] = person.phone if person is not None else ""
        sight = Sight(
            desk, side.types, self._cards, side.limits, side.clock.now(),
            (fix.lat, fix.lon) if fix is not None else None, numbers, self._hazards, side.district.places,
            self._grids,
        )  # fmt: skip
        return view(unit, self._signs.get(unit.id, (unit.call_sign, unit.call_sign)), sight)

    def _hazards(self, incident: Any) -> list[str]:
        near = self._side.histories().premises_near(
            incident.lat, incident.lon, HAZARD_WITHIN_M, self._side.clock.now(), incident.address
        )
        return [found.note.text for found in near if found.note.hazard]


def _is_past(unit: Unit, act: FieldAct) -> bool:
    """The other phone of the unit was faster: what it says again, or later, is so already."""
    held = unit.assignment(act.incident) if act.act in ABOUT_A_TASK else None
    if held is None:
        return False
    if act.act == "accept":
        return bool(held.answered) or held.phase != PHASES[0]
    return act.act in PHASES and PHASES.index(act.act) <= PHASES.index(held.phase)


async def _limited(request: web.Request, most: int) -> bytes:
    """The body. Raises HTTPRequestEntityTooLarge, also when the sender does not say how much there is."""
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(body))
    return bytes(body)


def _code_of(body: bytes) -> str:
    """Raises HTTPBadRequest."""
    return _text_in(body, "code")


def _token_of(text: str) -> str:
    try:
        return _text_in(text.encode(), "token")
    except web.HTTPBadRequest:
        return ""


def _text_in(body: bytes, name: str) -> str:
    try:
        given = msgspec.json.decode(body, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest from None
    if name not in given:
        raise web.HTTPBadRequest
    return given[name]


def _same_origin(request: web.Request) -> bool:
    """A page of somebody else has no business here, whatever it knows."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _photo_name(request: web.Request, unit: Unit) -> str:
    suffix = request.content_type.partition("/")[2].replace("jpeg", "jpg")
    return f"{unit.call_sign}-{request.query.get('name', 'photo')[:40]}.{suffix}"


def _sentence(fault: StreetdeskError) -> str:
    return refusal_text(fault) if isinstance(fault, Refusal) else str(fault)
