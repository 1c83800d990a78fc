"""What a phone sends and the commands that it becomes.

Owns the form of a message and its limits. Must not judge what it asks for: app/domain does, as for everybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from app.domain import commands as cmd
from app.domain.field_link import DELIVERED, READ
from app.domain.instants import Instant
from app.domain.unit import AVAILABLE, EN_ROUTE, ON_SCENE

LATE_MOST_MS: Final = 24 * 3_600_000
"""An act that waited on a phone for longer counts from then: its clock is not to be believed."""

Act = Literal[
    "delivered", "read", "accept", "decline", "en_route", "on_scene", "available", "present", "tick", "more",
    "post_delivered", "post_read", "post_accept", "post_decline", "at_post", "message", "messages_read", "emergency",
    "position",
]  # fmt: skip
ABOUT_A_TASK: Final = frozenset(
    {"delivered", "read", "accept", "decline", "en_route", "on_scene", "available", "present", "tick", "more"}
)


class FieldAct(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a phone tells. `id` is the phone's own: told again it is the same. `at` is the phone's clock."""

    id: str
    act: Act
    at: int = 0
    incident: str = ""
    reason: str = ""
    text: str = ""
    item: str = ""
    done: bool = True
    kinds: tuple[str, ...] = ()
    count: int = 1
    lat: float | None = None
    lon: float | None = None


class Malformed(Exception):
    """What came is no act."""


_decoder = msgspec.json.Decoder(FieldAct)
_LEAST_ID: Final = 8
_MOST_ID: Final = 64


def read_act(text: str | bytes) -> FieldAct:
    """Raises Malformed."""
    try:
        act = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Malformed(str(fault)) from None
    if not (_LEAST_ID <= len(act.id) <= _MOST_ID and act.id.isascii() and act.id.isprintable()):
        raise Malformed("id")
    if act.act in ABOUT_A_TASK and not act.incident:
        raise Malformed("incident")
    return act


def happened_at(act: FieldAct, now: Instant) -> Instant:
    """When it happened, as far as the phone can be believed: not ahead of the desk, not longer ago than a day."""
    return act.at if now - LATE_MOST_MS <= act.at <= now else now


def command_of(act: FieldAct, unit: str) -> cmd.Command:
    """Of every act but a position, which is no command, and an emergency (distress_call.py)."""
    return _COMMANDS[act.act](act, unit)


_COMMANDS: Final[dict[str, Callable[[FieldAct, str], cmd.Command]]] = {
    "delivered": lambda a, unit: cmd.NoteDelivery(unit, a.incident, DELIVERED),
    "read": lambda a, unit: cmd.NoteDelivery(unit, a.incident, READ),
    "accept": lambda a, unit: cmd.AnswerTask(unit, a.incident, True),
    "decline": lambda a, unit: cmd.AnswerTask(unit, a.incident, False, a.reason),
    "en_route": lambda a, unit: cmd.SetUnitStatus(unit, EN_ROUTE, a.incident),
    "on_scene": lambda a, unit: cmd.SetUnitStatus(unit, ON_SCENE, a.incident),
    "available": lambda a, unit: cmd.SetUnitStatus(unit, AVAILABLE, a.incident, a.reason),
    "present": lambda a, unit: cmd.AnswerRollCall(unit, a.incident),
    "tick": lambda a, unit: cmd.TickItem(a.incident, a.item, a.done, unit),
    "more": lambda a, unit: cmd.RequestForce(a.incident, a.id, unit, a.kinds, a.count, a.reason),
    "post_delivered": lambda a, unit: cmd.NotePostDelivery(unit, a.item, DELIVERED),
    "post_read": lambda a, unit: cmd.NotePostDelivery(unit, a.item, READ),
    "post_accept": lambda a, unit: cmd.AnswerPost(unit, a.item, True),
    "post_decline": lambda a, unit: cmd.AnswerPost(unit, a.item, False, a.reason),
    "at_post": lambda a, unit: cmd.ReachPost(unit, a.item),
    "message": lambda a, unit: cmd.MessageDesk(unit, a.id, a.text, a.incident),
    "messages_read": lambda _a, unit: cmd.ReadDeskMessages(unit),
}
