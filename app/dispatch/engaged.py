"""Units at work that will be free again: where their work is, and when it is expected to be done.

Owns the columns of who is busy and where that joins the roads, kept up to date by what changes. Must not say who is
worth waiting for (soon.py, policy.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from app.dispatch.force import STRAIGHT_M_PER_S, TRAVELS, Floats, Force, Goals, Ints, metres_between
from app.dispatch.work_times import WorkSpan, expected_left_s
from app.domain.instants import Instant
from app.geo.road_graph import DETOUR_FACTOR, Starts

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph

_KEPT: Final = 20_000
"""So many places of work are remembered with where they join the roads."""

_Joint = tuple[int, float, float, tuple[int, int], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Work:
    """What a unit is busy with. `on_scene_at` is None while it is under way."""

    lat: float
    lon: float
    on_scene_at: Instant | None
    span: WorkSpan


class Engaged:
    """Who is at work, by row of a force, with room for a second task or not. Not for two threads at once."""

    def __init__(self, graph: RoadGraph | None) -> None:
        self._graph = graph
        self._works: dict[str, Work] = {}
        self._joints: dict[tuple[int, float, float], _Joint] = {}
        self._fill(np.zeros(0, dtype=np.intp), [])
        self._starts: dict[int, tuple[Ints, Starts]] = {}

    def put(self, force: Force, works: Mapping[str, Work]) -> None:
        """Exactly these units are at work; all of them are known to the force."""
        if works == self._works:
            return
        self._works = dict(works)
        self._fill(np.array([force.row_of[unit] for unit in works], dtype=np.intp), list(works.values()))
        self._join(force)

    def use_roads(self, force: Force, graph: RoadGraph | None) -> None:
        self._graph = graph
        self._joints.clear()
        self._join(force)

    def _fill(self, rows: Ints, works: Sequence[Work]) -> None:
        self.rows = rows
        self._lat = np.array([work.lat for work in works])
        self._lon = np.array([work.lon for work in works])
        on_scene = (np.nan if work.on_scene_at is None else work.on_scene_at for work in works)
        self._on_scene_at: Floats = np.fromiter(on_scene, dtype=np.float64, count=len(works))
        self._least_s = np.array([work.span.least_s for work in works])
        self._most_s = np.array([work.span.most_s for work in works])

    # -- roads -------------------------------------------------------------------------------------------------------

    def _join(self, force: Force) -> None:
        self._starts = {}
        if self._graph is None:
            return
        if len(self._joints) > _KEPT:
            self._joints.clear()
        for mode in range(len(TRAVELS)):
            mine = np.flatnonzero(force.travel[self.rows] == mode)
            if len(mine):
                self._starts[mode] = mine, self._joined(self._graph, mode, mine)

    def _joined(self, graph: RoadGraph, mode: int, mine: Ints) -> Starts:
        keys = [(mode, float(self._lat[i]), float(self._lon[i])) for i in mine.tolist()]
        new = list(dict.fromkeys(key for key in keys if key not in self._joints))
        if new:
            places = np.array([key[1:] for key in new])
            starts = graph.starts(places[:, 0], places[:, 1], TRAVELS[mode])
            columns = (starts.edge, starts.along_m, starts.walk_s, starts.nodes, starts.exit_s)
            made = zip(*(column.tolist() for column in columns), strict=True)
            self._joints.update(zip(new, made, strict=True))
        edge, along_m, walk_s, nodes, exit_s = zip(*(self._joints[key] for key in keys), strict=True)
        return Starts(
            np.array(edge, dtype=np.intp),
            np.array(along_m),
            np.array(walk_s),
            np.array(nodes, dtype=np.intp),
            np.array(exit_s),
        )

    # -- times, by row of the force ----------------------------------------------------------------------------------

    def left_s(self, force: Force, now: Instant) -> Floats:
        """Seconds until each unit is expected to be free: 0 for who is not busy, inf where nobody can tell."""
        left_s = np.zeros(len(force))
        left_s[self.rows] = expected_left_s(self._there_in_s(force, now), self._least_s, self._most_s)
        return left_s

    def _there_in_s(self, force: Force, now: Instant) -> Floats:
        """Negative for who is on scene. The way there, a small part of the whole, is guessed from the crow's flight."""
        rows = self.rows
        away_m = metres_between(force.lat[rows], force.lon[rows], self._lat, self._lon)
        way_s = np.nan_to_num(away_m * DETOUR_FACTOR / STRAIGHT_M_PER_S[force.travel[rows]])
        on_scene_s = np.maximum(0.0, now - self._on_scene_at) / 1000
        return np.asarray(np.where(np.isnan(self._on_scene_at), way_s, -on_scene_s))

    def travel_s(self, force: Force, goals: Goals, lat: float | None, lon: float | None) -> Floats:
        """Seconds from each unit's work to a place, inf for who is at none and where no way is known.

        `goals` are the searches from that place (Force.goals); without roads it is the crow's flight with a detour.
        """
        travel_s = np.full(len(force), np.inf)
        if lat is None or lon is None:
            return travel_s
        if self._graph is None:
            away_m = metres_between(self._lat, self._lon, lat, lon)
            travel_s[self.rows] = away_m * DETOUR_FACTOR / STRAIGHT_M_PER_S[force.travel[self.rows]]
            return travel_s
        for mode, (mine, starts) in self._starts.items():
            goal = goals.get(mode)
            if goal is not None:
                travel_s[self.rows[mine]] = self._graph.arrivals_s(starts, goal)
        return travel_s


@dataclass(frozen=True, slots=True)
class AtWork:
    """Who is at work at the moment of a question, and for how long still: `left_s` of Engaged, by row of the force."""

    engaged: Engaged
    left_s: Floats

    @classmethod
    def at(cls, engaged: Engaged, force: Force, now: Instant) -> AtWork:
        return cls(engaged, engaged.left_s(force, now))
