"""Roll calls over any course of events, with two desks that watch and restart: an alarm for each silence, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.decide import decide
from app.domain.errors import Refusal
from app.domain.field_limits import FieldLimits
from app.projections.changes import Changes
from app.service.bus import Submission, Told
from app.service.field_watch import ROLL_OVERDUE, FieldWatch
from tests.unit.domain.desk_driver import DeskDriver

LIMITS = FieldLimits(roll_ms={1: 15 * 60_000, 3: 60 * 60_000})
"""P4 is asked by nobody."""
PRIORITIES = {"i1": 1, "i3": 3, "i4": 4}
units, incidents = st.sampled_from(["p1", "p2"]), st.sampled_from(sorted(PRIORITIES))


@dataclass
class Heard:
    """The model: when a unit on scene was last known safe, and whether it is asked."""

    at: int
    paused: bool = False


class RollCalls(RuleBasedStateMachine):
    """Two desks look at every moment, as two desks do; what each keeps may be lost at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = DeskDriver()
        self.there: dict[tuple[str, str], Heard] = {}
        self.raised: Counter[str] = Counter()
        self.watches: dict[str, FieldWatch] = {}

    @initialize()
    def begin(self) -> None:
        for incident, priority in PRIORITIES.items():
            self.driver.report(incident, priority)
        self.restart("ab")

    def now(self) -> int:
        return self.driver.now

    # -- what happens ------------------------------------------------------------------------------------------------

    @rule(desks=st.sampled_from(["a", "b", "ab"]))
    def restart(self, desks: str) -> None:
        for desk in desks:
            self.watches[desk] = FieldWatch(LIMITS, lambda: self.driver.desk, self._post, self, desk)
            self.watches[desk].resume()

    @rule(minutes=st.integers(1, 80))
    def wait(self, minutes: int) -> None:
        self.driver.now += minutes * 60_000

    @rule(unit=units, incident=incidents)
    def arrive(self, unit: str, incident: str) -> None:
        self._do(cmd.DispatchUnits(incident, (unit,)))
        self._do(cmd.SetUnitStatus(unit, "on_scene", incident))

    @rule(unit=units, incident=incidents, command=st.sampled_from([cmd.AnswerRollCall, cmd.ResumeRollCall]))
    def answer_or_resume(self, unit: str, incident: str, command: Callable[[str, str], cmd.Command]) -> None:
        self._do(command(unit, incident))

    @rule(unit=units, incident=incidents)
    def pause(self, unit: str, incident: str) -> None:
        self._do(cmd.PauseRollCall(unit, incident, "interview"))

    @rule(unit=units, incident=incidents)
    def leave(self, unit: str, incident: str) -> None:
        self._do(cmd.SetUnitStatus(unit, "available", incident))

    # -- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def who_is_silent_for_too_long_is_an_alarm_and_nobody_else(self) -> None:
        for watch in self.watches.values():
            watch.look()
        silent = {
            f"roll:{unit}"
            for (unit, incident), heard in self.there.items()
            if (every_ms := LIMITS.roll_ms.get(PRIORITIES[incident])) is not None
            and not heard.paused
            and self.driver.now - heard.at > every_ms + LIMITS.grace_ms
        }
        live = [a for a in self.driver.desk.alarms.values() if a.is_live and a.alarm_type == ROLL_OVERDUE]
        assert {alarm.device for alarm in live} == silent
        assert all(alarm.priority == 1 for alarm in live)

    @invariant()
    def one_silence_is_raised_once(self) -> None:
        assert all(count == 1 for count in self.raised.values())

    # -- the desk ----------------------------------------------------------------------------------------------------

    def _do(self, command: cmd.Command) -> None:
        try:
            events = self.driver.do(command)
        except Refusal:
            return
        for event in events:
            self._model(event)
        self._tell(Changes(units={"p1", "p2"}))

    def _model(self, event: ev.Event) -> None:
        match event:
            case ev.UnitProgressed(unit, incident, "on_scene"):
                self.there[unit, incident] = Heard(self.driver.now)
            case ev.UnitRollAnswered(unit, incident):
                self.there[unit, incident].at = self.driver.now
            case ev.UnitRollPaused(unit, incident):
                self.there[unit, incident].paused = True
            case ev.UnitRollResumed(unit, incident):
                self.there[unit, incident] = Heard(self.driver.now)
            case ev.UnitReleased(unit, incident):
                self.there.pop((unit, incident), None)

    def _tell(self, changes: Changes) -> None:
        for watch in self.watches.values():
            watch.on_changes(changes, ())

    def _post(self, submission: Submission, told: Told) -> None:
        """What a bus does, at once."""
        failure: Refusal | None = None
        for command in submission.commands:
            try:
                changes = decide(self.driver.desk, command)
            except Refusal as refusal:
                failure = refusal
                continue
            for stream, event in changes:
                self.driver.desk.apply(stream, event, self.driver.now, self.driver.now)
                if isinstance(event, ev.AlarmRaised) and event.alarm_type == ROLL_OVERDUE:
                    self.raised[stream] += 1
                self._tell(Changes(alarms={stream.partition("/")[2]}))
        told(failure)


RollCalls.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestRollCalls = RollCalls.TestCase
