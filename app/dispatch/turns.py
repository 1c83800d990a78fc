"""The duty plan as the columns of a force: who is in a turn now, until when, and who is in nobody's.

Owns when these columns are made anew: another plan, another unit, or a turn that has begun or ended. Must not rank.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.dispatch.force import Force
from app.domain.duty import DutyTurn, stretch_at
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant


class Turns:
    """`put` keeps `turn_begins_at`, `turn_ends_at` and `is_unrostered` of a force up to date.

    A kind of unit that the plan of today says nothing of is in nobody's turn and nobody minds.
    """

    def __init__(self) -> None:
        self._plan: Sequence[DutyTurn] = ()
        self._count = 0
        self._holds_until: Instant = 0

    def put(self, force: Force, plan: Sequence[DutyTurn], now: Instant) -> None:
        """`plan` in the order of beginning; the same object means the same plan."""
        if plan is self._plan and len(force) == self._count and now < self._holds_until:
            return
        midnight = (now + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS
        self._plan, self._count = plan, len(force)
        self._holds_until = min(
            (at for turn in plan for at in (turn.begins_at, turn.ends_at) if at > now),
            default=midnight + DAY_MS,
        )
        self._holds_until = min(self._holds_until, midnight + DAY_MS)
        self._write(force, plan, midnight, now)

    @staticmethod
    def _write(force: Force, plan: Sequence[DutyTurn], midnight: Instant, now: Instant) -> None:
        count = len(force)
        force.turn_begins_at[:count] = force.turn_ends_at[:count] = np.nan
        of_unit: dict[int, list[DutyTurn]] = {}
        for turn in plan:
            row = force.row_of.get(turn.unit)
            if row is not None:
                of_unit.setdefault(row, []).append(turn)
        is_in = np.zeros(count, dtype=bool)
        for row, own in of_unit.items():
            stretch = stretch_at(own, now)
            if stretch is not None:
                force.turn_begins_at[row], force.turn_ends_at[row] = stretch
                is_in[row] = True
        today = [
            row
            for row, own in of_unit.items()
            if any(t.people and t.begins_at < midnight + DAY_MS and t.ends_at > midnight for t in own)
        ]
        is_planned_kind = np.isin(force.kind[:count], force.kind[today])
        force.is_unrostered[:count] = is_planned_kind & ~is_in
