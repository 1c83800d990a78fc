"""The clocks of an incident: until when each step of its loop must be done.

Owns steps, due times and lights. Must not know what time it is, which limits hold or which days are worked: `now` comes
from outside, limits come as `Limits`, working days are counted by work_time.py.

The steps and what ends their clocks, in the words of the loop 接报…结案:

| step | its clock ends when | kept as |
|---|---|---|
| accept 立案 | the desk has taken the matter on | `accepted_at` |
| dispatch 派遣 | somebody has been sent | `dispatched_at` |
| contact 约 | the reporter has been spoken to | `contacted_at` |
| arrive 到场 | the first unit is on the scene | `arrived_at` |
| resolve 处置 | who handled it has reported back | `reported_back_at` |
| feedback 访 | the reporter was asked and told, which is the verification (核查) | `verified_at` |

All clocks run from the report at the same time. A step that a later one has overtaken (a unit on the scene that nobody
phoned for) ends without being done; so does every step when the incident ends or a department takes it over. A returned
order (退单) stops no clock and moves none: what was sent waits to be sent again, still from the report. A reopened
incident runs what it has still to do from its reopening. A merged one stands still; when the merge is undone its clocks
go on from its own report, as if they had never stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.work_time import WorkTime

GREEN: Final = "green"
YELLOW: Final = "yellow"
RED: Final = "red"

YELLOW_FROM: Final = 0.7
"""Share of the limit after which a light turns yellow."""

STEPS: Final = (
    ("accept", "accepted_at"),
    ("dispatch", "dispatched_at"),
    ("contact", "contacted_at"),
    ("arrive", "arrived_at"),
    ("resolve", "reported_back_at"),
    ("feedback", "verified_at"),
)
_CONTACT: Final = 2
"""Its place among STEPS: the one step that overtakes none, since it may be done at any time."""
_NO_PLACE: Final = -1


class ClockRule(Protocol):
    """The limit of one step: `place` is its place in STEPS, `pauses` are the reasons for which its clock may stand."""

    @property
    def place(self) -> int: ...
    @property
    def pauses(self) -> frozenset[str]: ...
    def due_after(self, start_at: Instant) -> Instant:
        """When a clock that starts then is due."""

    def is_sure(self, due_at: Instant) -> bool:
        """Whether the calendar by which it was counted has been published."""


class Limits(Protocol):
    """What a centre has declared."""

    def rules_for(self, incident_type: str, priority: int) -> Sequence[ClockRule]:
        """The limits of a type, known or not, in the order of STEPS; a step without one is left out."""


@dataclass(frozen=True, slots=True)
class ElapsedRule:
    """Minutes and emergency hours: every minute of every day counts."""

    place: int
    limit_ms: int
    pauses: frozenset[str] = frozenset()

    def due_after(self, start_at: Instant) -> Instant:
        return start_at + self.limit_ms

    def is_sure(self, due_at: Instant) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class WorkingHoursRule:
    """Only the time in which business is open counts."""

    place: int
    limit_ms: int
    work_time: WorkTime
    pauses: frozenset[str] = frozenset()

    def due_after(self, start_at: Instant) -> Instant:
        return self.work_time.after_hours(start_at, self.limit_ms)

    def is_sure(self, due_at: Instant) -> bool:
        return self.work_time.is_known(due_at)


@dataclass(frozen=True, slots=True)
class WorkingDaysRule:
    """The day of the report does not count, the last day ends when business closes."""

    place: int
    days: int
    work_time: WorkTime
    pauses: frozenset[str] = frozenset()

    def due_after(self, start_at: Instant) -> Instant:
        return self.work_time.after_days(start_at, self.days)

    def is_sure(self, due_at: Instant) -> bool:
        return self.work_time.is_known(due_at)


class PlainLimits:
    """The same limits in milliseconds, by priority and step, for every type."""

    def __init__(self, limits_ms: Mapping[int, Mapping[str, int]]) -> None:
        self._rules = {
            priority: tuple(
                ElapsedRule(place, of_step[name]) for place, (name, _) in enumerate(STEPS) if name in of_step
            )
            for priority, of_step in limits_ms.items()
        }

    def rules_for(self, incident_type: str, priority: int) -> Sequence[ClockRule]:
        return self._rules[priority]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the matter waited for somebody outside; `until_at` None while it still does."""

    reason: str
    from_at: Instant
    until_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock. `done_at` is None while it runs; a step that the desk was done without has `ended_at`.

    `paused_at` is since when it stands, None while it does not. `is_sure` is False where the due time rests on a year
    whose holidays have not been published.
    """

    name: str
    start_at: Instant
    due_at: Instant
    done_at: Instant | None
    ended_at: Instant | None = None
    paused_at: Instant | None = None
    is_sure: bool = True

    @property
    def runs(self) -> bool:
        return self.done_at is None and self.ended_at is None

    @property
    def stopped_at(self) -> Instant | None:
        """When it came to stand, for good or for a while."""
        return self.done_at or self.ended_at or self.paused_at

    @property
    def yellow_at(self) -> Instant:
        return self.start_at + round((self.due_at - self.start_at) * YELLOW_FROM)

    def left_ms(self, now: Instant) -> int:
        """Milliseconds until it is due, negative when overdue; frozen while it does not run."""
        return self.due_at - (self.stopped_at or now)

    def light(self, now: Instant) -> str:
        left = self.left_ms(now)
        if left < 0:
            return RED
        used = 1 - left / max(1, self.due_at - self.start_at)
        return YELLOW if self.runs and used >= YELLOW_FROM else GREEN


def due_clocks(incident: Incident, limits: Limits, pauses: Iterable[Pause] = ()) -> tuple[ClockState, ...]:
    """Every clock of the incident, in the order of the loop. `pauses` ascend; those that no rule allows do nothing."""
    rules = limits.rules_for(incident.incident_type, incident.priority)
    reached = _reached(incident)
    return tuple(_state(incident, rule, reached, pauses) for rule in rules)


def next_clock(incident: Incident, limits: Limits, pauses: Iterable[Pause] = ()) -> ClockState | None:
    """The running clock that is due first; None when none runs."""
    running = (clock for clock in due_clocks(incident, limits, pauses) if clock.runs)
    return min(running, key=lambda clock: clock.due_at, default=None)


def next_due_at(incident: Incident, limits: Limits) -> Instant | None:
    """When the next clock is due, without making clocks: it is asked of 100,000 incidents at a time."""
    if incident.handed_over_at is not None or not incident.is_open:
        return None
    reached = _reached(incident)
    start_at = incident.opened_at if incident.reopened_at is None else incident.reopened_at
    first: Instant | None = None
    for rule in limits.rules_for(incident.incident_type, incident.priority):
        if rule.place > reached and (rule.place != _CONTACT or incident.contacted_at is None):
            due_at = rule.due_after(start_at)
            if first is None or due_at < first:
                first = due_at
    return first


def _reached(incident: Incident) -> int:
    """The place of the furthest step that was done: those before it have been overtaken."""
    if incident.verified_at is not None:
        return 5
    if incident.reported_back_at is not None:
        return 4
    if incident.arrived_at is not None:
        return 3
    if incident.dispatched_at is not None:
        return 1
    if incident.accepted_at is not None or incident.reopened_at is not None:
        return 0
    return _NO_PLACE


def _state(incident: Incident, rule: ClockRule, reached: int, pauses: Iterable[Pause]) -> ClockState:
    name, milestone = STEPS[rule.place]
    done_at: Instant | None = getattr(incident, milestone)
    if done_at is None and name == "accept":
        done_at = incident.reopened_at
    ended_at = None if done_at is not None else _ended_at(incident, rule.place, reached)
    start_at = incident.opened_at
    if incident.reopened_at is not None and (done_at is None or done_at >= incident.reopened_at):
        start_at = incident.reopened_at
    due_at, paused_at = _due_at(rule, start_at, pauses)
    paused_at = None if done_at is not None or ended_at is not None else paused_at
    return ClockState(name, start_at, due_at, done_at, ended_at, paused_at, rule.is_sure(due_at))


def _ended_at(incident: Incident, place: int, reached: int) -> Instant | None:
    """When the desk was done without a step: at the end, at its hand-over, or at the first step that overtook it."""
    ends = [incident.handed_over_at if incident.is_open else incident.closed_at]
    if place < reached:
        later = (name for at, (_, name) in enumerate(STEPS) if at > place and at != _CONTACT)
        ends += [getattr(incident, name) for name in later]
    return min((at for at in ends if at is not None), default=None)


def _due_at(rule: ClockRule, start_at: Instant, pauses: Iterable[Pause]) -> tuple[Instant, Instant | None]:
    """When it is due, and since when it stands. A pause that begins after the limit mends nothing."""
    due_at, paused_ms = rule.due_after(start_at), 0
    for pause in pauses:
        from_at = max(pause.from_at, start_at)
        if pause.reason not in rule.pauses or from_at >= due_at:
            continue
        if pause.until_at is None:
            return due_at, from_at
        paused_ms += max(0, pause.until_at - from_at)
        due_at = rule.due_after(start_at + paused_ms)
    return due_at, None
