"""The chain: whatever is changed behind the journal's back is found, with the first bad seq."""

import hashlib
import json

import pytest
from sqlalchemy import create_engine, text

from app.journal.store import Batch, Journal, Person
from tests.contract.journal.cases import batch, entry
from tests.contract.journal.conftest import Store

TAMPERINGS = {
    "changed payload": (3, ["UPDATE event SET payload = replace(payload, 'note', 'Note') WHERE seq = 3"]),
    "payload respaced": (3, ["UPDATE event SET payload = replace(payload, ',', ', ') WHERE seq = 3"]),
    "changed actor": (2, ["UPDATE event SET actor = 'somebody else' WHERE seq = 2"]),
    "changed desk": (2, ["UPDATE event SET desk = 'desk-9' WHERE seq = 2"]),
    "changed occurred_at": (4, ["UPDATE event SET occurred_at = occurred_at + 1 WHERE seq = 4"]),
    "changed recorded_at": (4, ["UPDATE event SET recorded_at = recorded_at + 1 WHERE seq = 4"]),
    "changed mode": (1, ["UPDATE event SET mode = 'drill' WHERE seq = 1"]),
    "changed stream": (1, ["UPDATE event SET stream = 'incident/other' WHERE seq = 1"]),
    "changed version": (5, ["UPDATE event SET version = 99 WHERE seq = 5"]),
    "changed type": (2, ["UPDATE event SET type = 'incident.verified' WHERE seq = 2"]),
    "changed schema": (2, ["UPDATE event SET schema = 2 WHERE seq = 2"]),
    "changed cause": (2, ["UPDATE event SET cause_id = '' WHERE seq = 2"]),
    "text moved between columns": (2, ["UPDATE event SET actor = '', desk = actor || desk WHERE seq = 2"]),
    "changed hash": (3, ["UPDATE event SET hash = prev_hash WHERE seq = 3"]),
    "deleted row": (3, ["DELETE FROM event WHERE seq = 3"]),
    "deleted first row": (1, ["DELETE FROM event WHERE seq = 1"]),
    "deleted last row": (5, ["DELETE FROM event WHERE seq = 5"]),
    "deleted all rows": (1, ["DELETE FROM event"]),
    "swapped rows": (
        2,
        [f"UPDATE event SET seq = {new} WHERE seq = {old}" for old, new in ((2, 99), (3, 2), (99, 3))],
    ),
    "row closed up after a deletion": (
        3,
        [
            "DELETE FROM event WHERE seq = 3",
            "UPDATE event SET seq = 3 WHERE seq = 4",
            "UPDATE event SET seq = 4 WHERE seq = 5",
        ],
    ),
    "added row": (
        6,
        [
            """INSERT INTO event SELECT 6, stream, 6, type, schema, occurred_at, recorded_at, actor, desk, cause_id,
                correlation_id, mode, payload, hash, hash FROM event WHERE seq = 5"""
        ],
    ),
}


@pytest.fixture
def five_events(journal: Journal) -> Journal:
    journal.append(batch(1, 2, 3))
    journal.append(Batch((entry(4), entry(5)), persons=(Person("p1", "name", "1"),)))
    return journal


def test_an_untouched_chain_holds(five_events: Journal) -> None:
    verdict = five_events.verify()
    assert (verdict.ok, verdict.events, verdict.first_bad_seq, verdict.reason) == (True, 5, None, "")


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found_at_its_seq(five_events: Journal, store: Store, kind: str) -> None:
    first_bad_seq, statements = TAMPERINGS[kind]
    store.tamper(*statements)
    verdict = five_events.verify()
    assert (verdict.ok, verdict.first_bad_seq) == (False, first_bad_seq)
    assert str(first_bad_seq) in verdict.reason


def test_a_chain_that_was_written_anew_is_found_by_its_head(five_events: Journal, store: Store) -> None:
    store.tamper("UPDATE chain_head SET hash = (SELECT hash FROM event WHERE seq = 1)")
    assert five_events.verify().first_bad_seq == 5


def test_erasing_a_person_leaves_the_chain_whole(five_events: Journal) -> None:
    five_events.erase_person("p1")
    assert five_events.person("p1") is None
    assert five_events.verify().ok


COLUMNS = """seq, stream, version, type, schema, occurred_at, recorded_at, actor, desk, cause_id, correlation_id, mode,
    payload, prev_hash, hash"""


def test_an_outsider_can_check_the_chain_with_the_standard_library(
    five_events: Journal, store: Store
) -> None:
    engine = create_engine(store.url)
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {COLUMNS} FROM event ORDER BY seq")).all()
    engine.dispose()
    last = bytes(32)
    for *values, prev_hash, stored in rows:
        body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        assert bytes(prev_hash) == last
        last = hashlib.sha256(last + body).digest()
        assert bytes(stored) == last
    assert len(rows) == 5
