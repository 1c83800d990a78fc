"""All units of a desk in columns, kept up to date by what changes: a question looks at thousands in a millisecond.

Owns the columns, where each unit joins the roads, and its time to a place. Must not judge who suits (ranking.py) and is
not for two threads at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from app.dispatch.candidates import HORIZON_S, NOBODY, Fix, Member
from app.domain.unit import DISPATCHABLE, RETURNING, Unit
from app.geo.district import Mode
from app.geo.road_graph import DETOUR_FACTOR, OFF_MAP, SPEED_M_PER_S, WAY, Goal, Starts

if TYPE_CHECKING:
    from app.geo.road_graph import RoadGraph

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Goals = Mapping[int, Goal | None]
"""Searches from one place by number of the mode of travel; None where the place is off its roads."""

EARTH_RADIUS_M: Final = 6_371_008.8
MILLIMETRES: Final = 3
"""Two units at one post are equally far, whatever the last bit of an arc sine says."""
TRAVELS: Final[tuple[Mode, ...]] = ("foot", "ebike", "car", "emergency")
STRAIGHT_M_PER_S: Final = np.array([SPEED_M_PER_S[mode]["residential"] for mode in TRAVELS])
NO_ROADS, INCIDENT_OFF_MAP, PLACE_UNKNOWN = 10, 11, 12
"""Why a time is not by road, beside the reasons of geo/road_graph.py."""

_FLOATS: Final = (
    "fix_at",
    "lat",
    "lon",
    "along_m",
    "walk_s",
    "on_duty_at",
    "off_duty_at",
    "turn_begins_at",
    "turn_ends_at",
)
_INTS: Final = ("kind", "grid", "load", "travel", "edge")
_BOOLS: Final = (
    "is_seen",
    "is_barred",
    "is_returning",
    "has_post",
    "is_unrostered",
    "is_moving_up",
    "has_declined_post",
)
_SKILL, _GEAR = "skill", "equipment"
_ABILITIES: Final = 8
"""Room for so many skills and pieces of equipment to begin with."""


class Force:
    """`ids` and `units` by row, arrays of the same length by name; NaN and -1 stand for unknown."""

    fix_at: Floats
    lat: Floats
    lon: Floats
    along_m: Floats
    walk_s: Floats
    on_duty_at: Floats
    off_duty_at: Floats
    turn_begins_at: Floats
    turn_ends_at: Floats
    kind: Ints
    grid: Ints
    load: Ints
    travel: Ints
    edge: Ints
    is_seen: Bools
    is_barred: Bools
    is_returning: Bools
    has_post: Bools
    is_unrostered: Bools
    is_moving_up: Bools
    has_declined_post: Bools
    """Who would not move up is not asked again until it is sent somewhere."""

    def __init__(self, members: Mapping[str, Member], graph: RoadGraph | None) -> None:
        self.members, self.graph = members, graph
        self.ids: list[str] = []
        self.units: list[Unit] = []
        self.row_of: dict[str, int] = {}
        self._decliners: set[int] = set()
        self.kinds: dict[str, int] = {}
        self.grids: dict[str, int] = {}
        self.abilities: dict[tuple[str, str], int] = {}
        self._at_work: dict[str, set[int]] = {}
        self._capacity = 0
        self._grow(max(64, len(members)))
        self._by_id: Ints | None = None

    def __len__(self) -> int:
        return len(self.ids)

    # -- keeping up to date ------------------------------------------------------------------------------------------

    def put(self, units: Iterable[Unit], fixes: Iterable[tuple[str, Fix]] = ()) -> None:
        """Units as they are now, new ones among them; then newer positions of known ones."""
        moved = {row for unit in units if (row := self._put_unit(unit)) is not None}
        for unit_id, fix in fixes:
            row = self.row_of.get(unit_id)
            if row is not None and self._put_fix(row, fix):
                moved.add(row)
        self._join(np.array(sorted(moved), dtype=np.intp))

    def use_roads(self, graph: RoadGraph | None) -> None:
        """Other roads, such as with one of them closed: everybody joins them anew."""
        self.graph = graph
        self._join(np.arange(len(self)))

    def _put_unit(self, unit: Unit) -> int | None:
        """The row when the unit is new and has a post, which is where it is taken to be."""
        row = self.row_of.get(unit.id)
        is_new = row is None
        if row is None:
            row = self._add(unit)
        else:
            self._leave(row)
        self.units[row] = unit
        for task in unit.assignments:
            self._at_work.setdefault(task.incident, set()).add(row)
        self.kind[row] = _code(self.kinds, unit.kind)
        self.load[row] = len(unit.assignments)
        free = len(unit.assignments) < unit.capacity if unit.assignments else unit.duty in DISPATCHABLE
        self.is_barred[row] = not free
        self.is_returning[row] = unit.duty == RETURNING and not unit.assignments
        self.is_moving_up[row] = unit.post_order is not None
        self.has_declined_post[row] = unit.post_decline is not None
        self.on_duty_at[row] = unit.on_duty_at or np.nan
        self.off_duty_at[row] = unit.off_duty_at or np.nan
        (self._decliners.add if unit.declines else self._decliners.discard)(row)
        return row if is_new and self.has_post[row] else None

    def _leave(self, row: int) -> None:
        """Takes out what the unit was at before; what is nobody's any more is forgotten."""
        for task in self.units[row].assignments:
            rows = self._at_work[task.incident]
            rows.discard(row)
            if not rows:
                del self._at_work[task.incident]

    def _add(self, unit: Unit) -> int:
        row = len(self.ids)
        if row == self._capacity:
            self._grow(2 * row)
        self.ids.append(unit.id)
        self.units.append(unit)
        self.row_of[unit.id] = row
        self._by_id = None
        self._settle(row, self.members.get(unit.id, NOBODY))
        return row

    def _settle(self, row: int, member: Member) -> None:
        self.travel[row] = TRAVELS.index(member.travel)
        named = [*((_SKILL, name) for name in member.skills), *((_GEAR, name) for name in member.equipment)]
        for number in [self._ability(ability) for ability in named]:
            self._is_able[row, number] = True
        if member.post is not None:
            self.has_post[row] = True
            self.lat[row], self.lon[row] = member.post.lat, member.post.lon
            self.grid[row] = _code(self.grids, member.post.grid) if member.post.grid else -1

    def _put_fix(self, row: int, fix: Fix) -> bool:
        """Whether the unit stands somewhere else than before."""
        has_moved = not self.is_seen[row] or self.lat[row] != fix.lat or self.lon[row] != fix.lon
        self.fix_at[row], self.lat[row], self.lon[row], self.is_seen[row] = fix.at, fix.lat, fix.lon, True
        return bool(has_moved)

    def _join(self, rows: Ints) -> None:
        if self.graph is None:
            return
        for number, mode in enumerate(TRAVELS):
            of_mode = rows[(self.travel[rows] == number) & ~np.isnan(self.lat[rows])]
            if len(of_mode):
                starts = self.graph.starts(self.lat[of_mode], self.lon[of_mode], mode)
                self.edge[of_mode], self.along_m[of_mode] = starts.edge, starts.along_m
                self.walk_s[of_mode], self.nodes[of_mode] = starts.walk_s, starts.nodes
                self.exit_s[of_mode] = starts.exit_s

    def _grow(self, capacity: int) -> None:
        for name in _FLOATS:
            setattr(self, name, _longer(getattr(self, name, None), capacity, np.nan, np.float64))
        for name in _INTS:
            setattr(self, name, _longer(getattr(self, name, None), capacity, -1, np.intp))
        for name in _BOOLS:
            setattr(self, name, _longer(getattr(self, name, None), capacity, False, np.bool_))
        nodes, exit_s = getattr(self, "nodes", None), getattr(self, "exit_s", None)
        self.nodes: Ints = _longer(nodes, (capacity, 2), 0, np.intp)
        self.exit_s: Floats = _longer(exit_s, (capacity, 2), np.inf, np.float64)
        able = getattr(self, "_is_able", None)
        width = _ABILITIES if able is None else able.shape[1]
        self._is_able: Bools = _longer(able, (capacity, width), False, np.bool_)
        self._capacity = capacity

    def _ability(self, ability: tuple[str, str]) -> int:
        number = self.abilities.setdefault(ability, len(self.abilities))
        if number >= self._is_able.shape[1]:
            wider = np.zeros((self._capacity, 2 * number), dtype=bool)
            wider[:, : self._is_able.shape[1]] = self._is_able
            self._is_able = wider
        return number

    # -- looking -----------------------------------------------------------------------------------------------------

    def has_skills(self, skills: Iterable[str]) -> Bools:
        """Who has every one of them."""
        return self._are_able((_SKILL, skill) for skill in skills)

    def has_equipment(self, equipment: Iterable[str]) -> Bools:
        """Who has every piece of it."""
        return self._are_able((_GEAR, piece) for piece in equipment)

    def rows_that_declined(self, incident: str) -> Ints:
        """Who was asked to go there and would not."""
        rows = [row for row in self._decliners if self.units[row].decline(incident) is not None]
        return np.array(rows, dtype=np.intp)

    def _are_able(self, abilities: Iterable[tuple[str, str]]) -> Bools:
        found = np.ones(len(self), dtype=bool)
        for ability in abilities:
            number = self.abilities.get(ability)
            found &= self._is_able[: len(self), number] if number is not None else False
        return found

    def is_of(self, kinds: Iterable[str]) -> Bools:
        is_wanted = np.zeros(len(self.kinds) + 1, dtype=bool)
        is_wanted[[self.kinds[kind] for kind in kinds if kind in self.kinds]] = True
        return np.asarray(is_wanted[self.kind[: len(self)]])

    def rows_at_work(self, incident: str) -> frozenset[int]:
        """Who was sent there and has not left."""
        return frozenset(self._at_work.get(incident, ()))

    @property
    def by_id(self) -> Ints:
        """Rows in the order of their ids."""
        if self._by_id is None:
            self._by_id = np.argsort(np.array(self.ids, dtype=np.str_), kind="stable")
        return self._by_id

    def away_m(self, lat: float | None, lon: float | None) -> Floats:
        """Great-circle metres, to the millimetre, from everybody to a place; NaN where either is unknown."""
        count = len(self)
        if lat is None or lon is None:
            return np.full(count, np.nan)
        return np.asarray(np.round(metres_between(self.lat[:count], self.lon[:count], lat, lon), MILLIMETRES))

    def goals(self, lat: float | None, lon: float | None, limit_s: float = HORIZON_S) -> Goals:
        """One search backwards from a place for each manner in which somebody travels; empty without roads."""
        if self.graph is None or lat is None or lon is None:
            return {}
        graph, modes = self.graph, np.unique(self.travel[: len(self)]).tolist()
        ways = {mode: graph.as_good_as(TRAVELS[mode]) for mode in modes}
        goals = {way: graph.goal(lat, lon, way, limit_s) for way in set(ways.values())}
        return {mode: goals[way] for mode, way in ways.items()}

    def times_s(self, goals: Goals, away_m: Floats) -> tuple[Floats, Ints]:
        """(seconds to the place that `goals` were searched from, why they are not by road or WAY) for everybody.

        Where no way is known the time is that of the crow's flight with a detour; NaN where a place is unknown.
        """
        count = len(self)
        why = np.full(count, NO_ROADS)
        seconds = np.full(count, np.inf)
        for mode, goal in goals.items():
            rows = np.flatnonzero((self.travel[:count] == mode) & ~np.isnan(self.lat[:count]))
            seconds[rows], why[rows] = self._by_road(rows, goal)
        straight_s = away_m * DETOUR_FACTOR / STRAIGHT_M_PER_S[self.travel[:count]]
        why[np.isnan(away_m)] = PLACE_UNKNOWN
        return np.where(why == WAY, seconds, straight_s), why

    def _by_road(self, rows: Ints, goal: Goal | None) -> tuple[Floats, Ints]:
        if goal is None or self.graph is None:
            return np.full(len(rows), np.inf), np.full(len(rows), INCIDENT_OFF_MAP)
        starts = self.starts(rows)
        seconds = self.graph.arrivals_s(starts, goal)
        if np.isfinite(seconds).all():
            return seconds, np.full(len(rows), WAY)
        return seconds, self.graph.why_no_way(starts, goal, seconds)

    def starts(self, rows: Ints) -> Starts:
        """Where these units join the roads."""
        return Starts(
            self.edge[rows], self.along_m[rows], self.walk_s[rows], self.nodes[rows], self.exit_s[rows]
        )


def metres_between(lats: Floats, lons: Floats, lat: Floats | float, lon: Floats | float) -> Floats:
    """Great-circle metres, pair by pair or all to one place."""
    phis, phi = np.radians(lats), np.radians(lat)
    half_lat, half_lon = (phis - phi) / 2, np.radians(lons - lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi) * np.cos(phis) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord))))


def _code(codes: dict[str, int], name: str) -> int:
    return codes.setdefault(name, len(codes))


def _longer(column: Any, shape: int | tuple[int, int], fill: object, dtype: type) -> Any:
    """The column, or none yet, with room for more rows."""
    longer: npt.NDArray[Any] = np.full(shape, fill, dtype=dtype)
    if column is not None:
        longer[tuple(slice(size) for size in column.shape)] = column
    return longer


__all__ = ["INCIDENT_OFF_MAP", "NO_ROADS", "OFF_MAP", "PLACE_UNKNOWN", "TRAVELS", "Force"]
