"""Streetdesk: arguments -> one composition root."""

import sys
from collections.abc import Sequence

from app.cli import WINDOW_COMMANDS, guarded, parse, run


def main(argv: Sequence[str]) -> int:
    """Runs one command; returns the exit code."""
    options = parse(argv)
    if options.command in WINDOW_COMMANDS:
        from widgets.run import run_console

        return guarded(options, lambda: run_console(options))
    return run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
