"""Positions tick check points off once, what is missed is said once, and a restart says nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.patrol import PatrolPlan
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit
from app.geo.patrols import CheckPoint
from app.journal.store import TrackPoint
from app.service.bus import Submission, Told
from app.service.clock import Clock
from app.service.patrol_watch import PatrolWatch

MIN = 60_000
MIDNIGHT = 1_795_276_800_000
"""2026-11-22 in China."""
PLAN = PatrolPlan("plaza", "T1", "j1", ("K1", "K2"), 8 * 60 * MIN, 8 * 60 * MIN, 120 * MIN, 60 * MIN, 30_000)
POINTS = (
    CheckPoint("K1", "", "", "T1", 1, 31.2200, 121.4700, 50.0),
    CheckPoint("K2", "", "", "T1", 2, 31.2300, 121.4800, 50.0),
)
LIMITS = ShiftLimits()


@dataclass
class Hand(Clock):
    """A clock that is set by hand."""

    at: int = MIDNIGHT

    def now(self) -> int:
        return self.at


@dataclass
class Street:
    """A desk, a clock, and a watch that writes straight into the desk."""

    clock: Hand
    desk: Desk = field(default_factory=lambda: Desk(units={"j1": Unit("j1", "joint_patrol", "")}))
    written: list[cmd.Command] = field(default_factory=list)

    def watch(self) -> PatrolWatch:
        watch = PatrolWatch((PLAN,), POINTS, LIMITS, lambda: self.desk, self.post, self.clock, "desk-1")
        watch.look()
        return watch

    def post(self, submission: Submission, told: Told) -> None:
        for command in submission.commands:
            for stream, event in decide(self.desk, command):
                self.written.append(command)
                at = submission.context.occurred_at
                self.desk.apply(stream, event, at, at)
        told(None)

    def walk(self, watch: PatrolWatch, minute: float, lat: float, lon: float) -> None:
        self.clock.at = round(MIDNIGHT + 8 * 60 * MIN + minute * MIN)
        watch.put(TrackPoint("j1", self.clock.at, lat, lon))


def test_a_stay_ticks_off_once_and_passing_by_does_not() -> None:
    street = Street(Hand(MIDNIGHT + 7 * 60 * MIN))
    watch = street.watch()
    street.walk(watch, 5, 31.2200, 121.4700)
    street.walk(watch, 5.2, 31.2250, 121.4750)
    street.walk(watch, 6, 31.2200, 121.4700)
    assert street.written == [], "nobody has stayed yet"
    for second in range(10, 60, 10):
        street.walk(watch, 6 + second / 60, 31.2201, 121.4701)
    assert [(type(c).__name__, c.point) for c in street.written] == [("CheckPatrolPoint", "K1")]  # type: ignore[attr-defined]


def test_outside_its_hours_a_stay_is_no_round() -> None:
    street = Street(Hand(MIDNIGHT + 7 * 60 * MIN))
    watch = street.watch()
    for second in range(0, 120, 10):
        street.walk(watch, -30 + second / 60, 31.2200, 121.4700)
        street.walk(watch, 61 + second / 60, 31.2200, 121.4700)
    assert street.written == []


def test_what_is_missed_is_written_once_after_the_grace() -> None:
    street = Street(Hand(MIDNIGHT + 7 * 60 * MIN))
    watch = street.watch()
    street.clock.at = MIDNIGHT + 9 * 60 * MIN + LIMITS.grace_ms - 1
    watch.look()
    assert street.written == []
    street.clock.at += 1
    for _ in range(3):
        watch.look()
    *missed, alarm = street.written
    assert [(c.point, c.watched) for c in missed] == [("K1", True), ("K2", True)]  # type: ignore[attr-defined]
    assert isinstance(alarm, cmd.RaiseAlarm)
    assert (alarm.alarm_type, alarm.priority) == ("patrol_missed", 4)


def test_a_restart_says_nothing_twice_and_does_not_judge_what_nobody_watched() -> None:
    street = Street(Hand(MIDNIGHT + 8 * 60 * MIN + 30 * MIN))
    street.watch()
    again = street.watch()
    street.clock.at = MIDNIGHT + 9 * 60 * MIN + LIMITS.grace_ms
    again.look()
    assert [c.watched for c in street.written] == [False, False], "half of the round was before the start"  # type: ignore[attr-defined]
    street.watch()
    late = Street(Hand(MIDNIGHT + 12 * 60 * MIN))
    late.watch().look()
    assert len(street.written) == 2
    assert late.written == [], "a round that was over before the desk stood is left alone"
