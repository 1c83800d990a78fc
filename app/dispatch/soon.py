"""Who is busy and would all the same be there sooner than anybody who is free.

Owns whether a busy unit may be waited for, and the word for one incident. Must not choose among several incidents: that
is policy.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.dispatch.force import Bools, Floats
from app.dispatch.ranking import IN, Ranking


@dataclass(frozen=True, slots=True)
class Soon:
    """A busy unit that is expected to be free in `free_in_s` and there in `there_in_s`.

    `instead` is the free unit that would be there soonest, after `instead_s`; "" for none.
    """

    unit_id: str
    free_in_s: float
    there_in_s: float
    instead: str = ""
    instead_s: float = np.inf


@dataclass(frozen=True, slots=True)
class FreeSoon:
    """By row of the force: `left_s` of Engaged, `travel_s` to one incident, inf for who is not to be waited for."""

    left_s: Floats
    travel_s: Floats


def free_soon(ranking: Ranking) -> FreeSoon:
    """Who is at work elsewhere, would suit but for that, and is not off duty before he could be there.

    Among them are those who could be given a second task: they come no sooner for it.
    """
    force, question = ranking.force, ranking.question
    there_at = question.now + 1000 * (ranking.left_s + ranking.from_work_s + question.limits.ending_ms / 1000)
    may = (ranking.left_s > 0) & (ranking.out_wherever == IN)
    may &= ~(force.turn_ends_at[: len(force)] < there_at)
    may[[force.row_of[unit] for unit in question.incident.units if unit in force.row_of]] = False
    return FreeSoon(ranking.left_s, np.where(may, ranking.from_work_s, np.inf))


def sooner(ranking: Ranking, soon: FreeSoon, fits: Bools, margin_s: float) -> Soon | None:
    """The unit that is worth waiting for: there sooner than everybody who can be sent, by a margin; None for none.

    `fits`: who is of a kind that the need asks for and brings what it wants.
    """
    is_full = ranking.force.is_barred[: len(ranking.force)]
    there_s = np.where(fits & is_full, soon.left_s + soon.travel_s, np.inf)
    row = int(there_s.argmin()) if there_s.size else -1
    if row < 0 or not np.isfinite(there_s[row]):
        return None
    sent_s = np.where(fits & (ranking.out == IN), np.nan_to_num(ranking.expected_s, nan=np.inf), np.inf)
    first = int(sent_s.argmin())
    if not there_s[row] + margin_s <= sent_s[first]:
        return None
    instead = ranking.ids[first] if np.isfinite(sent_s[first]) else ""
    return Soon(ranking.ids[row], float(soon.left_s[row]), float(there_s[row]), instead, float(sent_s[first]))
