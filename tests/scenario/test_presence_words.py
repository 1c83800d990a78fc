"""What desks in processes of their own say to each other over PostgreSQL: what they go by travels only when it must."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from app.config import default_district
from app.service.desk_channel import MOST_BYTES
from app.service.presence import TOPIC
from tests.patience import PATIENCE_S

DESK = Path(__file__).with_name("presence_desk.py")
LOOKS = 12
SHORT_BYTES = 400
OTHER = {"field_link.toml": "[order.P1]\ndeliver_s = 21\n"}


class DeskProcess:
    def __init__(self, url: str, name: str, district: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DESK), url, name, str(district)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert self._answer() == "ready"

    def ask(self, line: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the desk has ended"
        return json.loads(line)

    def end(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()


@contextmanager
def desk(url: str, name: str, district: Path) -> Iterator[DeskProcess]:
    process = DeskProcess(url, name, district)
    try:
        yield process
    finally:
        process.end()


class Listener:
    """Hears every word, as a desk does, and keeps them by desk."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.words: list[dict[str, Any]] = []
        self.most_bytes = 0
        connection.execute(f"LISTEN streetdesk_{TOPIC}")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < until_s, f"never came: {what}"
            for notice in self._connection.notifies(timeout=0.1):
                self.most_bytes = max(self.most_bytes, len(notice.payload.encode()))
                self.words.append(json.loads(notice.payload) | {"bytes": len(notice.payload.encode())})

    def of(self, desk: str) -> list[dict[str, Any]]:
        return [word for word in self.words if word["desk"] == desk]


@pytest.fixture
def listener(postgres_url: str) -> Iterator[Listener]:
    plain = make_url(postgres_url).set(drivername="postgresql").difference_update_query(["lock_timeout_s"])
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        yield Listener(connection)


@pytest.mark.postgres
def test_what_desks_go_by_is_said_on_joining_and_when_asked_and_who_comes_late_learns_it(
    postgres_url: str, listener: Listener, tmp_path: Path
) -> None:
    other = tmp_path / "district"
    shutil.copytree(default_district(), other)
    for name, text in OTHER.items():
        (other / name).write_text(text, encoding="utf-8")
    unlike = list(OTHER)
    with ExitStack() as desks:
        a = desks.enter_context(desk(postgres_url, "a", default_district()))
        b = desks.enter_context(desk(postgres_url, "b", other))
        listener.until(lambda: a.ask("unlike") == {"b": unlike} and b.ask("unlike") == {"a": unlike}, "both")

        for number in range(LOOKS):
            a.ask(f"look i{number}")
            listener.until(lambda n=number: b.ask(f"seen i{n}") == ["a"], f"a at i{number}")  # type: ignore[misc]
        assert b.ask("unlike") == {"a": unlike}, "still known, though it is not said again"

        late = desks.enter_context(desk(postgres_url, "c", default_district()))
        listener.until(
            lambda: late.ask("unlike") == {"b": unlike} and b.ask("unlike") == {"a": unlike, "c": unlike},
            "all",
        )
        assert a.ask("unlike") == {"b": unlike}
    for name in ("a", "b", "c"):
        _said_no_more_often_than_wanted(listener, name)
    assert listener.most_bytes <= MOST_BYTES


def _said_no_more_often_than_wanted(listener: Listener, name: str) -> None:
    """Once when it was read, once for each time that the desk or another one joined, once for each that wanted it."""
    own = listener.of(name)
    session = own[0]["session"]
    joined = sum(word["asks"] for word in listener.words)
    wanted = sum(session in word["wants"] for word in listener.words)
    full = [word for word in own if word["declared"]]
    assert 0 < len(full) <= 1 + joined + wanted
    plain = [word for word in own if not word["declared"]]
    assert all(
        word["bytes"] < SHORT_BYTES and word["goes_by"] == full[-1]["goes_by"]
        for word in plain
        if word["goes_by"]
    )
    if name == "a":
        assert len(plain) > LOOKS / 2, "most of what it said was short"
