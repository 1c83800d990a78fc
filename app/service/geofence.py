"""What positions say by themselves: a unit has arrived, has left its area, is back.

Owns how many fixes in a row, how far and how long it takes until that is said. What is true already stands in the desk,
so a restart says nothing twice and of two desks that see the same fixes one writes. Must not decide: it gives commands.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.errors import Refusal, StreetdeskError
from app.domain.instants import Instant
from app.domain.roles import SYSTEM
from app.domain.unit import Assignment, Unit
from app.geo.coordinates import LocalPlane
from app.geo.district import District, UnitSpec
from app.geo.fence import Fence
from app.journal.store import TrackPoint
from app.service.bus import Submission, Told
from app.service.geofence_rules import GeofenceRules

log = logging.getLogger(__name__)

ACTOR = "geofence"
_METRES_PER_DEGREE = 111_320.0
_AWAY = frozenset({un.OFF_DUTY, un.OUT_OF_SERVICE})
"""Duties in which a unit is nobody's concern."""

Post = Callable[[Submission, Told], None]


@dataclass(slots=True)
class Border:
    """Whether a unit has crossed one border for good: it must be `beyond_m` outside, or inside, for `hold_ms`."""

    beyond_m: float
    hold_ms: int
    turning_since: Instant | None = None

    def crossed(self, has_left: bool, beyond_m: float, at: Instant) -> bool:
        """Whether what is known, `has_left`, is no longer so; `beyond_m` is 0 inside."""
        is_turning = beyond_m <= 0.0 if has_left else beyond_m > self.beyond_m
        if not is_turning:
            self.turning_since = None
            return False
        if self.turning_since is None:
            self.turning_since = at
        return at - self.turning_since >= self.hold_ms


@dataclass(slots=True)
class _Watch:
    """What is remembered of one unit between its fixes."""

    borders: dict[str, Border] = field(default_factory=dict)
    near: dict[str, int] = field(default_factory=dict)
    """Incident -> fixes in a row that lay near to it."""
    asked: set[object] = field(default_factory=set)
    """What was said and is not yet answered."""


class Geofence:
    """`post` takes submissions to the bus, `desk` is the state as it is now."""

    def __init__(
        self, district: District, rules: GeofenceRules, desk: Callable[[], Desk], post: Post, desk_name: str
    ) -> None:
        self._rules = rules
        self._desk = desk
        self._post = post
        self._desk_name = desk_name
        self._specs = {spec.id: spec for spec in district.units}
        self._codes = {un.DISTRICT: district.code}
        plane = LocalPlane(district.centre_lat, district.centre_lon)
        self._district = Fence([district.boundary], plane)
        rings = {grid.code: grid.ring for grid in district.grids}
        codes = {spec.grid for spec in district.units if spec.kind in rules.grid_kinds and spec.grid in rings}
        self._grids = {code: Fence([rings[code]], plane) for code in codes}
        self._watches: dict[str, _Watch] = {}

    def put(self, fix: TrackPoint) -> None:
        """The newest fix of a unit; an older one must not come after it."""
        unit = self._desk().units.get(fix.unit)
        if unit is None or (not unit.assignments and unit.duty in _AWAY):
            self._watches.pop(fix.unit, None)
            return
        watch = self._watches.setdefault(fix.unit, _Watch())
        self._look_for_arrival(unit, fix, watch)
        spec = self._specs.get(fix.unit)
        if spec is not None:
            self._look_for_borders(unit, spec, fix, watch)

    # -- arrival -----------------------------------------------------------------------------------------------------

    def _look_for_arrival(self, unit: Unit, fix: TrackPoint, watch: _Watch) -> None:
        under_way = {a.incident: a for a in unit.assignments if a.phase == un.EN_ROUTE}
        watch.near = {key: count for key, count in watch.near.items() if key in under_way}
        for incident, assignment in under_way.items():
            watch.near[incident] = watch.near.get(incident, 0) + 1 if self._is_near(assignment, fix) else 0
            if watch.near[incident] >= self._rules.fixes:
                self._say(cmd.SetUnitStatus(unit.id, un.ON_SCENE, incident), fix.at, watch, incident)

    def _is_near(self, assignment: Assignment, fix: TrackPoint) -> bool:
        """A fix from before the unit set out says nothing of its arrival."""
        incident = self._desk().incidents.get(assignment.incident)
        if incident is None or incident.lat is None or incident.lon is None or fix.at < assignment.since_at:
            return False
        return away_m(fix.lat, fix.lon, incident.lat, incident.lon) <= self._rules.within_m

    # -- areas -------------------------------------------------------------------------------------------------------

    def _look_for_borders(self, unit: Unit, spec: UnitSpec, fix: TrackPoint, watch: _Watch) -> None:
        self._look_for_border(unit, un.DISTRICT, self._codes[un.DISTRICT], self._district, fix, watch)
        fence = self._grids.get(spec.grid) if spec.kind in self._rules.grid_kinds else None
        # A task leads out of the grid by order: that is no news.
        if fence is not None and not unit.assignments:
            self._look_for_border(unit, un.GRID, spec.grid, fence, fix, watch)
        else:
            watch.borders.pop(un.GRID, None)

    def _look_for_border(
        self, unit: Unit, area: str, code: str, fence: Fence, fix: TrackPoint, watch: _Watch
    ) -> None:
        border = watch.borders.get(area)
        if border is None:
            hold_ms = self._rules.grid_hold_ms if area == un.GRID else self._rules.hold_ms
            border = watch.borders[area] = Border(self._rules.beyond_m, hold_ms)
        has_left = unit.has_left(area)
        if border.crossed(has_left, fence.beyond_m(fix.lat, fix.lon), fix.at):
            self._say(cmd.ObserveUnitArea(unit.id, area, code, inside=has_left), fix.at, watch, area)

    # -- saying it ---------------------------------------------------------------------------------------------------

    def _say(self, command: cmd.Command, at: Instant, watch: _Watch, what: object) -> None:
        if what in watch.asked:
            return
        watch.asked.add(what)
        context = cmd.Context(ACTOR, SYSTEM, self._desk_name, at)

        def told(failure: BaseException | None) -> None:
            watch.asked.discard(what)
            if isinstance(failure, Refusal):
                log.info("%s was refused: %s", command, failure)
            elif isinstance(failure, StreetdeskError):
                log.info("%s is said again with the next fix: %s", command, failure)

        self._post(Submission((command,), context), told)


def away_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two places of one district."""
    east = (lon - other_lon) * math.cos(math.radians(lat))
    return math.hypot(lat - other_lat, east) * _METRES_PER_DEGREE
