"""Who means ill and knocks at the field client: refused plainly, quickly and without a word too much."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.patience import PATIENCE_S
from tests.servers.field_desk import FieldDesk, field_desk

UNIT = "p1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldDesk]:
    with field_desk(tmp_path_factory.mktemp("door") / "journal.db") as running:
        yield running


def raw(desk: FieldDesk, sent: bytes) -> bytes:
    """What the server says to bytes; the sender then stays silent until the server hangs up."""
    with socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE_S) as line:
        with suppress(ConnectionError):  # hung up on before it was all said: the answer stands there already
            line.sendall(sent)
        said = b""
        with suppress(ConnectionError):  # hung up on: that is an answer too
            while more := line.recv(65_536):
                said += more
        return said


def request(path: str, method: str = "GET", headers: str = "", body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "path",
    ["/../data/field_link.toml", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/field.js/../../main.py",
     "//etc/passwd", "/index.html%00.js", "/field.css?x=../../a", "/.git/config", "/static/"],
)  # fmt: skip
def test_nothing_but_its_own_four_files_is_served(desk: FieldDesk, path: str) -> None:
    answer = raw(desk, request(path))
    assert status(answer) in ((200,) if path.startswith("/field.css?") else (400, 404))
    assert b"root:" not in answer
    assert b"import" not in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (request("/photo?incident=i1", "POST", "Content-Type: image/jpeg\r\n", b"x"), 401),
        (request("/photo?incident=i1", "POST", "Content-Type: image/jpeg\r\nAuthorization: Bearer x\r\n", b"x"), 401),
        (request("/pair", "POST", "", b"{"), 400),
        (request("/pair", "POST", "", b"[1]"), 400),
        (request("/pair", "POST", "", b'{"code": 7}'), 400),
        (request("/pair", "POST", "", b"\xff\xfe"), 400),
        (request("/pair", "POST", "", b" " * 20_000), 413),
        (request("/pair", "DELETE"), 405),
        (request("/ws", headers="Origin: http://evil.example\r\n"), 403),
        (request("/ws"), 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
        (b"NONSENSE\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_what_is_not_asked_properly_gets_a_plain_no(desk: FieldDesk, head: bytes, expected: int) -> None:
    answer = raw(desk, head)
    assert status(answer) == expected
    assert b"Traceback" not in answer
    assert b".py" not in answer


def test_a_body_without_an_end_is_not_swallowed(desk: FieldDesk) -> None:
    head = b"POST /pair HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = raw(
        desk, head + b"4000\r\n" + b"a" * 0x4000 + b"\r\n" + b"4000\r\n" + b"a" * 0x4000 + b"\r\n0\r\n\r\n"
    )
    assert status(answer) == 413


def test_who_says_half_a_request_and_waits_is_hung_up_on(desk: FieldDesk) -> None:
    assert raw(desk, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""


def test_one_address_gets_so_many_lines_and_no_more(desk: FieldDesk) -> None:
    lines: list[socket.socket] = []
    try:
        lines += [socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE_S) for _ in range(60)]
        hung_up = 0
        for line in lines[45:]:
            try:
                hung_up += line.recv(1) == b""
            except ConnectionResetError:
                hung_up += 1
        assert hung_up == len(lines[45:])
    finally:
        for line in lines:
            line.close()


async def test_a_code_works_once_and_a_wrong_token_is_shown_the_door(desk: FieldDesk) -> None:
    async with aiohttp.ClientSession(trust_env=False) as session:
        code = desk.code(UNIT)
        older, code = code, desk.code(UNIT)
        answers = [
            (await session.post(f"{desk.url}pair", data=json.dumps({"code": one}))).status
            for one in (older, code, code)
        ]
        assert answers == [403, 200, 403]
        for first in ('{"token": "x"}', "{", "[]", '{"token": 1}'):
            async with session.ws_connect(f"{desk.url}ws") as line:
                await line.send_str(first)
                assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE
                assert line.close_code in (4401, 4429)


async def test_guessing_ends_after_a_few_tries_even_for_the_right_code(tmp_path: Path) -> None:
    with field_desk(tmp_path / "journal.db") as fresh:
        async with aiohttp.ClientSession(trust_env=False) as session:
            code = fresh.code(UNIT)
            said = [
                (await session.post(f"{fresh.url}pair", data=json.dumps({"code": f"WRONG{n}"}))).status
                for n in range(8)
            ]
            assert said == [403] * 6 + [429] * 2
            late = await session.post(f"{fresh.url}pair", data=json.dumps({"code": code}))
            assert late.status == 429


class Phone:
    """A phone that has been paired and says what it likes."""

    def __init__(self, desk: FieldDesk, session: aiohttp.ClientSession, token: str) -> None:
        self._desk, self._session, self.token = desk, session, token

    @classmethod
    async def paired(cls, desk: FieldDesk, session: aiohttp.ClientSession) -> Phone:
        answer = await session.post(f"{desk.url}pair", data=json.dumps({"code": desk.code(UNIT)}))
        return cls(desk, session, (await answer.json())["token"])

    async def say(self, *lines: str) -> list[dict[str, object]]:
        """What is answered, states left out, until all is answered or the server hangs up."""
        heard: list[dict[str, object]] = []
        async with self._session.ws_connect(f"{self._desk.url}ws") as line:
            await line.send_str(json.dumps({"token": self.token}))
            for text in lines:
                await line.send_str(text)
            async for message in line:
                told = json.loads(message.data)
                heard += [told] if told["type"] != "state" else []
                if len(heard) == len(lines):
                    break
        return heard


def act(name: str, number: int = 0, **values: object) -> str:
    return json.dumps({"id": f"abcdefgh{number:03}", "act": name, **values})


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[tuple[FieldDesk, Phone]]:
    """Of p1, while p2 is on a task."""
    with field_desk(tmp_path / "journal.db") as fresh:
        crowd = {"source": "110", "source_event": "1", "incident_type": "crowd", "priority": 2, "title": "x"}
        fresh.do("ReportIncident", incident="i1", **crowd)
        fresh.do("DispatchUnits", incident="i1", units=["p2"])
        async with aiohttp.ClientSession(trust_env=False) as session:
            yield fresh, await Phone.paired(fresh, session)


async def test_what_is_no_act_ends_the_line(phone: tuple[FieldDesk, Phone]) -> None:
    for broken in ("{", '{"act": "accept"}', act("fly"), act("accept"), act("tick", at="x"), "x" * 20_000):
        assert await phone[1].say(broken) == []


async def test_a_phone_speaks_for_its_own_unit_only(phone: tuple[FieldDesk, Phone]) -> None:
    desk, speaker = phone
    others = await speaker.say(
        act("accept", 1, incident="i1"),
        act("tick", 2, incident="i1", item="a"),
        act("more", 3, incident="i1"),
        act("on_scene", 4, incident="i1"),
        act("message", 5, text="x" * 501),
        act("position", 6, lat=99.0, lon=0.0),
    )
    assert [answer["type"] for answer in others] == ["refused"] * 6
    again = await speaker.say(act("accept", 1, incident="i1"))
    assert again[0]["type"] == "refused"
    assert desk.incident("i1")["units"] == ["p2"]
    assert desk.unit("p2")["assignments"][0]["answered"] is None


async def test_no_photo_for_a_task_of_somebody_else(phone: tuple[FieldDesk, Phone]) -> None:
    desk, speaker = phone
    async with aiohttp.ClientSession(trust_env=False) as session:
        answer = await session.post(
            f"{desk.url}photo?incident=i1",
            data=b"x",
            headers={"Authorization": f"Bearer {speaker.token}", "Content-Type": "image/jpeg"},
        )
        assert answer.status == 403


async def test_too_much_at_once_ends_the_line(phone: tuple[FieldDesk, Phone]) -> None:
    assert len(await phone[1].say(*(act("messages_read", n) for n in range(100)))) <= 60
