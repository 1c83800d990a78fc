"""The roads of a district as one graph, made when it is first wanted and made anew when roads are closed or opened.

Owns when it is made. Blocks for as long as that takes: call it aside from the loop.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.domain.instants import Instant
from app.geo.closures import Closure, load_closures
from app.geo.district import District

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph


class Roads:
    """One for a desk: estimates and recommendations go by the same roads."""

    def __init__(self, district: District, directory: Path) -> None:
        self._district, self._directory = district, directory
        self._making = Lock()
        self._closures: tuple[Closure, ...] | None = None
        self._closed: frozenset[str] = frozenset()
        self._graph: RoadGraph | None = None

    def graph(self, now: Instant) -> RoadGraph | None:
        """The graph without what is closed now; None for a district without roads. Raises ConfigError."""
        if not self._district.roads:
            return None
        with self._making:
            if self._closures is None:
                roads = {road.id for road in self._district.roads}
                self._closures = load_closures(self._directory, roads)
            closed = frozenset(closure.road for closure in self._closures if closure.holds(now))
            if self._graph is None or closed != self._closed:
                from app.geo.road_graph import RoadGraph

                self._graph, self._closed = RoadGraph(self._district, closed), closed
            return self._graph
