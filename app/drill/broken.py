"""Messages as broken systems really send them.

Owns the ways in which a message can be wrong. Must not be used on a message that is still needed: it breaks a copy.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from app.domain.instants import Instant, format_iso
from app.drill.message import Message

HUGE_TEXT = 60_000


def broken(at: Instant, fields: dict[str, Any], dice: random.Random) -> Message:
    """A broken copy of an envelope under an id of its own."""
    copy = {**fields, "id": f"{fields['id']}-x", "occurred_at": format_iso(at)}
    body = dice.choice(_BREAKERS)(copy, dice)
    return Message(at, copy["id"], body, is_sound=False)


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _cut_off(fields: dict[str, Any], dice: random.Random) -> bytes:
    body = _json(fields)
    return body[: dice.randrange(1, len(body) - 1)].decode("utf-8", "ignore").encode()


def _field_missing(fields: dict[str, Any], dice: random.Random) -> bytes:
    gone = dice.choice(("id", "kind", "source", "occurred_at"))
    return _json({k: v for k, v in fields.items() if k != gone})


def _wrong_type(fields: dict[str, Any], dice: random.Random) -> bytes:
    wrong = dice.choice(
        ({"lat": "31.22"}, {"priority": "high"}, {"attachments": "1.jpg"}, {"title": ["x"]}, {"id": 17})
    )
    return _json({**fields, **wrong})


def _out_of_range(fields: dict[str, Any], dice: random.Random) -> bytes:
    return _json(
        {**fields, **dice.choice(({"lat": 131.2}, {"priority": 9}, {"crs": "beijing54"}, {"lon": 200}))}
    )


def _latin_1(fields: dict[str, Any], _dice: random.Random) -> bytes:
    return (
        json.dumps({**fields, "title": "caf\u00e9", "description": "", "address": ""})
        .replace("\\u00e9", "\u00e9")
        .encode("latin-1", "replace")
    )


def _huge(fields: dict[str, Any], dice: random.Random) -> bytes:
    return _json({**fields, "description": dice.choice("abc") * HUGE_TEXT})


def _unknown_kind(fields: dict[str, Any], dice: random.Random) -> bytes:
    return _json({**fields, "kind": dice.choice(("incident.exploded", "drone.position", "INCIDENT"))})


def _no_offset(fields: dict[str, Any], _dice: random.Random) -> bytes:
    return _json({**fields, "occurred_at": fields["occurred_at"].removesuffix("Z")})


def _not_a_number(fields: dict[str, Any], _dice: random.Random) -> bytes:
    return _json({**fields, "lat": float("nan")})


def _no_object(fields: dict[str, Any], _dice: random.Random) -> bytes:
    return _json([fields["id"]])  # type: ignore[arg-type]


_BREAKERS: tuple[Callable[[dict[str, Any], random.Random], bytes], ...] = (
    _cut_off,
    _field_missing,
    _wrong_type,
    _out_of_range,
    _latin_1,
    _huge,
    _unknown_kind,
    _no_offset,
    _not_a_number,
    _no_object,
)
