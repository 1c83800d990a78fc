"""The clocks of an incident: how long each step may take.

Owns due times and lights. Must not know what time it is: `now` comes from outside. Limits are data
(data/incident_types.toml), in milliseconds by priority and step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.domain.incident import Incident
from app.domain.instants import Instant

GREEN: Final = "green"
YELLOW: Final = "yellow"
RED: Final = "red"

YELLOW_FROM: Final = 0.7
"""Share of the limit after which a light turns yellow."""

STEPS: Final = (("accept", "accepted_at"), ("dispatch", "dispatched_at"), ("arrive", "arrived_at"))

Limits: TypeAlias = Mapping[int, Mapping[str, int]]
"""Priority -> step -> milliseconds from the report."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock. `done_at` is None while it runs; a step that the desk was done without has `ended_at`.

    The desk is done with an incident that has ended, and with one that another department has taken over.
    """

    name: str
    start_at: Instant
    due_at: Instant
    done_at: Instant | None
    ended_at: Instant | None = None

    @property
    def runs(self) -> bool:
        return self.done_at is None and self.ended_at is None

    def left_ms(self, now: Instant) -> int:
        """Milliseconds until it is due, negative when overdue; frozen once it is done."""
        return self.due_at - (self.done_at or self.ended_at or now)

    def light(self, now: Instant) -> str:
        left = self.left_ms(now)
        if left < 0:
            return RED
        used = 1 - left / max(1, self.due_at - self.start_at)
        return YELLOW if self.runs and used >= YELLOW_FROM else GREEN


def due_clocks(incident: Incident, limits: Limits) -> tuple[ClockState, ...]:
    """Every clock of the incident, in the order of the loop."""
    of_priority = limits[incident.priority]
    ended_at = incident.handed_over_at if incident.is_open else incident.closed_at
    return tuple(
        ClockState(
            name,
            incident.opened_at,
            incident.opened_at + of_priority[name],
            getattr(incident, milestone),
            ended_at,
        )
        for name, milestone in STEPS
        if name in of_priority
    )


def next_clock(incident: Incident, limits: Limits) -> ClockState | None:
    """The clock that runs now: the first step that is not done; None when none runs."""
    return next((clock for clock in due_clocks(incident, limits) if clock.runs), None)
