"""Orders to the units, over HTTP to whoever carries them (the simulator, later the field gateway).

Owns delivery: what the journal says was ordered is sent until the carrier has taken it, also after a restart. There is
no outbox of its own: an assignment that nobody has answered *is* the outbox. Must not change a unit's state: answers
come back through a feed.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.events import Recorded
from app.domain.field_link import DELIVERED
from app.domain.unit import DISPATCHED, Unit
from app.i18n import tr
from app.projections.changes import Changes
from app.projections.projections import Projections

if TYPE_CHECKING:
    import aiohttp

log = logging.getLogger(__name__)

RETRY_S: Final = (0.5, 1.0, 2.0, 5.0)
TIMEOUT_S: Final = 5.0
HTTP_OK: Final = 200
TAKEN: Final = frozenset({200, 201, 202, 204})
NOT_A_CARRIER: Final = frozenset({404, 405, 501})
"""A feed that answers so has no field units behind it and is not asked again."""
POST: Final = "post"
"""The kind of an order to stand by somewhere; it is no task that is answered or worked on."""


@dataclass(frozen=True, slots=True)
class _Order:
    """To an incident, or to the post of the order with the id `post`."""

    unit: str
    incident: str
    post: str = ""

    @property
    def task(self) -> str:
        return f"{POST}-{self.post}.{self.unit}" if self.post else f"{self.incident}.{self.unit}"


def tasks_url(feed_url: str) -> str:
    """Where the server of a feed takes tasks: the same host, http(s), path /tasks."""
    parts = urlsplit(feed_url)
    scheme = "https" if parts.scheme in ("wss", "https") else "http"
    return urlunsplit((scheme, parts.netloc, "/tasks", "", ""))


class UnitTasks:
    """Sends orders and recalls in the order in which they were given, each at least once, idempotent by task id."""

    def __init__(
        self,
        carriers: Sequence[str],
        projections: Projections,
        say: Callable[[cmd.Command], None] = lambda _command: None,
    ) -> None:
        """`say` takes what the carriers tell: that an order has arrived, that a roll call was answered."""
        self._carriers = list(carriers)
        self._projections = projections
        self._say = say
        self._waiting: OrderedDict[_Order, bool] = OrderedDict()
        self._rolls: dict[_Order, None] = {}
        self._closed: dict[str, list[str]] | None = None
        """The closed roads that are still to be told; None once they are."""
        self._news = asyncio.Event()

    def close_roads(self, closed: Collection[str], passable: Collection[str] = ()) -> None:
        """Whoever carries orders drives by other roads than these from now on, where he knows roads at all.

        `passable` are those of them that emergency vehicles may use.
        """
        self._closed = {"closed": sorted(closed), "passable": sorted(passable)}
        self._news.set()

    def resume(self) -> None:
        """Queues every order that was given before this start and never answered, or whose post was not reached."""
        for unit in self._projections.desk.units.values():
            if unit.post_order is not None:
                self._queue(_Order(unit.id, "", unit.post_order.id), send=True)
            for held in unit.assignments:
                if held.phase == DISPATCHED and held.answered is None:
                    self._queue(_Order(unit.id, held.incident), send=True)

    def on_records(self, _changes: Changes, records: Sequence[Recorded]) -> None:
        for record in records:
            match record.event:
                case ev.UnitDispatched(unit, incident) | ev.UnitTaskResent(unit, incident):
                    self._queue(_Order(unit, incident), send=True)
                case ev.UnitReleased(unit, incident):
                    self._queue(_Order(unit, incident), send=False)
                case ev.UnitPostOrdered(unit, order) | ev.UnitPostResent(unit, order):
                    self._queue(_Order(unit, "", order), send=True)
                case ev.UnitPostRecalled(unit, order):
                    self._queue(_Order(unit, "", order), send=False)

    def _queue(self, order: _Order, *, send: bool) -> None:
        self._waiting.pop(order, None)
        self._waiting[order] = send
        self._news.set()

    def ask_roll(self, unit: str, incident: str) -> None:
        """Asks whoever carries the task whether all are safe; an answer becomes a command."""
        if self._carriers:
            self._rolls[_Order(unit, incident)] = None
            self._news.set()

    async def run(self) -> None:
        """Delivers; runs until it is cancelled."""
        await self._news.wait()
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._tell_roads(session)
                await self._deliver_all(session)
                await self._ask_rolls(session)

    async def _deliver_all(self, session: aiohttp.ClientSession) -> None:
        failures = 0
        while self._waiting and self._carriers:
            order, send = next(iter(self._waiting.items()))
            if await self._deliver(session, order, send):
                failures = 0
                if self._waiting.get(order) is send:
                    del self._waiting[order]
            else:
                await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
                failures += 1

    async def _tell_roads(self, session: aiohttp.ClientSession) -> None:
        """Told once: it is a hint for whoever can use it, and most carriers answer that they cannot."""
        import aiohttp

        closed, self._closed = self._closed, None
        for carrier in list(self._carriers) if closed is not None else ():
            url = f"{carrier.removesuffix('/tasks')}/roads"
            try:
                async with session.put(url, json=closed) as response:
                    log.debug("closed roads told to %s: %d", url, response.status)
            except (aiohttp.ClientError, TimeoutError) as fault:
                log.info("closed roads were not told to %s: %s", url, fault)

    async def _ask_rolls(self, session: aiohttp.ClientSession) -> None:
        """Asked once: who does not answer is overdue soon enough, and the desk says so."""
        rolls, self._rolls = self._rolls, {}
        for order in rolls:
            for carrier in list(self._carriers):
                if await self._is_present(session, f"{carrier}/{order.task}/roll"):
                    self._say(cmd.AnswerRollCall(order.unit, order.incident))
                    break

    async def _is_present(self, session: aiohttp.ClientSession, url: str) -> bool:
        import aiohttp

        try:
            async with session.post(url) as response:
                return response.status == HTTP_OK and await _said(response, "present")
        except (aiohttp.ClientError, TimeoutError) as fault:
            log.info("no answer to a roll call from %s: %s", url, fault)
            return False

    async def _deliver(self, session: aiohttp.ClientSession, order: _Order, send: bool) -> bool:
        """True once every carrier has taken it (or there is nothing to take any more)."""
        body = self._body(order) if send else None
        if send and body is None:
            return True
        taken = [await self._give(session, carrier, order, body) for carrier in list(self._carriers)]
        return all(taken)

    async def _give(
        self, session: aiohttp.ClientSession, carrier: str, order: _Order, body: dict[str, Any] | None
    ) -> bool:
        import aiohttp

        request = (
            session.post(carrier, json=body)
            if body is not None
            else session.delete(f"{carrier}/{order.task}")
        )
        try:
            async with request as response:
                if response.status in NOT_A_CARRIER and body is not None:
                    log.info("%s takes no tasks (%d)", carrier, response.status)
                    self._carriers.remove(carrier)
                if body is not None and response.status in TAKEN:
                    await self._tell_taken(order, response)
                return response.status < 500
        except (aiohttp.ClientError, TimeoutError) as fault:
            log.info("task %s was not delivered to %s: %s", order.task, carrier, fault)
            return False

    async def _tell_taken(self, order: _Order, response: aiohttp.ClientResponse) -> None:
        """Delivered; a carrier that can may say for the unit that it goes to its post."""
        if not order.post:
            self._say(cmd.NoteDelivery(order.unit, order.incident, DELIVERED))
            return
        self._say(cmd.NotePostDelivery(order.unit, order.post, DELIVERED))
        if await _said(response, "accepted"):
            self._say(cmd.AnswerPost(order.unit, order.post, True))

    def _body(self, order: _Order) -> dict[str, Any] | None:
        """The order as the carrier wants it; None when it was taken back meanwhile."""
        desk = self._projections.desk
        if order.post:
            return self._post_body(order, desk.units.get(order.unit))
        unit, incident = desk.units.get(order.unit), desk.incidents.get(order.incident)
        if unit is None or incident is None or unit.assignment(order.incident) is None:
            return None
        return {
            "task": order.task,
            "unit": order.unit,
            "incident": order.incident,
            "lat": incident.lat,
            "lon": incident.lon,
            "title": incident.title,
            "priority": incident.priority,
            "note": incident.address,
        }

    def _post_body(self, order: _Order, unit: Unit | None) -> dict[str, Any] | None:
        held = unit.post_order if unit is not None else None
        if held is None or held.id != order.post:
            return None
        return {
            "task": order.task,
            "unit": order.unit,
            "incident": "",
            "kind": POST,
            "lat": held.lat,
            "lon": held.lon,
            "title": tr("post.title"),
            "note": held.code,
        }


async def _said(response: aiohttp.ClientResponse, word: str) -> bool:
    """Whether the answer is an object that holds `word` as true; what is no such object says nothing."""
    try:
        answer = json.loads(await response.read())
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get(word) is True
