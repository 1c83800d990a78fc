"""The simulator from outside: what it serves where, and how it answers wrong use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.domain.instants import format_iso
from app.feeds.envelope import decode
from app.service.clock import SystemClock
from tests.patience import PATIENCE_S
from tests.servers.simulator import ROOT, Simulator, simulator


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    epoch = format_iso(SystemClock().now() - 60_000)
    with simulator("--rate", "150", "--seed", "3", "--epoch", epoch, "--stamp") as running:
        yield running


@pytest.fixture
async def session() -> Any:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S)) as open_session:
        yield open_session


async def sse_events(
    session: aiohttp.ClientSession, url: str, count: int, **options: Any
) -> list[tuple[str, str]]:
    """The (id, data) of the first events."""
    found: list[tuple[str, str]] = []
    async with session.get(url, **options) as answer:
        assert answer.content_type == "text/event-stream"
        event_id = ""
        async for line in answer.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "id":
                event_id = value
            elif name == "data":
                found.append((event_id, value))
                if len(found) == count:
                    return found
    raise AssertionError("the stream ended")


async def test_server_sent_events_are_the_same_envelopes_and_resume(
    server: Simulator, session: aiohttp.ClientSession
) -> None:
    first = await sse_events(session, server.http("/sse"), 40)
    assert [decode(data).id for _, data in first] == [event_id for event_id, _ in first]
    by_query = await sse_events(session, server.http("/sse"), 20, params={"after": first[19][0]})
    by_header = await sse_events(session, server.http("/sse"), 20, headers={"Last-Event-ID": first[19][0]})
    expected = [event_id for event_id, _ in first[20:]]
    assert [event_id for event_id, _ in by_query] == expected
    assert [event_id for event_id, _ in by_header] == expected


async def test_positions_can_be_asked_for_and_followed(
    server: Simulator, session: aiohttp.ClientSession
) -> None:
    async with session.get(server.http("/positions")) as answer:
        fixes = [decode(json.dumps(fix)) for fix in await answer.json()]
    assert len({fix.unit for fix in fixes}) == len(fixes) == 40
    async with session.ws_connect(server.http("/positions")) as socket:
        followed = [decode(await socket.receive_str(timeout=PATIENCE_S)) for _ in range(50)]
    assert {fix.kind for fix in followed} == {"unit.position"}


async def test_a_stamp_says_when_an_event_left(server: Simulator, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(server.url) as socket:
        envelopes = [decode(await socket.receive_str(timeout=PATIENCE_S)) for _ in range(20)]
    stamps = [envelope.extra["sent_monotonic_ns"] for envelope in envelopes]
    assert stamps == sorted(stamps)


def simulate(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", "simulate", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_it_ends_by_itself_after_its_duration() -> None:
    ended = simulate("--port", "0", "--duration", "0.2")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("listening on ws://127.0.0.1:")


@pytest.mark.parametrize("signalled", [False, True])
def test_a_child_ends_with_its_parent_and_also_when_told(signalled: bool) -> None:
    command = [sys.executable, "main.py", "simulate", "--port", "0", "--until-eof"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline()
        if signalled:
            child.terminate()
        else:
            child.stdin.close()
        assert child.wait(PATIENCE_S) == 0
        assert child.stderr.read() == b""


@pytest.mark.parametrize(
    "wrong",
    [
        ("--rate", "-1"),
        ("--malformed", "1.5"),
        ("--port", "99999"),
        ("--epoch", "yesterday"),
        ("--duration", "never"),
        ("--scenario", "no-such-scenario"),
        ("--replay-log", "/nonexistent.csv"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(wrong: tuple[str, str]) -> None:
    ended = simulate(*wrong)
    assert ended.returncode == 2
    assert wrong[0] in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "missing",
    [
        ("--district", "/nonexistent"),
        ("--replay-log", "/nonexistent.csv", "--mapping", "sf_fire"),
    ],
)
def test_input_that_is_not_there_is_one_line_and_exit_1(missing: tuple[str, ...]) -> None:
    ended = simulate("--port", "0", *missing)
    assert ended.returncode == 1
    assert missing[1] in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def test_a_taken_port_is_one_line(server: Simulator) -> None:
    ended = simulate("--port", str(server.port))
    assert ended.returncode == 1
    assert str(server.port) in ended.stderr


def test_a_broken_scenario_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(
        'title = {zh = "x", en = "x"}\n[[inject]]\nat_s = 1\ntemplate = "nonsense"\n', encoding="utf-8"
    )
    ended = simulate("--port", "0", "--scenario", str(path))
    assert ended.returncode == 1
    assert "nonsense" in ended.stderr
    path.write_text("title = ", encoding="utf-8")
    assert "broken.toml" in simulate("--port", "0", "--scenario", str(path)).stderr
