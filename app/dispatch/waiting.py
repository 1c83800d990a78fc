"""All that waits, solved together: the places of every incident's card against every unit that could fill them.

Owns how cards and times become one table. The arithmetic is joint.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.dispatch.candidates import HORIZON_S, Question
from app.dispatch.force import Floats, Force
from app.dispatch.joint import WEIGHTS, Comparison, Place, compare
from app.dispatch.ranking import Ranking
from app.dispatch.recommendation import NOBODY_S, needed_costs

NEAR_S: Final = 450
"""So far the roads are searched at first: among hundreds of incidents hardly anybody comes from further."""


@dataclass(frozen=True, slots=True)
class Together:
    """For each question who goes, with seconds, and how many places stay open; `comparison` holds the totals."""

    errands: tuple[tuple[tuple[tuple[str, float], ...], int], ...]
    comparison: Comparison

    @property
    def saved_s(self) -> float:
        return self.comparison.saved_s


def solve_together(force: Force, questions: Sequence[Question]) -> Together:
    """One unit never goes to two of them. Questions stand in the order in which they would be served one by one.

    Roads are searched near by at first; for incidents that lack somebody then, as far as for a single one.
    """
    tables = [_Table(force, question, NEAR_S) for question in questions]
    found = _solved(force, tables)
    lacking = _lacking(tables, found.comparison)
    if not lacking:
        return found
    for number in lacking:
        tables[number] = _Table(force, questions[number], HORIZON_S)
    return _solved(force, tables)


def _lacking(tables: Sequence[_Table], comparison: Comparison) -> set[int]:
    """Which incidents lack a unit in either plan: served one by one, too, they would be given one from further."""
    owners = [number for number, table in enumerate(tables) for _ in table.places]
    plans = (comparison.joint, comparison.in_turn)
    filled = [{pair.place for pair in plan.pairs} for plan in plans]
    return {owner for place, owner in enumerate(owners) if any(place not in have for have in filled)}


class _Table:
    """One incident: a row of seconds for each place that its card still asks for, inf for who cannot fill it."""

    def __init__(self, force: Force, question: Question, horizon_s: float) -> None:
        ranking = Ranking(force, question, horizon_s)
        weight = WEIGHTS.get(question.incident.priority, 1.0)
        self.etas_s = ranking.etas_s
        self.places: list[Place] = []
        self.rows: list[Floats] = []
        for need, costs in needed_costs(ranking):
            self.places += [Place(question.incident.id, need.id, weight)] * need.count
            self.rows += [np.where(costs < NOBODY_S, costs, np.inf)] * need.count


def _solved(force: Force, tables: Sequence[_Table]) -> Together:
    owners = [number for number, table in enumerate(tables) for _ in table.places]
    rows = [row for table in tables for row in table.rows]
    matrix = np.array(rows) if rows else np.zeros((0, len(force)))
    comparison = compare(matrix, [place for table in tables for place in table.places])
    going: list[list[tuple[str, float]]] = [[] for _ in tables]
    for pair in comparison.joint.pairs:
        owner = owners[pair.place]
        going[owner].append((force.ids[pair.unit], float(tables[owner].etas_s[pair.unit])))
    errands = tuple(
        (tuple(sorted(units, key=lambda one: one[1])), len(table.places) - len(units))
        for units, table in zip(going, tables, strict=True)
    )
    return Together(errands, comparison)
