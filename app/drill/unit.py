"""One simulated unit: it patrols, takes tasks, drives, works, comes back.

Owns the unit's behaviour as a function of the instants at which it was told something: told the same at the same
instants it does the same, so a simulator that was killed can live its day again. Must not know the network.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final

from app.domain.instants import Instant
from app.drill.congestion import Jam, Timetable, timetable
from app.drill.ground import Ground
from app.drill.motion import Fix, Way, driven, strolled
from app.drill.templates import FieldWords
from app.geo.district import Mode, Travel, UnitSpec

PATROLS: Final = frozenset({"police", "urban_management", "joint_patrol", "grid_member", "volunteer"})
"""Kinds that are about while nothing is asked of them; the others wait at their post."""
PATROL_REACH_DEG: Final[dict[Travel, float]] = {"foot": 0.002, "ebike": 0.004, "car": 0.007}
KEENNESS: Final = 0.08
"""Share by which a unit is quicker or slower than others that travel like it, always the same one."""
STANDING_FIX_S: Final = 15
"""A unit that moves tells its place each second, one that stands only so often."""
POST: Final = "post"
"""The kind of an order to stand by somewhere."""
STATUS: Final = "unit.status"
NOWHERE_MS: Final = 60_000
"""How long it takes to get to an incident that nobody has placed on the map."""

TO_THE_NEXT_MS: Final = 2_000
"""Who is done and has another task sets out so much later."""
ANSWERED_MS: Final = 8_000
"""Nobody sets out to a task sooner after it came."""

Event = tuple[Instant, dict[str, Any]]
"""When, and the fields of an envelope without `occurred_at`."""
WorkOf = Callable[[str], float | None]
"""How many seconds somebody has to work on an incident; None for until the desk calls him off."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the desk asks of a unit; `received_at` tells two orders with the same id apart."""

    id: str
    unit: str
    incident: str
    received_at: Instant
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class _Leg:
    """A way that is gone since an instant; a round is gone again and again."""

    since_at: Instant
    way: Way
    is_round: bool = False
    table: Timetable | None = None
    """Where roads are slow."""
    is_drive: bool = False
    """A way to somewhere, by roads that may be closed meanwhile."""

    def fix(self, at: Instant) -> Fix:
        elapsed_s = (at - self.since_at) / 1000
        if self.table is not None and 0 <= elapsed_s < self.table.duration_s:
            fix = self.way.at(self.table.free_s(elapsed_s))
            return replace(fix, speed_mps=fix.speed_mps / self.table.slower(elapsed_s))
        return self.way.at(elapsed_s % self.way.duration_s if self.is_round else elapsed_s)

    def moves(self, at: Instant) -> bool:
        return self.is_round or self.since_at <= at < self.ends_at

    @property
    def ends_at(self) -> Instant:
        lasts_s = self.way.duration_s if self.table is None else self.table.duration_s
        return self.since_at + round(lasts_s * 1000)


