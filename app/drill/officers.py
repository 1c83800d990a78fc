"""Who is sent in a drill without a window: what each policy does whenever something has changed.

Owns the ways in which an officer may go about it, each asked for its wishes only. Must not send anybody (run.py) and
must not choose by itself what the desk recommends: it asks the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.dispatch import policy
from app.dispatch.candidates import Question
from app.dispatch.force import Floats, Force
from app.dispatch.in_force import response_in_force
from app.dispatch.ranking import IN, TOO_FAR, Ranking
from app.dispatch.recommendation import need_fits, needed_costs
from app.domain.desk import Desk
from app.domain.incident import Incident
from app.drill.options import NEAREST, NONE, RECOMMENDED
from app.geo.district import Place
from app.service.dispatching import Dispatching


@dataclass(frozen=True, slots=True)
class Sending:
    """These units go to the incident."""

    incident: str
    units: tuple[str, ...]


class Officer(Protocol):
    """Whoever sits at the desk."""

    async def wishes(self) -> Sequence[Sending]:
        """Whom to send now; nobody twice."""
        ...


class OpenPlaces:
    """Which incidents still lack units, by their run cards."""

    def __init__(self, dispatching: Dispatching, places: Sequence[Place], desk: Callable[[], Desk]) -> None:
        self._dispatching, self._places, self._desk = dispatching, places, desk
        self._asked: dict[tuple[str, int, int], int] = {}

    def waiting(self) -> list[Incident]:
        """Nobody is there or on the way: the most urgent and oldest first."""
        return self._dispatching.waiting()

    def is_free(self, unit: str) -> bool:
        """Is the unit at work on nothing?"""
        return not self._desk().units[unit].assignments

    def lacking(self) -> list[Incident]:
        """Somebody is there or on the way, but not all; where one has gone already the matter is being wound up."""
        found = [one for one in self._desk().incidents.values() if self._lacks(one)]
        return sorted(found, key=lambda one: (one.priority, one.opened_at, one.id))

    def _lacks(self, one: Incident) -> bool:
        if not one.is_open or not one.units or one.lat is None:
            return False
        return len(one.units) < self.asked(one) and not self._is_wound_up(one)

    def _is_wound_up(self, one: Incident) -> bool:
        units, gone = self._desk().units, [unit for unit in one.attended if unit not in one.units]
        return any(units[unit].decline(one.id) is None for unit in gone)

    def asked(self, incident: Incident) -> int:
        """How many units the card wants."""
        key = incident.id, incident.priority, incident.alarm_level
        if key not in self._asked:
            card = self._dispatching.run_cards().of(incident)
            response = response_in_force(card, incident, self._places)
            self._asked[key] = sum(need.count for need in response.needs)
        return self._asked[key]


class Advised:
    """Does what the desk recommends: the sheet of all that waits, then for who is short what its panel says.

    For a matter where somebody is already nobody who is at work is bound: whoever waits for the first may need him.
    """

    def __init__(self, dispatching: Dispatching, places: OpenPlaces) -> None:
        self._dispatching, self._places = dispatching, places

    async def wishes(self) -> Sequence[Sending]:
        found: dict[str, tuple[str, ...]] = {}
        if self._places.waiting():
            joint = await self._dispatching.solve_waiting()
            for errand in joint.errands:
                if errand.units:
                    found[errand.incident.id] = tuple(unit for unit, _ in errand.units)
        gone = {unit for units in found.values() for unit in units}
        for incident in self._places.lacking():
            advice = await self._dispatching.advise(incident, None, 0)
            units = tuple(
                unit
                for unit in advice.recommendation.units
                if unit not in gone and self._places.is_free(unit)
            )
            if units:
                found[incident.id] = units
                gone.update(units)
        return [Sending(incident, units) for incident, units in found.items()]


class NearestFree:
    """First come, first served: each place of each card by the nearest free unit that suits, in a straight line."""

    def __init__(self, dispatching: Dispatching, places: OpenPlaces) -> None:
        self._dispatching, self._places = dispatching, places

    async def wishes(self) -> Sequence[Sending]:
        lacking = [*self._places.waiting(), *self._places.lacking()]
        if not lacking:
            return []
        lacking.sort(key=lambda one: (one.opened_at, one.id))
        return await self._dispatching.weigh(lacking, nearest_in_line)


def nearest_in_line(force: Force, questions: Sequence[Question]) -> list[Sending]:
    """Who is at work on nothing goes where he is nearest, in the order of the questions."""
    owners, rows = [], []
    for question in questions:
        for metres in _crow_m(Ranking(force, question)):
            owners.append(question.incident.id)
            rows.append(metres)
    if not rows:
        return []
    count = len(force)
    pairs = policy.nearest(np.array(rows), (force.load[:count] == 0) & ~force.is_barred[:count])
    return grouped((owners[row], force.ids[unit]) for row, unit in pairs)


def _crow_m(ranking: Ranking) -> Iterable[Floats]:
    """For each open place the metres to every unit that suits; inf for who does not. Roads are not asked."""
    may = np.isin(ranking.out, (IN, TOO_FAR))
    for need, _costs in needed_costs(ranking):
        fits = may & need_fits(ranking, need) & ~np.isnan(ranking.away_m)
        yield from [np.where(fits, ranking.away_m, np.inf)] * need.count


def grouped(pairs: Iterable[tuple[str, str]]) -> list[Sending]:
    """(incident, unit) put together by incident, in the order of their coming."""
    found: dict[str, list[str]] = {}
    for incident, unit in pairs:
        found.setdefault(incident, []).append(unit)
    return [Sending(incident, tuple(units)) for incident, units in found.items()]


class Nobody:
    """Leaves everything as it is: what happens to a street that nobody helps."""

    async def wishes(self) -> Sequence[Sending]:
        return []


class Planned:
    """Goes by a plan made beforehand: each unit takes its incidents in that order, each once it is reported.

    Whoever is still busy is waited for.
    """

    def __init__(self, orders: Mapping[str, Sequence[str]], desk: Callable[[], Desk]) -> None:
        self._left = {unit: list(incidents) for unit, incidents in orders.items()}
        self._desk = desk

    async def wishes(self) -> Sequence[Sending]:
        desk, pairs = self._desk(), []
        for unit, left in self._left.items():
            while left and self._is_over(desk, left[0]):
                left.pop(0)
            if left and left[0] in desk.incidents and not desk.units[unit].assignments:
                pairs.append((left.pop(0), unit))
        return grouped(pairs)

    @staticmethod
    def _is_over(desk: Desk, incident: str) -> bool:
        known = desk.incidents.get(incident)
        return known is not None and not known.is_open


def officer_of(name: str, dispatching: Dispatching, places: OpenPlaces) -> Officer:
    """The officer who follows one of POLICIES."""
    made: dict[str, Callable[[], Officer]] = {
        RECOMMENDED: lambda: Advised(dispatching, places),
        NEAREST: lambda: NearestFree(dispatching, places),
        NONE: Nobody,
    }
    return made[name]()
