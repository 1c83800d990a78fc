"""The ground that a drill happens on: what lies inside the district's boundary, and the roads that lead about in it.

Owns the question what is inside. Must not know what happens there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from app.geo.coordinates import LocalPlane
from app.geo.district import District, Mode, Travel
from app.geo.road_graph import SPEED_M_PER_S, RoadGraph, Route
from app.geo.surface import Road

RIM_M: Final = 2.0
"""Nothing happens nearer to the boundary: a position that is rounded or given in another system stays inside."""


class Ground:
    """A district within its boundary; where no road lies inside, all of its roads are taken."""

    def __init__(self, district: District) -> None:
        self._plane = LocalPlane(district.centre_lat, district.centre_lon)
        self._inside = shapely.Polygon(self._xy(district.boundary)).buffer(-RIM_M)
        shapely.prepare(self._inside)
        self.roads = _joined([road for road in district.roads if self._holds(road)]) or district.roads
        surface = replace(district.surface(), roads=self.roads)
        self._graph = self._before = RoadGraph(replace(district, surface=lambda: surface))

    def close(self, roads: Collection[str], passable: Collection[str] = ()) -> None:
        """From now on nobody is led by these roads but emergency vehicles by the `passable`; all others are open."""
        self._before, self._graph = self._graph, self._graph.with_closed(roads, passable)

    def leads_otherwise(self, start: tuple[float, float], goal: tuple[float, float], mode: Mode) -> bool:
        """Whether the way between two (lat, lon) is another than before roads were closed or opened last."""
        now, before = (_way(graph, start, goal, mode) for graph in (self._graph, self._before))
        return not np.array_equal(now.line, before.line)

    def covers(self, lat: float, lon: float, room_m: float = 0.0) -> bool:
        """Does the WGS-84 position lie inside, with so much room around it?"""
        point = shapely.Point(*self._plane.to_xy_m(lat, lon))
        return bool(self._inside.contains(point) and self._inside.boundary.distance(point) >= room_m)

    def on_road(self, lat: float, lon: float, travel: Travel) -> tuple[float, float]:
        """The nearest (lat, lon) on a road that is open to `travel`."""
        point = self._graph.nearest_edge_point(lat, lon, travel)
        return point.lat, point.lon

    def route(self, start: tuple[float, float], goal: tuple[float, float], mode: Mode) -> Route:
        """A way between two (lat, lon); against a one-way street where there is none else inside."""
        return _way(self._graph, start, goal, mode)

    def _holds(self, road: Road) -> bool:
        return bool(self._inside.contains(shapely.LineString(self._xy(road.line))))

    def _xy(self, line: object) -> np.typing.NDArray[np.float64]:
        lon_lat = np.asarray(line, dtype=np.float64)
        return np.column_stack(self._plane.to_xy_m(lon_lat[:, 1], lon_lat[:, 0]))


def _way(graph: RoadGraph, start: tuple[float, float], goal: tuple[float, float], mode: Mode) -> Route:
    found = graph.route(start, goal, mode)
    return graph.route(start, goal, "foot") if found.is_straight else found


def _joined(roads: Sequence[Road]) -> tuple[Road, ...]:
    """The largest net of roads that one can walk about in: out of a pocket at the boundary no way leads inside."""
    walkable = [road for road in roads if road.road_class in SPEED_M_PER_S["foot"]]
    if not walkable:
        return ()
    nodes, ends = np.unique([(r.from_node, r.to_node) for r in walkable], return_inverse=True)
    ends = ends.reshape(-1, 2)
    links = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    net = connected_components(links, directed=False)[1]
    largest = set(nodes[net == np.bincount(net).argmax()].tolist())
    return tuple(road for road in roads if {road.from_node, road.to_node} <= largest)
