"""Commands of moving up: to send a unit to a post, to follow the order, to say that it is there, to call it back.

Owns their names and fields; commands.py gathers them. Must not judge them: that is post_rules.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.plain import plain


@plain
class OrderToPost(Command):
    """To stand by at a place (WGS-84) until somebody says otherwise. `order` is its id: given twice it is one."""

    unit: str
    order: str
    lat: float
    lon: float
    code: str = ""


@plain
class ReachPost(Command):
    """The unit is there; of an order that has ended it changes nothing."""

    unit: str
    order: str


@plain
class RecallFromPost(Command):
    """Whatever order to a post the unit has."""

    unit: str
    reason: str


@plain
class NotePostDelivery(Command):
    """How far the order has come: `stage` is delivered or read. A late or repeated report changes nothing."""

    unit: str
    order: str
    stage: str


@plain
class AnswerPost(Command):
    """The unit goes, or will not; of an order that has ended it changes nothing."""

    unit: str
    order: str
    accepted: bool
    reason: str = ""


@plain
class ResendPost(Command):
    """Whatever order to a post the unit has goes out anew."""

    unit: str
