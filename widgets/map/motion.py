"""Owns how units glide from fix to fix. Must not know marks, Qt or which clock the seconds come from.

A unit is shown on its way from where it was shown to its newest fix, over the time that passed between the fixes and
at most one second: what is seen is never more than a second behind what is known, and never ahead of it.
"""

import numpy as np
import numpy.typing as npt

from widgets.map.point_layer import Slots

Floats = npt.NDArray[np.float64]

MAX_LAG_S = 1.0
_LEAST_S = 0.1
_JUMP_M = 300.0


class Motion:
    """Shown positions by slot, in step with the slots of a PointLayer."""

    def __init__(self, capacity: int = 64) -> None:
        # Rows: start x, start y, end x, end y, started, duration.
        self._rows = np.zeros((capacity, 6))
        self._moving = np.zeros(capacity, dtype=bool)

    @property
    def active(self) -> bool:
        """Whether anything is still on its way."""
        return bool(self._moving.any())

    def place(self, slot: int, x_m: float, y_m: float) -> None:
        """Stand here at once."""
        self._reserve(slot)
        self._rows[slot] = (x_m, y_m, x_m, y_m, 0.0, 0.0)
        self._moving[slot] = False

    def fix(self, slots: Slots, x_m: Floats, y_m: Floats, now_s: float) -> None:
        """New fixes: go there from where each is shown now; far jumps are not slid over the town."""
        shown_x_m, shown_y_m = self.shown(slots, now_s)
        distance_m = np.hypot(x_m - shown_x_m, y_m - shown_y_m)
        last_s = self._rows[slots, 4]
        since_last_s = np.where(last_s > 0, now_s - last_s, MAX_LAG_S)
        duration_s = np.clip(since_last_s, _LEAST_S, MAX_LAG_S)
        far = distance_m > _JUMP_M
        start_x_m, start_y_m = np.where(far, x_m, shown_x_m), np.where(far, y_m, shown_y_m)
        started_s = np.full(len(slots), now_s)
        duration_s[far] = 0.0
        self._rows[slots] = np.column_stack([start_x_m, start_y_m, x_m, y_m, started_s, duration_s])
        self._moving[slots] = (distance_m > 0.01) & ~far

    def shown(self, slots: Slots, now_s: float) -> tuple[Floats, Floats]:
        """Where units are shown now."""
        rows = self._rows[slots]
        lasts = rows[:, 5] > 0
        part = np.ones(len(slots))
        part[lasts] = np.clip((now_s - rows[lasts, 4]) / rows[lasts, 5], 0.0, 1.0)
        return (
            rows[:, 0] + (rows[:, 2] - rows[:, 0]) * part,
            rows[:, 1] + (rows[:, 3] - rows[:, 1]) * part,
        )

    def advance(self, now_s: float, x_m: Floats, y_m: Floats) -> bool:
        """Write the shown positions of all moving slots into two columns; whether there were any."""
        slots = np.flatnonzero(self._moving)
        if not len(slots):
            return False
        rows = self._rows[slots]
        part = np.clip((now_s - rows[:, 4]) / rows[:, 5], 0.0, 1.0)
        x_m[slots] = rows[:, 0] + (rows[:, 2] - rows[:, 0]) * part
        y_m[slots] = rows[:, 1] + (rows[:, 3] - rows[:, 1]) * part
        self._moving[slots] = part < 1.0
        return True

    def settle(self, x_m: Floats, y_m: Floats) -> None:
        """Everything at its newest fix at once."""
        self.advance(float("inf"), x_m, y_m)

    def drop(self, slot: int) -> None:
        self._moving[slot] = False
        self._rows[slot] = 0.0

    def _reserve(self, slot: int) -> None:
        while slot >= len(self._moving):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._moving = np.concatenate([self._moving, np.zeros_like(self._moving)])
