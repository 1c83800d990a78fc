"""Whom to send: the force that a run card asks for, filled with the units that are there soonest.

Owns the choice among candidates and what is said of every gap. Must not send anybody: an officer does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from app.dispatch.candidates import HORIZON_S, NOBODY, Candidate, Member, Question, Reason
from app.dispatch.engaged import AtWork, Engaged
from app.dispatch.force import Bools, Floats, Force, Ints
from app.dispatch.ranking import (
    BARRED_BY_CARD,
    DECLINED,
    DISTRESSED,
    IN,
    NO_EQUIPMENT,
    NO_SKILL,
    NOT_FREE,
    STALE,
    TIRED,
    TOO_FAR,
    UNRESTED,
    Ranking,
)
from app.dispatch.run_card import Need, Response
from app.dispatch.soon import Soon, free_soon, sooner
from app.dispatch.work_times import WorkTimes
from app.domain.incident import SENT, Incident
from app.domain.incident_parts import ForceRequest
from app.domain.unit import Unit

NOBODY_S: Final = 1e7
"""What an open place costs: more than any unit."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit that is recommended, and for which need."""

    candidate: Candidate
    need: Need


@dataclass(frozen=True, slots=True)
class Shortfall:
    """`missing` units of a need that nobody can fill; `reason` says why, its facts count the units by cause."""

    need: Need
    missing: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`picks` in the order of needs; `asked` how many units card and scene want, `there` how many of them have gone.

    `soon`: busy units that would be there sooner than anybody who is free, each once.
    """

    ranking: Ranking
    response: Response
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    asked: int
    there: int
    soon: tuple[Soon, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(pick.candidate.unit_id for pick in self.picks)


def recommend(
    force: Force, question: Question, engaged: Engaged | None = None, margin_s: float = WorkTimes().margin_s
) -> Recommendation:
    """Ranks everybody and fills what the card still asks for. The question must hold a response.

    Of those `engaged` in something else who would be there sooner by `margin_s` a word is said.
    """
    at_work = AtWork.at(engaged, force, question.now) if engaged is not None else None
    ranking = Ranking(force, question, at_work=at_work)
    response = question.response
    assert response is not None
    needs = _open_needs(ranking)
    chosen = _fill(ranking, needs)
    picks = tuple(
        Pick(ranking.candidate(row), need) for need, rows in zip(needs, chosen, strict=True) for row in rows
    )
    taken = {row for rows in chosen for row in rows}
    gaps = (
        Shortfall(need, need.count - len(rows), why_short(ranking, need, taken - set(rows)))
        for need, rows in zip(needs, chosen, strict=True)
        if len(rows) < need.count
    )
    asked = sum(need.count for need in response.needs)
    asked += sum(request.count for request in _kinds_asked_for(question.incident))
    there = asked - sum(need.count for need in needs)
    soon = _worth_a_word(ranking, needs, margin_s)
    return Recommendation(ranking, response, picks, tuple(gaps), asked, there, soon)


def _worth_a_word(ranking: Ranking, needs: list[Need], margin_s: float) -> tuple[Soon, ...]:
    soon = free_soon(ranking)
    if not np.isfinite(soon.travel_s).any():
        return ()
    found = (sooner(ranking, soon, need_fits(ranking, need), margin_s) for need in needs)
    return tuple({one.unit_id: one for one in found if one is not None}.values())


def needed_costs(ranking: Ranking) -> list[tuple[Need, Floats]]:
    """Each need that is still open with what every unit would cost it: seconds, NOBODY_S for who cannot fill it."""
    return [(need, _costs(ranking, need)) for need in _open_needs(ranking)]


def _open_needs(ranking: Ranking) -> list[Need]:
    """Of what units there have asked for, then of the card. Who was sent since they asked came for that first."""
    force, question = ranking.force, ranking.question
    at_work = [force.units[force.row_of[key]] for key in question.incident.units if key in force.row_of]
    needs = []
    for request in _kinds_asked_for(question.incident):
        came = [unit for unit in at_work if _came_for(unit, question.incident.id, request)][: request.count]
        at_work = [unit for unit in at_work if unit not in came]
        if len(came) < request.count and not request.settled:
            needs.append(Need(f"request.{request.id}", request.kinds, request.count - len(came)))
    return needs + still_needed(force, question.response.needs if question.response else (), at_work)


def _kinds_asked_for(incident: Incident) -> list[ForceRequest]:
    """Requests that are open or that sending has settled; one that names no kind leaves it to the officer."""
    return [request for request in incident.requests if request.kinds and request.settled in ("", SENT)]


def _came_for(unit: Unit, incident: str, request: ForceRequest) -> bool:
    held = unit.assignment(incident)
    return held is not None and held.delivery.sent_at >= request.at and unit.kind in request.kinds


def still_needed(force: Force, needs: Iterable[Need], at_work: Iterable[Unit]) -> list[Need]:
    """The needs less what those at work already fill, each of them one place: the strictest that it fits."""
    needs = list(needs)
    left = {need.id: need.count for need in needs}
    for unit in at_work:
        member = force.members.get(unit.id, NOBODY)
        fitting = [n for n in needs if left[n.id] and unit.kind in n.kinds and _brings(member, n)]
        if fitting:
            left[max(fitting, key=lambda need: need.asks_for).id] -= 1
    return [replace(need, count=left[need.id]) for need in needs if left[need.id]]


def _brings(member: Member, need: Need) -> bool:
    return set(need.skills) <= set(member.skills) and set(need.equipment) <= set(member.equipment)


def _fill(ranking: Ranking, needs: list[Need]) -> list[list[int]]:
    """For each need the rows that fill it, the soonest first: all at once, so that none takes another's only one."""
    slots = [number for number, need in enumerate(needs) for _ in range(need.count)]
    costs = [_costs(ranking, need) for need in needs]
    rows = _worth_looking_at(costs, len(slots))
    filled: list[list[int]] = [[] for _ in needs]
    if not slots or not len(rows):
        return filled
    matrix = np.array([costs[number][rows] for number in slots])
    for slot, column in zip(*linear_sum_assignment(matrix), strict=True):
        if matrix[slot, column] < NOBODY_S:
            filled[slots[slot]].append(int(rows[column]))
    return [sorted(found, key=lambda row: (ranking.times_s[row], ranking.ids[row])) for found in filled]


