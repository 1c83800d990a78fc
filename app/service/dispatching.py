"""What the desk says about sending: recommendations, what they leave uncovered, all that waits solved together.

Owns the columns of the force, the cards and the roads for that, and that each question is worked out on a thread of its
own, one after the other. Must not send anybody and must not phrase anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from app.dispatch.candidates import Candidate, Question
from app.dispatch.in_force import response_in_force
from app.dispatch.kinds import suitable
from app.dispatch.override import Objection, RunCards, objections
from app.dispatch.run_card_file import read_run_cards
from app.domain.desk import Desk
from app.domain.distress import units_in_distress
from app.domain.duty import DutyTurn
from app.domain.incident import ACCEPTED, REPORTED, Incident
from app.domain.incident_types import IncidentTypes
from app.domain.instants import Instant
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit
from app.geo.district import District
from app.i18n import tr
from app.journal.store import TrackPoint
from app.service.aside import aside
from app.service.clock import Clock
from app.service.roads import Roads

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage
    from app.dispatch.force import Force
    from app.dispatch.joint import Gain
    from app.dispatch.recommendation import Recommendation
    from app.dispatch.waiting import Wait
    from app.dispatch.work_times import WorkTimes
    from app.service.dispatch_room import Room

MOST_TOGETHER: Final = 200
"""So many waiting incidents are solved together, the most urgent and oldest."""
SAID_FAULTS: Final = 3
ARRIVE: Final = "arrive"
DEFAULT_LIMIT_S: Final = 900.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended for one incident. `listed` are the best candidates and all that were asked for by name."""

    incident: Incident
    recommendation: Recommendation
    listed: tuple[Candidate, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Errand:
    """Who goes to one waiting incident in a joint plan, and for which busy units it had better wait.

    `missing` are the kinds of the units that it lacks besides.
    """

    incident: Incident
    units: tuple[tuple[str, float], ...]
    missing: tuple[str, ...]
    waits: tuple[Wait, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Is nobody left for it, and nobody expected?"""
        return not self.units and not self.waits


@dataclass(frozen=True, slots=True)
class JointAdvice:
    """`gain` against sending the nearest to each in turn; `cover` is what all of them together leave behind.

    Those for whom nobody is left stand first, then the most urgent and oldest.
    """

    errands: tuple[Errand, ...]
    gain: Gain
    cover: Coverage

    @property
    def unit_count(self) -> int:
        return sum(len(errand.units) for errand in self.errands)


@dataclass(frozen=True, slots=True)
class Moment:
    """The desk as it was when a question was asked; lists are copies, what stands in them never changes.

    `incidents` is the desk's own: single ones are looked up in it, each whole whenever that is.
    """

    now: Instant
    units: Sequence[Unit]
    fixes: Sequence[TrackPoint]
    duty: Sequence[DutyTurn]
    incidents: Mapping[str, Incident]
    in_distress: Collection[str] = ()


class Dispatching:
    """Answers questions of officers about who should go."""

    def __init__(
        self,
        district: District,
        directory: Path,
        types: IncidentTypes,
        desk: Callable[[], Desk],
        fixes: Callable[[], Mapping[str, TrackPoint]],
        clock: Clock,
        roads: Roads,
        limits: ShiftLimits,
    ) -> None:
        self._district, self._directory, self._types = district, directory, types
        self._desk, self._fixes, self._clock, self._roads = desk, fixes, clock, roads
        self._limits = limits
        self._asking = asyncio.Lock()
        self._room: Room | None = None
        self._cards: RunCards | None = None
        self._faults: list[str] = []

    @property
    def faults(self) -> list[str]:
        """What is wrong with the centre's own files, each a sentence; what stands below them holds meanwhile."""
        return list(dict.fromkeys((*self._faults, *self._roads.faults)))

    @property
    def trouble(self) -> str:
        """The first of them, a line each, and how many more there are; "" for none."""
        lines, more = self.faults[:SAID_FAULTS], len(self.faults) - SAID_FAULTS
        return "\n".join([*lines, tr("dispatch.fault.more", count=more)] if more > 0 else lines)

    async def advise(
        self, incident: Incident, level: int | None, most: int, besides: Collection[str] = ()
    ) -> Advice:
        """What is recommended at an alarm level, None for the card's own. Raises ConfigError."""
        moment = self._moment()

        def work() -> Advice:
            from app.dispatch.recommendation import recommend

            room = self._at(moment)
            question = self._question(room, incident, moment, level)
            found = recommend(room.force, question, room.engaged, room.times.margin_s)
            return Advice(incident, found, _listed(found, most, besides), len(found.ranking))

        return await self._aside(work)

    async def prepare(self) -> None:
        """Reads cards and roads before the first question, which need not wait then; `faults` is whole after it.

        Raises ConfigError.
        """
        moment = self._moment()
        await self._aside(lambda: self._at(moment))

    async def cover(self, incident: Incident, kinds: Collection[str], sent: Collection[str]) -> Coverage:
        """What is left behind when these units go to the incident."""
        moment, limit_s = self._moment(), self.arrive_limit_s(incident)

        def work() -> Coverage:
            from app.dispatch.coverage import MOST_S, coverage

            room = self._at(moment)
            return coverage(room.reach, room.force, kinds, sent, min(limit_s, MOST_S), moment.now)

        return await self._aside(work)

    async def solve_waiting(self) -> JointAdvice:
        """Who goes where so that all that wait for units are reached soonest. Raises ConfigError."""
        moment, waiting = self._moment(), self.waiting()[:MOST_TOGETHER]
        return await self._aside(lambda: self._solved(self._at(moment), waiting, moment))

    async def weigh(self, incidents: Sequence[Incident], work: Callable[[Force, Sequence[Question]], T]) -> T:
        """What `work` makes of the force and of what each incident asks for: other ways to choose, beside ours."""
        moment = self._moment()

        def asked() -> T:
            room = self._at(moment)
            return work(room.force, [self._question(room, one, moment, None) for one in incidents])

        return await self._aside(asked)

    def waiting(self) -> list[Incident]:
        """Incidents with a place to which nobody is on the way, the most urgent and oldest first."""
        found = [
            one
            for one in self._desk().incidents.values()
            if one.status in (REPORTED, ACCEPTED) and not one.units and one.lat is not None
        ]
        return sorted(found, key=lambda one: (one.priority, one.opened_at, one.id))

    def objections(self, incident: Incident, units: Collection[str]) -> list[Objection]:
        """Whom the card would not send; none while the cards have not been read."""
        if self._cards is None:
            return []
        card, now = self._cards.of(incident), self._clock.now()
        return objections(self._desk(), card, incident, units, self._limits, now)

    def run_cards(self) -> RunCards:
        """Read at the first call. Raises ConfigError where not even the bundled ones can be read."""
        if self._cards is None:
            cards, faults = read_run_cards(self._types, self._directory)
            self._faults += [tr("dispatch.fault.card", fault=fault) for fault in faults]
            self._cards = RunCards(self._types, cards)
        return self._cards

    def arrive_limit_s(self, incident: Incident) -> float:
        """Within what somebody should be there."""
        known = self._types.get(incident.incident_type)
        limit = known.limits.get(ARRIVE, {}).get(incident.priority) if known else None
        return limit.ms / 1000 if limit is not None and limit.is_elapsed else DEFAULT_LIMIT_S

    # -- the moment and the room -------------------------------------------------------------------------------------

    def _moment(self) -> Moment:
        desk, fixes = self._desk(), self._fixes()
        units, newest = list(desk.units.values()), list(fixes.values())
        return Moment(self._clock.now(), units, newest, desk.duty, desk.incidents, units_in_distress(desk))

    async def _aside(self, work: Callable[[], T]) -> T:
        async with self._asking:
            return await aside(work, "dispatch")

    def _at(self, moment: Moment) -> Room:
        """The room with what has changed since the last question."""
        if self._room is None:
            from app.service.dispatch_room import Room

            self._room = Room(self._district, self.run_cards(), self._work_times(), self._roads, moment.now)
        self._room.take_in(moment)
        return self._room

    def _work_times(self) -> WorkTimes:
        from app.dispatch.work_file import work_times_in_force

        times, fault = work_times_in_force(self._types, self._directory)
        if fault is not None:
            self._faults.append(tr("dispatch.fault.bundled", fault=fault))
        return times

    # -- questions ---------------------------------------------------------------------------------------------------

    def _question(self, room: Room, incident: Incident, moment: Moment, level: int | None) -> Question:
        card = room.cards.of(incident)
        response = response_in_force(card, incident, self._district.places, level)
        return Question(
            incident,
            moment.now,
            suitable(room.kinds, incident.incident_type),
            response,
            self._neighbours(room, incident.grid),
            self._limits,
            room.times.prefer,
            moment.in_distress,
        )

    @staticmethod
    def _neighbours(room: Room, grid: str | None) -> frozenset[str]:
        try:
            return frozenset(near.code for near in room.grids.neighbours(grid)) if grid else frozenset()
        except KeyError:
            return frozenset()

    def _solved(self, room: Room, waiting: Sequence[Incident], moment: Moment) -> JointAdvice:
        from app.dispatch.coverage import MOST_S, coverage
        from app.dispatch.waiting import solve_together

        questions = [self._question(room, incident, moment, None) for incident in waiting]
        solved = solve_together(room.force, questions, room.engaged, room.times)
        errands = tuple(
            Errand(question.incident, going.units, going.missing, going.waits)
            for question, going in zip(questions, solved.errands, strict=True)
        )
        kinds = {kind for one in questions if one.response for kind in one.response.leading_kinds}
        cover = coverage(room.reach, room.force, kinds, solved.units, MOST_S, moment.now)
        return JointAdvice(
            tuple(sorted(errands, key=lambda one: one.is_bare, reverse=True)), solved.gain, cover
        )


def _listed(found: Recommendation, most: int, besides: Collection[str]) -> tuple[Candidate, ...]:
    ranking = found.ranking
    rows = list(ranking.rows[:most])
    known = set(rows)
    wanted = (ranking.force.row_of.get(unit) for unit in besides)
    at_hand = set(ranking.rows)
    rows += [row for row in wanted if row is not None and row not in known and row in at_hand]
    return tuple(ranking.candidate(row) for row in rows)
