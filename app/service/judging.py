"""What follows from a command of somebody: may he, does a rule of the moment forbid it, what events come of it.

Owns the order in which rules are asked. Must not wait, store or fold: bus.py does. It is read when the first command
comes, not when the window opens: rules are a third of the domain.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.alarm_rules import permit_shelving
from app.domain.claiming import permit_claim
from app.domain.command import Command
from app.domain.commands import Context
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.premise_rules import permit_premise_note
from app.domain.rights import permit
from app.domain.road_rules import permit_roads
from app.domain.sketching import permit_sketch
from app.domain.triage import permit_triage

Permit = Callable[[Desk, Command, Context], None]
Judge = Callable[[Desk, Command, Context, Permit], Changes]
"""What `judged` is."""


def judged(desk: Desk, command: Command, context: Context, permit_more: Permit) -> Changes:
    """(stream, event) in order. Raises Refusal. `permit_more` is what was read after the start."""
    permit(context.role, command, subject=context.actor)
    for rule in (permit_sketch, permit_shelving, permit_triage, permit_claim):
        rule(desk, command, context)
    permit_premise_note(command, context.occurred_at)
    permit_more(desk, command, context)
    permit_roads(desk, command, context.occurred_at)
    return decide(desk, command)
