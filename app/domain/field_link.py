"""What the desk knows of its link to a unit: how far an order has come, roll calls, messages, phones.

Owns these parts of a unit and how each goes on. Must not know the unit that they belong to (unit.py), nor limits and
what is overdue (field_clocks.py).
"""

from __future__ import annotations

from typing import Final

from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

DELIVERED: Final = "delivered"
READ: Final = "read"
STAGES: Final = (DELIVERED, READ)
"""What can be reported of an order on its way, in order."""

MESSAGES_KEPT: Final = 30
"""The desk keeps the newest of a unit's messages at hand; all of them stand in its story."""
DECLINES_KEPT: Final = 10
"""So many orders that a unit would not take are kept at hand."""


@plain
class Delivery(Plain):
    """`sent_at` is when the order went out last; the others count from there."""

    sent_at: Instant = 0
    delivered_at: Instant | None = None
    read_at: Instant | None = None
    resent: int = 0

    def knows(self, stage: str) -> bool:
        """Whether a report of this stage would bring nothing new: who has read it has been reached."""
        return self.read_at is not None or (stage == DELIVERED and self.delivered_at is not None)

    def delivered(self, at: Instant) -> Delivery:
        return self if self.knows(DELIVERED) else replace(self, delivered_at=at)

    def read(self, at: Instant) -> Delivery:
        return self if self.read_at is not None else replace(self, read_at=at)

    def sent_again(self, at: Instant) -> Delivery:
        return Delivery(at, resent=self.resent + 1)


@plain
class RollCall(Plain):
    """`heard_at` is when the unit was last known to be safe on scene; 0 while it is not there."""

    heard_at: Instant = 0
    paused_at: Instant | None = None
    paused_because: str = ""

    def heard(self, at: Instant) -> RollCall:
        """A report that comes late never takes back a newer one."""
        return replace(self, heard_at=max(self.heard_at, at))

    def paused(self, at: Instant, reason: str) -> RollCall:
        return replace(self, paused_at=at, paused_because=reason)

    def resumed(self, at: Instant) -> RollCall:
        return RollCall(max(self.heard_at, at))


UNSENT: Final = Delivery()
UNHEARD: Final = RollCall()


@plain
class FieldMessage(Plain):
    id: str
    text: str
    from_unit: bool
    at: Instant
    incident: str = ""
    is_read: bool = False
    asks_reading: bool = False
    """What the desk wrote and wants to know to be read."""

    @property
    def is_awaited(self) -> bool:
        """Whether the desk still waits for the unit to read it."""
        return self.asks_reading and not self.from_unit and not self.is_read


@plain
class Phone(Plain):
    """`token_hash` is the SHA-256, in hex, of what the phone must show."""

    id: str
    token_hash: str
    paired_at: Instant


@plain
class Decline(Plain):
    """An order that a unit would not take; `reason` in its words, "" for none."""

    incident: str
    reason: str
    at: Instant


def with_decline(known: tuple[Decline, ...], decline: Decline) -> tuple[Decline, ...]:
    return (*without_decline(known, decline.incident), decline)[-DECLINES_KEPT:]


def without_decline(known: tuple[Decline, ...], incident: str) -> tuple[Decline, ...]:
    """Sent there anew it is asked anew."""
    return tuple(one for one in known if one.incident != incident)


def with_message(known: tuple[FieldMessage, ...], message: FieldMessage) -> tuple[FieldMessage, ...]:
    return (*known, message)[-MESSAGES_KEPT:]


def read_up_to(known: tuple[FieldMessage, ...], message: str, *, by_unit: bool) -> tuple[FieldMessage, ...]:
    """Everything that came from the other side up to and with this one."""
    last = next((place for place, m in enumerate(known) if m.id == message), -1)
    return tuple(
        replace(m, is_read=True) if place <= last and m.from_unit != by_unit else m
        for place, m in enumerate(known)
    )


def unread_count(known: tuple[FieldMessage, ...]) -> int:
    """How many that came from the unit nobody at a desk has read."""
    return sum(m.from_unit and not m.is_read for m in known) if known else 0


def first_unread(known: tuple[FieldMessage, ...]) -> FieldMessage | None:
    """The oldest message of the unit that nobody at a desk has read."""
    return next((m for m in known if m.from_unit and not m.is_read), None)


def last_unread(known: tuple[FieldMessage, ...], *, by_unit: bool) -> FieldMessage | None:
    """The newest message that the unit, or else the desk, has not read yet."""
    return next((m for m in reversed(known) if m.from_unit != by_unit and not m.is_read), None)
