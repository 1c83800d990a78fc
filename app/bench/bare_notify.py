"""The baseline of bench desks: one NOTIFY from connection to connection, nothing else, at the pace of its caller.

    python -m app.bench.bare_notify CONNINFO

Says "ready", answers every line on standard input with the microseconds that one notice took, ends at its end.
"""

from __future__ import annotations

import sys
import time

import psycopg

CHANNEL = "streetdesk_bench"


def main(conninfo: str) -> None:
    with (
        psycopg.connect(conninfo, autocommit=True) as hears,
        psycopg.connect(conninfo, autocommit=True) as says,
    ):
        hears.execute(f"LISTEN {CHANNEL}")
        _say("ready")
        for _line in sys.stdin:
            sent_s = time.perf_counter()
            says.execute(f"NOTIFY {CHANNEL}")
            next(hears.notifies())
            _say(round((time.perf_counter() - sent_s) * 1e6))


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
