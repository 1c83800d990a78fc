"""Reading: after, until, by stream, news from other desks."""

import threading

import pytest

from app.journal import sql
from app.journal.errors import JournalDamaged
from app.journal.store import Journal
from tests.contract.journal.cases import INCIDENT, batch
from tests.contract.journal.conftest import Store


def test_an_empty_journal(journal: Journal) -> None:
    assert (journal.head(), journal.read(), journal.read_stream(INCIDENT)) == (0, (), ())
    assert journal.read(until=0) == ()
    assert journal.verify().ok


def test_read_after_and_limit(journal: Journal) -> None:
    journal.append(batch(*range(1, 11)))
    assert [record.seq for record in journal.read(after_seq=4, limit=3)] == [5, 6, 7]
    assert journal.read(after_seq=10) == ()
    assert journal.read(limit=0) == ()


def test_a_read_goes_over_pages(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "PAGE", 3)
    journal.append(batch(*range(1, 11)))
    assert [record.seq for record in journal.read()] == list(range(1, 11))
    assert [record.seq for record in journal.read(1, 6)] == list(range(2, 8))
    assert journal.verify().events == 10


@pytest.mark.parametrize(
    ("until", "seqs"),
    [
        (0, []),
        (999_999, []),
        (1_000_000, [1, 2]),
        (1_000_050, [1, 2]),
        (1_000_100, [1, 2, 3]),
        (9**9, [1, 2, 3, 4]),
    ],
)
def test_until_goes_by_when_it_was_recorded(
    journal: Journal, store: Store, until: int, seqs: list[int]
) -> None:
    journal.append(batch(1, 2))
    for version in (3, 4):
        store.clock.now += 100
        journal.append(batch(version))
    assert [record.seq for record in journal.read(until=until)] == seqs


def test_a_stream_is_read_by_version(journal: Journal) -> None:
    for version in range(1, 4):
        journal.append(batch(version))
        journal.append(batch(version, stream="unit/7"))
    assert [record.version for record in journal.read_stream(INCIDENT)] == [1, 2, 3]
    assert [record.seq for record in journal.read_stream("unit/7", after_version=1)] == [4, 6]
    assert [record.seq for record in journal.read_stream("unit/7", after_seq=4)] == [6]


def test_what_one_desk_wrote_another_reads(journal: Journal, store: Store) -> None:
    other = store.open()
    recorded = journal.append(batch(1, 2))
    assert other.read() == recorded
    assert other.head() == 2


def test_a_desk_is_woken_by_another_process(journal: Journal, store: Store) -> None:
    desk = store.desk("desk-2", INCIDENT, "1")
    assert desk.stdout is not None
    desk.stdout.readline()
    news: list[bool] = []
    waiting = threading.Thread(target=lambda: news.append(journal.wait_for_news(0, 30)))
    waiting.start()
    desk.communicate("go\n", timeout=30)
    waiting.join(30)
    assert news == [True]
    assert journal.read()[0].desk == "desk-2"


def test_no_news_is_told_when_the_time_is_over_and_old_news_at_once(journal: Journal) -> None:
    journal.append(batch(1))
    assert journal.wait_for_news(1, 0.05) is False
    assert journal.wait_for_news(0, 60) is True


def test_close_wakes_who_waits(store: Store) -> None:
    journal = store.open()
    news: list[bool] = []
    waiting = threading.Thread(target=lambda: news.append(journal.wait_for_news(0, 60)))
    waiting.start()
    journal.append(batch(1))
    waiting.join(30)
    again = threading.Thread(target=lambda: news.append(journal.wait_for_news(1, 60)))
    again.start()
    while not journal._users:
        pass
    journal.close()
    again.join(30)
    assert news == [True, False]


def test_an_event_of_a_newer_program_is_told_with_type_and_seq(journal: Journal, store: Store) -> None:
    journal.append(batch(1, 2))
    store.tamper("UPDATE event SET type = 'incident.teleported' WHERE seq = 2")
    with pytest.raises(JournalDamaged) as damaged:
        journal.read()
    assert damaged.value.facts == {"type": "incident.teleported", "seq": 2}


@pytest.mark.parametrize(
    "payload", ["not json", '{"incident":"a"},{"incident":"b"}', '{"incident":7,"text":"x"}']
)
def test_a_payload_that_is_none_is_told_with_its_seq(journal: Journal, store: Store, payload: str) -> None:
    journal.append(batch(1, 2, 3))
    store.tamper(f"UPDATE event SET payload = '{payload.replace(':', chr(92) + ':')}' WHERE seq = 2")
    with pytest.raises(JournalDamaged) as damaged:
        journal.read()
    assert damaged.value.facts["seq"] == 2
