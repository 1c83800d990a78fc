"""Owns the roads as a graph: where a position joins them, how long a way takes, which way it goes.

Must not know units, incidents or clocks: positions and seconds go in and out. The speeds here are those that units are
taken to travel at everywhere: estimates, recommendations and the simulator read this one table.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from app.geo.coordinate_arrays import LonLat
from app.geo.coordinates import LocalPlane
from app.geo.district import District, Mode
from app.geo.road_arcs import Arcs, quickest_arcs
from app.geo.road_segments import JointFinder, RoadSegments
from app.geo.surface import RoadClass

EMERGENCY: Final = "emergency"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

WALK_M_PER_S = 1.3
EBIKE_M_PER_S = 5.5

# Metres per second; a class that is absent is closed to that mode. In an alley a car crawls.
SPEED_M_PER_S: dict[Mode, dict[RoadClass, float]] = {
    "foot": dict.fromkeys(
        ("primary", "secondary", "tertiary", "residential", "alley", "footway"), WALK_M_PER_S
    ),
    "ebike": {
        **dict.fromkeys(("primary", "secondary", "tertiary", "residential"), EBIKE_M_PER_S),
        "alley": 2.5,
    },
    "car": {
        "trunk": 16.0,
        "primary": 10.0,
        "secondary": 8.5,
        "tertiary": 7.0,
        "residential": 4.5,
        "alley": 2.5,
    },
}

SPEED_M_PER_S[EMERGENCY] = SPEED_M_PER_S["car"]

# How much longer than the crow's flight a way is taken to be where the graph knows none.
DETOUR_FACTOR = 1.4

REACH_M = 500.0
"""Who is further from every road than this is off the map: no way of his can be told."""

WAY, OFF_MAP, ISLAND, CLOSED, ONE_WAY, FAR = range(6)
"""What is known of a way: there is one; the start is off the map; roads that do not hang together; they would but for a
closure; only against one-ways; further than was asked."""


@dataclass(frozen=True, slots=True)
class EdgePoint:
    """Where a position joins the roads: `along_m` from the edge's first node, `off_m` beside it."""

    edge: int
    along_m: float
    lat: float
    lon: float
    off_m: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way: `line` (n, 2) lon/lat, `seconds` (n,) since the start, non-decreasing.

    `is_straight` marks the fallback where no way is known: the crow's flight with a detour factor in its time.
    """

    line: LonLat
    seconds: Floats
    length_m: float
    is_straight: bool

    @property
    def duration_s(self) -> float:
        """Seconds from end to end."""
        return float(self.seconds[-1])


@dataclass(frozen=True, slots=True)
class Starts:
    """Where positions join the roads for one mode; arrays by position. `edge` is -1 off the map.

    `nodes` and `exit_s` (n, 2): the ends by which the edge is left and the seconds to there, inf where that is barred.
    """

    edge: Ints
    along_m: Floats
    walk_s: Floats
    nodes: Ints
    exit_s: Floats


@dataclass(frozen=True, slots=True)
class Goal:
    """One place and, for each node, the seconds from there: inf where there is no way or none within `limit_s`."""

    mode: Mode
    joint: EdgePoint
    node_s: Floats
    limit_s: float


class RoadGraph:
    """A district's roads. Nodes and edges are numbered from 0 in the order of `node_lat` and `edge_length_m`.

    Cars obey one-ways; feet and e-bikes do not (an e-bike is pushed on the pavement).
    """

    def __init__(self, district: District, closed: Iterable[str] = (), passable: Iterable[str] = ()) -> None:
        """`passable` are those of the closed roads that emergency vehicles may use."""
        self._plane = LocalPlane(district.centre_lat, district.centre_lon)
        self._lines = [road.line for road in district.roads]
        ids, ends = np.unique([(r.from_node, r.to_node) for r in district.roads], return_inverse=True)
        self._ends: Ints = ends.reshape(-1, 2)
        self._oneway = np.array([road.oneway for road in district.roads], dtype=bool)
        self._classes = [road.road_class for road in district.roads]
        self.node_ids: Ints = ids
        self.node_lat, self.node_lon = self._node_positions()
        self._node_xy = np.column_stack(self._plane.to_xy_m(self.node_lat, self.node_lon))
        self._xy = [np.column_stack(self._plane.to_xy_m(line[:, 1], line[:, 0])) for line in self._lines]
        self._along = [_cumulative(xy) for xy in self._xy]
        self.edge_length_m: Floats = np.array([along[-1] for along in self._along])
        self._segments = RoadSegments(self._xy, self._along)
        self._road_ids = np.array([road.id for road in district.roads], dtype=object)
        self._close(closed, passable)

    def with_closed(self, closed: Iterable[str], passable: Iterable[str] = ()) -> "RoadGraph":
        """The same roads with these closed and no others; lines and lengths are shared."""
        other = copy(self)
        other._close(closed, passable)
        return other

    def _close(self, closed: Iterable[str], passable: Iterable[str]) -> None:
        self._closed = np.isin(self._road_ids, list(closed))
        self._barred = self._closed & ~np.isin(self._road_ids, list(passable))
        self._lets_some_pass = bool((self._closed & ~self._barred).any())
        self._networks: dict[Mode, _Network] = {
            mode: self._network(mode) for mode in SPEED_M_PER_S if mode != EMERGENCY
        }
        self._networks[EMERGENCY] = (
            self._network(EMERGENCY) if self._lets_some_pass else self._networks["car"]
        )
        self._tree: Callable[[Mode, int], tuple[Floats, Ints]] = lru_cache(maxsize=256)(self._grow_tree)

    def as_good_as(self, mode: Mode) -> Mode:
        """A manner with the very same ways: an emergency vehicle is a car where no closure makes a difference."""
        return "car" if mode == EMERGENCY and not self._lets_some_pass else mode

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.node_ids)

    def reverse_of(self, mode: Mode) -> csr_matrix:
        """Seconds by (head, tail) of every arc that is open to `mode`."""
        return self._networks[mode].reverse

    def nearest_node(self, lat: float, lon: float) -> int:
        """The index of the node nearest to the position."""
        offset = self._node_xy - self._plane.to_xy_m(lat, lon)
        return int(np.einsum("ij,ij->i", offset, offset).argmin())

    def nearest_edge_point(self, lat: float, lon: float, mode: Mode = "foot") -> EdgePoint:
        """The nearest point on an edge that is open to `mode`."""
        x_m, y_m = self._plane.to_xy_m(lat, lon)
        edge, along_m, at_x, at_y, off_m = self._segments.nearest(
            x_m, y_m, self._networks[mode].open_segments
        )
        at_lat, at_lon = self._plane.to_lat_lon(at_x, at_y)
        return EdgePoint(edge, along_m, at_lat, at_lon, off_m)

    def travel_times_to(self, lat: float, lon: float, mode: Mode) -> Floats:
        """Seconds from every node to the road point nearest to the position; inf where there is no way."""
        return self._node_times_s(self.nearest_edge_point(lat, lon, mode), mode, np.inf)

    def goal(self, lat: float, lon: float, mode: Mode, limit_s: float = np.inf) -> Goal | None:
        """One reverse search from a place, no further than `limit_s`; None when the place is off the map."""
        if not self._networks[mode].open_segments.any():
            return None
        near = self._networks[mode].finder.joints(np.array([self._plane.to_xy_m(lat, lon)]), REACH_M)
        if near.edge[0] < 0:
            return None
        joint = EdgePoint(int(near.edge[0]), float(near.along_m[0]), lat, lon, float(near.off_m[0]))
        return Goal(mode, joint, self._node_times_s(joint, mode, limit_s), limit_s)

    def starts(self, lats: Floats, lons: Floats, mode: Mode) -> Starts:
        """Where many positions join the roads; good until roads are closed or opened."""
        network = self._networks[mode]
        xy = np.column_stack(self._plane.to_xy_m(lats, lons))
        joints = network.finder.joints(xy, REACH_M)
        speed, both = network.speed[joints.edge], network.both_ways[joints.edge]
        length_m = self.edge_length_m[joints.edge]
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead_s = (length_m - joints.along_m) / speed
            back_s = np.where(both, joints.along_m / speed, np.inf)
        exit_s = np.column_stack((back_s, ahead_s))
        exit_s[joints.edge < 0] = np.inf
        return Starts(
            joints.edge, joints.along_m, joints.off_m / WALK_M_PER_S, self._ends[joints.edge], exit_s
        )

    def arrivals_s(self, starts: Starts, goal: Goal) -> Floats:
        """Seconds from each start to the goal, with the metres beside the road at both ends walked; inf for no way."""
        seconds = (goal.node_s[starts.nodes] + starts.exit_s).min(axis=1)
        same = np.flatnonzero(starts.edge == goal.joint.edge)
        if len(same):
            network, edge = self._networks[goal.mode], goal.joint.edge
            along_m = goal.joint.along_m - starts.along_m[same]
            direct_s = np.abs(along_m) / network.speed[edge]
            seconds[same] = np.where(
                (along_m >= 0) | network.both_ways[edge], np.minimum(seconds[same], direct_s), seconds[same]
            )
        return np.asarray(seconds + starts.walk_s + goal.joint.off_m / WALK_M_PER_S)

    def why_no_way(self, starts: Starts, goal: Goal, seconds: Floats) -> Ints:
        """For each start WAY where `seconds` is a number, else one of OFF_MAP, ISLAND, CLOSED, ONE_WAY, FAR."""
        network, node = self._networks[goal.mode], self._ends[goal.joint.edge][0]
        first = np.where(np.isfinite(starts.exit_s[:, 0]), starts.nodes[:, 0], starts.nodes[:, 1])
        is_joined = network.island[first] == network.island[node]
        was_joined = network.island_unclosed[first] == network.island_unclosed[node]
        why = np.select([is_joined, was_joined], [ONE_WAY, CLOSED], ISLAND)
        if np.isfinite(goal.limit_s):
            why = np.where(is_joined & (network.round[first] == network.round[node]), FAR, why)
            if (~np.isfinite(seconds) & (why == ONE_WAY)).any():
                whole = self._node_times_s(goal.joint, goal.mode, np.inf)
                reachable = np.isfinite((whole[starts.nodes] + starts.exit_s).min(axis=1))
                why = np.where((why == ONE_WAY) & reachable, FAR, why)
        why = np.where(starts.edge < 0, OFF_MAP, why)
        return np.asarray(np.where(np.isfinite(seconds), WAY, why))

    def etas_s(self, starts: Sequence[tuple[float, float]], lat: float, lon: float, mode: Mode) -> Floats:
        """Seconds from each (lat, lon) in `starts` to the position: one Dijkstra for all.

        The metres beside the road at both ends are walked. Where there is no way, inf.
        """
        goal = self.goal(lat, lon, mode)
        if goal is None or not starts:
            return np.full(len(starts), np.inf)
        lat_lon = np.asarray(starts, dtype=np.float64)
        return self.arrivals_s(self.starts(lat_lon[:, 0], lat_lon[:, 1], mode), goal)

    def route(self, start: tuple[float, float], goal: tuple[float, float], mode: Mode) -> Route:
        """The quickest way between two (lat, lon), or the straight line, flagged, where there is none."""
        if not self._networks[mode].open_segments.any():
            return self._straight(start, goal, mode)
        first, last = self.nearest_edge_point(*start, mode), self.nearest_edge_point(*goal, mode)
        best = self._best_way(first, last, mode)
        if best is None:
            return self._straight(start, goal, mode)
        pieces = self._pieces(first, last, best, mode)
        return self._joined(start, goal, pieces)

    # building

    def _node_positions(self) -> tuple[Floats, Floats]:
        at = np.zeros((len(self.node_ids), 2))
        for (start, end), line in zip(self._ends, self._lines, strict=True):
            at[start], at[end] = line[0], line[-1]
        return at[:, 1].copy(), at[:, 0].copy()

    def _network(self, mode: Mode) -> "_Network":
        speeds = SPEED_M_PER_S[mode]
        speed = np.array([speeds.get(road_class, 0.0) for road_class in self._classes])
        exists = speed > 0
        is_open = exists & ~(self._barred if mode == EMERGENCY else self._closed)
        seconds = np.full(len(speed), np.inf)
        seconds[is_open] = np.maximum(self.edge_length_m[is_open] / speed[is_open], 1e-3)
        both_ways = is_open & ~(self._oneway if mode in ("car", EMERGENCY) else np.zeros_like(self._oneway))
        arcs = quickest_arcs(self._ends, seconds, is_open, both_ways, self.node_count)
        open_segments = is_open[self._segments.edge]
        reverse = self._reverse_matrix(arcs)
        rounds = connected_components(reverse, connection="strong")[1].astype(np.intp)
        return _Network(
            speed, both_ways, open_segments, arcs, reverse, self._segments.finder(open_segments),
            self._islands(is_open), self._islands(exists), rounds,
        )  # fmt: skip

    def _islands(self, is_open: npt.NDArray[np.bool_]) -> Ints:
        """For each node the number of the net of roads that it hangs in, whatever their sense."""
        ends = self._ends[is_open]
        shape = (self.node_count, self.node_count)
        links = csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape)
        return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)

    def _node_times_s(self, joint: EdgePoint, mode: Mode, limit_s: float) -> Floats:
        """Seconds from each node to a joint: one search from a node of its own, set beside the ends of its edge."""
        base, count = self._networks[mode].reverse, self.node_count
        entries = self._arrivals(joint, mode)
        data = np.append(base.data, [max(seconds, 1e-6) for _, seconds in entries])
        indices = np.append(base.indices, np.array([node for node, _ in entries], dtype=base.indices.dtype))
        indptr = np.append(base.indptr, base.indptr[-1] + len(entries))
        whole = csr_matrix((data, indices, indptr), shape=(count + 1, count + 1))
        return np.asarray(dijkstra(whole, indices=count, limit=limit_s)[:count])

    def _reverse_matrix(self, arcs: Arcs) -> csr_matrix:
        return csr_matrix((arcs.seconds, (arcs.head, arcs.tail)), shape=(self.node_count, self.node_count))

    def _grow_tree(self, mode: Mode, node: int) -> tuple[Floats, Ints]:
        """Seconds from every node to `node`, and the next node on the way there (negative for none)."""
        times, following = dijkstra(self._networks[mode].reverse, indices=node, return_predecessors=True)
        return times, following

    # one way

    def _arrivals(self, target: EdgePoint, mode: Mode) -> list[tuple[int, float]]:
        """Nodes from which the target's edge is entered, with the seconds from there to the target."""
        network, (start, end) = self._networks[mode], self._ends[target.edge]
        speed = network.speed[target.edge]
        entries = [(int(start), target.along_m / speed)]
        if network.both_ways[target.edge]:
            entries.append((int(end), (self.edge_length_m[target.edge] - target.along_m) / speed))
        return entries

    def _departures(self, origin: EdgePoint, mode: Mode) -> list[tuple[int, float]]:
        """Nodes by which the origin's edge is left, with the seconds from the origin to there."""
        network, (start, end) = self._networks[mode], self._ends[origin.edge]
        speed = network.speed[origin.edge]
        exits = [(int(end), (self.edge_length_m[origin.edge] - origin.along_m) / speed)]
        if network.both_ways[origin.edge]:
            exits.append((int(start), origin.along_m / speed))
        return exits

    def _best_way(self, first: EdgePoint, last: EdgePoint, mode: Mode) -> "_Way | None":
        ways = [
            _Way(out_s + self._tree(mode, entry)[0][leave] + in_s, leave, entry)
            for entry, in_s in self._arrivals(last, mode)
            for leave, out_s in self._departures(first, mode)
        ]
        along_m = last.along_m - first.along_m
        if first.edge == last.edge and (along_m >= 0 or self._networks[mode].both_ways[first.edge]):
            ways.append(_Way(abs(along_m) / self._networks[mode].speed[first.edge], -1, -1))
        best = min(ways, key=lambda way: way.seconds)
        return best if np.isfinite(best.seconds) else None

    def _pieces(
        self, first: EdgePoint, last: EdgePoint, way: "_Way", mode: Mode
    ) -> list[tuple[LonLat, float]]:
        """Stretches of line with their speeds, from the first road point to the last."""
        speed = self._networks[mode].speed
        if way.leave < 0:
            return [(self._stretch(first.edge, first.along_m, last.along_m), speed[first.edge])]
        out_to_m = self.edge_length_m[first.edge] if way.leave == self._ends[first.edge][1] else 0.0
        if self._ends[first.edge][0] == self._ends[first.edge][1]:
            out_to_m = self.edge_length_m[first.edge]
        in_from_m = 0.0 if way.entry == self._ends[last.edge][0] else self.edge_length_m[last.edge]
        return [
            (self._stretch(first.edge, first.along_m, out_to_m), speed[first.edge]),
            *self._whole_edges(way, mode),
            (self._stretch(last.edge, in_from_m, last.along_m), speed[last.edge]),
        ]

    def _whole_edges(self, way: "_Way", mode: Mode) -> list[tuple[LonLat, float]]:
        following, network = self._tree(mode, way.entry)[1], self._networks[mode]
        nodes = [way.leave]
        while nodes[-1] != way.entry:
            nodes.append(int(following[nodes[-1]]))
        arcs = [network.arcs.between(*pair) for pair in pairwise(nodes)]
        return [(self._xy[edge][:: -1 if is_back else 1], network.speed[edge]) for edge, is_back in arcs]

    def _stretch(self, edge: int, from_m: float, to_m: float) -> LonLat:
        """The edge's line between two distances along it, in metres of the plane, in that sense."""
        low, high = sorted((from_m, to_m))
        xy, along = self._xy[edge], self._along[edge]
        inside = xy[(along > low) & (along < high)]
        line = np.vstack([_at(xy, along, low), inside, _at(xy, along, high)])
        return line if from_m <= to_m else line[::-1]

    def _joined(
        self, start: tuple[float, float], goal: tuple[float, float], pieces: list[tuple[LonLat, float]]
    ) -> Route:
        """The pieces end to end, with the walk to the road and from it."""
        ends = [np.array([self._plane.to_xy_m(*point)]) for point in (start, goal)]
        walk_out = (np.vstack([ends[0], pieces[0][0][:1]]), WALK_M_PER_S)
        walk_in = (np.vstack([pieces[-1][0][-1:], ends[1]]), WALK_M_PER_S)
        points, durations = [ends[0]], [np.zeros(1)]
        for xy, speed in (walk_out, *pieces, walk_in):
            points.append(xy[1:])
            durations.append(np.hypot(*np.diff(xy, axis=0).T) / speed)
        line = np.vstack(points)
        seconds = np.cumsum(np.concatenate(durations))
        return Route(self._to_lon_lat(line), seconds, float(_cumulative(line)[-1]), is_straight=False)

    def _straight(self, start: tuple[float, float], goal: tuple[float, float], mode: Mode) -> Route:
        line = np.array([self._plane.to_xy_m(*start), self._plane.to_xy_m(*goal)])
        length_m = float(_cumulative(line)[-1])
        duration_s = length_m * DETOUR_FACTOR / SPEED_M_PER_S[mode]["residential"]
        return Route(self._to_lon_lat(line), np.array([0.0, duration_s]), length_m, is_straight=True)

    def _to_lon_lat(self, xy: LonLat) -> LonLat:
        lat, lon = self._plane.to_lat_lon(xy[:, 0], xy[:, 1])
        return np.column_stack((lon, lat))


@dataclass(frozen=True, slots=True)
class _Network:
    """The graph as one mode of travel sees it; arrays by edge, `open_segments` by segment, nets by node."""

    speed: Floats
    both_ways: npt.NDArray[np.bool_]
    open_segments: npt.NDArray[np.bool_]
    arcs: Arcs
    reverse: csr_matrix
    finder: JointFinder
    island: Ints
    """By node the number of the net that it hangs in; `round` of the part in which every way leads back as well."""
    island_unclosed: Ints
    round: Ints


@dataclass(frozen=True, slots=True)
class _Way:
    """Seconds in all, the node by which the first edge is left, the one by which the last is entered; -1: same edge."""

    seconds: float
    leave: int
    entry: int


def _cumulative(xy: LonLat) -> Floats:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))


def _at(xy: LonLat, along: Floats, distance_m: float) -> LonLat:
    x = np.interp(distance_m, along, xy[:, 0])
    y = np.interp(distance_m, along, xy[:, 1])
    return np.array([[x, y]])
