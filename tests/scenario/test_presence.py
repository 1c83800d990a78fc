"""Two desks see each other at an incident, on PostgreSQL and on one SQLite file; the journal hears nothing of it."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.service import presence as rhythm
from tests.patience import PATIENCE_S
from tests.servers.postgres import PostgresServer


@asynccontextmanager
async def desk(name: str, db: str, district: Path | None = None) -> AsyncIterator[App]:
    folder = district or default_district()
    app = App(Config(db=db, district_dir=folder, desk=name, actor=f"officer of {name}"))
    await app.start()
    await app.connect()
    try:
        yield app
    finally:
        await app.close()


def seen(app: App, incident: str) -> list[tuple[str, str, str]]:
    assert app.presence is not None
    return [(p.desk, p.actor, p.field) for p in app.presence.others(incident)]


async def until(app: App, condition: Callable[[], bool]) -> None:
    news = asyncio.Event()
    app.on_presence = lambda _incidents: news.set()
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        news.clear()
        async with asyncio.timeout(until_s - time.monotonic()):
            await news.wait()


def look(app: App, incident: str, field: str = "") -> None:
    assert app.presence is not None
    app.presence.look(incident)
    app.presence.edit(field)


async def two_desks_meet(db: str) -> None:
    async with desk("a", db) as a, desk("b", db) as b:
        head = a.projections.seq
        look(a, "i1", "place")
        await until(b, lambda: seen(b, "i1") == [("a", "officer of a", "place")])
        assert seen(a, "i1") == [], "nobody sees himself"
        look(b, "i1")
        await until(a, lambda: seen(a, "i1") == [("b", "officer of b", "")])
        look(a, "i2")
        await until(b, lambda: seen(b, "i1") == [] and seen(b, "i2") == [("a", "officer of a", "")])
        async with desk("c", db) as c:
            await until(c, lambda: bool(seen(c, "i2")) and bool(seen(c, "i1")))
            look(c, "i2", "title")
            await until(b, lambda: [who for who, _, _ in seen(b, "i2")] == ["c", "a"])
        await until(b, lambda: [who for who, _, _ in seen(b, "i2")] == ["a"])
        assert await a.journal.call(lambda journal: journal.head()) == head


async def desks_that_go_by_other_limits(db: str, folder: Path) -> None:
    """What each goes by is said on joining; words about incidents come after it."""
    shutil.copytree(default_district(), folder)
    (folder / "field_link.toml").write_text("[order.P1]\ndeliver_s = 21\n", encoding="utf-8")
    async with desk("a", db) as a, desk("b", db, folder) as b, asyncio.timeout(PATIENCE_S):
        for here, there, name in ((a, b, "b"), (b, a, "a")):
            for number in itertools.count():
                incident = f"{name}{number}"
                look(there, incident)
                await until(here, lambda here=here, i=incident: bool(seen(here, i)))  # type: ignore[misc]
                assert here.presence is not None
                if here.presence.unlike() == {name: ("field_link.toml",)}:
                    break


async def test_desks_of_one_process_that_go_by_other_limits_say_so(tmp_path: Path) -> None:
    await desks_that_go_by_other_limits(str(tmp_path / "journal.db"), tmp_path / "district")


@pytest.mark.postgres
async def test_desks_on_one_server_that_go_by_other_limits_say_so(postgres_url: str, tmp_path: Path) -> None:
    await desks_that_go_by_other_limits(postgres_url, tmp_path / "district")


async def test_desks_of_one_process_on_one_file_see_each_other(tmp_path: Path) -> None:
    await two_desks_meet(str(tmp_path / "journal.db"))


@pytest.mark.postgres
async def test_desks_on_one_server_see_each_other(postgres_url: str) -> None:
    await two_desks_meet(postgres_url)


@pytest.mark.postgres
async def test_a_desk_whose_line_broke_is_heard_again(
    postgres_server: PostgresServer, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.notices.RETRY_S", 0.05)
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        look(a, "i1")
        await until(b, lambda: bool(seen(b, "i1")))
        cut = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'streetdesk presence'"
        )
        with psycopg.connect(postgres_server.conninfo("postgres"), autocommit=True) as server:
            assert server.execute(cut).fetchone() == (2,)
        look(a, "i1", "title")
        await until(b, lambda: [field for _, _, field in seen(b, "i1")] == ["title"])


async def test_a_desk_that_falls_silent_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rhythm, "BEAT_S", 0.05)
    async with desk("a", str(tmp_path / "journal.db")) as a:
        assert a.presence is not None
        told = rhythm.Present("b", "officer of b", "s", "i1", "title", 1)
        a.presence.hear(rhythm._encode(told).decode())
        assert seen(a, "i1") == [("b", "officer of b", "title")]
        await until(a, lambda: seen(a, "i1") == [])


async def test_what_nobody_understands_is_left_alone(tmp_path: Path) -> None:
    async with desk("a", str(tmp_path / "journal.db")) as a:
        assert a.presence is not None
        for text in (
            "",
            "{}",
            '{"desk": 7}',
            "[[[",
            '{"desk":"b","actor":"x","session":"s","incident":null}',
        ):
            a.presence.hear(text)
        assert a.presence._heard == {}
        await a.bus.submit(cmd.ReportIncident("i1", "110", "1", "crowd", 2, "crowd"), a.context())
