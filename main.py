"""Streetdesk: arguments -> one composition root."""

import argparse
import sys
from collections.abc import Sequence

from app.cli import WINDOW_COMMANDS, guarded, parse, run


def main(argv: Sequence[str]) -> int:
    """Runs one command; returns the exit code."""
    options = parse(argv)
    if options.command in WINDOW_COMMANDS:
        return guarded(options, lambda: _run_with_window(options))
    return run(options)


def _run_with_window(options: argparse.Namespace) -> int:
    """Qt is imported only where it is needed: the other commands run where there is none."""
    if options.command == "bench":
        from widgets.bench.run import run_benches

        return run_benches(options)
    from widgets.run import run_console

    return run_console(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