def _costs(ranking: Ranking, need: Need) -> Floats:
    """Seconds by row, NOBODY_S for who cannot fill the need."""
    fits = need_fits(ranking, need) & (ranking.out == IN) & _not_here(ranking)
    return np.where(fits, ranking.times_s + kind_steps_s(ranking, need), NOBODY_S)


def kind_steps_s(ranking: Ranking, need: Need) -> Floats:
    """What a unit's kind adds, by row: the first that the need names nothing."""
    force = ranking.force
    step = np.zeros(max(1, len(force.kinds)))
    for place, kind in enumerate(need.kinds):
        if kind in force.kinds:
            step[force.kinds[kind]] = place * ranking.question.prefer.kind_step_s
    return np.asarray(step[force.kind[: len(force)]])


def need_fits(ranking: Ranking, need: Need) -> Bools:
    """Who is of a kind that the need asks for and brings what it wants, free or not."""
    force = ranking.force
    return force.is_of(need.kinds) & force.has_skills(need.skills) & force.has_equipment(need.equipment)


def _not_here(ranking: Ranking) -> Bools:
    """Who is not at work on the incident already."""
    free = np.ones(len(ranking.force), dtype=bool)
    here = [ranking.force.row_of.get(unit, -1) for unit in ranking.question.incident.units]
    free[[row for row in here if row >= 0]] = False
    return free


def _worth_looking_at(costs: list[Floats], places: int) -> Ints:
    """Of each need the soonest as many as there are places at all: nobody else can be in the best choice."""
    found = [np.zeros(0, dtype=np.intp)]
    for cost in costs:
        count = min(places, len(cost))
        best = np.argpartition(cost, count - 1)[:count] if count else found[0]
        found.append(best[cost[best] < NOBODY_S])
    return np.unique(np.concatenate(found))


def why_short(ranking: Ranking, need: Need, taken: set[int]) -> Reason:
    """Why a place of a need stays open: what holds for most of those who could have filled it."""
    force, of_kind = ranking.force, ranking.force.is_of(need.kinds)
    facts: dict[str, object] = {"kinds": need.kinds, "skills": need.skills, "equipment": need.equipment}
    if not of_kind.any():
        return Reason("none_known", facts)
    skilled = of_kind & force.has_skills(need.skills)
    if not skilled.any():
        return Reason("no_skill", {**facts, "of": int(of_kind.sum())})
    equipped = skilled & force.has_equipment(need.equipment)
    if not equipped.any():
        return Reason("no_equipment", {**facts, "of": int(skilled.sum())})
    counts = _causes(ranking, np.flatnonzero(equipped), taken)
    facts |= {"of": int(equipped.sum()), **counts}
    cause = max(counts, key=lambda name: counts[name])
    return Reason(cause if counts[cause] else "all_taken", {**facts, "minutes": HORIZON_S // 60})


def _causes(ranking: Ranking, rows: Ints, taken: set[int]) -> Mapping[str, int]:
    """How many are not there for which cause."""
    out, load = ranking.out[rows], ranking.force.load[rows]
    barred = out == NOT_FREE
    return {
        "none_on_duty": int((barred & (load == 0)).sum()),
        "all_busy": int((barred & (load > 0)).sum()),
        "too_far": int((out == TOO_FAR).sum()),
        "fix_stale": int((out == STALE).sum()),
        "rest_due": int((out == TIRED).sum()),
        "rest_short": int((out == UNRESTED).sum()),
        "no_equipment": int((out == NO_EQUIPMENT).sum()),
        "no_skill": int((out == NO_SKILL).sum()),
        "barred_by_card": int((out == BARRED_BY_CARD).sum()),
        "declined": int((out == DECLINED).sum()),
        "in_distress": int((out == DISTRESSED).sum()),
        "all_taken": sum(1 for row in rows.tolist() if row in taken),
    }
