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
order (退单) stops no clock and moves none: what was sent waits to be sent again, still from the report. So does what
nobody is on the way to any more, since the last unit was recalled or declined before one arrived; when it had been sent
stays in the story. A reopened incident runs what it has still to do from its reopening. A merged one stands still; when
the merge is undone its clocks go on from its own report, as if they had never stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Final, Protocol

from app.domain.incident import ENDED, Incident
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
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
_OTHERWISE: Final = ""
_DUE: Final = itemgetter(0)


class ClockRule(Protocol):
    """The limit of one step: `place` is its place in STEPS, `pauses` are the reasons for which its clock may stand."""

    @property
    def place(self) -> int: ...
    @property
    def pauses(self) -> frozenset[str]: ...
    @property
    def least_ms(self) -> int:
        """It is never due sooner after its start than this."""

    def due_after(self, start_at: Instant) -> Instant:
        """When a clock that starts then is due."""

    def is_sure(self, due_at: Instant) -> bool:
        """Whether the calendar by which it was counted has been published."""


@plain
class ElapsedRule(Plain):
    """Minutes and emergency hours: every minute of every day counts."""

    place: int
    limit_ms: int
    pauses: frozenset[str] = frozenset()

    @property
    def least_ms(self) -> int:
        return self.limit_ms

    def due_after(self, start_at: Instant) -> Instant:
        return start_at + self.limit_ms

    def is_sure(self, due_at: Instant) -> bool:
        return True


@plain
class WorkingHoursRule(Plain):
    """Only the time in which business is open counts."""

    place: int
    limit_ms: int
    work_time: WorkTime
    pauses: frozenset[str] = frozenset()

    @property
    def least_ms(self) -> int:
        return self.limit_ms

    def due_after(self, start_at: Instant) -> Instant:
        return self.work_time.after_hours(start_at, self.limit_ms)

    def is_sure(self, due_at: Instant) -> bool:
        return self.work_time.is_known(due_at)


@plain
class WorkingDaysRule(Plain):
    """The day of the report does not count, the last day ends when business closes."""

    place: int
    days: int
    work_time: WorkTime
    pauses: frozenset[str] = frozenset()

    @property
    def least_ms(self) -> int:
        return self.work_time.least_ms(self.days)

    def due_after(self, start_at: Instant) -> Instant:
        return self.work_time.after_days(start_at, self.days)

    def is_sure(self, due_at: Instant) -> bool:
        return self.work_time.is_known(due_at)


class Limits:
    """What a centre has declared: rules by type and priority, each tuple in the order of STEPS.

    A step without a limit is left out. `otherwise` is the type whose rules hold for types that nobody declared.
    """

    def __init__(self, rules: Mapping[str, Mapping[int, Sequence[ClockRule]]], otherwise: str) -> None:
        self._rules, self._otherwise = rules, rules[otherwise]
        self._racing: dict[tuple[str, int, int], tuple[ClockRule, ...]] = {}

    def rules_for(self, incident_type: str, priority: int) -> Sequence[ClockRule]:
        return self._rules.get(incident_type, self._otherwise)[priority]

    def racing(self, incident_type: str, priority: int, state: int) -> tuple[ClockRule, ...]:
        """Of the steps that a state (see `_is_left`) leaves to be done, those that may be due first: mostly one."""
        key = (incident_type if incident_type in self._rules else _OTHERWISE, priority, state)
        racing = self._racing.get(key)
        if racing is None:
            left = [rule for rule in self.rules_for(incident_type, priority) if _is_left(rule.place, state)]
            racing = self._racing[key] = _racing(left)
        return racing


def _racing(rules: Sequence[ClockRule]) -> tuple[ClockRule, ...]:
    """Without those that cannot be due before one that is surely due earlier."""
    first_ms = min((rule.limit_ms for rule in rules if isinstance(rule, ElapsedRule)), default=None)
    if first_ms is None:
        return tuple(rules)
    first = next(rule for rule in rules if isinstance(rule, ElapsedRule) and rule.limit_ms == first_ms)
    return tuple(rule for rule in rules if rule is first or rule.least_ms < first_ms)


def plain_limits(limits_ms: Mapping[int, Mapping[str, int]]) -> Limits:
    """The same limits in milliseconds, by priority and step, for every type."""
    rules = {
        priority: tuple(
            ElapsedRule(place, of_step[name]) for place, (name, _) in enumerate(STEPS) if name in of_step
        )
        for priority, of_step in limits_ms.items()
    }
    return Limits({_OTHERWISE: rules}, _OTHERWISE)


@plain
class Pause(Plain):
    """A time in which the matter waited for somebody outside; `until_at` None while it still does."""

    reason: str
    from_at: Instant
    until_at: Instant | None = None


@plain
class ClockState(Plain):
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


def next_clock(incident: Incident, limits: Limits) -> ClockState | None:
    """The running clock that is due first; None when none runs."""
    first = _first(incident, limits)
    if first is None:
        return None
    rule, start_at, due_at = first
    return ClockState(STEPS[rule.place][0], start_at, due_at, None, is_sure=rule.is_sure(due_at))


def next_due_at(incident: Incident, limits: Limits) -> Instant | None:
    """When the next clock is due: it is asked of 100,000 incidents at a time."""
    first = _first(incident, limits)
    return None if first is None else first[2]


def _first(incident: Incident, limits: Limits) -> tuple[ClockRule, Instant, Instant] | None:
    """The rule that is due first, from when it counts, and when it is due."""
    if incident.status in ENDED or incident.handed_over_at is not None:
        return None
    state = 2 * _reached(incident) + 2 + (incident.contacted_at is not None)
    start_at = incident.counts_from if incident.reopened_at is None else incident.reopened_at
    racing = limits.racing(incident.incident_type, incident.priority, state)
    if len(racing) == 1:
        return racing[0], start_at, racing[0].due_after(start_at)
    found = [(rule.due_after(start_at), rule) for rule in racing]
    if not found:
        return None
    due_at, rule = min(found, key=_DUE)
    return rule, start_at, due_at


def _is_left(place: int, state: int) -> bool:
    """Whether a step is still to be done; a state says how far the incident is and whether the reporter was reached."""
    reached, is_contacted = state // 2 - 1, state % 2
    return place > reached and not (place == _CONTACT and is_contacted)


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
    start_at = incident.counts_from
    if incident.reopened_at is not None and (done_at is None or done_at >= incident.reopened_at):
        start_at = incident.reopened_at
    due_at, paused_at = _due_at(rule, start_at, pauses)
    paused_at = None if done_at is not None or ended_at is not None else paused_at
    return ClockState(name, start_at, due_at, done_at, ended_at, paused_at, rule.is_sure(due_at))


def _ended_at(incident: Incident, place: int, reached: int) -> Instant | None:
    """When the desk was done without a step: at the end, at its hand-over, or at the first step that overtook it."""
    end_at = incident.closed_at if incident.status in ENDED else incident.handed_over_at
    if place >= reached:
        return end_at
    later = (name for at, (_, name) in enumerate(STEPS) if at > place and at != _CONTACT)
    ends = (end_at, *(getattr(incident, name) for name in later))
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
