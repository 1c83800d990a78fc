"""Who is sent when nobody asks an officer: the policies of a drill and of measurements.

Owns three ways of deciding, each a pure function of tables (calls, units). Must not know roads, clocks or a simulator.
A policy names pairs to send now; no unit and no call twice, only units that are free.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from app.dispatch.joint import solve

Floats = npt.NDArray[np.float64]
Pairs = list[tuple[int, int]]

URGENT_S: Final = 600.0
"""Whoever has waited this long counts twice: the longest waits are what people remember."""
PATIENCE: Final = 0.5
"""Of several busy units the first to be free will do: what is left of each one's work counts half."""


def recommended(travel_s: Floats, busy_s: Floats, since_s: Floats) -> Pairs:
    """All that waits solved together; a call may wait for a unit that is soon free and near.

    `travel_s` by road, inf where a unit does not suit; `busy_s` how long each unit's work is expected to last, 0 for
    who is free; `since_s` how long each call has waited.
    """
    seconds = travel_s + PATIENCE * busy_s
    pairs = solve(seconds, 1.0 + since_s / URGENT_S)
    return [(call, unit) for call, unit in pairs if busy_s[unit] == 0]


def nearest(crow_m: Floats, is_free: npt.NDArray[np.bool_]) -> Pairs:
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
