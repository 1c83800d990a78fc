"""Commands of claiming an incident for a desk.

Owns their names and fields; commands.py gathers them. Must not judge them: that is claiming.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.plain import plain


@plain
class ClaimIncident(Command):
    """This desk has it in hand; the other desks are warned before they act on it."""

    incident: str


@plain
class TakeOverIncident(Command):
    """From the desk that has claimed it."""

    incident: str
    reason: str


@plain
class ReleaseClaim(Command):
    incident: str
