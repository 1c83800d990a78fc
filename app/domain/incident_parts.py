"""What an incident has several of, or once in its life: links, files, ticks, requests, the receipt, the claim.

Owns their fields. Must not fold or judge: incident.py and the rules do.
"""

from __future__ import annotations

from app.domain.instants import Instant
from app.domain.plain import Plain, plain


@plain
class Link(Plain):
    """`other` is the `relation` of the incident that holds the link."""

    other: str
    relation: str


@plain
class Attachment(Plain):
    """A file that lies beside the database under its own hash."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    attached_at: Instant


@plain
class Tick(Plain):
    """A line of the checklist that is done; `unit` said so, "" the desk, where `actor` sat."""

    item: str
    unit: str
    at: Instant
    actor: str = ""
    desk: str = ""


@plain
class ForceRequest(Plain):
    """`settled` is "" while it is open, then met or refused by an officer, sent, or moved to another incident.

    `sent` are units that were sent for it, `coming` those of them that are not there yet.
    """

    id: str
    unit: str
    kinds: tuple[str, ...]
    count: int
    reason: str
    at: Instant
    settled: str = ""
    sent: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many of what was asked for nobody has sent."""
        return max(0, self.count - len(self.sent))


@plain
class Receipt(Plain):
    """That the department has it, as it said so."""

    department: str
    told: str
    received_by: str
    reference: str
    at: Instant


@plain
class Claim(Plain):
    """Which desk has it in hand, and who said so there."""

    desk: str
    actor: str
    at: Instant
