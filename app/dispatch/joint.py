"""Several waiting incidents at once: who goes where, so that all together are reached soonest.

Owns the assignment of places to units and what it saves against sending the nearest to one after the other. Must not
know roads or cards: it is handed seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

Floats = npt.NDArray[np.float64]

WEIGHTS: Final[Mapping[int, float]] = {1: 4.0, 2: 2.0, 3: 1.0, 4: 0.5}
"""What a second of waiting counts by priority."""
OPEN_S: Final = 7_200.0
"""An open place counts like a wait of two hours, times its weight: nobody stays home to save a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """One unit that an incident asks for. Places stand in the order in which they would be served one by one."""

    incident: str
    need: str
    weight: float = 1.0
    kind: str = ""
    """What the need would rather have."""


@dataclass(frozen=True, slots=True)
class Pair:
    """`unit` goes to `place`, both numbers of the table, and is there after `seconds`."""

    place: int
    unit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`cost_s` is weighted seconds with open places; `total_s` plain seconds of who goes."""

    pairs: tuple[Pair, ...]
    cost_s: float
    total_s: float

    @property
    def filled(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The joint plan beside the one that sends the nearest to each in turn."""

    joint: Plan
    in_turn: Plan

    @property
    def saved_s(self) -> float:
        """Weighted seconds that the joint plan saves, an open place as two hours; never negative."""
        return max(0.0, self.in_turn.cost_s - self.joint.cost_s)


@dataclass(frozen=True, slots=True)
class Gain:
    """The joint plan against the other in what people count in.

    `more` places filled; `sooner_s` seconds in all over places that both fill, below 0 where some wait longer so that
    others need not; `urgent_s` and `urgent_in_turn_s` the mean of urgent places that both fill, None without any.
    """

    more: int
    sooner_s: float
    urgent_s: float | None
    urgent_in_turn_s: float | None


def gain(comparison: Comparison, is_urgent: Sequence[bool]) -> Gain:
    """What the joint plan gains; `is_urgent` by place."""
    here = {pair.place: pair.seconds for pair in comparison.joint.pairs}
    there = {pair.place: pair.seconds for pair in comparison.in_turn.pairs}
    both = sorted(here.keys() & there.keys())
    urgent = [place for place in both if is_urgent[place]]
    return Gain(
        len(here) - len(there),
        sum(there[place] - here[place] for place in both),
        float(np.mean([here[place] for place in urgent])) if urgent else None,
        float(np.mean([there[place] for place in urgent])) if urgent else None,
    )


def compare(seconds: Floats, places: Sequence[Place]) -> Comparison:
    """Both plans for a table (places, units) of seconds, inf where a unit may not fill a place."""
    return beside_in_turn(solve(seconds, np.array([place.weight for place in places])), seconds, places)


def beside_in_turn(pairs: Sequence[tuple[int, int]], seconds: Floats, places: Sequence[Place]) -> Comparison:
    """A plan that somebody else has made, for such a table."""
    weights = np.array([place.weight for place in places])
    return Comparison(_plan(pairs, seconds, weights), _plan(in_turn(seconds), seconds, weights))


def solve(seconds: Floats, weights: Floats) -> list[tuple[int, int]]:
    """(place, unit) of least weighted cost; no unit and no place twice, no pair that is inf."""
    if not seconds.size:
        return []
    open_s = (OPEN_S * weights)[:, None]
    gain = np.where(np.isfinite(seconds), weights[:, None] * seconds - open_s, 0.0)
    chosen = zip(*linear_sum_assignment(np.minimum(gain, 0.0)), strict=True)
    return [(int(place), int(unit)) for place, unit in chosen if gain[place, unit] < 0]


def in_turn(seconds: Floats) -> list[tuple[int, int]]:
    """Each place in order takes the soonest unit that is left."""
    left, pairs = seconds.copy(), []
    for place in range(len(left)):
        unit = int(left[place].argmin()) if left.shape[1] else -1
        if unit >= 0 and left[place, unit] < OPEN_S:
            pairs.append((place, unit))
            left[:, unit] = np.inf
    return pairs


def _plan(pairs: Sequence[tuple[int, int]], seconds: Floats, weights: Floats) -> Plan:
    made = tuple(Pair(place, unit, float(seconds[place, unit])) for place, unit in pairs)
    filled = {pair.place for pair in made}
    waiting_s = sum(OPEN_S * float(w) for place, w in enumerate(weights) if place not in filled)
    going_s = sum(float(weights[pair.place]) * pair.seconds for pair in made)
    return Plan(made, going_s + waiting_s, sum(pair.seconds for pair in made))
