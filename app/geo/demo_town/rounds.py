"""Owns the patrol routes of the town: from stop to stop along the streets, with a check point at every stop."""

import heapq
import itertools
import math
from collections import defaultdict
from typing import Any

from app.geo.demo_town.network import Edge
from app.geo.demo_town.shape import XY
from app.geo.demo_town.sites import post_point
from app.geo.demo_town.survey import Survey

Row = tuple[dict[str, Any], str, Any]


def patrol_rows(survey: Survey) -> list[Row]:
    """Routes first, then check points: properties, kind of geometry, metres."""
    network = _Network(survey.drivable)
    routes: list[Row] = []
    points: list[Row] = []
    for number, patrol in enumerate(survey.plan.table["patrol"], start=1):
        stops = [_stop(survey, stop) for stop in patrol["stops"]]
        nodes = [network.nearest(at) for at in stops]
        props = {"id": f"T{number}", "name_zh": patrol["name_zh"], "name_en": patrol["name_en"]}
        routes.append((props, "LineString", network.walk(nodes)))
        closed = nodes[0] == nodes[-1]
        for place, node in enumerate(nodes[: -1 if closed else None], start=1):
            names = patrol["points"][place - 1]
            points.append((_props(len(points) + 1, names, f"T{number}", place), "Point", network.place[node]))
    return routes + points


def _props(number: int, names: list[str], route: str, place: int) -> dict[str, Any]:
    return {
        "id": f"K{number:02d}",
        "name_zh": names[0],
        "name_en": names[1],
        "route": route,
        "number": place,
        "radius_m": 50,
    }


def _stop(survey: Survey, stop: str | list[float]) -> XY:
    """A place by its key, or metres."""
    return post_point(survey, stop) if isinstance(stop, str) else (stop[0], stop[1])


class _Network:
    """The streets as nodes and the shortest ways between them; who walks may go against a one-way street."""

    def __init__(self, edges: list[Edge]) -> None:
        self.place: dict[int, XY] = {}
        self._leaving: dict[int, list[tuple[int, float, list[XY]]]] = defaultdict(list)
        for edge in edges:
            length_m = sum(math.dist(a, b) for a, b in itertools.pairwise(edge.coords))
            self.place[edge.start], self.place[edge.end] = edge.coords[0], edge.coords[-1]
            self._leaving[edge.start].append((edge.end, length_m, edge.coords))
            self._leaving[edge.end].append((edge.start, length_m, edge.coords[::-1]))

    def nearest(self, at: XY) -> int:
        return min(self.place, key=lambda node: (math.dist(self.place[node], at), node))

    def walk(self, nodes: list[int]) -> list[XY]:
        """The way past all nodes."""
        way = [self.place[nodes[0]]]
        for start, end in itertools.pairwise(nodes):
            way += self._shortest(start, end)
        return way

    def _shortest(self, start: int, end: int) -> list[XY]:
        """The points after the start."""
        known: dict[int, tuple[int, list[XY]]] = {}
        done: set[int] = set()
        heap = [(0.0, start)]
        reach_m = {start: 0.0}
        while heap and end not in done:
            gone_m, node = heapq.heappop(heap)
            if node in done:
                continue
            done.add(node)
            for other, length_m, coords in self._leaving[node]:
                if gone_m + length_m < reach_m.get(other, math.inf):
                    reach_m[other] = gone_m + length_m
                    known[other] = (node, coords)
                    heapq.heappush(heap, (gone_m + length_m, other))
        pieces: list[list[XY]] = []
        while end != start:
            end, coords = known[end]
            pieces.append(coords[1:])
        return [point for piece in reversed(pieces) for point in piece]
