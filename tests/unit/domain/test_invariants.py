"""Any sequence of commands, by anybody, leaves every invariant of the desk standing."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.incident import CONTACT_RESULTS, LEVELS, OUTCOMES, RELATIONS, SEEN_FROM_THERE, STATUSES
from tests.unit.domain.desk_driver import KINDS, DeskDriver

incidents = st.sampled_from(["i1", "i2", "i3", "i4"])
units = st.sampled_from([*KINDS, "x9"])
statuses = st.sampled_from(un.STATUSES)
texts = st.sampled_from(["", "a reason"])

COMMANDS = st.one_of(
    st.builds(cmd.AcceptIncident, incidents),
    st.builds(cmd.DispatchUnits, incidents, st.lists(units, max_size=3).map(tuple)),
    st.builds(cmd.RecallUnit, incidents, units, texts),
    st.builds(cmd.AnswerTask, units, incidents, st.booleans(), texts),
    st.builds(cmd.SetUnitStatus, units, statuses, st.none() | incidents),
    st.builds(cmd.ObserveUnitStatus, units, statuses, st.none() | incidents),
    st.builds(cmd.EnrolUnit, units, st.just("external"), st.just("visitor")),
    st.builds(cmd.ReportBack, incidents, texts),
    st.builds(cmd.VerifyIncident, incidents),
    st.builds(cmd.CloseIncident, incidents, st.sampled_from(OUTCOMES), texts),
    st.builds(cmd.ReopenIncident, incidents, texts),
    st.builds(cmd.WithdrawIncident, incidents, texts),
    st.builds(cmd.MergeIncident, incidents, incidents),
    st.builds(cmd.HandOverIncident, incidents, texts, texts),
    st.builds(cmd.EscalateIncident, incidents, st.sampled_from(LEVELS), texts),
    st.builds(cmd.UnmergeIncident, incidents, texts),
    st.builds(cmd.LinkIncidents, incidents, incidents, st.sampled_from(RELATIONS)),
    st.builds(cmd.UnlinkIncidents, incidents, incidents),
    st.builds(cmd.ReturnIncident, incidents, units | texts, texts),
    st.builds(cmd.AssignByOrder, incidents, st.lists(units, max_size=2).map(tuple), texts, texts),
    st.builds(cmd.SuperviseIncident, incidents, texts),
    st.builds(cmd.EndSupervision, incidents, texts),
    st.builds(cmd.ContactReporter, incidents, st.sampled_from(CONTACT_RESULTS)),
    st.builds(cmd.UpdateIncident, incidents, priority=st.sampled_from([1, 4, 9])),
)


class DeskMachine(RuleBasedStateMachine):
    """Reports and commands in any order; whatever a rule refuses must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = DeskDriver()
        self.units_before: dict[str, un.Unit] = {}

    @property
    def desk(self) -> Desk:
        return self.driver.desk

    @rule(incident=incidents)
    def report(self, incident: str) -> None:
        self.driver.report(incident)

    @rule(command=COMMANDS)
    def command(self, command: cmd.Command) -> None:
        before_incidents, before_units = dict(self.desk.incidents), dict(self.desk.units)
        try:
            self.driver.do(command)
        except Refusal:
            assert dict(self.desk.incidents) == before_incidents
            assert dict(self.desk.units) == before_units
            return
        if isinstance(command, cmd.CloseIncident):
            self._freed_exactly_its_own(before_incidents[command.incident].units, before_units)
        if isinstance(command, cmd.ReturnIncident):
            before = before_incidents[command.incident]
            self._freed_exactly_its_own({command.by} & {*before.units}, before_units)
            assert self.desk.incidents[command.incident].opened_at == before.opened_at
        if isinstance(command, cmd.SetUnitStatus):
            self._touched_only(command.unit, before_units)

    @rule(command=COMMANDS)
    def deciding_changes_nothing(self, command: cmd.Command) -> None:
        before_incidents, before_units = dict(self.desk.incidents), dict(self.desk.units)
        try:
            first = decide(self.desk, command)
            assert decide(self.desk, command) == first
        except Refusal:
            pass
        assert dict(self.desk.incidents) == before_incidents
        assert dict(self.desk.units) == before_units

    def _freed_exactly_its_own(self, own: Collection[str], before: dict[str, un.Unit]) -> None:
        for key, unit in self.desk.units.items():
            lost = len(before[key].assignments) - len(unit.assignments)
            assert lost == (1 if key in own else 0)

    def _touched_only(self, unit: str, before: dict[str, un.Unit]) -> None:
        assert {key for key, now in self.desk.units.items() if now != before.get(key)} <= {unit}

    @invariant()
    def a_unit_keeps_its_capacity(self) -> None:
        for unit in self.desk.units.values():
            assert len(unit.assignments) <= unit.capacity
            assert len({a.incident for a in unit.assignments}) == len(unit.assignments)

    @invariant()
    def incidents_and_units_agree_on_who_works_where(self) -> None:
        by_unit = {(a.incident, unit.id) for unit in self.desk.units.values() for a in unit.assignments}
        by_incident = {(i.id, unit) for i in self.desk.incidents.values() for unit in i.units}
        assert by_unit == by_incident

    @invariant()
    def nobody_works_on_an_ended_incident(self) -> None:
        assert not [i.id for i in self.desk.incidents.values() if not i.is_open and i.units]

    @invariant()
    def statuses_are_the_fields_own_words(self) -> None:
        assert {i.status for i in self.desk.incidents.values()} <= STATUSES
        assert {u.status for u in self.desk.units.values()} <= set(un.STATUSES)

    @invariant()
    def who_is_on_duty_with_a_task_is_in_a_phase(self) -> None:
        for unit in self.desk.units.values():
            assert (unit.status in un.PHASES) == bool(unit.assignments)

    @invariant()
    def a_dispatched_incident_has_a_unit(self) -> None:
        assert all(i.units for i in self.desk.incidents.values() if i.status == "dispatched")

    @invariant()
    def what_waits_to_be_sent_runs_its_dispatch_clock(self) -> None:
        waiting = [i for i in self.desk.incidents.values() if i.status == "accepted" and not i.reopened]
        assert not [i.id for i in waiting if i.dispatched_at is not None]

    @invariant()
    def a_link_is_known_from_both_sides(self) -> None:
        links = {(i.id, link.other, link.relation) for i in self.desk.incidents.values() for link in i.links}
        back = {(other, here, SEEN_FROM_THERE.get(relation, relation)) for here, other, relation in links}
        assert links == back
        assert len({(here, other) for here, other, _ in links}) == len(links)

    @invariant()
    def a_source_means_the_incident_that_goes_on(self) -> None:
        """Every report is found where it was merged to, once, and nowhere when it was separated again."""
        incidents_of = self.desk.incidents
        for source, key in self.desk.by_source.items():
            assert incidents_of[key].merged_into is None
            holders = [i for i in incidents_of.values() if source in i.source_ids and i.merged_into is None]
            assert [i.id for i in holders] == [key]
            assert holders[0].source_ids.count(source) == 1

    @invariant()
    def who_has_an_open_incident_by_order_has_it(self) -> None:
        assert all({*i.ordered} <= {*i.holders} for i in self.desk.incidents.values() if i.is_open)


DeskMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestDeskInvariants = DeskMachine.TestCase
