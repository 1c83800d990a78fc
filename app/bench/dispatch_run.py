"""A day of dispatching played out: who is sent by one policy or another, and how soon somebody is there.

Owns the made day, the playing of it and what each policy (app/dispatch/policy.py) gets to know. Must not print.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from app.bench.dispatch_town import city, place
from app.dispatch import policy
from app.dispatch.joint import solve
from app.dispatch.work_times import WorkTimes, expected_left_s
from app.geo.coordinates import distance_m
from app.geo.district import Travel
from app.geo.road_graph import RoadGraph

Floats = npt.NDArray[np.float64]

SIDE: Final = 60
UNITS: Final = 40
INCIDENTS: Final = 500
KINDS: Final = 2
"""Of two kinds each incident wants one; a fifth of the units can do both."""
TRAVELS: Final[tuple[Travel, ...]] = ("car", "car", "ebike")
LOAD: Final = 0.5
WORK_S: Final = (300.0, 1_500.0)
PRIORITY: Final = 3
RUSH: Final = (0.35, 0.65)
"""Between these shares of the day reports come twice as often and ways take longer."""
SLOWER: Final = 1.5


@dataclass(frozen=True, slots=True)
class Call:
    """An incident of the made day: when it is reported, where, for whom, how long somebody has to work on it."""

    at_s: float
    where: tuple[float, float]
    kind: int
    work_s: float


@dataclass(frozen=True, slots=True)
class Crew:
    """A unit: where it stands by, how it travels, what it can do. After a call it waits where that was."""

    home: tuple[float, float]
    travel: Travel
    kinds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Day:
    """Times between places by mode of travel, on free roads: `from_home` (units, calls), `between` (calls, calls)."""

    calls: tuple[Call, ...]
    crews: tuple[Crew, ...]
    from_home: Floats
    between: dict[Travel, Floats]
    crow_home_m: Floats
    crow_m: Floats
    length_s: float

    def may(self, unit: int, call: int) -> bool:
        return self.calls[call].kind in self.crews[unit].kinds

    def free_road_s(self, unit: int, last: int, call: int) -> float:
        """Travel from where a unit waits (`last` call, -1 for its post), as a desk estimates it."""
        if last < 0:
            return float(self.from_home[unit, call])
        return float(self.between[self.crews[unit].travel][last, call])

    def travel_s(self, unit: int, last: int, call: int, at_s: float) -> float:
        """What it takes in truth, setting out at an instant: longer in the rush."""
        share = at_s / self.length_s
        slower = SLOWER if RUSH[0] <= share < RUSH[1] else 1.0
        return self.free_road_s(unit, last, call) * slower

    def crow_flight_m(self, unit: int, last: int, call: int) -> float:
        return float(self.crow_home_m[unit, call] if last < 0 else self.crow_m[last, call])


def make_day(seed: int, load: float = LOAD) -> Day:
    """The same for the same seed; `load` is the share of the units' time that the work and the ways take."""
    dice = random.Random(seed)
    district = city(SIDE)
    graph = RoadGraph(district)
    crews = tuple(_crew(number, place(district, dice, SIDE)) for number in range(UNITS))
    mean_s = sum(WORK_S) / 2 + 240.0
    length_s = INCIDENTS * mean_s / (UNITS * load)
    starts_s = sorted(_rushed(dice.random()) * length_s for _ in range(INCIDENTS))
    calls = tuple(
        Call(at_s, place(district, dice, SIDE), dice.randrange(KINDS), dice.uniform(*WORK_S))
        for at_s in starts_s
    )
    between, from_home = _tables(graph, crews, calls)
    spots = [call.where for call in calls]
    crow_home = _crow([crew.home for crew in crews], spots)
    return Day(calls, crews, from_home, between, crow_home, _crow(spots, spots), length_s)


def _crew(number: int, home: tuple[float, float]) -> Crew:
    kinds = frozenset(range(KINDS)) if number % 5 == 0 else frozenset({number % KINDS})
    return Crew(home, TRAVELS[number % len(TRAVELS)], kinds)


def _rushed(share: float) -> float:
    """A share of the day with twice as many in the rush."""
    rush = RUSH[1] - RUSH[0]
    scaled = share * (1 + rush)
    if scaled < RUSH[0]:
        return scaled
    within = (scaled - RUSH[0]) / 2
    return RUSH[0] + within if within < rush else scaled - rush


def _tables(
    graph: RoadGraph, crews: Sequence[Crew], calls: Sequence[Call]
) -> tuple[dict[Travel, Floats], Floats]:
    lat_lon = np.array([call.where for call in calls])
    homes = np.array([crew.home for crew in crews])
    between: dict[Travel, Floats] = {}
    from_home = np.full((len(crews), len(calls)), np.inf)
    for mode in sorted(set(TRAVELS)):
        spots = graph.starts(lat_lon[:, 0], lat_lon[:, 1], mode)
        posts = graph.starts(homes[:, 0], homes[:, 1], mode)
        mine = [number for number, crew in enumerate(crews) if crew.travel == mode]
        table = np.full((len(calls), len(calls)), np.inf)
        for number, call in enumerate(calls):
            goal = graph.goal(*call.where, mode)
            assert goal is not None
            table[:, number] = graph.arrivals_s(spots, goal)
            from_home[mine, number] = graph.arrivals_s(posts, goal)[mine]
        between[mode] = table
    return between, from_home


