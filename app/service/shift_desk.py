"""Everything that a desk does about shifts, in one place for whoever shows it.

Owns the making of briefs aside, signing by name, and which shift is in hand. Must not paint nor phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain import commands as cmd
from app.domain.alarm_limits import AlarmLimits
from app.domain.clocks import Limits
from app.domain.duty import DutyTurn
from app.domain.errors import Refusal
from app.domain.instants import Instant
from app.domain.patrol import PatrolPlan, PatrolRound, rounds_of
from app.domain.rest import Proposal, on_duty_ms, proposal, rest_ms
from app.domain.road import PlannedClosure
from app.domain.shift import DONE, OUT, Shift, ShiftSpan, handed_over_at, span_at, span_of
from app.domain.shift_limits import ShiftLimits
from app.journal.store import Person
from app.projections.projections import Projections
from app.projections.shift_brief import Brief, brief_of, material_of
from app.projections.signed_brief import handed_over, lines_of
from app.service.aside import aside
from app.service.bus import Bus, Submission
from app.service.roster import Roster, same_name


class ShiftDesk:
    """`projections` gives the state as it is now, `planned` what the district's plan closes at any time."""

    def __init__(
        self,
        projections: Callable[[], Projections],
        bus: Bus,
        roster: Roster,
        plans: Sequence[PatrolPlan],
        limits: Limits,
        shift_limits: ShiftLimits,
        alarm_limits: AlarmLimits,
        planned: Callable[[], Sequence[PlannedClosure]] = tuple,
    ) -> None:
        self.roster = roster
        self.plans = tuple(plans)
        self.shift_limits = shift_limits
        self._projections = projections
        self._bus = bus
        self._limits = limits
        self._planned = planned
        self._starts_ms = alarm_limits.shift_starts_ms

    def span(self, now: Instant) -> ShiftSpan:
        """The shift whose hand-over is in hand. One that was over before anything was told here has no hand-over."""
        shifts, running = self._projections().desk.shifts, self.running_span(now)
        in_hand = handed_over_at(shifts, now, self._starts_ms, self.shift_limits.late_ms)
        first = next(iter(self._projections().desk.incidents.values()), None)
        is_of_before = in_hand.id in shifts or first is None or first.recorded_at < in_hand.ends_at
        return in_hand if is_of_before else running

    def running_span(self, now: Instant) -> ShiftSpan:
        """The shift that an instant lies in, whatever is still to be signed."""
        return span_at(now, self._starts_ms)

    def span_of(self, shift: str) -> ShiftSpan:
        """When a shift was, by its id."""
        return span_of(shift, self._starts_ms)

    def running(self, now: Instant) -> str:
        """The shift that notes are written to: the one in hand, or the next one once both have signed it."""
        span = self.span(now)
        waits_for = self._shift(span).waits_for
        return span.id if waits_for != DONE else span_at(span.ends_at, self._starts_ms).id

    def shift(self, now: Instant) -> Shift:
        """Its notes and signatures as they stand."""
        return self._shift(self.span(now))

    def past(self) -> list[Shift]:
        """Every hand-over that somebody has signed, the newest first; lines of older ones stand in the journal."""
        signed = [each for each in self._projections().desk.shifts.values() if each.outgoing is not None]
        return sorted(signed, key=lambda each: each.id, reverse=True)

    def _shift(self, span: ShiftSpan) -> Shift:
        return self._projections().desk.shifts.get(span.id) or Shift(span.id)

    def rounds(self, since: Instant, until: Instant) -> list[PatrolRound]:
        """Planned rounds of every route that have any part in it, by beginning."""
        found = [each for plan in self.plans for each in rounds_of(plan, since, until)]
        return sorted(found, key=lambda each: (each.begins_at, each.plan.route))

    def proposal(self, now: Instant) -> Proposal:
        """Whom the duty plan wants on and off; an officer confirms."""
        desk = self._projections().desk
        return proposal(list(desk.units.values()), desk.duty, now)

    def on_duty_ms(self, unit: str, now: Instant) -> int | None:
        """How long a unit has been on duty; None for one that is off or unknown."""
        known = self._projections().desk.units.get(unit)
        return on_duty_ms(known, now) if known else None

    def rest_ms(self, unit: str, now: Instant) -> int | None:
        """The rest a unit has, or had before its present duty; None when it was never seen to go off."""
        known = self._projections().desk.units.get(unit)
        return rest_ms(known, now) if known else None

    async def reveal(self, turn: DutyTurn, purpose: str, context: cmd.Context) -> list[Person]:
        """Who is in a turn, in full; that it was read, and why, is in the journal before the answer. Raises Refusal."""
        commands = tuple(cmd.RevealOfficer(ref, purpose) for ref in turn.people)
        await self._bus.offer(Submission(commands, context))
        return await self.roster.people(turn.people)

    async def brief(self, now: Instant, *, running: bool = False) -> Brief:
        """The brief of the shift in hand, or of the running one, made aside. What both have signed stands still."""
        span, state = self.running_span(now) if running else self.span(now), self._projections()
        rounds = self.rounds(span.begins_at, min(span.ends_at, now))
        shelves = state.alarm_lane.shelves
        material = material_of(
            state.desk, shelves, span, now, rounds, self._limits, self.shift_limits, self._planned()
        )
        shift = self._shift(span)
        return await aside(lambda: handed_over(brief_of(material), shift.outgoing, shift.incoming), "brief")

    async def signatories(self, shift: Shift, purpose: str, context: cmd.Context) -> dict[str, str]:
        """Whole names by ref of who has signed, for the record that they signed; why is in the journal before."""
        refs = [
            signature.signed_by for signature in (shift.outgoing, shift.incoming) if signature is not None
        ]
        if not refs:
            return {}
        await self._bus.offer(Submission(tuple(cmd.RevealOfficer(ref, purpose) for ref in refs), context))
        return {person.ref: person.name for person in await self.roster.people(refs)}

    async def sign(self, name: str, again: str, role: str, brief: Brief, context: cmd.Context) -> str:
        """Signs what `brief` says, out or in as the shift waits for; which of the two. Raises Refusal, JournalError.

        The name is typed twice: a slip would sign for somebody else.
        """
        if not same_name(name) or same_name(name) != same_name(again):
            raise Refusal("shift_unsigned", brief.span.id)
        shift = self._projections().desk.shifts.get(brief.span.id) or Shift(brief.span.id)
        ref, persons = await self.roster.ref_of(name)
        lines = await aside(lambda: lines_of(brief), "brief")
        command: cmd.Command
        if shift.waits_for == OUT or shift.outgoing is None:
            command = cmd.SignOutShift(shift.id, ref, role, lines)
        else:
            command = cmd.SignInShift(shift.id, ref, role, lines, shift.outgoing.digest)
        await self._bus.offer(Submission((command,), context, persons=persons))
        return shift.waits_for
