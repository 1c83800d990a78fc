"""The duty plan: who is on duty when, in which unit or post, and what is wrong with a plan.

Owns these as pure functions. Must not know a name: people stand here as `person_ref`, their names are erasable. Must
not sign anybody on: a plan proposes, an officer confirms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from app.domain.instants import DAY_MS, Instant
from app.domain.plain import Plain, plain

FaultKind = Literal["gap", "twice", "rest"]
KEPT_MS: Final = 40 * DAY_MS
"""Turns that ended longer ago are not kept in memory: they stand in the journal."""


@plain
class DutyTurn(Plain):
    """One stretch of duty of a unit or post. `leader` and `members` are person refs; either may be missing."""

    begins_at: Instant
    ends_at: Instant
    unit: str = ""
    post: str = ""
    leader: str = ""
    members: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody in it, each once."""
        return tuple(dict.fromkeys(ref for ref in (self.leader, *self.members) if ref))

    @property
    def place(self) -> tuple[str, str]:
        """What has to be manned."""
        return self.unit, self.post

    def holds(self, at: Instant) -> bool:
        return self.begins_at <= at < self.ends_at


@plain
class DutyFault(Plain):
    """`turn` is what is wrong; `other` the turn that it clashes with; `rest_ms` how much rest lies between the two."""

    kind: FaultKind
    turn: DutyTurn
    person: str = ""
    other: DutyTurn | None = None
    rest_ms: int = 0


def adopted(
    known: Sequence[DutyTurn], since: Instant, until: Instant, turns: Iterable[DutyTurn]
) -> tuple[DutyTurn, ...]:
    """The plan after new turns for [since, until): they take the place of what began in it."""
    kept = [turn for turn in known if not since <= turn.begins_at < until and turn.ends_at > since - KEPT_MS]
    return tuple(sorted((*kept, *turns), key=lambda turn: (turn.begins_at, turn.unit, turn.post)))


def turns_between(turns: Iterable[DutyTurn], since: Instant, until: Instant) -> list[DutyTurn]:
    """Whoever is on duty at any instant of [since, until), in order of beginning."""
    found = [turn for turn in turns if turn.begins_at < until and turn.ends_at > since]
    return sorted(found, key=lambda turn: (turn.begins_at, turn.unit, turn.post))


def faults_of(turns: Sequence[DutyTurn], rest_ms: int) -> list[DutyFault]:
    """What is wrong with a plan: nobody in a turn, one person in two at once, less than `rest_ms` between two."""
    gaps = [DutyFault("gap", turn) for turn in turns if not turn.people]
    of_person: dict[str, list[DutyTurn]] = {}
    for turn in sorted(turns, key=lambda turn: (turn.begins_at, turn.ends_at)):
        for person in turn.people:
            of_person.setdefault(person, []).append(turn)
    clashes = [fault for person, own in of_person.items() for fault in _clashes(person, own, rest_ms)]
    return gaps + clashes


def _clashes(person: str, own: list[DutyTurn], rest_ms: int) -> Iterable[DutyFault]:
    """`own` by beginning. Compared with whatever ended last so far: a long turn may cover several short ones."""
    last: DutyTurn | None = None
    for turn in own:
        if last is not None:
            rest = turn.begins_at - last.ends_at
            if rest < 0:
                yield DutyFault("twice", turn, person, last)
            elif rest < rest_ms and (rest or turn.place != last.place):
                yield DutyFault("rest", turn, person, last, rest)
        if last is None or turn.ends_at > last.ends_at:
            last = turn


def uncovered(turns: Iterable[DutyTurn], since: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    """Stretches of [since, until) in which none of these turns has anybody on duty."""
    holes, covered_to = [], since
    for begins_at, ends_at in sorted((turn.begins_at, turn.ends_at) for turn in turns if turn.people):
        if begins_at >= until:
            break
        if begins_at > covered_to:
            holes.append((covered_to, begins_at))
        covered_to = max(covered_to, ends_at)
    return [*holes, (covered_to, until)] if covered_to < until else holes


def stretch_at(own: Iterable[DutyTurn], now: Instant) -> tuple[Instant, Instant] | None:
    """From when to when the unit whose turns these are is in a turn now; one that follows on another goes on with it.

    A turn without people is nobody's. None for who is in no turn now.
    """
    stretch: tuple[Instant, Instant] | None = None
    for begins_at, ends_at in sorted((turn.begins_at, turn.ends_at) for turn in own if turn.people):
        if begins_at > now and (stretch is None or begins_at > stretch[1]):
            break
        if stretch is None or begins_at > stretch[1]:
            stretch = begins_at, ends_at
        else:
            stretch = stretch[0], max(stretch[1], ends_at)
    return stretch if stretch is not None and stretch[0] <= now < stretch[1] else None


def posts_of(turns: Iterable[DutyTurn], now: Instant) -> dict[str, str]:
    """Where the plan puts each unit now."""
    return {turn.unit: turn.post for turn in turns if turn.unit and turn.post and turn.holds(now)}
