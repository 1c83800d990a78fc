"""Who is sent to all that waits, and who had better wait for somebody who is busy: what officers and measurements ask.

Owns the ways of deciding, each a pure function of tables (calls, units). Must not know roads, cards, clocks or a
simulator. No unit and no call is named twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.dispatch.joint import WEIGHTS, solve
from app.dispatch.work_times import WorkTimes

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pairs = list[tuple[int, int]]

URGENT_S: Final = 600.0
"""Whoever has waited this long counts twice, as much as what is one step more urgent, and no more after that."""
PATIENCE: Final = 0.5
"""Of several busy units the first to be free will do: what is left of each one's work counts half."""
CANNOT_WAIT: Final = frozenset({1, 2})
"""Priorities that get whoever is there soonest."""


@dataclass(frozen=True, slots=True)
class Choice:
    """(call, unit): `send` now, units that are free; `wait` for units that are busy."""

    send: Pairs
    wait: Pairs


def weight(priority: int, since_s: float) -> float:
    """What a second of waiting counts for somebody who has waited for so long."""
    return WEIGHTS.get(priority, 1.0) * (1.0 + min(max(0.0, since_s) / URGENT_S, 1.0))


def recommended(
    travel_s: Floats, busy_s: Floats, since_s: Floats, weights: Floats, can_wait: Bools, times: WorkTimes
) -> Choice:
    """All that waits solved together; a call may wait for a unit that is soon free and near.

    `travel_s` by road from where the unit is or works, inf where it does not suit; `busy_s` how long its work is
    expected to last, 0 for who is free, inf for who is not to be waited for; `since_s` how long each call has waited.
    A call that cannot wait does so only where that is clearly sooner than any free unit; another one never much longer
    than for a free unit that nobody else needs, and after `held_s` no longer at all: what is expected may be put off
    again and again.
    """
    if not travel_s.size:
        return Choice([], [])
    expected_s = travel_s + busy_s
    soonest_s = np.where(busy_s == 0, travel_s, np.inf).min(axis=1, keepdims=True)
    is_later = (busy_s > 0) & ~can_wait[:, None] & ~(expected_s + times.margin_s <= soonest_s)
    pairs = solve(np.where(is_later, np.inf, travel_s + PATIENCE * busy_s), weights)
    send = [(call, unit) for call, unit in pairs if busy_s[unit] == 0]
    left_s = np.where(busy_s == 0, travel_s, np.inf)
    left_s[:, [unit for _, unit in send]] = np.inf
    wait = []
    for call, unit in sorted((pair for pair in pairs if busy_s[pair[1]] > 0), key=lambda p: -weights[p[0]]):
        idle = int(left_s[call].argmin())
        longer_s = times.longer_s if since_s[call] < times.held_s else 0.0
        if left_s[call, idle] + longer_s < expected_s[call, unit]:
            send.append((call, idle))
            left_s[:, idle] = np.inf
        else:
            wait.append((call, unit))
    return Choice(send, wait)


def nearest(crow_m: Floats, is_free: Bools) -> Pairs:
    """First come, first served by the nearest in a straight line: metres, inf where a unit does not suit."""
    left, pairs = np.where(is_free, crow_m, np.inf), []
    for call in range(len(left)):
        unit = int(left[call].argmin()) if left.shape[1] else -1
        if unit >= 0 and np.isfinite(left[call, unit]):
            pairs.append((call, unit))
            left[:, unit] = np.inf
    return pairs


def none(*_tables: Floats) -> Pairs:
    """Nobody is sent unless a person does it."""
    return []
