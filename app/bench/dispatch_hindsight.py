"""What could have been had: the made day once more, planned by somebody who knows all of it beforehand.

Owns the search for the best order of calls for each unit with every report, every length of work and every slow road
known. It sends nobody before a report, so a desk could have done the same by luck. A search, not a proof: the true
optimum may be a little lower; it starts from the best plan that any policy found and so never ends above it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import numpy as np

from app.bench.dispatch_run import Day, Outcome

TRIES: Final = 150_000
HOT_S2: Final = 300.0**2
"""At the beginning a plan that is worse by so much is taken now and then, at the end none."""


def hindsight(day: Day, begun: Sequence[Outcome], seed: int, tries: int = TRIES) -> Outcome:
    """The best plan found from the best of those `begun`, by the square of each arrival: long waits weigh more."""
    start = min(begun, key=lambda outcome: float((outcome.arrival_s**2).sum()))
    return _Search(day, start, random.Random(seed)).best(tries)


class _Search:
    """Takes calls out of one unit's order and puts them into another's, again and again."""

    def __init__(self, day: Day, start: Outcome, dice: random.Random) -> None:
        self._day, self._dice = day, dice
        self._orders = [list(order) for order in start.orders]
        self._costs = [self._cost(unit, order) for unit, order in enumerate(self._orders)]
        self._where = {call: unit for unit, order in enumerate(self._orders) for call in order}
        self._fit = [
            [unit for unit in range(len(day.crews)) if day.may(unit, call)] for call in range(len(day.calls))
        ]

    def best(self, tries: int) -> Outcome:
        cost = best = sum(self._costs)
        kept = [list(order) for order in self._orders]
        for number in range(tries):
            hot = HOT_S2 * (1 - number / tries) ** 2
            cost += self._move(hot)
            if cost < best - 1e-6:
                best, kept = cost, [list(order) for order in self._orders]
        arrivals = np.empty(len(self._day.calls))
        for unit, order in enumerate(kept):
            for call, there_s in zip(order, self._arrivals(unit, order), strict=True):
                arrivals[call] = there_s
        return Outcome(arrivals, tuple(tuple(order) for order in kept))

    def _move(self, hot: float) -> float:
        """What one try changes: a call goes to another unit, or two units exchange what they do from then on."""
        call = self._dice.randrange(len(self._day.calls))
        other = self._dice.choice(self._fit[call])
        if other == self._where[call]:
            return self._try({other: self._reordered(other, call)}, hot)
        if self._dice.random() < 0.3:
            return self._try(self._crossed(call, self._where[call], other), hot)
        return self._try(self._handed_on(call, self._where[call], other), hot)

    def _handed_on(self, call: int, giver: int, taker: int) -> dict[int, list[int]]:
        given = [one for one in self._orders[giver] if one != call]
        return {giver: given, taker: self._inserted(self._orders[taker], call)}

    def _reordered(self, unit: int, call: int) -> list[int]:
        return self._inserted([one for one in self._orders[unit] if one != call], call)

    def _inserted(self, order: list[int], call: int) -> list[int]:
        """Put about where its report stands in time."""
        at = next((n for n, one in enumerate(order) if one > call), len(order))
        at = min(len(order), max(0, at + self._dice.choice((-2, -1, 0, 0, 0, 1, 2))))
        return [*order[:at], call, *order[at:]]

    def _crossed(self, call: int, one: int, other: int) -> dict[int, list[int]]:
        here, there = self._orders[one], self._orders[other]
        cut = here.index(call)
        far = next((n for n, known in enumerate(there) if known > call), len(there))
        mine, theirs = [*here[:cut], *there[far:]], [*there[:far], *here[cut:]]
        fits = all(self._day.may(one, call) for call in there[far:])
        fits = fits and all(self._day.may(other, call) for call in here[cut:])
        return {one: mine, other: theirs} if fits else {}

    def _try(self, orders: dict[int, list[int]], hot: float) -> float:
        costs = {unit: self._cost(unit, order) for unit, order in orders.items()}
        change = sum(costs.values()) - sum(self._costs[unit] for unit in costs)
        if not orders or change > hot * self._dice.random():
            return 0.0
        for unit, order in orders.items():
            self._orders[unit], self._costs[unit] = order, costs[unit]
            self._where.update(dict.fromkeys(order, unit))
        return change

    def _cost(self, unit: int, order: Sequence[int]) -> float:
        return sum(there_s * there_s for there_s in self._arrivals(unit, order))

    def _arrivals(self, unit: int, order: Sequence[int]) -> list[float]:
        """Seconds from report to arrival for each call that a unit serves, in its order."""
        day, free_s, last = self._day, 0.0, -1
        found = []
        for number in order:
            call = day.calls[number]
            leaves_s = max(free_s, call.at_s)
            there_s = leaves_s + day.travel_s(unit, last, number, leaves_s)
            found.append(there_s - call.at_s)
            free_s, last = there_s + call.work_s, number
        return found
