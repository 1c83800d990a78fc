"""What questions about sending are answered from: cards, force, roads and who is busy, as they were when one was asked.

Owns keeping these up to date from moment to moment. Blocks while it makes them: it is used aside from the loop, by one
question at a time. Must not answer any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.dispatch.candidates import Member, Post
from app.dispatch.coverage import Reach
from app.dispatch.engaged import Engaged, Work
from app.dispatch.force import Force
from app.dispatch.kinds import load_kinds
from app.dispatch.override import RunCards
from app.dispatch.turns import Turns
from app.dispatch.work_times import WorkTimes
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import ON_SCENE, Unit
from app.geo.district import District, Mode, UnitSpec
from app.geo.grid_index import GridIndex
from app.journal.store import TrackPoint
from app.service.roads import Roads

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph
    from app.service.dispatching import Moment


class Room:
    """`take_in` before every question."""

    def __init__(
        self, district: District, cards: RunCards, times: WorkTimes, roads: Roads, now: Instant
    ) -> None:
        self.cards, self.times, self.kinds = cards, times, load_kinds()
        self.grids = GridIndex(district)
        self._district, self._roads = district, roads
        self._graph = roads.graph(now)
        modes = roads.modes()
        self.force = Force({unit.id: _member(unit, modes[unit.id]) for unit in district.units}, self._graph)
        self.reach, self.engaged, self._turns = self._reach(), Engaged(self._graph), Turns()
        self._units: dict[str, Unit] = {}
        self._busy: dict[str, Unit] = {}
        self._fixes: dict[str, TrackPoint] = {}

    def take_in(self, moment: Moment) -> None:
        """What has changed since the last question."""
        self._use_roads(self._roads.graph(moment.now))
        changed = [unit for unit in moment.units if self._units.get(unit.id) is not unit]
        new = {unit.id for unit in changed if unit.id not in self._units}
        moved = [fix for fix in moment.fixes if self._fixes.get(fix.unit) is not fix or fix.unit in new]
        self.force.put(changed, ((fix.unit, fix) for fix in moved))
        self._units.update((unit.id, unit) for unit in changed)
        self._fixes.update((fix.unit, fix) for fix in moved)
        self._turns.put(self.force, moment.duty, moment.now)
        self._engage(changed, moment.incidents)

    def _use_roads(self, graph: RoadGraph | None) -> None:
        if graph is not self._graph:
            self._graph = graph
            self.reach = self._reach()
            self.force.use_roads(graph)
            self.engaged.use_roads(self.force, graph)

    def _engage(self, changed: Sequence[Unit], incidents: Mapping[str, Incident]) -> None:
        """Those who are at work, with room for more or not, each with the work that began first of what it is at."""
        for unit in changed:
            if unit.assignments:
                self._busy[unit.id] = unit
            else:
                self._busy.pop(unit.id, None)
        works = ((key, self._work(unit, incidents)) for key, unit in self._busy.items())
        self.engaged.put(self.force, {key: work for key, work in works if work is not None})

    def _work(self, unit: Unit, incidents: Mapping[str, Incident]) -> Work | None:
        """None where nobody knows the place of it."""
        held = min(unit.assignments, key=lambda a: (a.phase != ON_SCENE, a.since_at))
        incident = incidents.get(held.incident)
        if incident is None or incident.lat is None or incident.lon is None:
            return None
        since_at = held.since_at if held.phase == ON_SCENE else None
        return Work(incident.lat, incident.lon, since_at, self.times.of(incident.incident_type))

    def _reach(self) -> Reach:
        return Reach(self._graph, [(grid.code, *_middle(grid.ring)) for grid in self._district.grids])


def _member(unit: UnitSpec, mode: Mode) -> Member:
    post = Post(unit.home_lat, unit.home_lon, unit.grid)
    return Member(mode, unit.skills, post, unit.equipment)


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(lat, lon) in the middle of a ring's corners."""
    corners = ring[:-1] or ring
    return sum(lat for _, lat in corners) / len(corners), sum(lon for lon, _ in corners) / len(corners)
