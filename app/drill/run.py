"""A drill played through without a window: the simulator's messages go in, orders go out, time jumps along.

Owns the course of it: whose turn it is at which instant, the carrying of orders to the simulated units, closing what is
done, and the end. Must not read a clock, choose units (officers.py) or write a report (report.py). The same messages
and wishes at the same instants come to the same journal, byte by byte.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.errors import Refusal
from app.domain.events import Recorded
from app.domain.field_link import DELIVERED
from app.domain.incident import HANDLING
from app.domain.instants import Instant
from app.domain.roles import FEED
from app.drill.alarms import LaneOfficer
from app.drill.officers import Officer, OpenPlaces, Sending
from app.drill.orders import Order
from app.drill.simulation import Simulation
from app.drill.telling import told
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.service.bus import Bus, Submission
from app.service.clock import SetClock
from app.service.intake import Intake
from app.service.refusals import CARRIER
from app.service.roads import Roads

log = logging.getLogger(__name__)

FEED_NAME: Final = "drill"
LOOK_AGAIN_MS: Final = 30_000
"""While somebody waits the officer looks at the sheet again so often, also when nothing has happened."""
TELL_PLACE_MS: Final = 600_000
"""A unit that stands tells its place so often; one that moves whenever somebody asks who should go."""
WIND_UP_MS: Final = 12 * 3_600_000
"""After the last report what is open is worked off, but no longer than this."""
_NEWS: Final = (
    ev.IncidentReported,
    ev.IncidentUpdated,
    ev.IncidentWithdrawn,
    ev.UnitReleased,
    ev.UnitDutyChanged,
    ev.UnitEnrolled,
)
"""What may change who should go; that a unit is on its way does not."""

Pace = Callable[[Instant], Awaitable[bool]]
"""Waits until it is time for an instant of the story; False when the drill is to stop."""


class Desk(Protocol):
    """What a drill needs of a desk."""

    clock: SetClock
    bus: Bus
    intake: Intake

    @property
    def roads(self) -> Roads: ...
    @property
    def projections(self) -> Projections: ...
    def context(self) -> cmd.Context: ...


@dataclass(slots=True)
class Tally:
    """What was ordered and what came of it. `gone` has who arrived where, in the order of arriving."""

    sent: int = 0
    declined: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Wishes that a rule did not let through, by rule."""
    gone: dict[str, list[str]] = field(default_factory=dict)


