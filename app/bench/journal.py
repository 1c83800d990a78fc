"""Bench "journal": appending and reading, beside a bare sqlite3 loop that stores the same bytes as durably.

Owns its scenario only. Both sides write to the same folder in turns, and each figure is the median of its rounds: a
disk that others use meanwhile is slow or fast for both.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from app.domain.events import IncidentReported
from app.domain.ids import incident_stream
from app.journal.migrations.m0001_journal import SQLITE
from app.journal.store import Batch, Entry, Journal, open_journal
from app.journal.tables import EVENT_COLUMNS
from app.journal.writer import JournalThread

T = TypeVar("T")

ROUNDS = 7
EVENTS_A_ROUND = 400
APPENDERS = 1_000
APPENDS_EACH = 10
EVENTS_READ = 70_000
"""What a street's desk folds at start after some months."""
NOW = 1_795_330_620_000
_EVENT_TABLE = SQLITE[1]


def run() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="streetdesk-bench-") as folder:
        single, bare = _single_and_bare(Path(folder))
        grouped = _grouped(Path(folder))
        read, verified, fetched = _read_verified_fetched(Path(folder))
    yield {
        "bench": "journal",
        "figures": {
            "events_per_s": round(single),
            "group_commit_events_per_s": round(grouped),
            "read_events_per_s": round(read),
            "verify_events_per_s": round(verified),
        },
        "baseline": {"sqlite3_events_per_s": round(bare), "sqlite3_fetch_rows_per_s": round(fetched)},
        "ratio": {
            "throughput": round(single / bare, 3),
            "group_commit": round(grouped / bare, 3),
            "read": round(read / fetched, 3),
        },
    }


def _single_and_bare(folder: Path) -> tuple[float, float]:
    """Events/s of one durable transaction an event: ours, and the bare loop's."""
    ours, bare = [], []
    with closing(_open(folder / "single.db")) as journal, closing(_bare(folder / "bare.db")) as baseline:
        for number in range(ROUNDS):
            batches = [_batch(number * EVENTS_A_ROUND + n) for n in range(EVENTS_A_ROUND)]
            ours.append(_rate_of_each(journal.append, batches))
            rows = _stored_rows(folder / "single.db", after_seq=number * EVENTS_A_ROUND)
            bare.append(_rate_of_each(partial(_insert, baseline), rows))
    return median(ours), median(bare)


def _grouped(folder: Path) -> float:
    """Events/s of many callers on one loop, each waiting for its own event to be durable before the next."""
    return median(asyncio.run(_grouped_round(folder / f"group-{number}.db")) for number in range(3))


async def _grouped_round(path: Path) -> float:
    batches = [[_batch(n * APPENDS_EACH + k) for k in range(APPENDS_EACH)] for n in range(APPENDERS)]
    thread = JournalThread(_open(path))

    async def append(own: list[Batch]) -> None:
        for batch in own:
            await thread.append(batch)

    start_s = time.perf_counter()
    await asyncio.gather(*(append(own) for own in batches))
    rate = APPENDERS * APPENDS_EACH / (time.perf_counter() - start_s)
    await thread.close()
    return rate


def _read_verified_fetched(folder: Path) -> tuple[float, float, float]:
    """Events/s read into Recorded, events/s verified, and rows/s that a bare cursor fetches undecoded."""
    path = folder / "read.db"
    read, verified, fetched = [], [], []
    with closing(_open(path)) as journal:
        journal.append_group([_batch(number) for number in range(EVENTS_READ)])
        for _ in range(3):
            read.append(_rate(lambda: journal.read(limit=EVENTS_READ)))
            fetched.append(_rate(lambda: _stored_rows(path)))
            start_s = time.perf_counter()
            verified.append(journal.verify().events / (time.perf_counter() - start_s))
    return median(read), median(verified), median(fetched)


def _rate_of_each(work: Callable[[T], object], things: Sequence[T]) -> float:
    start_s = time.perf_counter()
    for thing in things:
        work(thing)
    return len(things) / (time.perf_counter() - start_s)


def _rate(work: Callable[[], Any]) -> float:
    start_s = time.perf_counter()
    done = len(work())
    return float(done / (time.perf_counter() - start_s))


def _open(path: Path) -> Journal:
    return open_journal(str(path), clock=lambda: NOW)


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(_EVENT_TABLE)
    return connection


def _insert(connection: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"INSERT INTO event VALUES ({', '.join('?' * len(EVENT_COLUMNS))})", row)
    connection.execute("COMMIT")


def _stored_rows(path: Path, after_seq: int = 0) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM event WHERE seq > ? ORDER BY seq", (after_seq,)).fetchall()


def _batch(number: int) -> Batch:
    incident = f"20261122-{number:06}"
    report = IncidentReported(
        incident,
        source="110",
        source_event=f"110-{incident}",
        incident_type="crowd",
        priority=2,
        title="People gathering at the gate of the shopping centre",
        description="About thirty people, loud, two of them arguing; the entrance of the metro is still free.",
        address="12 Ring Road, gate 3",
        lat=31.2211 + number % 100 / 10_000,
        lon=121.4750,
        grid="310106001002003",
        person_ref=f"person-{number}",
    )
    entry = Entry(incident_stream(incident), 1, report, NOW, "officer", "desk-1", f"cause-{number}", incident)
    return Batch((entry,))
