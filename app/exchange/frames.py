"""Bytes in pieces, as they go to a child process: each piece with its length before it.

Owns the framing. Must not know what the pieces say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

_LENGTH: Final = struct.Struct(">Q")


def framed(piece: bytes) -> bytes:
    return _LENGTH.pack(len(piece)) + piece


def pieces_of(source: BinaryIO) -> Iterator[bytes]:
    """The pieces up to the end of the stream. Raises EOFError when it ends within one: whoever wrote it is gone."""
    while head := source.read(_LENGTH.size):
        if len(head) < _LENGTH.size:
            raise EOFError
        (length,) = _LENGTH.unpack(head)
        piece = source.read(length)
        if len(piece) < length:
            raise EOFError
        yield piece
