"""The process that is killed: appends without end and reports each acknowledged seq with its text through a pipe.

Must stay importable without anything of the tests: multiprocessing's fork server preloads it.
"""

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from app.domain.events import IncidentNoted
from app.journal.sqlite import open_sqlite
from app.journal.store import Batch, Entry

STREAMS = 3


def append_for_ever(path: Path, run: int, acknowledged: Connection) -> None:
    acknowledged.send("started")
    journal = open_sqlite(str(path), lambda: 1_000, "live", readonly=False)
    for number in count():
        batches = [_batch(run, number, stream) for stream in range(STREAMS)]
        for outcome in journal.append_group(batches):
            for recorded in outcome:  # type: ignore[union-attr]
                acknowledged.send((recorded.seq, recorded.event.text))


def _batch(run: int, number: int, stream: int) -> Batch:
    """Two events that belong together, at times longer than a page of the file."""
    texts = [f"{run}/{stream}/{number}/{half} {'x' * (number * 997 % 9_000)}" for half in "ab"]
    return Batch(
        tuple(
            Entry(
                f"incident/{run}-{stream}", number * 2 + half, IncidentNoted("1", text), 0, "o", "d", "", ""
            )
            for half, text in enumerate(texts, start=1)
        )
    )
