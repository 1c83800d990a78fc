"""Receipts, persons, quarantine, snapshots, reference data, tracks."""

import pytest

from app.journal.errors import AlreadyReceived, JournalDamaged
from app.journal.store import Batch, FeedPosition, Journal, Person, QuarantinedMessage, Receipt, TrackPoint
from tests.contract.journal.cases import batch, entry
from tests.contract.journal.conftest import Store


def test_a_message_is_taken_in_once(journal: Journal, store: Store) -> None:
    first, second = Receipt("110", "1"), Receipt("110", "2")
    journal.append(Batch((entry(1),), receipts=(first,)))
    with pytest.raises(AlreadyReceived) as refused:
        store.open().append(Batch((entry(2),), receipts=(second, first)))
    assert refused.value.receipts == {first}
    assert journal.head() == 1
    assert journal.known_receipts([first, second, Receipt("119", "1")]) == {first}


def test_thousands_of_receipts_are_looked_up_at_once(journal: Journal) -> None:
    receipts = [Receipt("110", str(number)) for number in range(3_000)]
    journal.append(Batch((), receipts=tuple(receipts[:1_500])))
    assert journal.known_receipts(receipts) == set(receipts[:1_500])
    assert journal.known_receipts([]) == set()


def test_the_last_feed_position_counts(journal: Journal) -> None:
    journal.append(Batch((), positions=(FeedPosition("110", "1"), FeedPosition("119", "a"))))
    journal.append(Batch((), positions=(FeedPosition("110", "2"), FeedPosition("110", "3"))))
    assert journal.feed_positions() == {"110": "3", "119": "a"}


def test_a_person_can_be_corrected_and_erased(journal: Journal) -> None:
    journal.append(Batch((), persons=(Person("p1", "王小明", "13800000000"),)))
    journal.append(Batch((), persons=(Person("p1", "王晓明", "13800000000"),)))
    assert journal.person("p1") == Person("p1", "王晓明", "13800000000")
    journal.erase_person("p1")
    journal.erase_person("p1")
    assert journal.person("p1") is None


def test_persons_are_found_by_the_figures_of_their_number(journal: Journal) -> None:
    written = ["13800000000", "138 0000-0000", "+86 138 0000 0000", "13800000001", ""]
    persons = tuple(Person(f"p{place}", "", phone) for place, phone in enumerate(written))
    journal.append(Batch((), persons=persons))
    assert journal.refs_of_phone(["13800000000", "8613800000000"]) == ["p0", "p1", "p2"]
    journal.erase_person("p1")
    assert journal.refs_of_phone(["13800000000"]) == ["p0"]
    assert journal.refs_of_phone([]) == []


@pytest.mark.parametrize("raw", ["{", "", "a\x00b", "\udcff\ud800", "你好 😀"])
def test_a_quarantined_message_is_kept_as_it_came(journal: Journal, raw: str) -> None:
    message = QuarantinedMessage("q1", "110", "not JSON", raw, 77)
    journal.append(Batch((), quarantined=(message,)))
    assert journal.quarantined("q1") == message
    assert journal.quarantined("q2") is None


def test_a_snapshot_is_of_one_schema_and_the_newest(journal: Journal) -> None:
    journal.save_snapshot("desk", 5, 1, b"old")
    journal.save_snapshot("desk", 9, 1, bytes(range(256)))
    assert journal.load_snapshot("desk", 1) == (9, bytes(range(256)))
    assert journal.load_snapshot("desk", 2) is None
    assert journal.load_snapshot("other", 1) is None


def test_snapshots_of_programs_of_long_ago_go(journal: Journal) -> None:
    for seq, schema in ((5, 1), (7, 2), (9, 3)):
        journal.save_snapshot("desk", seq, schema, b"state")
    journal.save_snapshot("other", 1, 1, b"state")
    assert [journal.load_snapshot("desk", schema) for schema in (1, 2, 3)] == [
        None,
        (7, b"state"),
        (9, b"state"),
    ]
    assert journal.load_snapshot("other", 1) == (1, b"state")


