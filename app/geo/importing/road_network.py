"""Owns the cutting of roads into a graph: edges from junction to junction, nodes from 0. Must not read extracts.

A road goes on as far as the first point beyond the ground, so that no edge ends in the air before its junction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.importing.osm_extract import Feature
from app.geo.importing.osm_rules import is_bridge, names, oneway, road_class

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DIGITS = 7


@dataclass(frozen=True, slots=True)
class Edge:
    """A road of the district's file: its properties and its line (n, 2) in degrees."""

    properties: dict[str, Any]
    line: Floats


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of one road that stays on the ground: node ids (n,) and points (n, 2)."""

    road: Feature
    refs: Ints
    points: Floats


def network(roads: Sequence[Feature], ground: shapely.Polygon | None) -> list[Edge]:
    """The edges of all roads that touch the ground."""
    runs = list(_runs(roads, ground))
    if not runs:
        return []
    nodes, is_junction = _junctions(runs)
    numbers: dict[int, int] = {}
    edges: list[Edge] = []
    start, previous, pieces = 0, None, 0
    for run in runs:
        end = start + len(run.refs)
        pieces = pieces if run.road is previous else 0
        facts = _facts(run.road)
        splits = np.flatnonzero(is_junction[start:end]).tolist()
        for first, last in pairwise(splits):
            pieces += 1
            ends = (int(nodes[start + first]), int(nodes[start + last]))
            edges.append(_edge(run, facts, f"{run.road.id}-{pieces}", (first, last), ends, numbers))
        start, previous = end, run.road
    return edges


# -- runs -------------------------------------------------------------------------------------------------------------


def _runs(roads: Sequence[Feature], ground: shapely.Polygon | None) -> Iterator[_Run]:
    """What of each road is on the ground. Most roads are whole, and those are told by one look at all points."""
    if not roads:
        return
    points = shapely.get_coordinates(np.array([road.geometry for road in roads], dtype=object))
    refs = np.array([ref for road in roads for ref in road.refs], dtype=np.int64)
    borders = np.concatenate(([0], np.cumsum([len(road.refs) for road in roads])))
    inside = np.ones(len(points), dtype=bool) if ground is None else shapely.contains_xy(ground, points)
    points = np.round(points, DIGITS)
    is_repeat = np.concatenate(([False], (refs[1:] == refs[:-1]) | (points[1:] == points[:-1]).all(axis=1)))
    is_repeat[borders[:-1]] = False
    is_whole = np.logical_and.reduceat(inside & ~is_repeat, borders[:-1]).tolist()
    for road, whole, (start, end) in zip(roads, is_whole, pairwise(borders.tolist()), strict=True):
        if whole:
            yield _Run(road, refs[start:end], points[start:end])
        else:
            new = ~is_repeat[start:end]
            yield from _cut(
                road, refs[start:end][new], points[start:end][new], inside[start:end][new], ground
            )


def _cut(
    road: Feature, refs: Ints, points: Floats, inside: Flags, ground: shapely.Polygon | None
) -> Iterator[_Run]:
    """The stretches of segments that touch the ground; a long segment may cross it between two points outside."""
    kept = inside[:-1] | inside[1:]
    outside = np.flatnonzero(~kept)
    if len(outside) and ground is not None:
        segments = shapely.linestrings(np.stack((points[outside], points[outside + 1]), axis=1))
        kept[outside] = shapely.intersects(ground, segments)
    borders = np.flatnonzero(np.diff(np.concatenate(([False], kept, [False])).astype(np.int8)))
    for start, end in borders.reshape(-1, 2).tolist():
        yield _Run(road, refs[start : end + 1], points[start : end + 1])


# -- edges ------------------------------------------------------------------------------------------------------------


def _junctions(runs: Sequence[_Run]) -> tuple[Ints, Flags]:
    """For all points of all runs: the node's index, and whether runs end there or more than one passes."""
    _, nodes, counts = np.unique(
        np.concatenate([run.refs for run in runs]), return_inverse=True, return_counts=True
    )
    lengths = np.cumsum([len(run.refs) for run in runs])
    is_end = np.zeros(len(counts), dtype=bool)
    is_end[nodes[np.concatenate(([0], lengths[:-1]))]] = True
    is_end[nodes[lengths - 1]] = True
    return nodes, (counts > 1)[nodes] | is_end[nodes]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What all edges of a road share."""

    properties: dict[str, Any]
    sense: int


def _facts(road: Feature) -> _Facts:
    kind = str(road_class(road.tags))
    sense = oneway(road.tags, kind)
    name_zh, name_en = names(road.tags)
    properties: dict[str, Any] = {"name_zh": name_zh, "name_en": name_en, "class": kind, "oneway": sense != 0}
    return _Facts(properties | ({"bridge": True} if is_bridge(road.tags) else {}), sense)


def _edge(
    run: _Run,
    facts: _Facts,
    name: str,
    stretch: tuple[int, int],
    ends: tuple[int, int],
    numbers: dict[int, int],
) -> Edge:
    """The stretch between two places of the run; a one-way against its line is turned round."""
    line = run.points[stretch[0] : stretch[1] + 1]
    if facts.sense < 0:
        line, ends = line[::-1], ends[::-1]
    start, end = (numbers.setdefault(node, len(numbers)) for node in ends)
    return Edge({"id": name, **facts.properties, "from": start, "to": end}, line)