def _crow(here: Sequence[tuple[float, float]], there: Sequence[tuple[float, float]]) -> Floats:
    return np.array([[distance_m(*a, *b) for b in there] for a in here])


# -- playing ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class State:
    """What a desk knows: who waits, who is free and where. `last` is the call at which a unit is, -1 its post."""

    day: Day
    now_s: float = 0.0
    waiting: list[int] = field(default_factory=list)
    free: set[int] = field(default_factory=set)
    last: list[int] = field(default_factory=list)
    there_s: list[float] = field(default_factory=list)
    """When each busy unit is on scene, by the time that it reports itself on its way."""
    free_at_s: list[float] = field(default_factory=list)
    """When it will be in truth: a desk does not know that."""


Policy = Callable[[State], list[tuple[int, int]]]
"""(call, unit) to send now; units must be free and calls waiting."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds from report to arrival by call, and who went in which order."""

    arrival_s: Floats
    orders: tuple[tuple[int, ...], ...]

    @property
    def mean_s(self) -> float:
        return float(self.arrival_s.mean())

    @property
    def p90_s(self) -> float:
        return float(np.percentile(self.arrival_s, 90))


def play(day: Day, policy: Policy) -> Outcome:
    """The day with every call served, asked anew whenever somebody calls or comes free."""
    units = len(day.crews)
    state = State(day, free=set(range(units)), last=[-1] * units, there_s=[0.0] * units)
    state.free_at_s = [0.0] * units
    arrivals, orders = np.full(len(day.calls), np.nan), _nothing(units)
    events = [(call.at_s, 0, number) for number, call in enumerate(day.calls)]
    heapq.heapify(events)
    while events:
        state.now_s, is_free, number = heapq.heappop(events)
        if is_free:
            state.free.add(number)
        else:
            state.waiting.append(number)
        for call, unit in policy(state):
            there_s = state.now_s + day.travel_s(unit, state.last[unit], call, state.now_s)
            arrivals[call] = there_s - day.calls[call].at_s
            orders[unit].append(call)
            state.waiting.remove(call)
            state.free.remove(unit)
            state.last[unit] = call
            state.there_s[unit] = there_s
            state.free_at_s[unit] = there_s + day.calls[call].work_s
            heapq.heappush(events, (state.free_at_s[unit], 1, unit))
    return Outcome(arrivals, tuple(tuple(order) for order in orders))


def _nothing(units: int) -> list[list[int]]:
    return [[] for _ in range(units)]


def nearest(state: State) -> list[tuple[int, int]]:
    """A desk without roads."""
    is_free = np.array([unit in state.free for unit in range(len(state.day.crews))])
    return _named(state, policy.nearest(_table(state, state.day.crow_flight_m), is_free))


def recommended(state: State) -> list[tuple[int, int]]:
    """What this desk would do: road times, and how long work lasts as a rule."""
    there_in_s = np.array(state.there_s) - state.now_s
    left_s = expected_left_s(there_in_s, *WORK_S)
    return _assigned(state, _advised, left_s, state.day.free_road_s)


def _advised(travel_s: Floats, busy_s: Floats, since_s: Floats) -> list[tuple[int, int]]:
    """What the sheet of all that waits would send: calls of middling priority, who may wait."""
    weights = np.array([policy.weight(PRIORITY, since) for since in since_s])
    may_wait = np.full(len(travel_s), PRIORITY not in policy.CANNOT_WAIT)
    return policy.recommended(travel_s, busy_s, since_s, weights, may_wait, WorkTimes()).send


def foreseeing(state: State) -> list[tuple[int, int]]:
    """The optimal assignment of all that waits by who knows when each unit will be free and how slow roads are."""

    def in_truth_s(unit: int, last: int, call: int) -> float:
        return state.day.travel_s(unit, last, call, max(state.now_s, state.free_at_s[unit]))

    return _assigned(state, _in_truth, np.array(state.free_at_s) - state.now_s, in_truth_s)


def _in_truth(travel_s: Floats, busy_s: Floats, since_s: Floats) -> list[tuple[int, int]]:
    pairs = solve(travel_s + busy_s, np.array([policy.weight(PRIORITY, since) for since in since_s]))
    return [(call, unit) for call, unit in pairs if busy_s[unit] == 0]


def _assigned(
    state: State,
    choose: Callable[[Floats, Floats, Floats], policy.Pairs],
    left_s: Floats,
    travel_s: Callable[[int, int, int], float],
) -> list[tuple[int, int]]:
    is_free = np.array([unit in state.free for unit in range(len(state.day.crews))])
    busy_s = np.where(is_free, 0.0, np.maximum(1.0, left_s))
    since_s = np.array([state.now_s - state.day.calls[call].at_s for call in state.waiting])
    return _named(state, choose(_table(state, travel_s), busy_s, since_s))


def _table(state: State, cost: Callable[[int, int, int], float]) -> Floats:
    """(waiting, units), inf where a unit does not suit."""
    day = state.day
    table = [
        [cost(unit, last, call) if day.may(unit, call) else np.inf for unit, last in enumerate(state.last)]
        for call in state.waiting
    ]
    return np.array(table, dtype=np.float64).reshape(len(state.waiting), len(day.crews))


def _named(state: State, pairs: policy.Pairs) -> list[tuple[int, int]]:
    return [(state.waiting[row], unit) for row, unit in pairs]
