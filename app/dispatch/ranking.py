"""Who could go, in order, and why each stands where he stands.

Owns the order of all units for one question: the leading kind first, then other suitable kinds, the soonest of each;
last those left out, each with its reason. Must not choose how many go: that is recommendation.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import inf, isnan
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from app.dispatch.candidates import (
    END_UNKNOWN_S,
    HORIZON_S,
    LEADS,
    LOCAL_KINDS,
    OTHER,
    SECOND_TASK_S,
    STALE_FIX_S,
    SUITS,
    UNROSTERED_S,
    Candidate,
    Question,
    Reason,
)
from app.dispatch.force import INCIDENT_OFF_MAP, NO_ROADS, PLACE_UNKNOWN, Bools, Floats, Force, Ints
from app.dispatch.run_card import Need
from app.domain.field_link import Decline
from app.domain.rest import rest_due
from app.domain.unit import Unit
from app.geo.road_graph import CLOSED, FAR, ISLAND, OFF_MAP, ONE_WAY, WAY

if TYPE_CHECKING:
    from app.dispatch.engaged import AtWork

(
    IN,
    STALE,
    UNRESTED,
    TIRED,
    BARRED_BY_CARD,
    NO_EQUIPMENT,
    NO_SKILL,
    TOO_FAR,
    DECLINED,
    DISTRESSED,
    NOT_FREE,
) = range(11)
"""Why a unit is left out; of several reasons the last one counts."""

_STRAIGHT: Final = {
    OFF_MAP: "straight_off_map", ISLAND: "straight_island", CLOSED: "straight_closed",
    ONE_WAY: "straight_one_way", FAR: "straight_far", NO_ROADS: "straight_no_roads",
    INCIDENT_OFF_MAP: "straight_incident_off_map",
}  # fmt: skip
_UNKNOWN_S: Final = 1e6
"""Where nobody knows a time, it stands behind all that are known."""
_TIER, _OUT, _NOT_FREE = 1e7, 1e8, 1e9
_HOUR_MS: Final = 3_600_000
_UNROSTERED: Final = Reason("unrostered")
_SAID: Final = {
    DISTRESSED: Reason("in_distress"), TOO_FAR: Reason("too_far", {"minutes": HORIZON_S // 60}),
}  # fmt: skip
"""Why a unit is left out, where that is the same for all of them."""
_MOVING_UP: Final = Reason("moving_up")


class Ranking(Sequence[Candidate]):
    """Candidates in order. Each is made when it is first looked at: of 10,000 units people see a screenful.

    Arrays are by row of `force`: `times_s` what the order goes by, `out` one of IN, STALE and so on; `out_wherever`
    says the same without asking how far away and whether free, `penalties_s` what counts beside the way. `etas_s` is
    the way from here and now; `expected_s` when each would be there: who is at work does one thing after the other,
    `left_s` until the first is done (0 for who is at none, inf where nobody can tell) and `from_work_s` from there.
    """

    def __init__(
        self,
        force: Force,
        question: Question,
        horizon_s: float = HORIZON_S,
        at_work: AtWork | None = None,
    ) -> None:
        self.force, self.question = force, question
        incident, count = question.incident, len(force)
        self.ids, self._units = list(force.ids), list(force.units)
        self.away_m: Floats = force.away_m(incident.lat, incident.lon)
        self.goals = force.goals(incident.lat, incident.lon, horizon_s)
        self.etas_s, self.why_straight = force.times_s(self.goals, self.away_m)
        self.ages_s: Floats = np.maximum(0.0, (question.now - force.fix_at[:count]) / 1000)
        self.tiers: Ints = _tiers(force, question.kinds)
        self.penalties_s: Floats = self._penalties_s()
        self.left_s: Floats = np.zeros(count) if at_work is None else at_work.left_s
        self.from_work_s: Floats = self._from_work_s(at_work)
        self.expected_s: Floats = self._expected_s()
        self.times_s: Floats = np.asarray(np.nan_to_num(self.expected_s, nan=_UNKNOWN_S) + self.penalties_s)
        self.out_wherever: Ints = self._out_wherever()
        self.out: Ints = self._out()
        self._best_first: list[int] = self._order(question.incident.id)
        self._nearest = self._first_nearest()
        self._made: dict[int, Candidate] = {}

    def __len__(self) -> int:
        return len(self._best_first)

    def __iter__(self) -> Iterator[Candidate]:
        return map(self.candidate, self._best_first)

    @overload
    def __getitem__(self, place: int) -> Candidate: ...
    @overload
    def __getitem__(self, place: slice) -> list[Candidate]: ...
    def __getitem__(self, place: int | slice) -> Candidate | list[Candidate]:
        if isinstance(place, slice):
            return [self.candidate(i) for i in self._best_first[place]]
        return self.candidate(self._best_first[place])

    @property
    def rows(self) -> Sequence[int]:
        """The rows of the force, the best first."""
        return self._best_first

    def candidate(self, row: int) -> Candidate:
        """What is said of one row."""
        if row not in self._made:
            self._made[row] = self._make(row)
        return self._made[row]

    def unit(self, row: int) -> Unit:
        return self._units[row]

    # -- columns -----------------------------------------------------------------------------------------------------

    def _from_work_s(self, at_work: AtWork | None) -> Floats:
        incident = self.question.incident
        if at_work is None:
            return np.full(len(self.force), np.inf)
        return at_work.engaged.travel_s(self.force, self.goals, incident.lat, incident.lon)

    def _expected_s(self) -> Floats:
        """Sent to a second task a unit comes when the first is done, however near it is."""
        way_s = np.where(np.isfinite(self.from_work_s), self.from_work_s, self.etas_s)
        done_s = np.where(np.isfinite(self.left_s), self.left_s, END_UNKNOWN_S) + way_s
        second_s = np.where(self.left_s > 0, done_s, self.etas_s + SECOND_TASK_S)
        return np.asarray(np.where(self.force.load[: len(self.force)] > 0, second_s, self.etas_s))

    def _penalties_s(self) -> Floats:
        is_unrostered = self.force.is_unrostered[: len(self.force)]
        far_s = self.question.prefer.far_grid_s * self._is_of_far_grid()
        return np.asarray(UNROSTERED_S * is_unrostered + far_s)

    def _is_of_far_grid(self) -> Bools:
        force, count, question = self.force, len(self.force), self.question
        if not question.incident.grid:
            return np.zeros(count, dtype=bool)
        near = {question.incident.grid, *question.neighbours}
        codes = [force.grids[grid] for grid in near if grid in force.grids]
        grid = force.grid[:count]
        return np.asarray(force.is_of(LOCAL_KINDS) & (grid >= 0) & ~np.isin(grid, codes))

    def _out_wherever(self) -> Ints:
        force, count = self.force, len(self.force)
        out = np.zeros(count, dtype=np.intp)
        out[self.ages_s > STALE_FIX_S] = STALE
        out[self._has_too_little_rest()] = UNRESTED
        out[self.question.now - force.on_duty_at[:count] > self.question.limits.longest_duty_ms] = TIRED
        if self.question.response is not None:
            out[force.is_of(bar.kind for bar in self.question.response.card.bars)] = BARRED_BY_CARD
            out[self._lacks(lambda need: force.has_equipment(need.equipment))] = NO_EQUIPMENT
            out[self._lacks(lambda need: force.has_skills(need.skills))] = NO_SKILL
        out[force.rows_that_declined(self.question.incident.id)] = DECLINED
        out[[force.row_of[unit] for unit in self.question.in_distress if unit in force.row_of]] = DISTRESSED
        return out

    def _out(self) -> Ints:
        out, count = self.out_wherever.copy(), len(self.force)
        # Of a position that is not to be trusted nobody can say that it is too far away.
        is_far = (self.why_straight == FAR) | (np.nan_to_num(self.etas_s) > HORIZON_S)
        out[is_far & ~np.isin(out, (STALE, DECLINED, DISTRESSED))] = TOO_FAR
        out[self.force.is_barred[:count]] = NOT_FREE
        return out

    def _has_too_little_rest(self) -> Bools:
        """As domain/rest.py has it, for everybody: rest before this turn, not a pause within it."""
        force, count = self.force, len(self.force)
        off_at, on_at = force.off_duty_at[:count], force.on_duty_at[:count]
        went_off_within = off_at >= force.turn_begins_at[:count]
        is_short = np.maximum(0.0, on_at - off_at) < self.question.limits.rest_ms
        return np.asarray(is_short & ~went_off_within)

    def _lacks(self, has: Callable[[Need], Bools]) -> Bools:
        """Of a kind that is needed, but without what every need for that kind asks for."""
        asked = np.zeros(len(self.force), dtype=bool)
        fits = np.zeros(len(self.force), dtype=bool)
        for need in self.question.response.needs if self.question.response else ():
            is_kind = self.force.is_of(need.kinds)
            asked |= is_kind
            fits |= is_kind & has(need)
        return asked & ~fits

    def _order(self, incident: str) -> list[int]:
        key = self.tiers * _TIER + np.minimum(self.times_s, _UNKNOWN_S)
        key = key + _OUT * (self.out != IN) + _NOT_FREE * (self.out == NOT_FREE)
        by_id = self.force.by_id
        order = by_id[np.argsort(key[by_id], kind="stable")]
        here = self.force.rows_at_work(incident)
        rows: list[int] = order.tolist()
        return [row for row in rows if row not in here] if here else rows

    def _first_nearest(self) -> int | None:
        """Who of those that suit and are not left out is there first, by the road alone; of equals the first one."""
        order = np.array(self._best_first, dtype=np.intp)
        may = (self.out[order] == IN) & (self.tiers[order] != OTHER) & ~np.isnan(self.etas_s[order])
        if not may.any():
            return None
        return int(order[np.where(may, self.etas_s[order], np.inf).argmin()])

    # -- one candidate -----------------------------------------------------------------------------------------------

    def _make(self, row: int) -> Candidate:
        away_m, eta_s, age_s = (float(column[row]) for column in (self.away_m, self.etas_s, self.ages_s))
        reasons, out = self._reasons(row), int(self.out[row])
        return Candidate(
            self.ids[row],
            None if np.isnan(away_m) else away_m,
            None if np.isnan(eta_s) else eta_s,
            None if np.isnan(age_s) else age_s,
            bool(self.tiers[row] != OTHER),
            (Reason("nearest"), *reasons) if row == self._nearest else reasons,
            self.why_out(row),
            out != NOT_FREE,
            bool(self.why_straight[row] != WAY),
            out in (UNRESTED, TIRED, BARRED_BY_CARD, DECLINED, DISTRESSED),
        )

    def why_out(self, row: int) -> Reason | None:
        """Why a unit is not recommended; None for one that may be."""
        unit, out = self._units[row], int(self.out[row])
        if out in (DECLINED, NOT_FREE):
            decline = unit.decline(self.question.incident.id) if out == DECLINED else None
            return _why_not_free(unit) if decline is None else _why_declined(decline)
        if out in _SAID:
            return _SAID[out]
        if out == STALE:
            return Reason("fix_stale", {"age_s": float(self.ages_s[row])})
        if out in (TIRED, UNRESTED):
            return self._rest_reason(row)
        if out == BARRED_BY_CARD:
            return Reason("barred_by_card", {"kind": unit.kind})
        if out == NO_EQUIPMENT:
            return Reason("no_equipment", {"equipment": self._asked(unit.kind, lambda need: need.equipment)})
        if out == NO_SKILL:
            return Reason("no_skill", {"skills": self._asked(unit.kind, lambda need: need.skills)})
        return None

    def _rest_reason(self, row: int) -> Reason:
        begins_at = self.force.turn_begins_at[row]
        known_at = 0 if np.isnan(begins_at) else int(begins_at)
        due = rest_due(self._units[row], self.question.limits, self.question.now, known_at)
        assert due is not None
        return Reason(due.rule, {"hours": due.lasting_ms // _HOUR_MS, "limit": due.limit_ms // _HOUR_MS})

    def _asked(self, kind: str, of: Callable[[Need], tuple[str, ...]]) -> str:
        needs = self.question.response.needs if self.question.response else ()
        return " ".join(next((of(need) for need in needs if kind in need.kinds and of(need)), ()))

    def _reasons(self, row: int) -> tuple[Reason, ...]:
        """What speaks for a unit, and what is to be known of it."""
        unit, force = self._units[row], self.force
        member = force.members.get(unit.id)
        grid = member.post.grid if member and member.post else ""
        return _reasons(
            unit.kind,
            int(self.tiers[row]),
            self._grid_reason(unit.kind, grid),
            second_to=unit.assignments[-1].incident if unit.assignments else "",
            free_in_min=self._free_in_min(row),
            is_returning=bool(force.is_returning[row]),
            place="seen" if force.is_seen[row] else "from_post" if force.has_post[row] else "place_unknown",
            straight=_STRAIGHT.get(int(self.why_straight[row]), ""),
        ) + self._turn_reasons(row)

    def _free_in_min(self, row: int) -> int:
        """Until it is done with what it is at; 0 where that is nothing or nobody can tell."""
        left_s = float(self.left_s[row])
        return max(1, round(left_s / 60)) if 0 < left_s < inf else 0

    def _turn_reasons(self, row: int) -> tuple[Reason, ...]:
        """What the duty plan says of it, and that it is under way to a post."""
        if self.force.is_moving_up[row]:
            return (_MOVING_UP,)
        if self.force.is_unrostered[row]:
            return (_UNROSTERED,)
        minutes = self._ends_in_min(row)
        return () if minutes is None else (Reason("turn_ends", {"minutes": minutes}),)

    def _ends_in_min(self, row: int) -> int | None:
        """Minutes until the unit goes off, when that is before it could be there and do anything; None else."""
        left_ms = float(self.force.turn_ends_at[row]) - self.question.now
        if isnan(left_ms):
            return None
        eta_s = float(self.etas_s[row])
        there_ms = 0.0 if isnan(eta_s) else eta_s * 1000
        return int(left_ms // 60_000) if left_ms < there_ms + self.question.limits.ending_ms else None

    def _grid_reason(self, kind: str, grid: str) -> str:
        own = self.question.incident.grid
        if not grid or not own:
            return ""
        if grid == own:
            return "own_grid"
        if kind not in LOCAL_KINDS:
            return ""
        return "mutual_aid" if grid in self.question.neighbours else "far_grid"


def _tiers(force: Force, wanted: Sequence[str]) -> Ints:
    tier_of = dict.fromkeys(wanted, SUITS) | dict.fromkeys(wanted[:1], LEADS)
    by_code = np.array([tier_of.get(kind, OTHER) for kind in force.kinds] or [OTHER], dtype=np.intp)
    return np.asarray(by_code[force.kind[: len(force)]])


def _why_not_free(unit: Unit) -> Reason:
    """Why the domain would refuse to send it."""
    if not unit.assignments:
        return Reason("not_on_duty", {"status": unit.duty})
    return Reason("busy", {"incident": unit.assignments[-1].incident, "status": unit.status})


def _why_declined(decline: Decline) -> Reason:
    """It was asked and said no; asking again is the officer's, who says why."""
    return Reason("declined", {"reason": decline.reason}) if decline.reason else Reason("declined_unsaid")


@lru_cache(maxsize=4096)
def _reasons(
    kind: str,
    tier: int,
    grid: str,
    *,
    second_to: str,
    free_in_min: int,
    is_returning: bool,
    place: str,
    straight: str,
) -> tuple[Reason, ...]:
    """Thousands of units share a few dozen sets of reasons: each is made once."""
    found = [Reason("leads" if tier == LEADS else "suits", {"kind": kind})] if tier != OTHER else []
    if grid:
        found.append(Reason(grid))
    if second_to:
        found.append(_second_task(second_to, free_in_min))
    elif is_returning:
        found.append(Reason("returning"))
    if place != "seen":
        found.append(Reason(place))
    if straight:
        found.append(Reason(straight))
    return tuple(found)


def _second_task(incident: str, free_in_min: int) -> Reason:
    if free_in_min:
        return Reason("second_task_after", {"incident": incident, "minutes": free_in_min})
    return Reason("second_task", {"incident": incident})


__all__ = ["PLACE_UNKNOWN", "Ranking"]
