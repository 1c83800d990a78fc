"""Owns the cutting of roads into a graph: edges from junction to junction, nodes from 0. Must not read extracts.

A road goes on as far as the first point beyond the ground, so that no edge ends in the air before its junction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from app.geo.importing.osm_extract import Feature
from app.geo.importing.osm_rules import is_bridge, names, oneway, road_class

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DIGITS = 7
_LINES_AT_ONCE = 10_000


class RoadProperties(msgspec.Struct, gc=False, rename={"kind": "class", "start": "from", "end": "to"}):
    """What the district's file says of a road; `start` and `end` are nodes of the network."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    oneway: bool
    bridge: Literal[True] | msgspec.UnsetType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Network:
    """The roads of a district. Road i runs through `at[begin[i]:stop[i]]`, (n, 2) in degrees, backwards if `turned`."""

    properties: list[RoadProperties]
    at: Floats
    begin: Ints
    stop: Ints
    turned: Flags

    def __len__(self) -> int:
        return len(self.properties)

    def lines(self) -> Iterator[list[list[float]]]:
        """Each road's (lon, lat) points. So many are made into numbers at once that memory stays bounded."""
        for start in range(0, len(self), _LINES_AT_ONCE):
            some = slice(start, start + _LINES_AT_ONCE)
            begin, stop = self.begin[some], self.stop[some]
            at = self.at[begin[0] : stop[-1]].tolist()
            columns = (begin - begin[0], stop - begin[0], self.turned[some])
            for first, end, turned in zip(*(column.tolist() for column in columns), strict=True):
                yield at[first:end][::-1] if turned else at[first:end]


@dataclass(frozen=True, slots=True)
class _Points:
    """Points of roads, one after the other: index of the road, node id, (lon, lat), whether it is on the ground."""

    road: Ints
    ref: Ints
    at: Floats
    inside: Flags

    def of(self, kept: Flags) -> _Points:
        """Some of them, in the same order."""
        return _Points(self.road[kept], self.ref[kept], self.at[kept], self.inside[kept])


def network(roads: Sequence[Feature], ground: shapely.Polygon | None) -> Network:
    """The edges of all roads that touch the ground."""
    points = _points(roads, ground)
    first, last, nodes = _stretches(points, _goes_on(points, ground))
    owners = points.road[first]
    facts = {owner: _facts(roads[owner]) for owner in np.unique(owners).tolist()}
    turned = np.array([facts[owner].sense < 0 for owner in owners.tolist()], dtype=bool)
    ends = np.column_stack((nodes[first], nodes[last]))
    ends[turned] = ends[turned, ::-1]
    properties = list(_properties(roads, facts, owners, _numbered(ends)))
    return Network(properties, points.at, first, last + 1, turned)


# -- what is on the ground --------------------------------------------------------------------------------------------


def _points(roads: Sequence[Feature], ground: shapely.Polygon | None) -> _Points:
    """Every point of every road, without those that only repeat the one before."""
    at = shapely.get_coordinates(np.array([road.geometry for road in roads], dtype=object))
    inside = np.ones(len(at), dtype=bool) if ground is None else shapely.contains_xy(ground, at)
    refs = [road.refs for road in roads if road.refs is not None]
    ref = np.concatenate(refs or [np.empty(0, dtype=np.int64)])
    points = _Points(
        np.repeat(np.arange(len(roads)), np.array([len(one) for one in refs], dtype=np.int64)),
        ref,
        np.round(at, DIGITS),
        inside,
    )
    is_repeat = np.zeros(len(at), dtype=bool)
    is_repeat[1:] = (ref[1:] == ref[:-1]) | (points.at[1:] == points.at[:-1]).all(axis=1)
    is_repeat[1:] &= points.road[1:] == points.road[:-1]
    return points.of(~is_repeat)


def _goes_on(points: _Points, ground: shapely.Polygon | None) -> Flags:
    """For each point whether its road goes on to the next one by a segment that touches the ground.

    A long segment may cross the ground between two points outside.
    """
    is_same_road = points.road[1:] == points.road[:-1]
    kept = is_same_road & (points.inside[:-1] | points.inside[1:])
    outside = np.flatnonzero(is_same_road & ~kept)
    if len(outside) and ground is not None:
        segments = shapely.linestrings(np.stack((points.at[outside], points.at[outside + 1]), axis=1))
        kept[outside] = shapely.intersects(ground, segments)
    goes_on = np.zeros(len(points.at), dtype=bool)
    goes_on[:-1] = kept
    return goes_on


# -- edges ------------------------------------------------------------------------------------------------------------


def _stretches(points: _Points, goes_on: Flags) -> tuple[Ints, Ints, Ints]:
    """The first and the last point of every edge, and the node of every point.

    Edges end where a road begins or ends on the ground, and at every node that is passed more than once.
    """
    is_reached = np.zeros(len(goes_on), dtype=bool)
    is_reached[1:] = goes_on[:-1]
    is_on_way = goes_on | is_reached
    nodes = np.full(len(points.ref), -1, dtype=np.int64)
    _, nodes[is_on_way], passes = np.unique(points.ref[is_on_way], return_inverse=True, return_counts=True)
    is_junction = passes > 1
    is_junction[nodes[goes_on != is_reached]] = True
    splits = np.flatnonzero(is_on_way & is_junction[nodes])
    first, last = splits[:-1], splits[1:]
    hang_together = goes_on[first]
    return first[hang_together], last[hang_together], nodes


def _properties(
    roads: Sequence[Feature], facts: Mapping[int, _Facts], owners: Ints, ends: Ints
) -> Iterator[RoadProperties]:
    """Of each edge, by the road that it is part of and the nodes (n, 2) at its ends."""
    pieces = np.arange(1, len(owners) + 1) - np.searchsorted(owners, owners)
    for owner, piece, (start, end) in zip(owners.tolist(), pieces.tolist(), ends.tolist(), strict=True):
        known = facts[owner]
        yield RoadProperties(
            f"{roads[owner].id}-{piece}",
            known.name_zh,
            known.name_en,
            known.kind,
            known.sense != 0,
            known.bridge,
            start,
            end,
        )


def _numbered(nodes: Ints) -> Ints:
    """Nodes counted from 0 in the order in which they first come up."""
    _, first, found = np.unique(nodes, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    return numbers[found].reshape(nodes.shape)


class _Facts(NamedTuple):
    """What all edges of a road share."""

    kind: str
    sense: int
    name_zh: str
    name_en: str
    bridge: Literal[True] | msgspec.UnsetType


def _facts(road: Feature) -> _Facts:
    kind = str(road_class(road.tags))
    return _Facts(
        kind, oneway(road.tags, kind), *names(road.tags), True if is_bridge(road.tags) else msgspec.UNSET
    )
