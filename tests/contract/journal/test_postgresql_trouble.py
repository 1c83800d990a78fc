"""What only a server can do to a desk: be away, throw it out, keep it waiting, forbid it to write."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from app.i18n import language, set_language
from app.journal.errors import JournalDamaged, JournalError, JournalUnavailable
from app.journal.store import open_journal
from tests.contract.journal.cases import batch
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


def refusal(url: str, kind: type[JournalError] = JournalUnavailable) -> str:
    with pytest.raises(kind) as refused:
        open_journal(url, clock=lambda: 1_000)
    return str(refused.value)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_no_server_there() -> None:
    message = refusal("postgresql+psycopg://officer:secret@127.0.0.1:1/street")
    assert "out of reach; check the server" in message
    assert "127.0.0.1:1/street" in message
    assert "secret" not in message


def test_no_such_database(postgres_server: PostgresServer) -> None:
    assert "nowhere" in refusal(postgres_server.url("nowhere"))


def test_an_illegible_url() -> None:
    assert "not a database URL" in refusal("postgresql://host:port/street", JournalError)


def test_any_spelling_of_the_driver_is_understood(postgres_url: str) -> None:
    with closing(open_journal(_plain(postgres_url), clock=lambda: 1_000)) as journal:
        assert journal.append(batch(1))[0].seq == 1


def test_a_desk_that_was_thrown_out_while_it_was_idle_writes_on(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    with closing(open_journal(postgres_url, clock=lambda: 1_000)) as journal:
        journal.append(batch(1))
        _throw_everybody_out(postgres_server)
        assert journal.append(batch(2))[0].seq == 2
        assert journal.head() == 2


def test_a_desk_whose_end_is_seen_only_when_it_writes_takes_a_fresh_connection(
    postgres_url: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_journal(postgres_url, clock=lambda: 1_000)) as journal:
        journal.append(batch(1))
        monkeypatch.setattr(journal, "_has_gone", lambda _writer: False)
        _throw_everybody_out(postgres_server)
        while _throw_everybody_out(postgres_server):
            pass
        assert journal.append(batch(2))[0].seq == 2


def test_a_desk_that_was_thrown_out_while_it_waits_its_turn_writes_when_that_comes(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    journal = open_journal(postgres_url, clock=lambda: 1_000)
    with closing(journal), psycopg.connect(_plain(postgres_url)) as other:
        journal.append(batch(1))
        other.execute("SELECT pg_advisory_xact_lock(%s)", (0x53444A31,))
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(journal.append, batch(2))
            while not _throw_everybody_out(postgres_server, _WAITS_ITS_TURN):
                pass
            other.rollback()
            assert writing.result(30)[0].seq == 2


def test_a_desk_that_was_thrown_out_while_it_writes_tells_and_works_again(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    journal = open_journal(postgres_url, clock=lambda: 1_000)
    with closing(journal), psycopg.connect(_plain(postgres_url)) as other:
        journal.append(batch(1))
        other.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(journal.append, batch(2))
            while not _throw_everybody_out(postgres_server, _WAITS_FOR_THE_TABLE):
                pass
            refused = writing.exception(30)
        assert isinstance(refused, JournalUnavailable)
        assert refused.key == "no_connection"
        other.rollback()
        assert journal.append(batch(2))[0].seq == 2


_WAITS_ITS_TURN = "query LIKE '%advisory%' AND wait_event = 'advisory'"
_WAITS_FOR_THE_TABLE = "wait_event_type = 'Lock' AND wait_event = 'relation'"


def test_a_desk_thrown_out_while_it_waits_tells(postgres_url: str, postgres_server: PostgresServer) -> None:
    with closing(open_journal(postgres_url, clock=lambda: 1_000)) as journal:
        told: list[str] = []

        def wait() -> None:
            with pytest.raises(JournalUnavailable) as refused:
                journal.wait_for_news(0, 30)
            told.append(refused.value.key)

        waiting = threading.Thread(target=wait)
        waiting.start()
        while not _throw_everybody_out(postgres_server, "state = 'idle' AND query LIKE 'SELECT seq%'"):
            pass
        waiting.join(30)
        assert told == ["no_connection"]
        assert journal.wait_for_news(0, 0.01) is False


def _throw_everybody_out(server: PostgresServer, which: str = "true") -> int:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        ended = connection.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'streetdesk' AND {which}"  # type: ignore[arg-type]
        ).fetchall()
    return len(ended)


def test_a_held_lock_is_told_and_works_again_once_free(postgres_url: str) -> None:
    journal = open_journal(f"{postgres_url}?lock_timeout_s=0.1", clock=lambda: 1_000)
    with closing(journal), psycopg.connect(_plain(postgres_url)) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (0x53444A31,))
        with pytest.raises(JournalUnavailable, match="locked by another program"):
            journal.append(batch(1))
        other.rollback()
        assert journal.append(batch(1))[0].seq == 1


def test_a_user_who_may_only_read_is_told(postgres_url: str, postgres_server: PostgresServer) -> None:
    open_journal(postgres_url, clock=lambda: 1_000).close()
    with psycopg.connect(_plain(postgres_url)) as connection:
        connection.execute("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    try:
        with closing(
            open_journal(postgres_url.replace("postgres@", "reader@"), clock=lambda: 1_000)
        ) as journal:
            with pytest.raises(JournalUnavailable, match="cannot be written"):
                journal.append(batch(1))
            assert journal.head() == 0
    finally:
        with psycopg.connect(_plain(postgres_url)) as connection:
            connection.execute("DROP OWNED BY reader; DROP ROLE reader")


def test_a_journal_of_a_newer_program_is_left_alone(postgres_url: str) -> None:
    open_journal(postgres_url, clock=lambda: 1_000).close()
    with psycopg.connect(_plain(postgres_url)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    assert "schema 99" in refusal(postgres_url, JournalDamaged)
