"""Commands of claiming an incident for a desk.

Owns their names and fields; commands.py gathers them. Must not judge them: that is claiming.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.command import Command


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClaimIncident(Command):
    """This desk has it in hand; the other desks are warned before they act on it."""

    incident: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TakeOverIncident(Command):
    """From the desk that has claimed it."""

    incident: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReleaseClaim(Command):
    incident: str
