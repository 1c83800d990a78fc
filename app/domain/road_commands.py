"""Commands about roads: closing some until an instant, opening them again.

Owns their names and fields; commands.py gathers them. Must not judge them: that is road_rules.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.instants import Instant
from app.domain.plain import plain


@plain
class CloseRoad(Command):
    """`roads` are ids of one street, which is called `name`; what of them is closed already stays as it is.

    `extends` puts another reason and end in the place of those that a closed road has. `emergency_passes` lets
    emergency vehicles through.
    """

    roads: tuple[str, ...]
    name: str
    reason: str
    from_at: Instant
    until_at: Instant
    extends: bool = False
    emergency_passes: bool = False


@plain
class OpenRoad(Command):
    """Opens what of `roads` is closed, or would be later, before its time."""

    roads: tuple[str, ...]
    name: str
    reason: str = ""
