"""Owns what can be wrong with the roads as a graph: islands, and one-way streets that trap cars. Must not mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from app.geo.coordinates import LocalPlane
from app.geo.importing.district_files import DistrictFiles, Item
from app.geo.importing.findings import Finding, at, error, grade, warning
from app.geo.importing.outlines import to_plane
from app.geo.road_graph import SPEED_M_PER_S

_HALVED_SHARE = 0.1
_RIM_M = 80.0
_STUB_M = 40.0
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Graph:
    """Ends of each road as indexes of nodes, lengths in metres, where nodes are (n, 2) in metres."""

    ends: Ints
    length_m: npt.NDArray[np.float64]
    nodes: npt.NDArray[np.float64]


def road_findings(files: DistrictFiles, plane: LocalPlane) -> Iterator[Finding]:
    """Broken roads, roads that no way leads to, and streets that cars cannot leave or enter."""
    roads = [road for road in files.roads if _is_whole(road)]
    for road in files.roads:
        if not _is_whole(road):
            yield error("road_broken", road.where)
    if not roads:
        yield error("roads_none", "roads.geojson")
        return
    graph = _graph(roads, plane)
    yield from _apart(roads, graph, plane)
    yield from _islands(graph, plane)
    yield from _traps(roads, graph, files, plane)


def _is_whole(road: Item) -> bool:
    ends = road.properties.get("from"), road.properties.get("to")
    return all(isinstance(end, int) for end in ends) and road.text("class") in _CLASSES


_CLASSES = {kind for speeds in SPEED_M_PER_S.values() for kind in speeds}


def _graph(roads: Sequence[Item], plane: LocalPlane) -> _Graph:
    pairs = np.array([(road.properties["from"], road.properties["to"]) for road in roads])
    _, ends = np.unique(pairs, return_inverse=True)
    lines = to_plane(np.array([road.geometry for road in roads], dtype=object), plane)
    ends = ends.reshape(-1, 2)
    points = np.stack([shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)], axis=1)
    return _Graph(ends, shapely.length(lines), _positions(ends.ravel(), points.reshape(-1, 2)))


def _positions(nodes: Ints, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where most road ends of a node stand: a single wrong road is told, not all the others."""
    places = np.column_stack((nodes, np.round(points)))
    _, inverse, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    by_weight = np.argsort(counts[inverse.ravel()], kind="stable")
    positions = np.zeros((nodes.max() + 1, 2))
    positions[nodes[by_weight]] = points[by_weight]
    return positions


def _apart(roads: Sequence[Item], graph: _Graph, plane: LocalPlane) -> Iterator[Finding]:
    """Roads whose line does not begin and end where their nodes stand."""
    for place, point in ((0, 0), (1, -1)):
        lines = to_plane(np.array([road.geometry for road in roads], dtype=object), plane)
        there = shapely.get_coordinates(shapely.get_point(lines, point))
        off_m = np.hypot(*(there - graph.nodes[graph.ends[:, place]]).T)
        for i in np.flatnonzero(off_m > 1.0).tolist():
            yield error("road_apart", roads[i].text("id"), node=roads[i].text("from" if place == 0 else "to"))


def _islands(graph: _Graph, plane: LocalPlane) -> Iterator[Finding]:
    """Every connected part but the largest; on foot all roads are open both ways. Stubs are told together."""
    label = _components(graph, graph.ends, strong=False)
    of_road = label[graph.ends[:, 0]]
    metres = np.bincount(of_road, weights=graph.length_m)
    islands = np.argsort(-metres)[1:]
    stubs = islands[metres[islands] < _STUB_M]
    for island in islands[: len(islands) - len(stubs)].tolist():
        members = np.flatnonzero(of_road == island)
        is_error = metres[island] > _HALVED_SHARE * metres.sum()
        place = at(*plane.to_lat_lon(*graph.nodes[graph.ends[members[0], 0]]))
        yield grade(is_error, "road_island", place, count=len(members), metres=round(metres[island]))
    if len(stubs):
        first = int(np.flatnonzero(of_road == stubs[0])[0])
        place = at(*plane.to_lat_lon(*graph.nodes[graph.ends[first, 0]]))
        yield warning("road_stubs", place, count=len(stubs), metres=round(metres[stubs].sum()))


def _traps(
    roads: Sequence[Item], graph: _Graph, files: DistrictFiles, plane: LocalPlane
) -> Iterator[Finding]:
    """Nodes that a car can reach but not leave, or the other way round. At the rim one-ways go on outside."""
    is_car = np.array([road.text("class") in SPEED_M_PER_S["car"] for road in roads])
    is_oneway = np.array([bool(road.properties.get("oneway")) for road in roads])
    arcs = np.concatenate((graph.ends[is_car], graph.ends[is_car & ~is_oneway][:, ::-1]))
    if not len(arcs):
        return
    strong = _components(graph, arcs, strong=True)
    main = int(np.bincount(strong).argmax())
    inner = _inner(graph, files, plane)
    for kind, reached in (
        ("road_trap", _reached(arcs, strong == main)),
        ("road_no_entry", _reached(arcs[:, ::-1], strong == main)),
    ):
        odd = reached & (strong != main)
        yield from _groups(graph, arcs, odd, inner, kind, plane)


def _groups(
    graph: _Graph,
    arcs: Ints,
    odd: npt.NDArray[np.bool_],
    inner: npt.NDArray[np.bool_],
    kind: str,
    plane: LocalPlane,
) -> Iterator[Finding]:
    """One finding for each connected group of odd nodes, unless it touches the rim."""
    label = _components(graph, arcs[odd[arcs].all(axis=1)], strong=False)
    for group in np.unique(label[odd]).tolist():
        members = np.flatnonzero((label == group) & odd)
        if inner[members].all():
            yield warning(kind, at(*plane.to_lat_lon(*graph.nodes[members[0]])), count=len(members))


def _reached(arcs: Ints, start: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Every node to which arcs lead from the start."""
    reached = start.copy()
    while True:
        new = arcs[reached[arcs[:, 0]] & ~reached[arcs[:, 1]], 1]
        if not len(new):
            return reached
        reached[new] = True


def _components(graph: _Graph, arcs: Ints, *, strong: bool) -> Ints:
    size = len(graph.nodes)
    matrix = csr_matrix((np.ones(len(arcs)), (arcs[:, 0], arcs[:, 1])), shape=(size, size))
    label: Any = connected_components(matrix, directed=strong, connection="strong" if strong else "weak")[1]
    return np.asarray(label, dtype=np.intp)


def _inner(graph: _Graph, files: DistrictFiles, plane: LocalPlane) -> npt.NDArray[np.bool_]:
    if files.boundary is None:
        return np.ones(len(graph.nodes), dtype=bool)
    inner = shapely.make_valid(to_plane(files.boundary, plane)).buffer(-_RIM_M)
    return np.asarray(shapely.contains_xy(inner, graph.nodes), dtype=bool)
