"""Owns which commands sign a turn on or off, and carry out what the duty plan proposes. Must not give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain import commands as cmd
from app.domain.duty import DutyTurn
from app.domain.rest import Proposal
from app.domain.unit import AVAILABLE, OFF_DUTY, Unit

Units = Mapping[str, Unit]


def of_turn(turn: DutyTurn, units: Units, *, on: bool) -> Iterator[cmd.Command]:
    """Everybody of a turn, and its unit."""
    for ref in turn.people:
        yield cmd.SignOnOfficer(ref, turn.unit, turn.post) if on else cmd.SignOffOfficer(ref)
    if turn.unit:
        yield from _of_unit(turn.unit, AVAILABLE if on else OFF_DUTY, units)


def of_proposal(wanted: Proposal, units: Units) -> Iterator[cmd.SetUnitStatus]:
    for unit in wanted.sign_on:
        yield from _of_unit(unit, AVAILABLE, units)
    for unit in wanted.sign_off:
        yield from _of_unit(unit, OFF_DUTY, units)


def _of_unit(unit: str, duty: str, units: Units) -> Iterator[cmd.SetUnitStatus]:
    """Nothing where it is so already: a unit at work stays with its task."""
    known = units.get(unit)
    is_so = known is not None and (known.duty == OFF_DUTY) == (duty == OFF_DUTY)
    if not is_so:
        yield cmd.SetUnitStatus(unit, duty)
