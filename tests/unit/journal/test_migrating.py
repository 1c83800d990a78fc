"""A journal of an older program is brought to the newest schema when it is opened, and loses nothing."""

import sqlite3
from pathlib import Path

import pytest

from app.domain.events import IncidentNoted
from app.journal import migrating
from app.journal.migrations import MIGRATIONS
from app.journal.store import Batch, Entry, UnknownFields, open_journal


def note(text: str, version: int) -> Batch:
    return Batch((Entry("incident/1", version, IncidentNoted("1", text), 0, "officer", "desk", "", ""),))


def journal_of_schema(path: Path, schema: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(migrating, "MIGRATIONS", MIGRATIONS[:schema])
        older.setattr(migrating, "NEWEST_SCHEMA", schema)
        journal = open_journal(str(path), clock=lambda: 1_000)
        journal.append(note("before", 1))
        journal.close()


@pytest.mark.parametrize("schema", range(1, len(MIGRATIONS)))
def test_every_older_schema_goes_up_with_its_events(
    schema: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    journal_of_schema(path, schema, monkeypatch)
    journal = open_journal(str(path), clock=lambda: 2_000)
    journal.append(note("after", 2))
    journal.append(Batch((), unknown_fields=(UnknownFields("110", "7", b"{}"),)))
    assert [record.event.text for record in journal.read()] == ["before", "after"]  # type: ignore[attr-defined]
    assert journal.unknown_fields("110", "7") == b"{}"
    assert journal.verify().ok
    journal.close()
    with sqlite3.connect(path) as connection:
        (stands,) = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    connection.close()
    assert stands == str(len(MIGRATIONS))


def test_a_migration_that_fails_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    journal_of_schema(path, 1, monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(
            migrating, "MIGRATIONS", (MIGRATIONS[0], {"sqlite": ("CREATE TABLE x (a)", "NONSENSE")})
        )
        with pytest.raises(Exception, match=r"."):
            open_journal(str(path), clock=lambda: 2_000)
    journal = open_journal(str(path), clock=lambda: 2_000)
    assert journal.head() == 1
    journal.close()


def test_a_journal_that_is_only_read_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    journal_of_schema(path, 1, monkeypatch)
    before = path.read_bytes()
    journal = open_journal(str(path), clock=lambda: 2_000, readonly=True)
    assert journal.verify().ok
    assert len(journal.read()) == 1
    journal.close()
    assert path.read_bytes() == before
