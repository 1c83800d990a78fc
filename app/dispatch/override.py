"""Where a run card, a rest that is due or a unit says no: which units an officer may send only with a reason.

Owns the rule and its refusal. Must not forbid: whoever gives a reason sends whom he wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.dispatch.run_card import Bar, RunCard
from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.distress import units_in_distress
from app.domain.duty import DutyTurn, stretch_at
from app.domain.errors import Refusal
from app.domain.field_link import Decline
from app.domain.incident import Incident
from app.domain.incident_types import OTHER, IncidentTypes
from app.domain.instants import Instant
from app.domain.rest import RestDue, rest_due
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a unit should stay: `bar` of the card, the rest that it is due, that it would not go when it was asked, or
    that it called for help itself.
    """

    unit: Unit
    bar: Bar | None
    rest: RestDue | None = None
    decline: Decline | None = None
    is_in_distress: bool = False


class RunCards:
    """The cards of a centre and which type leads to which."""

    def __init__(self, types: IncidentTypes, cards: Mapping[str, RunCard]) -> None:
        self._types, self._cards = types, cards

    def of(self, incident: Incident) -> RunCard:
        """The card of the incident's type; a type that nobody declared has that of OTHER."""
        known = self._types.get(incident.incident_type) or self._types.get(OTHER)
        assert known is not None
        return self._cards[known.run_card]


def objection(
    card: RunCard, incident: str, unit: Unit, limits: ShiftLimits, plan: Iterable[DutyTurn], now: Instant
) -> Objection | None:
    """What speaks against sending a unit there that the domain would let go; None for most."""
    decline = unit.decline(incident)
    if decline is not None:
        return Objection(unit, None, decline=decline)
    bar = card.bar(unit.kind)
    if bar is not None:
        return Objection(unit, bar)
    rest = rest_due(unit, limits, now)
    if rest is not None:
        # The plan can only excuse a pause: it is thousands of turns long and looked into for nobody else.
        stretch = stretch_at((turn for turn in plan if turn.unit == unit.id), now)
        rest = rest_due(unit, limits, now, stretch[0] if stretch is not None else 0)
    return Objection(unit, None, rest) if rest is not None else None


def objections(
    desk: Desk, card: RunCard, incident: Incident, units: Iterable[str], limits: ShiftLimits, now: Instant
) -> list[Objection]:
    """Whom of these units one would rather not send there, each with why."""
    in_distress = units_in_distress(desk)
    known = [desk.units[key] for key in units if key in desk.units]
    found = (
        Objection(unit, None, is_in_distress=True)
        if unit.id in in_distress
        else objection(card, incident.id, unit, limits, desk.duty, now)
        for unit in known
    )
    return [one for one in found if one is not None]


def dispatch_rule(cards: RunCards, limits: ShiftLimits) -> Callable[[Desk, cmd.Command, cmd.Context], None]:
    """What the bus asks before it lets a command of an officer through."""

    def permit(desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
        if not isinstance(command, cmd.DispatchUnits) or command.override_reason.strip():
            return
        incident = desk.incidents.get(command.incident)
        if incident is None:
            return
        found = objections(desk, cards.of(incident), incident, command.units, limits, context.occurred_at)
        if found:
            barred = [one.unit.call_sign for one in found]
            raise Refusal("override_needed", incident.id, number=incident.number, units=" ".join(barred))

    return permit
