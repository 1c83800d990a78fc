"""Owns questions about the finished town: which grid, which street, which crossing. Must not change it."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, Point

from app.geo.demo_town.network import RANK, Edge
from app.geo.demo_town.output import Writer
from app.geo.demo_town.plan import CARRIAGEWAY_HALF_M, Plan
from app.geo.demo_town.shape import XY, heading_deg
from app.geo.demo_town.town import Town
from app.geo.demo_town.zoning import GridArea


@dataclass(slots=True)
class Crossing:
    """A node where streets meet, with the edges that leave it."""

    at: XY
    edges: list[Edge]

    @property
    def names(self) -> list[tuple[str, str]]:
        """Named streets that meet here, the better class first."""
        ranked = sorted(self.edges, key=lambda e: (RANK.index(e.street.road_class), e.street.name_en))
        return list(dict.fromkeys((e.street.name_zh, e.street.name_en) for e in ranked if e.street.name_zh))

    @property
    def has_lane(self) -> bool:
        """Whether a named lane of the old quarter opens here."""
        return any(e.street.road_class == "alley" and e.street.name_zh for e in self.edges)

    @property
    def best_class(self) -> str:
        """The class of the most important street here."""
        return min((e.street.road_class for e in self.edges), key=RANK.index)


class Survey:
    """The finished town with its indexes."""

    def __init__(
        self,
        plan: Plan,
        town: Town,
        edges: list[Edge],
        grids: list[GridArea],
        names: dict[str, Any],
        writer: Writer,
    ) -> None:
        self.plan = plan
        self.town = town
        self.grids = grids
        self.names = names
        self.writer = writer
        self.drivable = [e for e in edges if e.street.road_class not in ("footway", "trunk")]
        self._lines = [LineString(e.coords) for e in self.drivable]
        self._named = [
            i for i, e in enumerate(self.drivable) if e.street.name_zh and e.street.road_class != "alley"
        ]
        self._named_tree = shapely.STRtree([self._lines[i] for i in self._named])
        self._grid_tree = shapely.STRtree([g.shape for g in grids])
        self.building_tree = shapely.STRtree([f.shape for f in town.footprints])
        self.land = plan.boundary.difference(plan.water).buffer(-3.0)
        shapely.prepare(self.land)

    def grid_at(self, at: XY) -> GridArea | None:
        """The grid that covers the point, None outside."""
        found = self._grid_tree.query(Point(at), predicate="intersects")
        return self.grids[min(int(i) for i in found)] if len(found) else None

    def is_outdoors(self, at: XY) -> bool:
        """Whether the point is on land inside the boundary and in no building."""
        within = self.building_tree.query(Point(at).buffer(0.3), predicate="intersects")
        return self.land.contains(Point(at)) and len(within) == 0

    def street_at(self, at: XY) -> Edge:
        """The nearest named street."""
        return self.drivable[self._named[int(self._named_tree.nearest(Point(at)))]]

    def kerb_at(self, at: XY) -> XY:
        """The point on the nearest named street's edge on the side of `at`."""
        index = self._named[int(self._named_tree.nearest(Point(at)))]
        line, edge = self._lines[index], self.drivable[index]
        foot = line.interpolate(line.project(Point(at)))
        reach = math.dist((foot.x, foot.y), at)
        out = min(1.0, CARRIAGEWAY_HALF_M[edge.street.road_class] / reach) if reach else 0.0
        return (foot.x + (at[0] - foot.x) * out, foot.y + (at[1] - foot.y) * out)

    def address(self, at: XY) -> tuple[str, int]:
        """The nearest named street and a house number that grows along it, odd on one side."""
        edge = self.street_at(at)
        line = edge.street.line
        along_m = line.project(Point(at))
        here, ahead = line.interpolate(along_m), line.interpolate(along_m + 2.0)
        side = (ahead.x - here.x) * (at[1] - here.y) - (ahead.y - here.y) * (at[0] - here.x)
        return edge.street.name_zh, 2 * int(along_m / 11.0) + (1 if side > 0 else 2)

    def crossings(self) -> list[Crossing]:
        """Nodes with three or more streets inside the boundary, the important ones first."""
        meeting: dict[int, list[Edge]] = defaultdict(list)
        place: dict[int, XY] = {}
        for edge in self.drivable:
            for node, at in ((edge.start, edge.coords[0]), (edge.end, edge.coords[-1])):
                meeting[node].append(edge)
                place[node] = at
        found = [Crossing(place[n], edges) for n, edges in sorted(meeting.items()) if len(edges) >= 3]
        inside = [c for c in found if self.land.contains(Point(c.at))]
        return sorted(inside, key=lambda c: (RANK.index(c.best_class), -len(c.edges)))

    def bearings_from(self, crossing: Crossing) -> list[float]:
        """Directions in which the crossing's streets leave it, the better class first."""
        ranked = sorted(crossing.edges, key=lambda e: RANK.index(e.street.road_class))
        return [self._leaving(crossing.at, edge) for edge in ranked]

    def _leaving(self, at: XY, edge: Edge) -> float:
        coords = edge.coords if math.dist(edge.coords[0], at) < 0.2 else edge.coords[::-1]
        line = LineString(coords)
        ahead = line.interpolate(min(40.0, line.length))
        return heading_deg(at, (ahead.x, ahead.y))

    def lat_lon(self, at: XY) -> tuple[float, float]:
        """Rounded (lat, lon)."""
        lon, lat = self.writer.degrees(at)
        return lat, lon
