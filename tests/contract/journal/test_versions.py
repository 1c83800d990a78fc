"""Programs of two versions on one store: who may open it, what is said, and what a newer program's events become."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest

from app.domain.event import EVENT_TYPES, Event, StrangeEvent
from app.i18n import language, set_language
from app.journal import vocabulary
from app.journal.errors import JournalDamaged, JournalUnavailable
from app.journal.store import Batch, Entry, Journal
from tests.contract.journal.cases import INCIDENT, batch
from tests.contract.journal.conftest import Store


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def newer_program() -> Callable[[Journal], None]:
    """Appends an event of a kind that this program does not know."""

    def append(journal: Journal) -> None:
        @dataclass(frozen=True, slots=True)
        class Teleported(Event, type_name="test.teleported", schema=3):
            where: str

        try:
            journal.append(Batch((Entry(INCIDENT, 2, Teleported("moon"), 0, "officer", "b", "", ""),)))
        finally:
            del EVENT_TYPES["test.teleported"]

    return append


def note(store: Store, **changed: int) -> None:
    """Says in the store's name that programs with another vocabulary have been here."""
    kinds = {**vocabulary.known(), **changed}
    text = vocabulary.note_of({name: schema for name, schema in kinds.items() if schema})
    store.tamper(f"UPDATE meta SET value = '{text}' WHERE name = 'events'".replace(":", r"\:"))


def versions_in(sentence: str) -> list[str]:
    return [word.strip(",.;") for word in sentence.split() if word.strip(",.;").replace(".", "", 1).isdigit()]


def test_a_journal_says_which_kinds_of_events_it_may_hold(store: Store) -> None:
    store.open().close()
    store.open()


def test_a_program_that_knows_less_is_refused_with_both_versions_and_the_mend(store: Store) -> None:
    store.open().close()
    note(store, **{"incident.teleported": 1})
    for readonly in (False, True):
        with pytest.raises(JournalDamaged) as refused:
            store.open(readonly=readonly)
        sentence = str(refused.value)
        assert refused.value.key == "newer_events"
        assert "incident.teleported" in sentence
        assert "update this desk" in sentence
        assert refused.value.facts["journal"] != refused.value.facts["program"]
        assert {str(refused.value.facts[name]) for name in ("journal", "program")} <= set(
            versions_in(sentence)
        )


def test_a_newer_schema_of_a_known_kind_is_refused_as_well(store: Store) -> None:
    store.open().close()
    note(store, **{"incident.noted": 99})
    with pytest.raises(JournalDamaged, match=r"incident\.noted"):
        store.open()


def test_a_program_that_knows_more_takes_the_journal_over_when_it_is_alone(store: Store) -> None:
    store.open().close()
    note(store, **{"incident.noted": 0})
    store.open().close()
    note_before = vocabulary.known()
    store.open()
    assert vocabulary.known() == note_before


@pytest.mark.postgres
def test_a_newer_desk_does_not_start_beside_older_ones(store: Store, request: pytest.FixtureRequest) -> None:
    if store.url.startswith("sqlite"):
        pytest.skip("a file has no list of who has it open")
    store.open()
    note(store, **{"incident.noted": 0})
    with pytest.raises(JournalUnavailable) as refused:
        store.open()
    assert refused.value.key == "others_older"
    assert "older desks are still open" in str(refused.value)
    assert {str(refused.value.facts[name]) for name in ("journal", "program")} <= set(
        versions_in(str(refused.value))
    )


def test_what_a_newer_program_wrote_is_told_or_passed_over_as_the_reader_likes(
    store: Store, newer_program: Callable[[Journal], None]
) -> None:
    journal = store.open()
    journal.append(batch(1))
    newer_program(journal)
    with pytest.raises(JournalDamaged, match=r"test\.teleported"):
        journal.read()
    strange = journal.read(tolerant=True)[-1]
    assert strange.event == StrangeEvent("test.teleported", 3)
    assert (strange.desk, strange.version) == ("b", 2)
    assert journal.verify().ok
    assert msgspec.json.encode(strange.event)
    assert "strange" not in EVENT_TYPES


def test_files_are_there_for_every_desk_until_they_are_erased(
    store: Store, another_desk: Callable[..., Journal]
) -> None:
    here, there = store.open(), another_desk()
    data = bytes(range(256)) * 4096
    here.put_file("f1", data)
    here.put_file("f1", data)
    assert there.file("f1") == data
    assert there.file("f2") is None
    there.erase_file("f1")
    there.erase_file("f1")
    assert here.file("f1") is None