def test_reference_data_is_kept_with_the_time_it_was_valid(journal: Journal) -> None:
    journal.sync_reference("camera", {"c1": b"1", "c2": b"2"}, at=100)
    journal.sync_reference("camera", {"c1": b"1", "c2": b"two", "c3": b"3"}, at=200)
    journal.sync_reference("camera", {"c2": b"two"}, at=300)
    journal.sync_reference("grid", {"g1": b"g"}, at=100)
    assert journal.reference("camera", at=99) == {}
    assert journal.reference("camera", at=100) == {"c1": b"1", "c2": b"2"}
    assert journal.reference("camera", at=200) == {"c1": b"1", "c2": b"two", "c3": b"3"}
    assert journal.reference("camera", at=300) == journal.reference("camera") == {"c2": b"two"}
    assert journal.reference("grid") == {"g1": b"g"}


def test_what_did_not_change_is_not_written(journal: Journal, store: Store) -> None:
    journal.sync_reference("camera", {"c1": b"1"}, at=100)
    store.tamper("UPDATE reference SET valid_from = 50")
    journal.sync_reference("camera", {"c1": b"1"}, at=200)
    assert journal.reference("camera", at=60) == {"c1": b"1"}


def test_two_syncs_at_one_instant_leave_the_second(journal: Journal) -> None:
    journal.sync_reference("camera", {"c1": b"1"}, at=100)
    journal.sync_reference("camera", {"c1": b"2"}, at=100)
    journal.sync_reference("camera", {"c1": b"3"}, at=90)
    assert journal.reference("camera") == {"c1": b"3"}
    assert journal.reference("camera", at=95) == {"c1": b"3"}


def test_a_returning_row_is_valid_again(journal: Journal) -> None:
    for at, rows in ((100, {"c1": b"1"}), (200, {}), (300, {"c1": b"1"})):
        journal.sync_reference("camera", rows, at=at)
    assert [journal.reference("camera", at=at) for at in (150, 250, 350)] == [{"c1": b"1"}, {}, {"c1": b"1"}]


def test_positions_at_an_instant_are_the_newest_until_then(journal: Journal) -> None:
    early = TrackPoint("u1", 100, 31.2, 121.4, 90.0, 1.5)
    late = TrackPoint("u1", 200, 31.3, 121.5)
    other = TrackPoint("u2", 150, 31.1, 121.3, None, 0.0)
    journal.record_positions([late, other, early])
    journal.record_positions([])
    assert journal.positions_at(99) == {}
    assert journal.positions_at(160) == {"u1": early, "u2": other}
    assert journal.positions_at(200) == {"u1": late, "u2": other}


def test_a_position_that_comes_twice_counts_once(journal: Journal) -> None:
    point = TrackPoint("u1", 100, 31.2, 121.4)
    journal.record_positions([point, point])
    journal.record_positions([point])
    assert journal.prune_tracks(before=101) == 1


def test_a_track_is_read_from_an_instant_on_one_point_a_step(journal: Journal) -> None:
    ways = {
        unit: [TrackPoint(unit, at, 31.2, 121.4 + at / 1e6) for at in range(0, 20_000, 1_000)]
        for unit in "ab"
    }
    journal.record_positions([point for way in ways.values() for point in way])
    found = journal.tracks_since(["b", "a", "nobody"], 10_000, 5_000)
    assert found == [ways[unit][second] for unit in "ba" for second in (14, 19)]
    assert journal.tracks_since(["a"], 0, 1_000) == ways["a"]


def test_old_tracks_are_pruned(journal: Journal) -> None:
    journal.record_positions([TrackPoint("u1", at, 31.2, 121.4) for at in (100, 200, 300)])
    assert journal.prune_tracks(before=200) == 1
    assert journal.positions_at(150) == {}
    assert journal.positions_at(1_000)["u1"].at == 300


def test_the_mode_is_fixed_when_the_journal_is_made(store: Store) -> None:
    store.open(mode="drill").append(batch(1))
    with pytest.raises(JournalDamaged, match=r"drill|演练"):
        store.open(mode="live")
    assert store.open(mode="drill").read()[0].mode == "drill"
