"""Owns how units glide from fix to fix. Must not know marks, Qt or which clock the seconds come from.

A unit is shown on its way from where it was shown to its newest fix, over the time that passed between the fixes and
at most one second: what is seen is never more than a second behind what is known, and never ahead of it.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MAX_LAG_S = 1.0
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

    def fix(self, slot: int, x_m: float, y_m: float, now_s: float) -> None:
        """A new fix: go there from where the unit is shown now; far jumps are not slid over the town."""
        row = self._rows[slot]
        shown_x_m, shown_y_m = self.shown(slot, now_s)
        distance_m = float(np.hypot(x_m - shown_x_m, y_m - shown_y_m))
        if distance_m > _JUMP_M:
            self.place(slot, x_m, y_m)
            self._rows[slot, 4] = now_s
            return
        since_last_s = now_s - row[4] if row[4] else MAX_LAG_S
        duration_s = min(MAX_LAG_S, max(0.1, since_last_s))
        self._rows[slot] = (shown_x_m, shown_y_m, x_m, y_m, now_s, duration_s)
        self._moving[slot] = distance_m > 0.01

    def shown(self, slot: int, now_s: float) -> tuple[float, float]:
        """Where one unit is shown now."""
        start_x, start_y, end_x, end_y, started_s, duration_s = self._rows[slot].tolist()
        part = 1.0 if duration_s <= 0 else min(1.0, max(0.0, (now_s - started_s) / duration_s))
        return start_x + (end_x - start_x) * part, start_y + (end_y - start_y) * part

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
