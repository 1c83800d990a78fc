"""What the duty plan means for units now: whom it proposes to sign on and off; how long they are on duty and rested.

Owns these as pure functions. Must not sign anybody on: a plan proposes, an officer confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.duty import DutyTurn
from app.domain.instants import DAY_MS, Instant
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import DISPATCHABLE, OFF_DUTY, Unit

ON_TOO_LONG: Final = "rest_due"
TOO_LITTLE_REST: Final = "rest_short"


@dataclass(frozen=True, slots=True)
class RestDue:
    """Why a unit should not be sent: ON_TOO_LONG and for how long already, or TOO_LITTLE_REST and how much it had."""

    rule: str
    lasting_ms: int
    limit_ms: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the plan says of units at an instant, against what they are: to be confirmed by an officer."""

    sign_on: tuple[str, ...] = ()
    sign_off: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sign_on or self.sign_off)


def proposal(units: Collection[Unit], turns: Sequence[DutyTurn], now: Instant) -> Proposal:
    """Planned and off duty: on. On duty, free and planned on another day but not now: off.

    A unit that no plan names is nobody's to sign off, and one at work ends its work first.
    """
    planned = {turn.unit for turn in turns if turn.unit and abs(turn.begins_at - now) < DAY_MS}
    due = {turn.unit for turn in turns if turn.unit and turn.people and turn.holds(now)}
    on = [unit.id for unit in units if unit.id in due and unit.duty == OFF_DUTY and not unit.assignments]
    off = [
        unit.id
        for unit in units
        if unit.id in planned - due and unit.duty in DISPATCHABLE and not unit.assignments
    ]
    return Proposal(tuple(sorted(on)), tuple(sorted(off)))


def on_duty_ms(unit: Unit, now: Instant) -> int | None:
    """How long a unit has been on duty; None when it is off, or since when is not known."""
    if unit.status == OFF_DUTY or not unit.on_duty_at:
        return None
    return max(0, now - unit.on_duty_at)


def rest_ms(unit: Unit, now: Instant) -> int | None:
    """The rest that a unit has, or had before its present duty; None when it was never seen to go off duty."""
    if not unit.off_duty_at:
        return None
    until = now if unit.duty == OFF_DUTY else unit.on_duty_at
    return max(0, until - unit.off_duty_at)


def rest_due(unit: Unit, limits: ShiftLimits, now: Instant, turn_begins_at: Instant = 0) -> RestDue | None:
    """Whether a unit on duty is beyond the centre's limits; None for most.

    `turn_begins_at` of its planned turn, 0 for none: who went off and came back within his turn has had no turn before.
    """
    on_ms = on_duty_ms(unit, now)
    if on_ms is None:
        return None
    if on_ms > limits.longest_duty_ms:
        return RestDue(ON_TOO_LONG, on_ms, limits.longest_duty_ms)
    went_off_within = 0 < turn_begins_at <= unit.off_duty_at
    rested_ms = None if went_off_within else rest_ms(unit, now)
    if rested_ms is not None and rested_ms < limits.rest_ms:
        return RestDue(TOO_LITTLE_REST, rested_ms, limits.rest_ms)
    return None
