"""Owns the division of the boundary into communities and grids along streets. Must not lay streets or name places."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town.network import Edge
from app.geo.demo_town.plan import Plan
from app.geo.demo_town.shape import XY, polygons_of

# Metres of rim that a face shares with each of its neighbours, by index.
Borders = dict[int, dict[int, float]]


@dataclass(slots=True)
class GridArea:
    """A management grid in metres."""

    code: str
    community: str
    shape: Polygon
    name_zh: str
    name_en: str


@dataclass(slots=True)
class CommunityArea:
    """A community in metres."""

    code: str
    shape: Polygon
    name_zh: str
    name_en: str


def street_faces(plan: Plan, edges: list[Edge]) -> list[Polygon]:
    """The pieces that streets cut the boundary into; together they cover it exactly once."""
    lines = [
        shapely.LineString(edge.coords)
        for edge in edges
        if edge.street.road_class not in ("alley", "footway", "trunk") and not edge.street.internal
    ]
    noded = shapely.unary_union([*lines, plan.boundary.exterior], grid_size=0.05)
    faces = polygons_of(shapely.polygonize(list(noded.geoms)), 0.01)
    return [face for face in faces if plan.boundary.contains(face.representative_point())]


def zone(plan: Plan, edges: list[Edge], digits: list[str]) -> tuple[list[CommunityArea], list[GridArea]]:
    """Communities and their grids, in the order of their codes."""
    faces = street_faces(plan, edges)
    main_roads = shapely.unary_union(
        [
            shapely.LineString(e.coords).buffer(0.5)
            for e in edges
            if e.street.road_class in ("primary", "secondary")
        ]
    )
    communities: list[CommunityArea] = []
    grids: list[GridArea] = []
    shares = _quarters(plan, faces)
    for number, (row, share) in enumerate(zip(plan.table["community"], shares, strict=True), start=1):
        code = f"{plan.facts['code']}{number:03d}"
        shapes = [_whole(part) for part in _grown(share, _spread(share, row["grids"]), main_roads)]
        communities.append(CommunityArea(code, _whole(share), row["name_zh"], row["name_en"]))
        grids.extend(_grids(code, row, shapes, digits))
    return communities, grids


def _quarters(plan: Plan, faces: list[Polygon]) -> list[list[Polygon]]:
    """Faces by community: the main roads named in the plan quarter the boundary, each quarter holds one seed."""
    names = plan.table["quartered_by"]
    cuts = [street.line for street in plan.streets if street.name_zh in names]
    noded = shapely.unary_union([*cuts, plan.boundary.exterior])
    quarters = polygons_of(shapely.polygonize(list(noded.geoms)), 10_000.0)
    seeds = [shapely.Point(row["seed"]) for row in plan.table["community"]]
    held = [next(quarter for quarter in quarters if quarter.contains(seed)) for seed in seeds]
    shares: list[list[Polygon]] = [[] for _ in held]
    for face in faces:
        at = face.representative_point()
        shares[min(range(len(held)), key=lambda k: held[k].distance(at))].append(face)
    return shares


def _grids(code: str, row: dict[str, Any], shapes: list[Polygon], digits: list[str]) -> list[GridArea]:
    ordered = sorted(shapes, key=lambda s: (-round(s.centroid.y / 250), s.centroid.x))
    return [
        GridArea(
            f"{code}{i:03d}", code, shape, f"{row['short_zh']}{digits[i - 1]}", f"{row['short_en']} Grid {i}"
        )
        for i, shape in enumerate(ordered, start=1)
    ]


def _whole(faces: list[Polygon]) -> Polygon:
    return polygons_of(shapely.unary_union(faces))[0]


def _spread(faces: list[Polygon], count: int) -> list[XY]:
    """`count` points spread over the faces: area-weighted k-means from farthest-point starts."""
    centres = [(f.representative_point().x, f.representative_point().y) for f in faces]
    weights = [f.area for f in faces]
    seeds = [centres[max(range(len(faces)), key=lambda i: weights[i])]]
    while len(seeds) < count:
        big = [i for i in range(len(faces)) if weights[i] > 4_000] or list(range(len(faces)))
        seeds.append(centres[max(big, key=lambda i: min(math.dist(centres[i], s) for s in seeds))])
    for _ in range(15):
        owner = [min(range(count), key=lambda k: math.dist(c, seeds[k])) for c in centres]
        seeds = [_middle(centres, weights, owner, k) or seeds[k] for k in range(count)]
    return seeds


def _middle(centres: list[XY], weights: list[float], owner: list[int], k: int) -> XY | None:
    mine = [i for i, o in enumerate(owner) if o == k]
    total = sum(weights[i] for i in mine)
    if not total:
        return None
    return (
        sum(weights[i] * centres[i][0] for i in mine) / total,
        sum(weights[i] * centres[i][1] for i in mine) / total,
    )


def _grown(faces: list[Polygon], seeds: list[XY], main_roads: BaseGeometry) -> list[list[Polygon]]:
    """Let each seed take neighbouring faces, the smallest share first, until all are taken; shares hang together."""
    borders = _borders(faces, main_roads)
    owner: dict[int, int] = {}
    for k, seed in enumerate(seeds):
        free = [i for i in range(len(faces)) if i not in owner and faces[i].area > 3_000] or [
            i for i in range(len(faces)) if i not in owner
        ]
        owner[
            min(free, key=lambda i: faces[i].distance(shapely.Point(seed)) + 0.2 * _off(faces[i], seed))
        ] = k
    while len(owner) < len(faces):
        if not _take_next(faces, seeds, borders, owner):
            break
    _tidy(faces, borders, owner)
    return [[faces[i] for i in sorted(owner) if owner[i] == k] for k in range(len(seeds))]


def _tidy(faces: list[Polygon], borders: Borders, owner: dict[int, int]) -> None:
    """Hand faces that lean more on another share over to it, where the old share stays large and in one piece."""
    least_m2 = 0.45 * sum(face.area for face in faces) / len(set(owner.values()))
    for _ in range(4):
        for j in sorted(owner, key=lambda i: faces[i].area):
            lean: dict[int, float] = defaultdict(float)
            for i, length in borders[j].items():
                lean[owner[i]] += length
            best = max(sorted(lean), key=lambda k: lean[k], default=owner[j])
            rest = {i for i, k in owner.items() if k == owner[j] and i != j}
            is_large = sum(faces[i].area for i in rest) > least_m2
            if lean[best] > 1.2 * lean[owner[j]] and is_large and _hangs_together(rest, borders):
                owner[j] = best


def _hangs_together(members: set[int], borders: Borders) -> bool:
    reached: set[int] = set()
    edge = set(sorted(members)[:1])
    while edge:
        reached |= edge
        edge = {i for j in edge for i in borders[j] if i in members} - reached
    return reached == members


def _off(face: Polygon, seed: XY) -> float:
    return math.dist((face.centroid.x, face.centroid.y), seed)


def _borders(faces: list[Polygon], main_roads: BaseGeometry) -> Borders:
    """Metres of rim that two faces share; along a main road a metre counts little, so that grids seldom cross one."""
    tree = shapely.STRtree(faces)
    borders: Borders = {i: {} for i in range(len(faces))}
    for i, face in enumerate(faces):
        for j in sorted(int(n) for n in tree.query(face)):
            shared = face.intersection(faces[j]) if j != i else Polygon()
            if shared.length > 4.0:
                borders[i][j] = shared.length - 0.92 * shared.intersection(main_roads).length
    return borders


def _take_next(faces: list[Polygon], seeds: list[XY], borders: Borders, owner: dict[int, int]) -> bool:
    sizes = [sum(faces[i].area for i, o in owner.items() if o == k) for k in range(len(seeds))]
    for k in sorted(range(len(seeds)), key=lambda k: sizes[k]):
        rim = {j for i, o in owner.items() if o == k for j in borders[i] if j not in owner}
        if rim:
            owner[min(sorted(rim), key=lambda j: _cost(j, k, faces, seeds, borders, owner))] = k
            return True
    return False


def _cost(
    j: int,
    k: int,
    faces: list[Polygon],
    seeds: list[XY],
    borders: Borders,
    owner: dict[int, int],
) -> float:
    """Near the seed and with much of its rim against what the share already holds."""
    held = sum(length for i, length in borders[j].items() if owner.get(i) == k)
    return _off(faces[j], seeds[k]) * (1.2 - min(1.0, held / float(faces[j].length)))
