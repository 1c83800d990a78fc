"""The drill assigned with hindsight: whenever something changes, the best assignment by somebody who knows the truth.

Owns that officer. He knows when each unit will truly be done, how fast it is and how slow the roads will be when it
goes; `ahead_s` of the reports to come as well, 0 for none of them. He sends nobody before a report, and like everybody
he counts by the weights of policy.py. Must not print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.dispatch import policy
from app.dispatch.candidates import Question
from app.dispatch.force import STRAIGHT_M_PER_S, Bools, Floats, Force
from app.dispatch.joint import solve
from app.dispatch.ranking import IN, Ranking
from app.dispatch.recommendation import need_fits, needed_costs
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.drill.officers import OpenPlaces, Sending, grouped
from app.drill.unit import SimulatedUnit
from app.drill_play import Drill
from app.geo.coordinates import distance_m
from app.geo.road_graph import DETOUR_FACTOR
from app.service.dispatching import Dispatching

LEAVES_S: Final = 11.5
"""From an order to setting out, in the mean (drill/unit.py)."""
ATTENDED: Final = 0.25
BESIDES: Final = 8
"""So many more units than there are places have their true way gone into, the soonest by the crow's flight: nobody else
is in the best assignment."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One open place: whose it is, and which rows of the force suit it."""

    incident: Incident
    suits: Bools


class Foreseeing:
    """An officer for `Drill.play`. `to_come` are the incidents of the whole drill as another run has known them."""

    def __init__(self, drill: Drill, to_come: Sequence[Incident] = (), ahead_s: float = 0.0) -> None:
        self._dispatching: Dispatching = drill.desk.dispatching
        self._places: OpenPlaces = drill.places
        self._now: Callable[[], Instant] = drill.desk.clock.now
        self._units: dict[str, SimulatedUnit] = drill.simulation.units
        self._to_come = sorted(to_come, key=lambda one: one.opened_at)
        self._ahead_ms = round(ahead_s * 1000)

    async def wishes(self) -> Sequence[Sending]:
        now = self._now()
        here = [*self._places.waiting(), *self._places.lacking()]
        later = [one for one in self._to_come if now < one.opened_at <= now + self._ahead_ms]
        if not here:
            return []
        known = {one.id for one in here}
        return await self._dispatching.weigh(
            [*here, *later], lambda force, questions: self._assigned(force, questions, known, now)
        )

    def _assigned(
        self, force: Force, questions: Sequence[Question], known: set[str], now: Instant
    ) -> list[Sending]:
        rows = [row for question in questions for row in _rows(force, question)]
        if not rows:
            return []
        free_at = self._free_at(force, now)
        most = len(rows) + BESIDES
        seconds = np.array([self._seconds(force, row, free_at, now, most) for row in rows])
        weights = [_weight(row.incident, now) for row in rows]
        pairs = solve(seconds, np.array(weights))
        return grouped(
            (rows[n].incident.id, force.ids[unit])
            for n, unit in pairs
            if rows[n].incident.id in known and free_at[unit] == now
        )

    def _free_at(self, force: Force, now: Instant) -> Floats:
        """When each unit will truly be free, by row; inf where that will not be."""
        count = len(force)
        is_free = (force.load[:count] == 0) & ~force.is_barred[:count]
        found = np.full(count, np.inf)
        for row, key in enumerate(force.ids):
            done_at = self._units[key].done_at if key in self._units else None
            if is_free[row]:
                found[row] = now
            elif force.load[row] > 0 and done_at is not None:
                found[row] = max(now + 1, done_at)
        return found

    def _seconds(self, force: Force, row: _Row, free_at: Floats, now: Instant, most: int) -> Floats:
        """From now, or from the report where that is still to come, until each unit would be there."""
        one = row.incident
        assert one.lat is not None and one.lon is not None
        there, from_at = (one.lat, one.lon), max(now, one.opened_at)
        found = np.full(len(force), np.inf)
        leaves_at = {
            unit: max(int(free_at[unit]), from_at) + round(LEAVES_S * 1000)
            for unit in np.flatnonzero(row.suits & np.isfinite(free_at)).tolist()
        }
        for unit in sorted(leaves_at, key=lambda unit: self._about_at(force, unit, leaves_at[unit], there))[
            :most
        ]:
            way_s = self._units[force.ids[unit]].travel_s(leaves_at[unit], there)
            found[unit] = (leaves_at[unit] - from_at) / 1000 + way_s
        return found

    def _about_at(self, force: Force, unit: int, leaves_at: Instant, there: tuple[float, float]) -> float:
        """When it would be there by the crow's flight with a detour."""
        simulated = self._units[force.ids[unit]]
        fix = simulated.fix(leaves_at)
        way_s = distance_m(fix.lat, fix.lon, *there) * DETOUR_FACTOR / STRAIGHT_M_PER_S[force.travel[unit]]
        return leaves_at + 1000 * float(way_s)


def _rows(force: Force, question: Question) -> list[_Row]:
    ranking = Ranking(force, question)
    may = ranking.out_wherever == IN
    may[[force.row_of[unit] for unit in question.incident.units if unit in force.row_of]] = False
    return [
        _Row(question.incident, may & need_fits(ranking, need))
        for need, _costs in needed_costs(ranking)
        for _ in range(need.count)
    ]


def _weight(one: Incident, now: Instant) -> float:
    """Where somebody is there or on the way already, another one counts less: the first to come is what is measured."""
    share = ATTENDED if one.units and one.is_open else 1.0
    return share * policy.weight(one.priority, (now - one.opened_at) / 1000)
