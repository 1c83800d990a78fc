"""Every store on which the Journal contract is run. Must not hold cases: those are the test files beside it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.journal.store import Journal, open_journal
from tests.servers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

DESK = Path(__file__).with_name("desk_process.py")


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Store:
    """One empty store; opens it as often as a test likes and closes what it opened."""

    url: str
    clock: Clock = field(default_factory=Clock)
    _open: ExitStack = field(default_factory=ExitStack)

    def open(self, mode: str = "live", readonly: bool = False) -> Journal:
        journal = open_journal(self.url, clock=self.clock, mode=mode, readonly=readonly)
        return self._open.enter_context(closing(journal))

    def tamper(self, *statements: str) -> None:
        """Change the store behind the journal's back."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def desk(self, *arguments: str) -> subprocess.Popen[str]:
        """Another desk: a process of its own on the same store, see desk_process.py."""
        return subprocess.Popen(
            [sys.executable, DESK, self.url, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )

    def close(self) -> None:
        self._open.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'journal.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def journal(store: Store) -> Journal:
    return store.open()


@pytest.fixture
def another_desk(store: Store) -> Callable[..., Journal]:
    """Opens the same store once more."""
    return store.open
