"""A writer killed with SIGKILL at random moments loses nothing that it acknowledged, and the next start works."""

import random
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from app.journal.store import Journal, open_journal
from tests.scenario.journal_victim import append_for_ever

KILLS = 50
MOST_ACKNOWLEDGED = 90
"""Before the kill; the moment within the transaction then under way is chance."""


def _run_and_kill(path: Path, run: int, chance: random.Random) -> dict[int, str]:
    """What the writer said it had acknowledged before it died."""
    context = get_context("forkserver")
    context.set_forkserver_preload([append_for_ever.__module__])
    ours, theirs = context.Pipe(duplex=False)
    writer = context.Process(target=append_for_ever, args=(path, run, theirs))
    writer.start()
    theirs.close()
    assert ours.recv() == "started"
    if run % 5 == 0:
        writer.join(chance.uniform(0, 0.02))  # while it opens the journal, or makes it
        acknowledged = {}
    else:
        acknowledged = dict(ours.recv() for _ in range(chance.randint(1, MOST_ACKNOWLEDGED)))
    writer.kill()
    writer.join()
    acknowledged.update(_rest(ours))
    ours.close()
    writer.close()
    return acknowledged


def _rest(ours: Connection) -> dict[int, str]:
    rest: dict[int, str] = {}
    while True:
        try:
            seq, text = ours.recv()
        except (
            EOFError,
            OSError,
        ):  # killed between two messages, or in the middle of one: nothing more was acknowledged
            return rest
        rest[seq] = text


def _texts(journal: Journal) -> dict[int, str]:
    return {recorded.seq: recorded.event.text for recorded in journal.read(limit=10**9)}  # type: ignore[attr-defined]


def test_fifty_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    chance = random.Random(20261122)
    acknowledged: dict[int, str] = {}
    for run in range(KILLS):
        acknowledged.update(_run_and_kill(path, run, chance))
        with closing(open_journal(str(path), clock=lambda: 1_000)) as journal:
            stored = _texts(journal)
            assert acknowledged.items() <= stored.items()
            assert list(stored) == list(range(1, len(stored) + 1))
            assert len(stored) % 2 == 0, "half of a batch"
            assert journal.verify().ok
    assert len(acknowledged) > KILLS * 10
