"""When the units that are on their way will be there.

Owns the estimates in force and the rhythm in which they are worked out: for each incident one search over the roads, on
a thread of its own that is waited for, when a unit's status changes and else every EVERY_MS. Must not phrase or show
them, and never says a time for a unit that is not on its way.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import EN_ROUTE
from app.geo.district import District, Mode
from app.journal.store import TrackPoint
from app.service.aside import aside
from app.service.clock import Clock
from app.service.geofence import away_m

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph

EVERY_MS = 15_000
GATHER_S = 0.2
"""Changes of a status come in pairs: so long they are gathered before anything is worked out."""

UnitAndIncident = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Eta:
    """`is_straight`: there is no way by road, the time is that of the crow's flight with a detour."""

    arrives_at: Instant
    is_straight: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One unit that is under way: from where and since when it is known to be there."""

    unit: str
    at: Instant
    lat: float
    lon: float
    travel: Mode


@dataclass(frozen=True, slots=True)
class _Question:
    """One incident and the units that are on their way to it."""

    incident: str
    lat: float
    lon: float
    ways: tuple[_Way, ...]


class Etas:
    """`known` holds what was worked out last, by (unit, incident). `on_change` is told the incidents concerned."""

    def __init__(
        self,
        district: District,
        desk: Callable[[], Desk],
        fixes: Callable[[], Mapping[str, TrackPoint]],
        clock: Clock,
        on_change: Callable[[set[str]], None],
        roads: Callable[[], RoadGraph | None],
        modes: Callable[[], Mapping[str, Mode]] = dict,
    ) -> None:
        """`roads` and `modes`, how units get about where that is not as the district says, are asked aside."""
        self.known: dict[UnitAndIncident, Eta] = {}
        self._desk = desk
        self._fixes = fixes
        self._clock = clock
        self._on_change = on_change
        self._roads, self._modes = roads, modes
        self._travel: dict[str, Mode] = {spec.id: spec.travel for spec in district.units}
        self._asked: dict[str, tuple[frozenset[str], Instant]] = {}
        """Incident -> for whom and when its times were worked out last."""
        self._are_roads_other = False
        self._news = asyncio.Event()

    def look(self) -> None:
        """A unit's status has changed."""
        self._news.set()

    def use_other_roads(self) -> None:
        """Roads were closed or opened: no time holds any more."""
        self._are_roads_other = True
        self._news.set()

    async def run(self) -> None:
        """Keeps `known` up to date; runs until it is cancelled, and then ends with its thread."""
        while True:
            await self._wait()
            self._news.clear()
            if self._are_roads_other:
                self._are_roads_other = False
                self._asked.clear()
            questions = self._questions()
            self._forget_others({question.incident: question for question in questions})
            due = [question for question in questions if self._is_due(question)]
            if due:
                self._take(due, await aside(lambda due=due: self._answers(due), "eta"))  # type: ignore[misc]

    async def _wait(self) -> None:
        """Until something has changed, or the oldest estimate is due; without estimates as long as it takes."""
        if not self._asked:
            await self._news.wait()
        else:
            oldest_at = min(at for _, at in self._asked.values())
            wait_s = max(0.0, (oldest_at + EVERY_MS - self._clock.now()) / 1000)
            try:
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            except TimeoutError:
                return
        await asyncio.sleep(GATHER_S)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def _questions(self) -> list[_Question]:
        ways: dict[str, list[_Way]] = {}
        fixes = self._fixes()
        for unit in self._desk().units.values():
            fix = fixes.get(unit.id) if unit.assignments else None
            for assignment in unit.assignments:
                if fix is not None and assignment.phase == EN_ROUTE:
                    way = _Way(unit.id, fix.at, fix.lat, fix.lon, self._travel.get(unit.id, "car"))
                    ways.setdefault(assignment.incident, []).append(way)
        incidents = self._desk().incidents
        return [
            _Question(key, place[0], place[1], tuple(of))
            for key, of in ways.items()
            if (place := _place(incidents.get(key))) is not None
        ]

    def _is_due(self, question: _Question) -> bool:
        units, at = self._asked.get(question.incident, (frozenset(), 0))
        return units != _units(question) or self._clock.now() - at >= EVERY_MS

    def _forget_others(self, asked: Mapping[str, _Question]) -> None:
        """Who has arrived, was recalled or has no place any more has no time either."""
        under_way = {(way.unit, key) for key, question in asked.items() for way in question.ways}
        gone = [pair for pair in self.known if pair not in under_way]
        for pair in gone:
            del self.known[pair]
        self._asked = {key: last for key, last in self._asked.items() if key in asked}
        if gone:
            self._on_change({incident for _, incident in gone})

    def _take(self, due: Sequence[_Question], answers: Mapping[UnitAndIncident, Eta]) -> None:
        now = self._clock.now()
        self._asked.update((question.incident, (_units(question), now)) for question in due)
        self.known.update(answers)
        self._on_change({question.incident for question in due})

    # -- on the other thread -----------------------------------------------------------------------------------------

    def _answers(self, due: Sequence[_Question]) -> dict[UnitAndIncident, Eta]:
        graph, modes = self._roads(), self._modes()
        due = [_with_modes(question, modes) for question in due]
        return {
            (way.unit, question.incident): _eta(way, seconds, question)
            for question in due
            for way, seconds in _times(graph, question)
        }


def _with_modes(question: _Question, modes: Mapping[str, Mode]) -> _Question:
    ways = tuple(replace(way, travel=modes.get(way.unit, way.travel)) for way in question.ways)
    return replace(question, ways=ways)


def _times(graph: RoadGraph | None, question: _Question) -> list[tuple[_Way, float]]:
    """Seconds by road for each way; infinity where there is none. One search for each manner of travel."""
    if graph is None:
        return [(way, math.inf) for way in question.ways]
    found: list[tuple[_Way, float]] = []
    for travel in sorted({way.travel for way in question.ways}):
        ways = [way for way in question.ways if way.travel == travel]
        starts = [(way.lat, way.lon) for way in ways]
        seconds = graph.etas_s(starts, question.lat, question.lon, travel).tolist()
        found += zip(ways, seconds, strict=True)
    return found


def _eta(way: _Way, seconds: float, question: _Question) -> Eta:
    is_straight = not math.isfinite(seconds)
    if is_straight:
        from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S

        metres = away_m(way.lat, way.lon, question.lat, question.lon)
        seconds = metres * DETOUR_FACTOR / SPEED_M_PER_S[way.travel]["residential"]
    return Eta(way.at + round(seconds * 1000), is_straight)


def _units(question: _Question) -> frozenset[str]:
    return frozenset(way.unit for way in question.ways)


def _place(incident: Incident | None) -> tuple[float, float] | None:
    if incident is None or incident.lat is None or incident.lon is None:
        return None
    return incident.lat, incident.lon
