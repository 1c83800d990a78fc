"""A SQLite journal in trouble: each kind gives a clear message, and nothing acknowledged is lost or made worse."""

import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.events import IncidentNoted
from app.i18n import language, set_language
from app.journal.errors import JournalDamaged, JournalError, JournalUnavailable
from app.journal.store import Batch, Entry, Journal, Person, open_journal

EVENTS = 40
NOBODY = 65534


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


def opened(path: Path, timeout_s: float = 5, readonly: bool = False) -> Journal:
    return open_journal(f"sqlite:///{path}?timeout={timeout_s}", clock=lambda: 1_000, readonly=readonly)


def note(version: int, text: str = "note") -> Batch:
    return Batch((Entry("incident/1", version, IncidentNoted("1", text), 0, "officer", "desk", "", ""),))


def refusal(path: Path, kind: type[JournalError], readonly: bool = False) -> str:
    with pytest.raises(kind) as refused:
        opened(path, timeout_s=0.05, readonly=readonly)
    assert refused.type is kind
    return str(refused.value)


@pytest.mark.parametrize("readonly", [True, False])
def test_a_folder_is_called_a_folder(tmp_path: Path, readonly: bool) -> None:
    assert "is a folder" in refusal(tmp_path, JournalUnavailable, readonly)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal whose desk closed it properly."""
    path = tmp_path / "journal.db"
    with closing(opened(path)) as journal:
        for version in range(1, EVENTS + 1):
            journal.append(note(version))
    return path


@pytest.fixture
def crashed(path: Path, tmp_path: Path) -> Path:
    """What a killed desk leaves: the second half of the events stands in the write-ahead log only."""
    copy = tmp_path / "crashed"
    copy.mkdir()
    with closing(opened(path)) as journal:
        for version in range(EVENTS + 1, 2 * EVENTS + 1):
            journal.append(note(version))
        for file in ("journal.db", "journal.db-wal", "journal.db-acknowledged"):
            shutil.copy(tmp_path / file, copy / file)
    return copy / "journal.db"


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def contents(path: Path) -> tuple[bytes, bytes]:
    log = log_of(path)
    return path.read_bytes(), log.read_bytes() if log.exists() else b""


def test_after_a_crash_everything_acknowledged_is_there(crashed: Path) -> None:
    with closing(opened(crashed)) as journal:
        assert journal.verify().events == 2 * EVENTS
        assert journal.append(note(2 * EVENTS + 1))[0].seq == 2 * EVENTS + 1


def test_an_unacknowledged_torn_end_of_the_log_is_no_damage(crashed: Path) -> None:
    with log_of(crashed).open("ab") as log:
        log.write(bytes(range(256)) * 20)
    with closing(opened(crashed)) as journal:
        assert journal.verify().events == 2 * EVENTS


def _cut(log: Path) -> None:
    os.truncate(log, log.stat().st_size // 2)


def _overwrite(log: Path) -> None:
    size = log.stat().st_size
    log.write_bytes(log.read_bytes()[: size // 3] + b"\xa5" * (size - size // 3))


def _empty(log: Path) -> None:
    os.truncate(log, 0)


@pytest.mark.parametrize("damage", [_cut, _overwrite, _empty, Path.unlink])
def test_a_log_that_lost_acknowledged_events_is_told_and_left_alone(
    crashed: Path, damage: Callable[[Path], None]
) -> None:
    damage(log_of(crashed))
    before = contents(crashed)
    for readonly in (False, True):
        message = refusal(crashed, JournalDamaged, readonly)
        assert f"event {2 * EVENTS} had been acknowledged" in message
        assert "journal.db-acknowledged" in message
    assert contents(crashed) == before
    # The mend that the message names: what is left can be used.
    crashed.with_name("journal.db-acknowledged").unlink()
    with closing(opened(crashed)) as journal:
        assert journal.verify().ok
        assert EVENTS <= journal.head() < 2 * EVENTS
        journal.append(note(journal.head() + 1))


def test_another_file_in_the_place_of_the_journal_is_told(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(opened(other)) as journal:
        for version in range(1, EVENTS + 2):
            journal.append(note(version, "another history"))
    shutil.copy(other, path)
    assert f"event {EVENTS}" in refusal(path, JournalDamaged)


def test_an_illegible_note_does_not_keep_a_sound_journal_shut(path: Path) -> None:
    path.with_name("journal.db-acknowledged").write_bytes(b"\x00 nonsense")
    with closing(opened(path)) as journal:
        journal.append(note(EVENTS + 1))
        assert journal.head() == EVENTS + 1


def test_an_empty_file_is_no_journal(path: Path) -> None:
    os.truncate(path, 0)
    assert "empty file" in refusal(path, JournalDamaged)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("garbage", [b"PK\x03\x04" * 2_000, b"{}", b"SQLite format 3\x00" + b"\xff" * 9_000])
def test_a_file_that_is_no_database(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(garbage)
    assert "letter.docx" in refusal(path, JournalDamaged)
    assert path.read_bytes() == garbage


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE event (id)")
    before = path.read_bytes()
    assert "not a journal of this program" in refusal(path, JournalDamaged)
    assert path.read_bytes() == before


def test_a_cut_off_database_file_is_told(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    with pytest.raises(JournalDamaged), closing(opened(path)) as journal:
        journal.verify()


def test_a_journal_of_a_newer_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    assert "schema 99" in refusal(path, JournalDamaged)


def test_a_drill_cannot_reach_the_live_journal(path: Path) -> None:
    with pytest.raises(JournalDamaged, match="live journal"):
        open_journal(str(path), clock=lambda: 1_000, mode="drill")


def test_a_missing_journal_is_not_made_by_who_only_looks(tmp_path: Path) -> None:
    assert "no journal at" in refusal(tmp_path / "typo.db", JournalUnavailable, readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_new_journal_gets_its_folder_and_leaves_no_half_made_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "journal.db"
    opened(path).close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["journal.db", "journal.db-acknowledged"]


def test_a_locked_database_is_told_and_works_again_once_free(path: Path) -> None:
    with closing(opened(path, timeout_s=0.05)) as journal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable, match="locked by another program"):
            journal.append(note(EVENTS + 1))
        with pytest.raises(JournalUnavailable, match="locked by another program"):
            journal.erase_person("p1")
        assert journal.head() == EVENTS
        other.rollback()
        assert journal.append(note(EVENTS + 1))[0].seq == EVENTS + 1


@contextmanager
def _without_privileges(folder: Path) -> Iterator[None]:
    """Root may write everything: be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def reachable(path: Path) -> Iterator[Path]:
    """The journal in a folder that nobody may enter and write."""
    folder = Path(tempfile.mkdtemp(prefix="streetdesk-test-"))
    copy = Path(shutil.copy(path, folder))
    folder.chmod(0o777)
    yield copy
    folder.chmod(0o777)
    shutil.rmtree(folder)


