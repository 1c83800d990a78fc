"""The roads of a district as one graph, made when it is first wanted and made anew when roads are closed or opened.

Owns when it is made, from what the plan closes (closures.csv) and what officers have closed (`follow`). Making it
blocks for as long as that takes: ask for it aside from the loop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.domain.road import PlannedClosure, RoadClosure
from app.geo.closures import Closure, named, read_closures
from app.geo.district import District, Mode
from app.i18n import tr

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph

Closed = tuple[frozenset[str], frozenset[str]]
"""What is closed, and what of it emergency vehicles may use."""


class Roads:
    """One for a desk: estimates and recommendations go by the same roads."""

    def __init__(self, district: District, directory: Path) -> None:
        self._district, self._directory = district, directory
        self._making = Lock()
        self._planned: tuple[PlannedClosure, ...] | None = None
        self._ordered: tuple[RoadClosure, ...] = ()
        self._closed: Closed = (frozenset(), frozenset())
        self._graph: RoadGraph | None = None
        self._modes: Mapping[str, Mode] | None = None
        self.faults: list[str] = []
        """What is wrong with closures.csv and with the kinds of emergency vehicles, each a sentence."""

    # -- what is closed ----------------------------------------------------------------------------------------------

    @property
    def planned(self) -> Sequence[PlannedClosure]:
        """What the plan closes at any time; nothing until it has been read."""
        return self._planned or ()

    def read_plan(self) -> None:
        """Blocks. A line that is wrong is left out and told in `faults`: a slip in the plan stops no recommendation."""
        if self._planned is None:
            roads = self._district.roads
            self._planned = named(self._read_closures({road.id for road in roads}), roads)

    def _read_closures(self, roads: Collection[str]) -> tuple[Closure, ...]:
        try:
            closures, faults = read_closures(self._directory, roads)
        except ConfigError as fault:
            self.faults.append(tr("dispatch.fault.closures", fault=fault))
            return ()
        self.faults += [tr("dispatch.fault.closure", fault=fault) for fault in faults]
        return closures

    def follow(self, closures: Iterable[RoadClosure]) -> None:
        """What officers have closed, all of it; the next graph that is asked for respects it."""
        self._ordered = tuple(closures)

    def closed(self, now: Instant) -> frozenset[str]:
        """The roads that are closed at this instant."""
        return frozenset(closure.road for closure in self._holding(now))

    def passable(self, now: Instant) -> frozenset[str]:
        """Those of them that emergency vehicles may use: whatever closes the road must let them."""
        barred = {closure.road for closure in self._holding(now) if not closure.emergency_passes}
        return self.closed(now) - barred

    def _holding(self, now: Instant) -> Iterator[RoadClosure | PlannedClosure]:
        known: tuple[RoadClosure | PlannedClosure, ...] = (*self._ordered, *self.planned)
        return (closure for closure in known if closure.holds(now))

    def next_change_at(self, now: Instant) -> Instant | None:
        """When a closure begins or ends next without anybody saying so."""
        ordered = ((c.from_at, c.until_at) for c in self._ordered if c.is_to_come(now))
        planned = ((c.from_at, c.until_at or 0) for c in self.planned)
        edges = (at for both in (*ordered, *planned) for at in both)
        return min((at for at in edges if at > now), default=None)

    # -- who goes by them --------------------------------------------------------------------------------------------

    def modes(self) -> Mapping[str, Mode]:
        """How each unit of the district gets about. Blocks when it is asked first."""
        if self._modes is None:
            from app.dispatch.emergency_file import emergency_kinds_in_force, modes

            kinds, fault = emergency_kinds_in_force(self._directory)
            if fault is not None:
                self.faults.append(tr("dispatch.fault.bundled", fault=fault))
            self._modes = modes(self._district, kinds)
        return self._modes

    # -- the graph ---------------------------------------------------------------------------------------------------

    def graph(self, now: Instant) -> RoadGraph | None:
        """The graph without what is closed now; None for a district without roads."""
        if not self._district.roads:
            return None
        with self._making:
            self.read_plan()
            closed = self.closed(now), self.passable(now)
            if self._graph is None:
                from app.geo.road_graph import RoadGraph

                self._graph = RoadGraph(self._district, *closed)
            elif closed != self._closed:
                self._graph = self._graph.with_closed(*closed)
            self._closed = closed
            return self._graph
