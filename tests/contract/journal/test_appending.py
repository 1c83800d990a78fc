"""Appending: versions, conflicts, all or nothing, one transaction for a group."""

import pytest

from app.domain.events import IncidentNoted, IncidentReported
from app.journal.errors import AlreadyReceived, JournalError, JournalUnavailable, VersionConflict
from app.journal.store import Batch, FeedPosition, Journal, Person, QuarantinedMessage, Receipt
from tests.contract.journal.cases import INCIDENT, batch, entry
from tests.contract.journal.conftest import Store

REPORT = IncidentReported(
    "2026-1",
    "110",
    "110-1",
    "crowd",
    2,
    '商场门口人群聚集 \x00 \u2028 😀 "\\',
    lat=31.2211,
    lon=-0.0,
    attachments=("a", "b"),
)


def test_an_appended_event_is_read_back_as_it_was(journal: Journal) -> None:
    recorded = journal.append(Batch((entry(1, event=REPORT),)))
    assert journal.read() == recorded
    (first,) = recorded
    assert (first.seq, first.stream, first.version, first.event) == (1, INCIDENT, 1, REPORT)
    assert (first.occurred_at, first.recorded_at) == (501, 1_000_000)
    assert (first.actor, first.desk) == ("officer of desk-1", "desk-1")
    assert (first.cause_id, first.correlation_id, first.mode) == ("cause 1", "corr", "live")


def test_seq_counts_on_without_a_gap_over_streams_and_after_refusals(journal: Journal) -> None:
    journal.append(batch(1, 2))
    with pytest.raises(VersionConflict):
        journal.append(batch(2))
    journal.append(batch(1, stream="unit/7"))
    assert [record.seq for record in journal.read()] == [1, 2, 3]
    assert journal.head() == 3


def test_of_two_desks_one_wins_and_the_other_sees_by_whom(journal: Journal, store: Store) -> None:
    other = store.open()
    journal.append(batch(1))
    other.append(batch(2, desk="desk-2"))
    with pytest.raises(VersionConflict) as refused:
        journal.append(batch(2))
    conflict = refused.value
    assert (conflict.stream, conflict.expected, conflict.actual) == (INCIDENT, 1, 2)
    assert (conflict.by_actor, conflict.by_desk) == ("officer of desk-2", "desk-2")
    assert "desk-2" in str(conflict)


def test_a_desk_ahead_of_the_journal_is_refused_with_nobody_named(journal: Journal) -> None:
    journal.append(batch(1))
    with pytest.raises(VersionConflict) as refused:
        journal.append(batch(3))
    assert (refused.value.expected, refused.value.actual, refused.value.by_desk) == (2, 1, "")


def test_a_batch_over_several_streams_is_written_as_a_whole_or_not_at_all(journal: Journal) -> None:
    journal.append(batch(1))
    mixed = Batch(
        (entry(1, "unit/7"), entry(1)),
        receipts=(Receipt("110", "1"),),
        positions=(FeedPosition("110", "1"),),
        persons=(Person("p1", "name", "1"),),
        quarantined=(QuarantinedMessage("q1", "110", "broken", "{", 1),),
    )
    with pytest.raises(VersionConflict):
        journal.append(mixed)
    assert journal.head() == 1
    assert journal.read_stream("unit/7") == ()
    assert journal.known_receipts(mixed.receipts) == set()
    assert (journal.feed_positions(), journal.person("p1"), journal.quarantined("q1")) == ({}, None, None)


def test_a_batch_without_events_writes_its_side_rows(journal: Journal) -> None:
    assert journal.append(Batch((), positions=(FeedPosition("110", "17"),))) == ()
    assert journal.feed_positions() == {"110": "17"}
    assert journal.head() == 0


def test_in_a_group_each_batch_stands_or_falls_alone(journal: Journal) -> None:
    receipt = Receipt("110", "1")
    first, second, third, fourth = journal.append_group(
        [
            Batch((entry(1, desk="desk-1"),), receipts=(receipt,)),
            Batch((entry(1, desk="desk-2"),)),
            Batch((entry(2, desk="desk-3"),), receipts=(receipt,)),
            Batch((entry(2, desk="desk-4"),)),
        ]
    )
    assert isinstance(first, tuple)
    assert isinstance(second, VersionConflict)
    assert second.by_desk == "desk-1"
    assert isinstance(third, AlreadyReceived)
    assert isinstance(fourth, tuple)
    assert [record.desk for record in journal.read()] == ["desk-1", "desk-4"]
    assert journal.verify().ok


def test_what_the_store_cannot_take_is_refused_alone(journal: Journal) -> None:
    half_a_character = Batch((entry(1, event=IncidentNoted("2026-1", "\ud800")),))
    not_a_person = Batch((entry(1, "unit/7"),), persons=(Person("p1", "\ud800", "1"),))
    text, person, sound = journal.append_group([half_a_character, not_a_person, batch(1)])
    assert isinstance(text, JournalError)
    assert isinstance(person, JournalError)
    assert isinstance(sound, tuple)
    assert [record.seq for record in journal.read()] == [1]


def test_a_group_larger_than_any_statement_is_written_in_order(journal: Journal) -> None:
    group = [batch(number % 10 + 1, stream=f"incident/{number // 10}") for number in range(777)]
    outcomes = journal.append_group(group)
    assert [outcome[0].seq for outcome in outcomes if isinstance(outcome, tuple)] == list(range(1, 778))
    assert journal.verify().events == 777


def test_recorded_at_never_goes_back_though_the_clock_does(journal: Journal, store: Store) -> None:
    journal.append(batch(1))
    store.clock.now -= 5_000
    journal.append(batch(2))
    assert [record.recorded_at for record in journal.read()] == [1_000_000, 1_000_000]


def test_two_desks_in_two_processes_leave_no_gap_and_lose_nothing(store: Store) -> None:
    journal = store.open()
    desks = [
        store.desk("desk-1", "incident/shared", "60"),
        store.desk("desk-2", "incident/shared", "60"),
        store.desk("desk-3", "incident/own", "60"),
    ]
    for desk in desks:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "ready\n"
    answers = [desk.communicate("go\n", timeout=60)[0] for desk in desks]
    acknowledged = sorted(int(line) for answer in answers for line in answer.split())
    assert acknowledged == list(range(1, 181))
    assert [record.seq for record in journal.read()] == acknowledged
    assert [record.version for record in journal.read_stream("incident/shared")] == list(range(1, 121))
    assert journal.verify().ok


def test_a_readonly_journal_takes_nothing(store: Store) -> None:
    store.open().append(batch(1))
    looking = store.open(mode="any", readonly=True)
    assert (looking.mode, looking.head()) == ("live", 1)
    with pytest.raises(JournalUnavailable):
        looking.append(batch(2))
    with pytest.raises(JournalUnavailable):
        looking.erase_person("p1")


def test_after_close_every_use_is_refused(journal: Journal) -> None:
    journal.close()
    journal.close()
    for use in (journal.head, lambda: journal.append(batch(1)), journal.feed_positions):
        with pytest.raises(JournalUnavailable):
            use()
