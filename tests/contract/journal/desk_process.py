"""A desk in a process of its own: `desk_process.py URL DESK STREAM COUNT`.

Says "ready", waits for a line on standard input, appends COUNT events one by one to STREAM - trying again from the
stream's new version when another desk was first - and prints each seq that was acknowledged.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from app.domain.events import IncidentNoted
from app.journal.errors import VersionConflict
from app.journal.store import Batch, Entry, open_journal


def main(url: str, desk: str, stream: str, count: str) -> None:
    journal = open_journal(url, clock=lambda: 2_000_000)
    _say("ready")
    sys.stdin.readline()
    version = 0
    for number in range(int(count)):
        while True:
            note = IncidentNoted("2026-1", f"{desk} {number}")
            entry = Entry(stream, version + 1, note, 0, "officer", desk, "", "")
            try:
                recorded = journal.append(Batch((entry,)))
            except VersionConflict as conflict:
                version = conflict.actual
                continue
            version += 1
            _say(recorded[0].seq)
            break
    journal.close()


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


main(*sys.argv[1:])
