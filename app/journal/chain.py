"""The hash chain over events.

Owns the exact bytes that are hashed, so that an outsider can check a journal without this program:

    hash(n) = SHA-256( hash(n-1) || body(n) ),  hash(0) = 32 zero bytes

`body` is UTF-8 JSON: one array of the columns seq, stream, version, type, schema, occurred_at, recorded_at, actor,
desk, cause_id, correlation_id, mode, payload, in this order. Numbers are decimal integers, everything else is a string
(payload too: the stored text, byte for byte, as one JSON string). No white space; in strings only `"`, `\\` and the
characters below U+0020 are escaped, these as \\b \\t \\n \\f \\r or else \\u00xx in lower case. In Python that is
`json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TypeAlias

import msgspec

Columns: TypeAlias = tuple[int, str, int, str, int, int, int, str, str, str, str, str, str]

GENESIS = bytes(32)
_encode = msgspec.json.Encoder().encode


def link(prev_hash: bytes, columns: Columns) -> bytes:
    """The 32-byte hash of the event with these columns that follows `prev_hash`."""
    return sha256(prev_hash + _encode(columns)).digest()
