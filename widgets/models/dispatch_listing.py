"""Owns which candidates of an answer are listed, in which order, and as which rows.

Must not recommend; whom the card recommends stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.unit import DISPATCHABLE
from widgets.models.dispatch_candidates import CandidateRow, CandidateRows

if TYPE_CHECKING:
    from app.dispatch.candidates import Candidate, Fix
    from app.service.dispatching import Advice


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of rows besides: who is chosen or recommended, why somebody is no longer on the incident."""

    chosen: Collection[str]
    recommended: Collection[str]
    why_left: Callable[[str], str]


def can_go(desk: Desk, unit: str, incident: Incident | None) -> bool:
    """Would the desk let it go to the incident, as far as is known now?"""
    known = desk.units[unit]
    if incident is None or unit in incident.units:
        return False
    if known.assignments:
        return len(known.assignments) < known.capacity
    return known.duty in DISPATCHABLE


def listed(advice: Advice, incident: Incident) -> list[Candidate]:
    """Whom the card recommends first, then the others; who is at work here by now stands below the list."""
    picks = [pick.candidate for pick in advice.recommendation.picks]
    first = {one.unit_id for one in picks}
    both = [*picks, *(one for one in advice.listed if one.unit_id not in first)]
    return [one for one in both if one.unit_id not in incident.units]


def rows_of(
    advice: Advice,
    incident: Incident,
    rows: CandidateRows,
    desk: Desk,
    fixes: Mapping[str, Fix],
    places: Mapping[str, int],
    marks: Marks,
) -> dict[str, CandidateRow]:
    """Rows by unit. `places` are those that stand because the list is being read; who is new comes after them."""
    numbers = _numbers(advice, desk)
    needs = {pick.candidate.unit_id: pick.need for pick in advice.recommendation.picks}
    return {
        (key := one.unit_id): rows.row(
            one,
            desk.units[key],
            places.get(key, place + len(places)),
            fix_at=fixes[key].at if key in fixes else None,
            is_chosen=key in marks.chosen,
            numbers=numbers,
            left_because=marks.why_left(key),
            fills=needs.get(key) if key in marks.recommended else None,
        )
        for place, one in enumerate(listed(advice, incident))
    }


def _numbers(advice: Advice, desk: Desk) -> dict[str, str]:
    """The numbers of the incidents on which those who are listed are at work."""
    at_work = {task.incident for one in advice.listed for task in desk.units[one.unit_id].assignments}
    return {key: desk.incidents[key].number for key in at_work if key in desk.incidents}
