"""The run card: what force a type of incident asks for, by priority and place, in three alarm levels.

Owns the declared values and what they amount to for one incident. Must not read files (run_card_file.py) and must not
choose units (recommendation.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

LEVELS: Final = (1, 2, 3)
"""Alarm levels, the lowest first: each adds to the one below."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a file in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Need:
    """`count` units of any of `kinds`, the first preferred, each with all `skills` and `equipment`, from `level` on."""

    id: str
    kinds: tuple[str, ...]
    count: int
    skills: tuple[str, ...] = ()
    level: int = 1
    equipment: tuple[str, ...] = ()

    @property
    def asks_for(self) -> int:
        """How many things a unit must bring besides its kind: the more, the fewer fit."""
        return len(self.skills) + len(self.equipment)


@dataclass(frozen=True, slots=True)
class Step:
    """A task on scene or a line to tick off, from `level` on."""

    id: str
    text: Words
    level: int = 1


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """What changes within `within_m` of a place of one of these kinds: the level to begin with, and needs besides."""

    id: str
    kinds: frozenset[str]
    within_m: float
    level: int = 1
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A kind that is not to be sent by this card unless an officer says why."""

    kind: str
    why: Words


@dataclass(frozen=True, slots=True)
class RunCard:
    """One card. `start` by priority: the alarm level with which it begins."""

    id: str
    name: Words
    start: Mapping[int, int]
    needs: tuple[Need, ...]
    places: tuple[PlaceRule, ...] = ()
    bars: tuple[Bar, ...] = ()
    tasks: tuple[Step, ...] = ()
    checklist: tuple[Step, ...] = ()

    def bar(self, kind: str) -> Bar | None:
        return next((bar for bar in self.bars if bar.kind == kind), None)

    def response(self, priority: int, near: Collection[str] = (), level: int | None = None) -> Response:
        """What the card asks for; `near` are ids of `places` that hold; a given `level` is the officer's."""
        places = [rule for rule in self.places if rule.id in near]
        begun = max([self.start.get(priority, 1), *(rule.level for rule in places)])
        at = level or begun
        needs = [*self.needs, *(need for rule in places for need in rule.needs)]
        return Response(
            self,
            at,
            begun,
            _together([need for need in needs if need.level <= at]),
            tuple(step for step in self.tasks if step.level <= at),
            tuple(step for step in self.checklist if step.level <= at),
            tuple(rule.id for rule in places),
        )


@dataclass(frozen=True, slots=True)
class Response:
    """A card applied to one incident: `level` in force, `begun` the one that card and place begin with."""

    card: RunCard
    level: int
    begun: int
    needs: tuple[Need, ...]
    tasks: tuple[Step, ...] = ()
    checklist: tuple[Step, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def leading_kinds(self) -> tuple[str, ...]:
        """Who must be at hand elsewhere as well: the kinds of the first need."""
        return self.needs[0].kinds if self.needs else ()


def _together(needs: list[Need]) -> tuple[Need, ...]:
    """Needs for the same kinds, skills and equipment added up, in the order of their first."""
    found: dict[tuple[tuple[str, ...], ...], Need] = {}
    for need in needs:
        key = (need.kinds, need.skills, need.equipment)
        known = found.get(key)
        found[key] = replace(known, count=known.count + need.count) if known else need
    return tuple(found.values())
