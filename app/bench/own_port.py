"""A port for a server of this machine that may go away and come back. Must not start the server."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Final

_FIRST: Final = 20_000
_USUAL_END: Final = 32_768
_HANDED_OUT: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_chance = random.SystemRandom()


def own_port() -> int:
    """A free one among those that no system hands out by itself, to a client or to a server that asks for any.

    So nobody sits on it before the server is up, nor while it is down.
    """
    while True:
        port = _chance.randrange(_FIRST, max(_first_handed_out(), _FIRST + 1_000))
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def _first_handed_out() -> int:
    try:
        return int(_HANDED_OUT.read_text(encoding="ascii").split()[0])
    except FileNotFoundError:  # not on Linux
        return _USUAL_END
