"""The made day assigned by somebody who is told every report some minutes before it comes.

Owns that bound: how much of what a clairvoyant gains is knowledge that no desk can have. It knows as well how long each
work lasts and how slow the roads are; it sends nobody before a report. Must not print.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.bench.dispatch_run import PRIORITY, RUSH, SLOWER, Day, State
from app.dispatch import policy
from app.dispatch.joint import solve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class Foretold:
    """A policy for `play`: everything that waits or is reported within `ahead_s`, assigned at least cost."""

    def __init__(self, day: Day, ahead_s: float) -> None:
        self._day, self._ahead_s = day, ahead_s
        modes = sorted(day.between)
        self._mode = np.array([modes.index(crew.travel) for crew in day.crews], dtype=np.intp)
        self._ways_s = np.concatenate([day.between[mode] for mode in modes] + [day.from_home])
        self._at_home = len(modes) * len(day.calls) + np.arange(len(day.crews))
        self._at_s = np.array([call.at_s for call in day.calls])
        self._rush_s = (RUSH[0] * day.length_s, RUSH[1] * day.length_s)
        self._suits = np.array(
            [[day.may(unit, n) for unit in range(len(day.crews))] for n in range(len(day.calls))]
        )

    def __call__(self, state: State) -> policy.Pairs:
        begin, end = np.searchsorted(self._at_s, (state.now_s, state.now_s + self._ahead_s), side="right")
        calls = np.concatenate([np.array(state.waiting, dtype=np.intp), np.arange(begin, end)])
        is_free = np.isin(np.arange(len(self._mode)), list(state.free))
        free_at_s = np.where(is_free, state.now_s, np.array(state.free_at_s))
        # Nobody sets out before the report, and whoever comes free earlier has waited for nothing.
        leaves_s = np.maximum(free_at_s[None, :], np.maximum(state.now_s, self._at_s[calls])[:, None])
        from_s = np.maximum(state.now_s, self._at_s[calls])[:, None]
        costs_s = leaves_s - from_s + self._travel_s(state, calls, leaves_s)
        since_s = state.now_s - self._at_s[calls]
        pairs = solve(costs_s, np.array([policy.weight(PRIORITY, since) for since in since_s]))
        return [(state.waiting[n], unit) for n, unit in pairs if n < len(state.waiting) and is_free[unit]]

    def _travel_s(self, state: State, calls: Ints, leaves_s: Floats) -> Floats:
        """(calls, units) in truth, inf where a unit does not suit."""
        last = np.array(state.last, dtype=np.intp)
        rows = np.where(last < 0, self._at_home, self._mode * len(self._at_s) + last)
        is_rush = (leaves_s >= self._rush_s[0]) & (leaves_s < self._rush_s[1])
        ways_s = self._ways_s[rows][:, calls].T * np.where(is_rush, SLOWER, 1.0)
        return np.asarray(np.where(self._suits[calls], ways_s, np.inf))
