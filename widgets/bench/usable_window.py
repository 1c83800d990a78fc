"""Ours for the start-up bench: the console as main.py opens it; prints the steady clock when it is usable.

Usable means: the window is painted, the journal is folded in, and the queue has painted its rows.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from app.cli import parse
from main import open_console

if TYPE_CHECKING:
    from widgets.console import Console


def main(db: str) -> int:
    words = ["console", "--db", db, "--feed", "ws://127.0.0.1:9/events", "--size", "1366x768"]
    return open_console(parse(words), _usable)


def _usable(console: Console) -> None:
    sys.stdout.write(f"{time.monotonic()}\n")
    console.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
