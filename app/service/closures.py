"""Closed roads at a running desk: what officers close and what the plan closes, taken in and dropped in time.

Owns that whoever goes by the roads hears of it when a road is closed or opened, by hand or by the clock, and the rule
that only roads of the district are closed. Must not make ways: service/roads.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import ConfigError, Refusal
from app.domain.events import Recorded
from app.geo.district import District
from app.projections.changes import Changes
from app.service.aside import aside
from app.service.clock import Clock
from app.service.roads import Roads

log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 3600.0
"""A clock that is set meanwhile is noticed this soon."""


class Closures:
    """`tell` is called with the roads that are closed, open or open to others since a moment ago."""

    def __init__(
        self,
        district: District,
        roads: Roads,
        desk: Callable[[], Desk],
        clock: Clock,
        tell: Callable[[frozenset[str]], None],
    ) -> None:
        self._district, self._roads, self._desk, self._clock, self._tell = district, roads, desk, clock, tell
        self._known: frozenset[str] | None = None
        self._closed: frozenset[str] = frozenset()
        self._passable: frozenset[str] = frozenset()
        self._news = asyncio.Event()

    @property
    def closed(self) -> frozenset[str]:
        """What was closed when it was last looked."""
        return self._closed

    @property
    def passable(self) -> frozenset[str]:
        """What of it emergency vehicles may use."""
        return self._passable

    def on_changes(self, changes: Changes, _records: Sequence[Recorded]) -> None:
        if changes.roads:
            self._look()
            self._news.set()

    async def run(self) -> None:
        """Follows the clock; runs until it is cancelled."""
        await self._read()
        while True:
            self._look()
            await self._wait()

    async def _read(self) -> None:
        def read() -> frozenset[str]:
            self._roads.read_plan()
            return frozenset(road.id for road in self._district.roads)

        try:
            self._known = await aside(read, "closures")
        except ConfigError as fault:  # said as trouble by whoever asks for the graph
            log.info("closed roads are not known: %s", fault)

    async def _wait(self) -> None:
        self._news.clear()
        now = self._clock.now()
        next_at = self._roads.next_change_at(now)
        wait_s = LONGEST_SLEEP_S if next_at is None else min((next_at - now) / 1000, LONGEST_SLEEP_S)
        try:
            async with asyncio.timeout(wait_s):
                await self._news.wait()
        except TimeoutError:
            return

    def _look(self) -> None:
        self._roads.follow(self._desk().roads.values())
        now, before = self._clock.now(), (self._closed, self._passable)
        self._closed, self._passable = self._roads.closed(now), self._roads.passable(now)
        changed = (self._closed ^ before[0]) | (self._passable ^ before[1])
        if changed:
            self._tell(changed)

    # -- the rule ----------------------------------------------------------------------------------------------------

    def permit(self, _desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
        """Raises Refusal for a road that the district has not, and for opening what the plan closes."""
        if isinstance(command, cmd.CloseRoad) and self._known is not None:
            unknown = next((road for road in command.roads if road not in self._known), None)
            if unknown is not None:
                raise Refusal("road_unknown", unknown, road=command.name or unknown)
        elif isinstance(command, cmd.OpenRoad):
            planned = {plan.road for plan in self._roads.planned if plan.holds(context.occurred_at)}
            if planned.intersection(command.roads):
                raise Refusal("road_planned", command.roads[0], road=command.name)
