"""Patrols as planned: rounds of a route that come back every so often, and what became of their check points.

Owns when rounds are due, how long a unit must stay at a check point, what is missed and what share was done; all pure.
Must not know where a unit is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant
from app.domain.shift import BY_HAND, PatrolMark, PatrolRecord


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """`first_ms` and `last_ms` are times of day at which the first and the last round may begin, `every_ms` apart.

    A round lasts `within_ms`; at each of its `points` the unit stays `dwell_ms`.
    """

    id: str
    route: str
    unit: str
    points: tuple[str, ...]
    first_ms: int
    last_ms: int
    every_ms: int
    within_ms: int
    dwell_ms: int


@dataclass(frozen=True, slots=True)
class PatrolRound:
    """`id` is the same on every desk: two that watch the same round write it down once."""

    id: str
    plan: PatrolPlan
    begins_at: Instant
    ends_at: Instant


def rounds_of(plan: PatrolPlan, since: Instant, until: Instant) -> list[PatrolRound]:
    """The rounds that have any part in [since, until), in order."""
    first_day = (since - plan.within_ms + CENTRE_UTC_OFFSET_MS) // DAY_MS
    last_day = (until + CENTRE_UTC_OFFSET_MS) // DAY_MS
    found = []
    for day in range(first_day, last_day + 1):
        midnight = day * DAY_MS - CENTRE_UTC_OFFSET_MS
        for start_ms in range(plan.first_ms, plan.last_ms + 1, plan.every_ms):
            begins_at = midnight + start_ms
            if begins_at < until and begins_at + plan.within_ms > since:
                found.append(PatrolRound(_id(plan, begins_at), plan, begins_at, begins_at + plan.within_ms))
    return found


def _id(plan: PatrolPlan, begins_at: Instant) -> str:
    moment = datetime.fromtimestamp((begins_at + CENTRE_UTC_OFFSET_MS) // 1000, UTC)
    return f"{plan.id}-{moment:%Y%m%d-%H%M}"


def due_points(patrol_round: PatrolRound, record: PatrolRecord | None) -> list[str]:
    """The points of a round of which nothing is written yet."""
    return [p for p in patrol_round.plan.points if record is None or record.of(p) is None]


def missed_points(
    patrol_round: PatrolRound, record: PatrolRecord | None, now: Instant, grace_ms: int
) -> list[str]:
    """What is to be written down as missed now: once, since afterwards it is written."""
    return due_points(patrol_round, record) if now >= patrol_round.ends_at + grace_ms else []


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a route was done: `done` of `due` points, `missed` of them missed, `late` ticked off afterwards."""

    done: int = 0
    missed: int = 0
    due: int = 0
    late: int = 0


def is_late(patrol_round: PatrolRound, mark: PatrolMark) -> bool:
    """Whether somebody only said afterwards that the point had been checked: no round was made by that."""
    return mark.by == BY_HAND and mark.at >= patrol_round.ends_at


def shares(rounds: Iterable[PatrolRound], records: Mapping[str, PatrolRecord]) -> dict[str, Share]:
    """By route, over these rounds."""
    found: dict[str, Share] = {}
    for each in rounds:
        record = records.get(each.id)
        marks = [mark for p in each.plan.points if record is not None and (mark := record.of(p)) is not None]
        late = sum(is_late(each, mark) for mark in marks)
        done = sum(bool(mark.by) for mark in marks) - late
        before = found.get(each.plan.route, Share())
        found[each.plan.route] = Share(
            before.done + done,
            before.missed + len(marks) - done - late,
            before.due + len(each.plan.points),
            before.late + late,
        )
    return found


@dataclass(slots=True)
class Stay:
    """How long a unit has been near one check point; `since` None while it is not."""

    since: Instant | None = None
    last_at: Instant = 0

    def put(self, is_near: bool, at: Instant, dwell_ms: int, gap_ms: int) -> bool:
        """Takes one fix in; whether the unit has now stayed long enough. A long silence is no stay."""
        if not is_near:
            self.since = None
            return False
        if self.since is None or at - self.last_at > gap_ms:
            self.since = at
        self.last_at = at
        return at - self.since >= dwell_ms


def current(rounds: Sequence[PatrolRound], at: Instant, grace_ms: int = 0) -> list[PatrolRound]:
    """The rounds that run at an instant, their grace included."""
    return [each for each in rounds if each.begins_at <= at < each.ends_at + grace_ms]
