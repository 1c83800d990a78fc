"""What positions say of patrols: a unit has stayed at a check point of its round, a round is over and some are missing.

Owns which rounds run, how long each unit has stayed where, and asking once. What is true already stands in the desk, so
a restart says nothing twice and of two desks that watch the same round one writes. Must not decide: it gives commands.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import StreetdeskError
from app.domain.instants import DAY_MS, Instant
from app.domain.patrol import PatrolPlan, PatrolRound, Stay, current, due_points, missed_points, rounds_of
from app.domain.roles import SYSTEM
from app.domain.shift import BY_POSITION
from app.domain.shift_limits import ShiftLimits
from app.geo.patrols import CheckPoint
from app.i18n import tr
from app.journal.store import TrackPoint
from app.service.bus import Submission, Told
from app.service.clock import Clock
from app.service.geofence import away_m

log = logging.getLogger(__name__)

ACTOR = "patrol_watch"
ALARM_TYPE = "patrol_missed"
PRIORITY = 4
LOOK_S = 5.0
_AHEAD_MS = DAY_MS
Post = Callable[[Submission, Told], None]


class PatrolWatch:
    """`post` takes submissions to the bus, `desk` is the state as it is now, `routes` are names by id."""

    def __init__(
        self,
        plans: Sequence[PatrolPlan],
        points: Sequence[CheckPoint],
        limits: ShiftLimits,
        desk: Callable[[], Desk],
        post: Post,
        clock: Clock,
        desk_name: str,
        routes: Mapping[str, str] | None = None,
    ) -> None:
        self._plans = tuple(plans)
        self._points = {point.id: point for point in points}
        self._limits = limits
        self._desk = desk
        self._post = post
        self._clock = clock
        self._desk_name = desk_name
        self._watched_since = clock.now()
        self._routes = routes or {}
        self._rounds: list[PatrolRound] = []
        self._of_unit: dict[str, list[PatrolRound]] = {}
        self._planned_until: Instant = 0
        self._stays: dict[tuple[str, str], Stay] = {}
        self._asked: set[tuple[str, str]] = set()

    def put(self, fix: TrackPoint) -> None:
        """The newest fix of a unit."""
        own = self._of_unit.get(fix.unit)
        for each in current(own, fix.at) if own else ():
            for point in due_points(each, self._desk().patrols.get(each.id)):
                self._look_for_stay(each, point, fix)

    async def run(self) -> None:
        """Looks for what was missed until it is cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Rounds that are over and have something missing are written down; what the desk did not see is not judged."""
        now = self._clock.now()
        self._plan_ahead(now)
        over = [each for each in self._rounds if each.ends_at + self._limits.grace_ms <= now]
        for each in over:
            self._miss(each, now)
        ended = {each.id for each in over}
        self._keep([each for each in self._rounds if each.id not in ended or self._is_open(each)])
        self._stays = {key: stay for key, stay in self._stays.items() if key[0] not in ended}

    def _miss(self, patrol_round: PatrolRound, now: Instant) -> None:
        """Everything that is missing at once, with one alarm for the round where the desk has seen all of it."""
        record = self._desk().patrols.get(patrol_round.id)
        missed = missed_points(patrol_round, record, now, self._limits.grace_ms)
        if not missed:
            return
        unit, watched = patrol_round.plan.unit, patrol_round.begins_at >= self._watched_since
        commands: list[cmd.Command] = [cmd.MissPatrolPoint(patrol_round.id, p, unit, watched) for p in missed]
        if watched:
            commands.append(self._alarm(patrol_round, missed))
        self._say(tuple(commands), patrol_round.id, "", now)

    def _alarm(self, patrol_round: PatrolRound, missed: Sequence[str]) -> cmd.RaiseAlarm:
        """One row of the lane for each route; what was missed is in the brief."""
        first, key = self._points.get(missed[0]), f"{ACTOR}-{patrol_round.id}"
        unit = self._desk().units.get(patrol_round.plan.unit)
        sign = unit.call_sign if unit else patrol_round.plan.unit
        return cmd.RaiseAlarm(
            alarm=key,
            source=ACTOR,
            source_event=key,
            alarm_type=ALARM_TYPE,
            priority=PRIORITY,
            title=tr(
                "shift.patrol.alarm", unit=sign, route=self._route_name(patrol_round), count=len(missed)
            ),
            lat=first.lat if first else None,
            lon=first.lon if first else None,
            device=f"patrol:{patrol_round.plan.route}",
        )

    def _route_name(self, patrol_round: PatrolRound) -> str:
        return self._routes.get(patrol_round.plan.route, patrol_round.plan.route)

    def _keep(self, rounds: list[PatrolRound]) -> None:
        """A fix looks at the rounds of its own unit only."""
        self._rounds = rounds
        self._of_unit = {}
        for each in rounds:
            self._of_unit.setdefault(each.plan.unit, []).append(each)

    def _is_open(self, patrol_round: PatrolRound) -> bool:
        """Something of it is not yet written: asked for again next time."""
        return bool(due_points(patrol_round, self._desk().patrols.get(patrol_round.id)))

    def _plan_ahead(self, now: Instant) -> None:
        """A round that was over before this desk began to look is left alone."""
        if now < self._planned_until - _AHEAD_MS // 2:
            return
        since = max(self._planned_until, self._watched_since - self._limits.grace_ms)
        known = {each.id for each in self._rounds}
        until = now + _AHEAD_MS
        fresh = [
            each for plan in self._plans for each in rounds_of(plan, since, until) if each.id not in known
        ]
        self._keep([*self._rounds, *fresh])
        self._planned_until = until

    def _look_for_stay(self, patrol_round: PatrolRound, point_id: str, fix: TrackPoint) -> None:
        point = self._points.get(point_id)
        if point is None:
            return
        is_near = away_m(fix.lat, fix.lon, point.lat, point.lon) <= point.radius_m
        stay = self._stays.setdefault((patrol_round.id, point_id), Stay())
        if stay.put(is_near, fix.at, patrol_round.plan.dwell_ms, self._limits.gap_ms):
            command = cmd.CheckPatrolPoint(patrol_round.id, point_id, fix.unit, BY_POSITION)
            self._say((command,), patrol_round.id, point_id, fix.at)

    def _say(self, commands: tuple[cmd.Command, ...], patrol_round: str, point: str, at: Instant) -> None:
        key = (patrol_round, point)
        if key in self._asked:
            return
        self._asked.add(key)
        context = cmd.Context(ACTOR, SYSTEM, self._desk_name, at)

        def told(failure: BaseException | None) -> None:
            self._asked.discard(key)
            if isinstance(failure, StreetdeskError):
                log.info("%s was not written: %s", commands, failure)

        self._post(Submission(commands, context), told)
