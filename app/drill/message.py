"""One message on its way out.

Owns the form that goes over the wire. Must not know who listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.instants import Instant, format_iso


@dataclass(frozen=True, slots=True)
class Message:
    """`body` is sent as it stands; `is_fix` marks a position, worth nothing once the next one is there.

    `idle_unit` is the unit that a message is only true of while it works on nothing.
    """

    at: Instant
    id: str
    body: bytes
    is_fix: bool = False
    is_sound: bool = True
    idle_unit: str = ""


_encoder = msgspec.json.Encoder()


def envelope(at: Instant, fields: dict[str, Any], *, is_fix: bool = False, idle_unit: str = "") -> Message:
    """An envelope with its time; `fields` hold at least id, kind and source."""
    body = _encoder.encode({**fields, "occurred_at": format_iso(at)})
    return Message(at, fields["id"], body, is_fix, idle_unit=idle_unit)


def stamped(body: bytes, monotonic_ns: int) -> bytes:
    """An envelope's body with the extra field `sent_monotonic_ns`."""
    return b'%b,"sent_monotonic_ns":%d}' % (body[:-1], monotonic_ns)
