"""Types of incident as a centre declares them: names, priority, owner, run card, limits.

Owns the declared values and the rules of clocks made of them. Must not read files: app/centre does. Must not apply the
rules: clocks.py does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from app.domain.clocks import STEPS, ClockRule, ElapsedRule, Limits, WorkingDaysRule, WorkingHoursRule
from app.domain.incident import PRIORITIES
from app.domain.plain import Plain, plain
from app.domain.work_time import WorkTime

LimitUnit: TypeAlias = Literal["min", "h", "wh", "wd"]
"""Minutes, emergency hours (round the clock), working hours, working days."""

LIMIT_UNITS: Final[tuple[LimitUnit, ...]] = ("min", "h", "wh", "wd")
_UNIT_MS: Final = {"min": 60_000, "h": 3_600_000, "wh": 3_600_000}

OTHER: Final = "other"
"""The type whose limits hold for types that nobody declared."""

PAUSE_REASONS: Final = ("reporter", "other_authority", "court")
"""For whom a matter may wait while its clocks stand, where its type allows it."""


@plain
class Limit(Plain):
    """How long a step may take."""

    amount: int
    unit: LimitUnit

    @property
    def ms(self) -> int:
        """Of minutes and hours; working days have no length. Raises KeyError for them."""
        return self.amount * _UNIT_MS[self.unit]

    @property
    def is_elapsed(self) -> bool:
        """Whether every minute of every day counts."""
        return self.unit in ("min", "h")


@plain
class Owner(Plain):
    """The department or role that answers for a type."""

    id: str
    name_zh: str
    name_en: str


@plain
class IncidentType(Plain):
    """One type. `limits` by step and priority; `glyph` is the pictogram it borrows, its own id where it has one.

    `is_offered`: an officer may choose it for a report; the others come from alarms and feeds.
    """

    id: str
    name_zh: str
    name_en: str
    priority: int
    owner: Owner
    run_card: str
    limits: Mapping[str, Mapping[int, Limit]]
    pauses: frozenset[str] = frozenset()
    glyph: str = OTHER
    is_offered: bool = True


class IncidentTypes:
    """All types of a centre in the order in which they are offered, and the limits of its clocks.

    `types` holds OTHER. Raises KeyError otherwise.
    """

    def __init__(self, types: Sequence[IncidentType], work_time: WorkTime) -> None:
        self._types = {known.id: known for known in types}
        self.limits = Limits({known.id: _rules_of(known, work_time) for known in types}, OTHER)

    def __iter__(self) -> Iterator[IncidentType]:
        return iter(self._types.values())

    def __contains__(self, incident_type: str) -> bool:
        return incident_type in self._types

    def get(self, incident_type: str) -> IncidentType | None:
        return self._types.get(incident_type)

    def priority_of(self, incident_type: str) -> int:
        """How urgent a type is unless somebody says otherwise; a type that nobody declared is like OTHER."""
        return self._types.get(incident_type, self._types[OTHER]).priority

    @property
    def offered(self) -> tuple[IncidentType, ...]:
        """What an officer may choose for a report."""
        return tuple(known for known in self if known.is_offered)


def _rules_of(known: IncidentType, work_time: WorkTime) -> dict[int, tuple[ClockRule, ...]]:
    return {
        priority: tuple(
            _rule(place, known.limits[step][priority], known.pauses, work_time)
            for place, (step, _) in enumerate(STEPS)
            if priority in known.limits.get(step, {})
        )
        for priority in PRIORITIES
    }


def _rule(place: int, limit: Limit, pauses: frozenset[str], work_time: WorkTime) -> ClockRule:
    if limit.unit == "wd":
        return WorkingDaysRule(place, limit.amount, work_time, pauses)
    if limit.unit == "wh":
        return WorkingHoursRule(place, limit.ms, work_time, pauses)
    return ElapsedRule(place, limit.ms, pauses)