def test_a_readonly_file_is_told_at_once_and_can_still_be_looked_at(reachable: Path) -> None:
    reachable.chmod(0o444)
    with _without_privileges(reachable):
        assert "cannot be written" in refusal(reachable, JournalUnavailable)
        with closing(opened(reachable, readonly=True)) as journal:
            assert journal.verify().events == EVENTS


def test_a_readonly_folder_is_told_at_once_and_can_still_be_looked_at(reachable: Path) -> None:
    reachable.chmod(0o666)
    reachable.parent.chmod(0o555)
    with _without_privileges(reachable):
        assert "cannot be written" in refusal(reachable, JournalUnavailable)
        with closing(opened(reachable, readonly=True)) as journal:
            assert journal.verify().events == EVENTS


def _fill(journal: Journal) -> int:
    """Append until the store says no; returns the last acknowledged seq."""
    acknowledged = journal.head()
    refused: JournalUnavailable | None = None
    while refused is None:
        try:
            journal.append(note(acknowledged + 1, "x" * 20_000))
            acknowledged += 1
        except JournalUnavailable as error:
            refused = error
    assert "nothing was saved" in str(refused)
    assert journal.head() == acknowledged
    return acknowledged


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"only root can make a small disk: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(200_000))
    path = small_disk / "journal.db"
    with closing(opened(path)) as journal:
        acknowledged = _fill(journal)
        assert acknowledged > 10
        assert journal.verify().events == acknowledged
        ballast.unlink()
        journal.append(note(acknowledged + 1))
    with closing(opened(path)) as journal:
        assert journal.verify().events == acknowledged + 1


def test_a_disk_that_is_full_from_the_start_is_told(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(2_097_152))
    assert "full" in refusal(small_disk / "journal.db", JournalUnavailable)


def test_a_file_size_limit_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(opened(path)) as journal:
        journal.append(note(1))
        unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, unlimited[1]))
        try:
            acknowledged = _fill(journal)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        assert acknowledged > 10
        journal.append(note(acknowledged + 1))
    with closing(opened(path)) as journal:
        assert journal.verify().events == acknowledged + 1


def test_an_erased_person_is_gone_from_the_files(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(opened(path)) as journal:
        journal.append(Batch(note(1).entries, persons=(Person("p1", "Zebulon", "13800001234"),)))
        assert any(b"Zebulon" in content for content in contents(path))
        journal.erase_person("p1")
        assert not any(b"Zebulon" in content or b"13800001234" in content for content in contents(path))


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(tmp_path, JournalUnavailable)
    (tmp_path / "file").touch()
    assert "file" in refusal(tmp_path / "file" / "journal.db", JournalUnavailable)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_a_store_that_cannot_keep_a_journal_is_refused(url: str) -> None:
    with pytest.raises(JournalError):
        open_journal(url, clock=lambda: 1_000)


def test_only_who_looks_may_leave_the_mode_open(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="any"):
        open_journal(str(tmp_path / "journal.db"), clock=lambda: 1_000, mode="any")
