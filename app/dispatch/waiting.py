"""All that waits, solved together: the places of every incident's card against every unit that could fill them.

Owns how cards, times and expectations become one table, and what is said of who had better wait. The arithmetic is
joint.py's, the choice policy.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.dispatch import policy
from app.dispatch.candidates import HORIZON_S, Question
from app.dispatch.engaged import AtWork, Engaged
from app.dispatch.force import Floats, Force
from app.dispatch.joint import Comparison, Gain, Place, beside_in_turn, gain
from app.dispatch.ranking import IN, Ranking
from app.dispatch.recommendation import NOBODY_S, kind_steps_s, need_fits, needed_costs
from app.dispatch.soon import Soon, free_soon
from app.dispatch.work_times import WorkTimes

NEAR_S: Final = 450
"""So far the roads are searched at first: among hundreds of incidents hardly anybody comes from further."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A place that waits for a busy unit. `sent_to` is the incident to which `soon.instead` goes; "" for none."""

    soon: Soon
    sent_to: str = ""


@dataclass(frozen=True, slots=True)
class Going:
    """For one incident who goes, with seconds, what waits for whom, and the kinds of the places that stay open."""

    units: tuple[tuple[str, float], ...]
    waits: tuple[Wait, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """One entry for each question; `comparison` holds the totals, of expected arrivals."""

    errands: tuple[Going, ...]
    comparison: Comparison
    gain: Gain

    @property
    def units(self) -> frozenset[str]:
        """Everybody who goes."""
        return frozenset(unit for errand in self.errands for unit, _ in errand.units)


def solve_together(
    force: Force,
    questions: Sequence[Question],
    engaged: Engaged | None = None,
    times: WorkTimes | None = None,
) -> Together:
    """One unit never goes to two of them. Questions stand in the order in which they would be served one by one.

    Roads are searched near by at first; for incidents that lack somebody then, as far as for a single one.
    """
    busy = engaged or Engaged(None)
    times = times or WorkTimes()
    at_work = AtWork(busy, busy.left_s(force, questions[0].now) if questions else np.zeros(len(force)))
    tables = [_Table(force, question, at_work, NEAR_S) for question in questions]
    found = _Solved(force, tables, at_work.left_s, times)
    lacking = found.lacking()
    if lacking:
        for number in lacking:
            tables[number] = _Table(force, questions[number], at_work, HORIZON_S)
        found = _Solved(force, tables, at_work.left_s, times)
    errands = tuple(found.going(number) for number in range(len(tables)))
    return Together(errands, found.comparison, found.gain())


class _Table:
    """One incident: a row of seconds for each place that its card still asks for, inf for who cannot fill it."""

    def __init__(self, force: Force, question: Question, at_work: AtWork, horizon_s: float) -> None:
        ranking = Ranking(force, question, horizon_s, at_work)
        soon = free_soon(ranking)
        # A second task brings nobody sooner and binds the unit: the plan waits until the first is done.
        is_busy = ranking.left_s > 0
        incident = question.incident
        self.since_s = (question.now - incident.opened_at) / 1000
        weight = policy.weight(incident.priority, self.since_s)
        self.incident = incident.id
        self.can_wait = incident.priority not in policy.CANNOT_WAIT
        self.etas_s = ranking.etas_s
        self.soon_s = soon.left_s + soon.travel_s
        self.places: list[Place] = []
        self.rows: list[Floats] = []
        self.free_s: list[Floats] = []
        for need, costs in needed_costs(ranking):
            fits = need_fits(ranking, need)
            there_s = np.where(
                fits, soon.travel_s + ranking.penalties_s + kind_steps_s(ranking, need), np.inf
            )
            is_free = fits & (ranking.out == IN) & ~is_busy
            eta_s = np.where(is_free, np.nan_to_num(self.etas_s, nan=np.inf), np.inf)
            self.places += [Place(incident.id, need.id, weight, need.kinds[0])] * need.count
            self.rows += [np.where((costs < NOBODY_S) & ~is_busy, costs, there_s)] * need.count
            self.free_s += [eta_s] * need.count


class _Solved:
    """The choice among tables, and what it means for each of them."""

    def __init__(self, force: Force, tables: Sequence[_Table], left_s: Floats, times: WorkTimes) -> None:
        self._force, self._tables, self._left_s = force, tables, left_s
        self._owners = [number for number, table in enumerate(tables) for _ in table.places]
        rows = [row for table in tables for row in table.rows]
        travel_s = np.array(rows) if rows else np.zeros((0, len(force)))
        self._places = places = [place for table in tables for place in table.places]
        weights = np.array([place.weight for place in places])
        can_wait = np.array([tables[owner].can_wait for owner in self._owners], dtype=bool)
        since_s = np.array([tables[owner].since_s for owner in self._owners])
        self._choice = policy.recommended(travel_s, left_s, since_s, weights, can_wait, times)
        pairs = self._choice.send + self._choice.wait
        self.comparison = beside_in_turn(pairs, travel_s + left_s, places)
        self._free_s = [row for table in tables for row in table.free_s]
        self._sent_to = {unit: tables[self._owners[place]].incident for place, unit in self._choice.send}

    def lacking(self) -> set[int]:
        """Which incidents lack a unit, or wait for one, in either plan: somebody may come from further."""
        plans = (self.comparison.joint, self.comparison.in_turn)
        filled = [{pair.place for pair in plan.pairs} for plan in plans]
        waits = {place for place, _ in self._choice.wait}
        return {
            owner
            for place, owner in enumerate(self._owners)
            if place in waits or any(place not in have for have in filled)
        }

    def gain(self) -> Gain:
        return gain(self.comparison, [not self._tables[owner].can_wait for owner in self._owners])

    def going(self, number: int) -> Going:
        table = self._tables[number]
        send = [unit for place, unit in self._choice.send if self._owners[place] == number]
        waits = [(place, unit) for place, unit in self._choice.wait if self._owners[place] == number]
        units = [(self._force.ids[unit], float(table.etas_s[unit])) for unit in send]
        return Going(
            tuple(sorted(units, key=lambda one: one[1])),
            tuple(self._wait(table, place, unit) for place, unit in waits),
            self._missing(number),
        )

    def _missing(self, number: int) -> tuple[str, ...]:
        filled = {place for place, _ in self._choice.send + self._choice.wait}
        mine = (place for place, owner in enumerate(self._owners) if owner == number and place not in filled)
        return tuple(self._places[place].kind for place in mine)

    def _wait(self, table: _Table, place: int, unit: int) -> Wait:
        free_s = self._free_s[place]
        first = int(free_s.argmin())
        is_known = bool(np.isfinite(free_s[first]))
        instead = self._force.ids[first] if is_known else ""
        there_s = float(table.soon_s[unit])
        soon = Soon(self._force.ids[unit], float(self._left_s[unit]), there_s, instead, float(free_s[first]))
        return Wait(soon, self._sent_to.get(first, "") if is_known else "")
