"""Ours for the start-up bench: the console as main.py opens it; prints the steady clock when it is usable.

Usable means: the window is painted, the journal is folded in, and the queue has painted its rows.
"""

from __future__ import annotations

import sys
import time

from app.cli import parse
from widgets.console import Console
from widgets.run import run_console


def main(db: str) -> int:
    words = ["console", "--db", db, "--feed", "ws://127.0.0.1:9/events", "--size", "1366x768"]
    return run_console(parse(words), on_usable=_usable)


def _usable(console: Console) -> None:
    sys.stdout.write(f"{time.monotonic()}\n")
    console.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
