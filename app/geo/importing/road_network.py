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
DIGITS = 7


@dataclass(frozen=True, slots=True)
class Edge:
    """A road of the district's file: its properties and its line (n, 2) in degrees."""

    properties: dict[str, Any]
    line: Floats


def network(roads: Sequence[Feature], ground: shapely.Polygon | None) -> list[Edge]:
    """The edges of all roads that touch the ground."""
    pieces = [piece for road in roads for piece in _pieces(road, _kept_segments(road, ground))]
    if not pieces:
        return []
    junctions = _junctions([refs for _, refs, _ in pieces])
    numbers: dict[int, int] = {}
    edges: list[Edge] = []
    counted: dict[str, int] = {}
    for road, refs, line in pieces:
        for start, end in _stretches(refs, junctions):
            counted[road.id] = counted.get(road.id, 0) + 1
            edge = _edge(
                road, f"{road.id}-{counted[road.id]}", refs[start : end + 1], line[start : end + 1], numbers
            )
            if edge is not None:
                edges.append(edge)
    return edges


def _kept_segments(road: Feature, ground: shapely.Polygon | None) -> npt.NDArray[np.bool_]:
    """Which of the road's n - 1 straight segments touch the ground."""
    points = shapely.get_coordinates(road.geometry)
    if ground is None:
        return np.ones(len(points) - 1, dtype=bool)
    inside = shapely.contains_xy(ground, points)
    kept: npt.NDArray[np.bool_] = inside[:-1] | inside[1:]
    if not kept.all():
        outside = np.flatnonzero(~kept)
        segments = shapely.linestrings(np.stack((points[outside], points[outside + 1]), axis=1))
        kept[outside] = shapely.intersects(ground, segments)
    return kept


def _pieces(road: Feature, kept: npt.NDArray[np.bool_]) -> Iterator[tuple[Feature, Ints, Floats]]:
    """The road's runs of kept segments, without points that repeat the one before."""
    refs, points = np.array(road.refs, dtype=np.int64), shapely.get_coordinates(road.geometry)
    borders = np.flatnonzero(np.diff(np.concatenate(([False], kept, [False])).astype(np.int8)))
    for start, end in borders.reshape(-1, 2).tolist():
        run = slice(start, end + 1)
        is_new = np.concatenate(([True], refs[run][1:] != refs[run][:-1]))
        if is_new.sum() > 1:
            yield road, refs[run][is_new], np.round(points[run][is_new], DIGITS)


def _junctions(runs: Sequence[Ints]) -> set[int]:
    """Nodes where a run ends, or that runs share, or that one run passes twice."""
    nodes, counts = np.unique(np.concatenate(runs), return_counts=True)
    ends = {int(ref) for refs in runs for ref in (refs[0], refs[-1])}
    return ends | set(nodes[counts > 1].tolist())


def _stretches(refs: Ints, junctions: set[int]) -> Iterator[tuple[int, int]]:
    return pairwise([place for place, ref in enumerate(refs.tolist()) if ref in junctions])


def _edge(road: Feature, name: str, refs: Ints, line: Floats, numbers: dict[int, int]) -> Edge | None:
    """None for a stretch that rounding has left without length."""
    line = line[np.concatenate(([True], (line[1:] != line[:-1]).any(axis=1)))]
    if len(line) < 2:
        return None
    kind = str(road_class(road.tags))
    sense = oneway(road.tags, kind)
    if sense < 0:
        refs, line = refs[::-1], line[::-1]
    start, end = (numbers.setdefault(int(ref), len(numbers)) for ref in (refs[0], refs[-1]))
    name_zh, name_en = names(road.tags)
    properties: dict[str, Any] = {"id": name, "name_zh": name_zh, "name_en": name_en, "class": kind}
    properties |= {"oneway": sense != 0, "from": start, "to": end}
    return Edge(properties | ({"bridge": True} if is_bridge(road.tags) else {}), line)
