"""A real PostgreSQL for tests: one server a session, one fresh database a test; one of its own for who breaks it.

Owns which test gets which. Must not know any table. Import the fixtures into a conftest.py to use them.
"""

import os
import secrets
from collections.abc import Iterator

import pytest

from app.bench.throwaway_postgres import ThrowawayPostgres, binaries

PostgresServer = ThrowawayPostgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Shared: nobody may stop it."""
    _need_postgres()
    with ThrowawayPostgres(durable=False) as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """To be stopped, killed and started again. What is killed loses nothing but what the disk has not: no test asks."""
    _need_postgres()
    with ThrowawayPostgres(durable=False) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database that is dropped after the test."""
    name = f"test_{secrets.token_hex(6)}"
    yield postgres_server.make_database(name)
    postgres_server.administrate(f"DROP DATABASE {name} WITH (FORCE)")


def _need_postgres() -> None:
    if binaries() is not None:
        return
    reason = "no PostgreSQL in /usr/lib/postgresql/*/bin: apt-get install postgresql"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
