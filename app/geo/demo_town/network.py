"""Owns the cutting of streets into a graph of edges and numbered nodes. Must not lay streets."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.plan import Street
from app.geo.demo_town.shape import XY, lines_of

GRID_M = 0.05
RANK = ("trunk", "primary", "secondary", "tertiary", "residential", "alley", "footway")


@dataclass(slots=True)
class Edge:
    """A stretch between two nodes, running as its street runs."""

    street: Street
    coords: list[XY]
    start: int = -1
    end: int = -1
    bridge: bool = False
    oneway: bool = False


def build_network(streets: list[Street], frame: Polygon, water: BaseGeometry) -> list[Edge]:
    """Edges of one connected graph; what hangs on nothing is left out."""
    ground = [street for street in streets if not street.elevated]
    edges = _cut(ground, frame)
    edges += [
        Edge(street, _snapped(line), bridge=True)
        for street in streets
        if street.elevated
        for line in lines_of(street.line.intersection(frame))
    ]
    edges = _merged(edges)
    _mark_bridges(edges, water)
    edges = _largest_component(edges)
    _free_the_stranded(edges)
    return edges


def _cut(streets: list[Street], frame: Polygon) -> list[Edge]:
    noded = shapely.unary_union([street.line for street in streets], grid_size=GRID_M)
    pieces = shapely.get_parts(noded.intersection(frame, grid_size=GRID_M))
    pieces = [piece for piece in pieces if isinstance(piece, LineString)]
    pieces.sort(key=lambda piece: tuple(piece.coords))
    tree = shapely.STRtree([street.line for street in streets])
    return [_edge_of(piece, streets, tree) for piece in pieces]


def _edge_of(piece: LineString, streets: list[Street], tree: shapely.STRtree) -> Edge:
    probes = [piece.interpolate(t, normalized=True) for t in (0.3, 0.5, 0.7)]
    near = [int(i) for i in tree.query(probes[1], predicate="dwithin", distance=1.0)]
    street = streets[
        min(
            near,
            key=lambda i: (
                round(max(streets[i].line.distance(p) for p in probes), 1),
                RANK.index(streets[i].road_class),
                i,
            ),
        )
    ]
    coords = _snapped(piece)
    if street.line.project(probes[0]) > street.line.project(probes[2]):
        coords.reverse()
    return Edge(street, coords, oneway=street.oneway)


def _snapped(line: LineString) -> list[XY]:
    return [(round(x / GRID_M) * GRID_M, round(y / GRID_M) * GRID_M) for x, y in line.coords]


def _merged(edges: list[Edge]) -> list[Edge]:
    """Join edges of one street at nodes where nothing else meets, and number the nodes that remain."""
    at: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in edges:
        at[_key(edge.coords[0])].append(edge)
        at[_key(edge.coords[-1])].append(edge)
    gone: set[int] = set()
    for meeting in list(at.values()):
        _join(meeting, at, gone)
    kept = [edge for edge in edges if id(edge) not in gone]
    numbers: dict[tuple[int, int], int] = {}
    for edge in kept:
        edge.start = numbers.setdefault(_key(edge.coords[0]), len(numbers))
        edge.end = numbers.setdefault(_key(edge.coords[-1]), len(numbers))
    return kept


def _key(point: XY) -> tuple[int, int]:
    return (round(point[0] / GRID_M), round(point[1] / GRID_M))


def _join(meeting: list[Edge], at: dict[tuple[int, int], list[Edge]], gone: set[int]) -> None:
    if len(meeting) != 2 or meeting[0] is meeting[1] or meeting[0].street is not meeting[1].street:
        return
    first, second = meeting
    if _key(first.coords[-1]) != _key(second.coords[0]):
        first, second = second, first
    if _key(first.coords[-1]) != _key(second.coords[0]) or _key(second.coords[-1]) == _key(first.coords[0]):
        return
    first.coords = [*first.coords, *second.coords[1:]]
    far = at[_key(second.coords[-1])]
    far[[edge is second for edge in far].index(True)] = first
    gone.add(id(second))
    meeting.clear()


def _mark_bridges(edges: list[Edge], water: BaseGeometry) -> None:
    shapely.prepare(water)
    for edge in edges:
        edge.bridge = edge.bridge or water.intersects(LineString(edge.coords))


def _largest_component(edges: list[Edge]) -> list[Edge]:
    """Keep what hangs together: first for wheels, then for feet on top of it."""
    wheeled = [edge for edge in edges if edge.street.road_class != "footway"]
    labels = _labels(wheeled, strong=False)
    main = np.bincount([labels[edge.start] for edge in wheeled]).argmax()
    reached = {edge.start for edge in wheeled if labels[edge.start] == main}
    reached |= {edge.end for edge in wheeled if labels[edge.end] == main}
    on_wheels = [edge for edge in wheeled if edge.start in reached]
    walks = [edge for edge in edges if edge.street.road_class == "footway"]
    return _renumbered(on_wheels + _touching(walks, reached))


def _touching(walks: list[Edge], reached: set[int]) -> list[Edge]:
    kept: list[Edge] = []
    while new := [w for w in walks if w not in kept and (w.start in reached or w.end in reached)]:
        kept.extend(new)
        reached |= {node for walk in new for node in (walk.start, walk.end)}
    return kept


def _renumbered(edges: list[Edge]) -> list[Edge]:
    numbers: dict[int, int] = {}
    for edge in edges:
        edge.start = numbers.setdefault(edge.start, len(numbers))
        edge.end = numbers.setdefault(edge.end, len(numbers))
    return edges


def _labels(edges: list[Edge], strong: bool) -> list[int]:
    size = 1 + max(max(edge.start, edge.end) for edge in edges)
    arcs = [(edge.start, edge.end) for edge in edges]
    if strong:
        arcs += [(edge.end, edge.start) for edge in edges if not edge.oneway]
    rows, columns = zip(*arcs, strict=True)
    matrix = coo_matrix((np.ones(len(arcs)), (rows, columns)), shape=(size, size))
    kind = "strong" if strong else "weak"
    return [int(label) for label in connected_components(matrix, directed=True, connection=kind)[1]]


def _free_the_stranded(edges: list[Edge]) -> None:
    """Take the one-way sign down wherever it would keep a car from getting in or out."""
    wheeled = [edge for edge in edges if edge.street.road_class != "footway"]
    for _ in range(20):
        labels = _labels(wheeled, strong=True)
        main = np.bincount([labels[edge.start] for edge in wheeled]).argmax()
        bad = [e for e in wheeled if e.oneway and (labels[e.start] != main or labels[e.end] != main)]
        if not bad:
            return
        for edge in bad:
            edge.oneway = False
