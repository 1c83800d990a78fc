"""Streetdesk: arguments -> one composition root."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli import guarded, parse, run

if TYPE_CHECKING:
    from widgets.run import Usable


def main(argv: Sequence[str]) -> int:
    """Runs one command; returns the exit code. Qt is imported only where a window is: the rest runs without it."""
    options = parse(argv)
    if options.command == "console":
        return guarded(options, lambda: open_console(options))
    if options.command == "bench":
        return guarded(options, lambda: _bench(options))
    if options.command == "make-page":
        return guarded(options, _make_page)
    return run(options)


def open_console(options: argparse.Namespace, on_usable: Usable | None = None) -> int:
    """The window. Nothing becomes garbage while modules are read and the journal is folded in: run.py ends the rest."""
    gc.disable()
    import app.before_qt  # noqa: F401
    from widgets.run import run_console

    return run_console(options, on_usable)


def _make_page() -> int:
    from widgets.page_child import make_page

    return make_page()


def _bench(options: argparse.Namespace) -> int:
    from widgets.bench.run import run_benches

    return run_benches(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
