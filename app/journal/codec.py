"""Events to stored text and back.

Owns the payload format (JSON, keys sorted, no white space) and the upcasters. An upcaster takes the fields of one
schema to the fields of the next; it is pure, is never changed once released and never removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from app.domain.events import EVENT_TYPES, Event
from app.journal.errors import JournalDamaged, JournalError

Fields = dict[str, Any]
Payload: TypeAlias = str | msgspec.Raw
Upcaster = Callable[[Fields], Fields]


def _alarm_raised_2(fields: Fields) -> Fields:
    """Schema 1 knew neither devices nor emergencies."""
    return {**fields, "device": "", "emergency": False}


def _road_closed_2(fields: Fields) -> Fields:
    """What schema 1 closed was closed to everybody."""
    return {**fields, "emergency_passes": False}


def _unit_messaged_2(fields: Fields) -> Fields:
    """Nobody waited for what schema 1 wrote to be read."""
    return {**fields, "asks_reading": False}


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("alarm.raised", 1): _alarm_raised_2,
    ("road.closed", 1): _road_closed_2,
    ("unit.messaged", 1): _unit_messaged_2,
}
"""(type, schema) -> fields of that schema to fields of schema + 1. Each has a file in tests/unit/journal/golden."""

_encoder = msgspec.json.Encoder(order="sorted")
_decoders: dict[tuple[str, int], Callable[[Payload], Event]] = {}


def encode(event: Event) -> str:
    """The event's fields as stored. Raises JournalError when a text in it is not valid Unicode."""
    try:
        return _encoder.encode(event).decode()
    except UnicodeEncodeError as error:
        raise JournalError("unstorable", what=event.TYPE, reason=error.reason) from error


def decode(seq: int, type_name: str, schema: int, payload: Payload) -> Event:
    """The event that `payload` holds, in its newest schema.

    Raises JournalDamaged naming type and seq when this program does not know the type or schema, or cannot read it.
    """
    try:
        return _decoders[type_name, schema](payload)
    except KeyError:
        return _first_decode(seq, type_name, schema, payload)
    except (msgspec.MsgspecError, LookupError, TypeError) as error:
        raise _unreadable(seq, type_name, error) from error


def _first_decode(seq: int, type_name: str, schema: int, payload: Payload) -> Event:
    event_type = EVENT_TYPES.get(type_name)
    if event_type is None:
        raise JournalDamaged("unknown_event", type=type_name, seq=seq)
    if schema > event_type.SCHEMA:
        raise JournalDamaged("newer_event", type=type_name, schema=schema, known=event_type.SCHEMA, seq=seq)
    decoder = decoder_of(event_type, schema, UPCASTERS)
    try:
        event = decoder(payload)
    except (msgspec.MsgspecError, LookupError, TypeError) as error:
        raise _unreadable(seq, type_name, error) from error
    _decoders[type_name, schema] = decoder
    return event


def decoder_of(
    event_type: type[Event], schema: int, upcasters: Mapping[tuple[str, int], Upcaster]
) -> Callable[[Payload], Event]:
    """How payloads of `schema` become `event_type`. Raises KeyError when an upcaster is missing."""
    if schema == event_type.SCHEMA:
        return msgspec.json.Decoder(event_type).decode
    steps = [upcasters[event_type.TYPE, step] for step in range(schema, event_type.SCHEMA)]

    def upcast(payload: Payload) -> Event:
        fields: Fields = msgspec.json.decode(payload)
        for step in steps:
            fields = step(fields)
        return msgspec.convert(fields, event_type)

    return upcast


def _unreadable(seq: int, type_name: str, error: Exception) -> JournalDamaged:
    return JournalDamaged("unreadable_event", type=type_name, seq=seq, reason=str(error))