class Run:
    """One drill from `simulation.now` until its reports end at `ends_at` and everybody is done."""

    def __init__(
        self,
        desk: Desk,
        simulation: Simulation,
        officer: Officer,
        places: OpenPlaces,
        ends_at: Instant,
        lane: LaneOfficer | None = None,
    ) -> None:
        """Without `lane` nobody sees to the alarms."""
        self._desk, self._simulation, self._officer, self._places = desk, simulation, officer, places
        self._ends_at, self._lane = ends_at, lane
        self.tally = Tally()
        self._records: list[Recorded] = []
        self._looked_at: Instant = 0
        self._is_short = False
        """Did anybody wait, or lack somebody, when the officer looked last?"""
        self._told: dict[str, tuple[float, float, Instant]] = {}
        self._closed: tuple[tuple[str, ...], tuple[str, ...]] = (), ()

    def note(self, _changes: Changes, records: Sequence[Recorded]) -> None:
        """A listener of the desk's projector."""
        self._records += records

    async def play(self, pace: Pace) -> bool:
        """Plays it through; False when `pace` stopped it before."""
        while (at := self._next_at()) is not None:
            if not await pace(at):
                return False
            await self._live(at)
        return True

    # -- one instant -------------------------------------------------------------------------------------------------

    def _next_at(self) -> Instant | None:
        """None when it is over: nobody will say anything any more, and nobody who waits can be helped."""
        now = self._simulation.now
        told_at = self._sooner(self._simulation.next_at(with_stories=now < self._ends_at))
        if told_at is None or told_at > self._ends_at + WIND_UP_MS:
            return None
        if told_at > self._ends_at and not self._is_anything_open():
            return None
        looks_at = self._looked_at + LOOK_AGAIN_MS
        return looks_at if now < looks_at < told_at and self._is_short else told_at

    def _sooner(self, told_at: Instant | None) -> Instant | None:
        """That, or when the next alarm has stood for long enough."""
        due_at = self._lane.next_at() if self._lane is not None else None
        if due_at is None:
            return told_at
        due_at = max(due_at, self._simulation.now + 1)
        return due_at if told_at is None else min(told_at, due_at)

    def _is_anything_open(self) -> bool:
        waits = self._lane is not None and self._lane.next_at() is not None
        return waits or self._desk.projections.metrics.open > 0

    def _is_anybody_short(self) -> bool:
        return bool(self._places.waiting()) or bool(self._places.lacking())

    async def _live(self, at: Instant) -> None:
        self._desk.clock.set(at)
        self._close_roads(at)
        messages = self._simulation.advance(at, with_fixes=False, with_stories=at <= self._ends_at)
        await self._desk.intake.take(FEED_NAME, [message.body for message in messages])
        has_news = await self._settle(at)
        if self._lane is not None and (wishes := self._lane.wishes(at)):
            for wish in wishes:
                await self._give(wish)
            has_news = await self._settle(at) or has_news
        if has_news or at - self._looked_at >= LOOK_AGAIN_MS:
            await self._look(at)

    def _close_roads(self, at: Instant) -> None:
        """Units drive by the roads that the desk takes to be open, which a plan may change at any time."""
        roads = self._desk.roads
        closed = tuple(sorted(roads.closed(at))), tuple(sorted(roads.passable(at)))
        if closed != self._closed:
            self._closed = closed
            self._simulation.carry_out(Order(at=at, act="close", roads=closed[0], passable=closed[1]))

    async def _look(self, at: Instant) -> None:
        self._looked_at = at
        if self._is_anybody_short():
            await self._tell_places()
            for sending in await self._officer.wishes():
                await self._send(sending)
            await self._settle(at)
        self._is_short = self._is_anybody_short()

    async def _send(self, sending: Sending) -> None:
        await self._give(cmd.DispatchUnits(sending.incident, sending.units))

    async def _give(self, command: cmd.Command) -> None:
        try:
            await self._desk.bus.submit(command, self._desk.context())
        except Refusal as refusal:
            log.info("a wish was refused: %s", refusal)
            self.tally.refused[refusal.rule] += 1

    # -- what follows from what has happened -------------------------------------------------------------------------

    async def _settle(self, at: Instant) -> bool:
        """Carries orders to the units and closes what is done, until nothing follows any more; is anything new?"""
        has_news = False
        await self._desk.bus.drain()
        while self._records:
            records, self._records = self._records, []
            has_news = has_news or any(isinstance(record.event, _NEWS) for record in records)
            for record in records:
                self._follow(record, at)
            await self._desk.bus.drain()
        return has_news

    def _follow(self, record: Recorded, at: Instant) -> None:
        match record.event:
            case ev.UnitDispatched(unit, incident):
                self._carry(unit, incident, at)
            case ev.UnitReleased(unit, incident):
                self._simulation.carry_out(Order(at=at, act="recall", task=_task(unit, incident)))
                self._close_if_done(incident)
            case ev.UnitAnswered(_unit, _incident, False):
                self.tally.declined += 1
            case ev.IncidentUnitArrived(incident, unit):
                self.tally.gone.setdefault(incident, []).append(unit)

    def _carry(self, unit: str, incident: str, at: Instant) -> None:
        self.tally.sent += 1
        known = self._desk.projections.desk.incidents[incident]
        task = _task(unit, incident)
        order = Order(
            at=at, act="give", task=task, unit=unit, incident=incident, lat=known.lat, lon=known.lon
        )
        self._simulation.carry_out(order)
        self._say(cmd.NoteDelivery(unit, incident, DELIVERED), f"feed:{CARRIER}", FEED)

    def _close_if_done(self, incident: str) -> None:
        """The last who was there has left: the officer closes it."""
        known = self._desk.projections.desk.incidents[incident]
        if known.status == HANDLING and not known.units:
            here = self._desk.context()
            self._say(cmd.CloseIncident(incident, "resolved", told("drill.done")), here.actor, here.role)

    def _say(self, command: cmd.Command, actor: str, role: str) -> None:
        here = self._desk.context()
        context = cmd.Context(actor, role, here.desk, here.occurred_at)
        self._desk.bus.post(Submission((command,), context), self._answered)

    def _answered(self, failure: BaseException | None) -> None:
        if isinstance(failure, Refusal):
            self.tally.refused[failure.rule] += 1
        elif failure is not None:
            raise failure

    # -- places ------------------------------------------------------------------------------------------------------

    async def _tell_places(self) -> None:
        """Where everybody is now, for who has moved or was last heard of long ago: as by a feed of positions."""
        now, frames = self._simulation.now, []
        for key, unit in self._simulation.units.items():
            fix = unit.fix(now)
            lat, lon, at = self._told.get(key, (0.0, 0.0, 0))
            if (fix.lat, fix.lon) != (lat, lon) or now - at >= TELL_PLACE_MS:
                self._told[key] = fix.lat, fix.lon, now
                frames.append(self._simulation.fix_of(key).body)
        await self._desk.intake.take(FEED_NAME, frames)


def _task(unit: str, incident: str) -> str:
    return f"{incident}.{unit}"