class SimulatedUnit:
    """A unit of the district under way."""

    def __init__(
        self,
        spec: UnitSpec,
        ground: Ground,
        words: FieldWords,
        *,
        epoch_at: Instant,
        seed: int,
        decline_share: float,
        jams: Sequence[Jam] = (),
        work_of: WorkOf = lambda _incident: None,
    ) -> None:
        self.spec = spec
        self.mode: Mode = spec.travel
        """How it gets about, such as as an emergency vehicle; not to be changed once it has been told anything."""
        self._jams, self._work_of = jams, work_of
        self._ground = ground
        self._decline_share = decline_share
        self._words = words
        self._seed = seed
        self._home = (spec.home_lat, spec.home_lon)
        dice = self._dice("patrol")
        self._keenness = dice.uniform(1 - KEENNESS, 1 + KEENNESS)
        self.fix_offset_ms = dice.randrange(1000)
        self._idle = self._patrol_round(dice) if spec.kind in PATROLS else Way([self._home], 0.0)
        self._legs = [self._idle_leg(epoch_at - round(dice.uniform(0, self._idle.duration_s) * 1000))]
        self._task: Task | None = None
        self._leaves_at: Instant = 0
        self._done_at: Instant | None = None
        """When its work will be done; None while that is the desk's to say."""
        self._post = ""
        """The order to a post that it has; "" for none."""
        self._waiting: list[Task] = []
        self._pending: list[Event] = []

    @property
    def is_idle(self) -> bool:
        """Does it work on nothing and wait for nothing?"""
        return self._task is None and not self._pending

    def fix(self, at: Instant) -> Fix:
        """Where the unit is."""
        return self._leg(at).fix(at)

    def moves(self, at: Instant) -> bool:
        """Is it under way, on patrol or to somewhere?"""
        return self._leg(at).moves(at)

    @property
    def done_at(self) -> Instant | None:
        """When its work will be done, which nobody can know; None for who works on nothing or until called off."""
        return self._done_at

    def travel_s(self, at: Instant, there: tuple[float, float]) -> float:
        """How long it will truly take, setting out at an instant from where it is then if nobody sends it before."""
        way = self._way(self._leg(at).fix(at), there)
        table = timetable(way, self.spec.travel, at, self._jams)
        return way.duration_s if table is None else table.duration_s

    def next_event_at(self) -> Instant | None:
        """When it will say something next; None for not before it is told something."""
        known = [self._pending[0][0]] if self._pending else []
        return min([*known, self._done_at] if self._done_at is not None else known, default=None)

    def events_until(self, at: Instant) -> Iterator[Event]:
        """What the unit says up to and including `at`, in order."""
        self._finish(at)
        while self._pending and self._pending[0][0] <= at:
            yield self._pending.pop(0)

    # -- what it is told ---------------------------------------------------------------------------------------------

    def take(self, task: Task) -> None:
        """Answers after a few seconds; goes at once when free, else when what it does now is done."""
        self._finish(task.received_at)
        dice = self._dice(task.id, task.received_at)
        answered_at = task.received_at + dice.randrange(2000, 6000)
        accepts = dice.random() >= self._decline_share
        reason = "" if accepts else dice.choice(self._words.declined)
        self._say(answered_at, "task.ack", "ack", task, accepted=accepts, reason=reason)
        if accepts:
            self._post = ""
        if accepts and self._task is None:
            self._set_out(task, answered_at + dice.randrange(3000, 12000))
        elif accepts:
            self._waiting.append(task)

    def move_up(self, task: Task) -> None:
        """Goes to a post after a few seconds and stands by there; who works on something is not to be had for it."""
        self._finish(task.received_at)
        if self._task is not None or task.lat is None or task.lon is None:
            return
        self._post = task.id
        sets_out_at = task.received_at + self._dice(task.id, task.received_at).randrange(3000, 8000)
        there = (task.lat, task.lon)
        there_at = self._drive(sets_out_at, there)
        self._go(_Leg(there_at, Way([there], 0.0)))

    def recall(self, task_id: str, at: Instant) -> None:
        """Leaves the scene or turns round; a task that still waits is forgotten."""
        self._finish(at)
        if task_id == self._post:
            self._post = ""
            self._go(self._idle_leg(self._drive(at + 1000, self._home)))
            return
        self._waiting = [task for task in self._waiting if task.id != task_id]
        self._pending = [event for event in self._pending if event[1].get("task") != task_id]
        if self._task is None or self._task.id != task_id:
            return
        self._task = self._done_at = None
        if self._waiting:
            self._set_out(self._waiting.pop(0), at + TO_THE_NEXT_MS)
        elif at >= self._leaves_at or not self._leg(at).is_round:
            self._return(at + 1000)
        else:
            self._legs = [self._leg(at)]

    def take_other_roads(self, at: Instant) -> None:
        """Roads were closed or opened: on the way to somewhere it goes on by what is the best way now."""
        self._finish(at)
        leg = next((leg for leg in reversed(self._legs) if leg.is_drive and leg.ends_at > at), None)
        if leg is None:
            return
        turns_at, there = max(at, leg.since_at), leg.way.end
        here = leg.fix(turns_at)
        if not self._ground.leads_otherwise((here.lat, here.lon), there, self.mode):
            return
        later = [other for other in self._legs if other.since_at > leg.since_at]
        self._legs = [other for other in self._legs if other.since_at <= leg.since_at]
        arrives_at = self._drive(turns_at, there)
        for other in later:
            self._go(replace(other, since_at=other.since_at + arrives_at - leg.ends_at))
        self._put_off(leg.ends_at, arrives_at)

    def _put_off(self, was_at: Instant, is_at: Instant) -> None:
        """What was to be said on arrival is said when that is now; the work begins and ends as much later."""
        if self._done_at is not None:
            self._done_at += is_at - was_at
        due = [event for event in self._pending if event[0] == was_at and event[1]["kind"] == STATUS]
        self._pending = [event for event in self._pending if event not in due]
        for _, fields in due:
            head, _, _ = fields["id"].rpartition("-")
            self._pending.append((is_at, {**fields, "id": f"{head}-{is_at}"}))
        self._pending.sort(key=itemgetter(0))

    def _set_out(self, task: Task, at: Instant) -> None:
        self._pending = [event for event in self._pending if "task" in event[1]]
        self._task, self._leaves_at = task, at
        if task.lat is None or task.lon is None:
            arrives_at = at + NOWHERE_MS
        else:
            arrives_at = self._drive(at, (task.lat, task.lon))
        work_s = self._work_of(task.incident)
        self._done_at = None if work_s is None else arrives_at + round(work_s * 1000)
        self._say(at, STATUS, "out", task, status="en_route")
        self._say(arrives_at, STATUS, "there", task, status="on_scene")

    def _finish(self, at: Instant) -> None:
        """Leaves what was done by `at`: to the task that waits longest, else home."""
        while self._done_at is not None and self._done_at <= at:
            done_at, self._task, self._done_at = self._done_at, None, None
            if self._waiting:
                task = self._waiting.pop(0)
                self._set_out(task, max(done_at + TO_THE_NEXT_MS, task.received_at + ANSWERED_MS))
                self._say(done_at, STATUS, "done", None, status="returning")
            else:
                self._return(done_at)

    def _return(self, at: Instant) -> None:
        back_at = self._drive(at, self._home)
        self._go(self._idle_leg(back_at))
        self._say(at, STATUS, "back", None, status="returning")
        self._say(back_at, STATUS, "free", None, status="available")

    # -- legs --------------------------------------------------------------------------------------------------------

    def _idle_leg(self, since_at: Instant) -> _Leg:
        return _Leg(since_at, self._idle, is_round=self._idle.duration_s > 0)

    def _leg(self, at: Instant) -> _Leg:
        return next((leg for leg in reversed(self._legs) if leg.since_at <= at), self._legs[0])

    def _go(self, leg: _Leg) -> Instant:
        """Until it begins the unit goes on with what it does; returns when it ends."""
        self._legs = [*[known for known in self._legs if known.since_at < leg.since_at][-2:], leg]
        return leg.ends_at

    def _drive(self, at: Instant, there: tuple[float, float]) -> Instant:
        """Sets out from where it is then; returns when it arrives, by roads as slow as they are."""
        way = self._way(self.fix(at), there)
        table = timetable(way, self.spec.travel, at, self._jams)
        return self._go(_Leg(at, way, table=table, is_drive=True))

    # -- ways --------------------------------------------------------------------------------------------------------

    def _way(self, here: Fix, there: tuple[float, float]) -> Way:
        route = self._ground.route((here.lat, here.lon), there, self.mode)
        return driven(route, self.spec.travel, self._keenness)

    def _patrol_round(self, dice: random.Random) -> Way:
        reach, travel = PATROL_REACH_DEG[self.spec.travel], self.spec.travel
        stops = [self._home]
        for _ in range(3):
            lat, lon = (
                self._home[0] + dice.uniform(-reach, reach),
                self._home[1] + dice.uniform(-reach, reach),
            )
            stops.append(self._ground.on_road(lat, lon, travel))
        stops.append(self._home)
        routes = [self._ground.route(a, b, travel) for a, b in pairwise(stops)]
        return strolled(routes, travel, self._keenness)

    # -- words -------------------------------------------------------------------------------------------------------

    def _say(self, at: Instant, kind: str, what: str, task: Task | None, **fields: Any) -> None:
        about = {"incident": task.incident, "task": task.id} if task else {}
        head = {"id": f"{self.spec.id}-{what}-{at}", "kind": kind, "source": "app", "unit": self.spec.id}
        self._pending.append((at, {**head, **about, **fields}))
        self._pending.sort(key=itemgetter(0))

    def _dice(self, *key: object) -> random.Random:
        return random.Random(f"{self._seed}/{self.spec.id}/{key}")
