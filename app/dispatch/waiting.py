"""All that waits, solved together: the places of every incident's card against every unit that could fill them.

Owns how cards and times become one table. The arithmetic is joint.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.dispatch.candidates import Question
from app.dispatch.force import Floats, Force
from app.dispatch.joint import WEIGHTS, Comparison, Place, compare
from app.dispatch.ranking import Ranking
from app.dispatch.recommendation import NOBODY_S, needed_costs


@dataclass(frozen=True, slots=True)
class Together:
    """For each question who goes, with seconds, and how many places stay open; `comparison` holds the totals."""

    errands: tuple[tuple[tuple[tuple[str, float], ...], int], ...]
    comparison: Comparison

    @property
    def saved_s(self) -> float:
        return self.comparison.saved_s


def solve_together(force: Force, questions: Sequence[Question]) -> Together:
    """One unit never goes to two of them. Questions stand in the order in which they would be served one by one."""
    places: list[Place] = []
    owners: list[int] = []
    table: list[Floats] = []
    etas: list[Floats] = []
    for number, question in enumerate(questions):
        ranking = Ranking(force, question)
        etas.append(ranking.etas_s)
        for need, costs in needed_costs(ranking):
            seconds = np.where(costs < NOBODY_S, costs, np.inf)
            for _ in range(need.count):
                places.append(
                    Place(question.incident.id, need.id, WEIGHTS.get(question.incident.priority, 1.0))
                )
                owners.append(number)
                table.append(seconds)
    matrix = np.array(table) if table else np.zeros((0, len(force)))
    comparison = compare(matrix, places)
    going: list[list[tuple[str, float]]] = [[] for _ in questions]
    for pair in comparison.joint.pairs:
        owner = owners[pair.place]
        going[owner].append((force.ids[pair.unit], float(etas[owner][pair.unit])))
    errands = tuple(
        (tuple(sorted(units, key=lambda one: one[1])), owners.count(number) - len(units))
        for number, units in enumerate(going)
    )
    return Together(errands, comparison)
