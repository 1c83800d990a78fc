"""`make-map`, `make-page` and `make-ledger`: the program as its own helper, a child of a desk that wants a document.

Owns what such a child is told and how it answers: pieces on standard input, the document's bytes on standard output.
Nobody types these commands; help does not list them. Must not open a journal or write a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, Literal

import msgspec

from app.arguments import Parser
from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.exchange.frames import pieces_of
from app.i18n import tr

MAP, PAGE, LEDGER = "make-map", "make-page", "make-ledger"
COMMANDS: Final = (MAP, PAGE, LEDGER)
_NICENESS: Final = 10
"""The desk that waits for the document has the first right to the machine."""


class MapOrder(msgspec.Struct, frozen=True):
    """What `make-map` is told before the situation."""

    made_at: Instant
    masked: bool
    theme: Literal["dark", "light"]

    def packed(self) -> bytes:
        return msgspec.msgpack.encode(self)


def add_commands(add: Callable[[str], Parser]) -> None:
    """`add` makes a parser for a command that help does not list."""
    add(MAP).set_defaults(run=lambda _options: answer(_situation_map))
    add(LEDGER).set_defaults(run=lambda _options: answer(_ledger))
    add(PAGE)


def answer(make: Callable[[Iterator[bytes]], bytes]) -> int:
    """The whole life of such a child; `make` is given the pieces. Raises ConfigError when the desk has gone."""
    with suppress(OSError, AttributeError):  # Windows knows no niceness
        os.nice(_NICENESS)
    try:
        document = make(pieces_of(sys.stdin.buffer))
    except EOFError:
        raise ConfigError(tr("cli.make.nothing_to_do")) from None
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
    return 0


def _situation_map(pieces: Iterator[bytes]) -> bytes:
    from app.exchange.situation_map import situation_map_html
    from app.exchange.situation_wire import unpacked

    order = msgspec.msgpack.decode(_first(pieces), type=MapOrder)
    situation = unpacked(pieces)
    page = situation_map_html(situation, made_at=order.made_at, masked=order.masked, theme=order.theme)
    return page.encode()


def _ledger(pieces: Iterator[bytes]) -> bytes:
    from app.exchange.ledger_sheet import ledger_document

    return ledger_document(pieces)


def _first(pieces: Iterator[bytes]) -> bytes:
    for piece in pieces:
        return piece
    raise EOFError
