"""Which kinds of events a journal may hold, and which this program knows.

Owns the note of it in the meta table and the version made of it. An event kind is never removed and its schema only
rises: of two programs of one line the one that knows more is the newer one. Must not read events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from app.domain.events import EVENT_TYPES

Vocabulary: TypeAlias = Mapping[str, int]
"""Event type -> schema."""

_decode = msgspec.json.Decoder(dict[str, int]).decode


def known() -> dict[str, int]:
    """What this program reads and writes."""
    return {name: kind.SCHEMA for name, kind in EVENT_TYPES.items()}


def stored(text: str | None) -> dict[str, int]:
    """What the note says; nothing for a journal from before there was one."""
    return _decode(text) if text else {}


def note_of(vocabulary: Vocabulary) -> str:
    return msgspec.json.encode(vocabulary, order="sorted").decode()


def beyond(one: Vocabulary, other: Vocabulary) -> list[str]:
    """What `one` has and `other` does not, by name."""
    return sorted(name for name, schema in one.items() if schema > other.get(name, 0))


def together(one: Vocabulary, other: Vocabulary) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {*one, *other}}


def version(schema: int, vocabulary: Vocabulary) -> str:
    """Such as 4.93: the store's schema and how much there is to know."""
    return f"{schema}.{sum(vocabulary.values())}"
