"""A unit's phone in a process of its own: it pairs with a code and says over the real socket what it is told to say.

Owns its start and end, and what it has heard. It is not the page: that one is tests/servers/browser.py's.
As `python -m tests.servers.phone URL` it is that phone; it reads a line for each thing to do.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


class Phone:
    """Says at once and hears in its own time: `state` and `refused` are what it has heard so far."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.servers.phone", url]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._acts = 0
        self.state: dict[str, Any] = {}
        """What the desk shows it; empty until it is paired."""
        self.done: list[str] = []
        """Ids of acts that the desk has taken."""
        self.refused: list[str] = []
        """Sentences."""
        self._hearing = threading.Thread(target=self._hear)
        self._hearing.start()

    def pair(self, code: str) -> None:
        self._tell({"code": code})

    def say(self, act: str, **values: object) -> str:
        """One act of the page; its id."""
        self._acts += 1
        key = f"phone-{self._process.pid}-{self._acts:04}"
        self._tell({"id": key, "act": act, **values})
        return key

    def end(self) -> None:
        """As an empty battery does it: nobody says goodbye, the desk's own loop may stand still just now."""
        self._process.kill()
        self._hearing.join(PATIENCE_S)
        self._process.communicate(timeout=PATIENCE_S)

    def _tell(self, what: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            match told["type"]:
                case "state":
                    self.state = told
                case "done":
                    self.done.append(told["id"])
                case "refused":
                    self.refused.append(told["why"])


@contextmanager
def phone(url: str) -> Iterator[Phone]:
    """A phone that is gone at the end of the block."""
    running = Phone(url)
    try:
        yield running
    finally:
        running.end()


# -- the process -----------------------------------------------------------------------------------------------------


async def _live(url: str) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()
    threading.Thread(target=_listen, args=(loop, lines), daemon=True).start()
    async with aiohttp.ClientSession(trust_env=False) as session:
        first = await lines.get()
        if not first:
            return
        async with session.post(f"{url}pair", data=first) as answer:
            token = (await answer.json())["token"]
        async with session.ws_connect(f"{url}ws") as line:
            await line.send_json({"token": token})
            await asyncio.gather(_say(line, lines), _pass_on(line))


async def _say(line: aiohttp.ClientWebSocketResponse, lines: asyncio.Queue[str]) -> None:
    while text := await lines.get():
        await line.send_str(text.strip())


async def _pass_on(line: aiohttp.ClientWebSocketResponse) -> None:
    async for message in line:
        sys.stdout.write(message.data + "\n")
        sys.stdout.flush()


def _listen(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    while line := sys.stdin.readline():
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, "")


if __name__ == "__main__":
    asyncio.run(_live(sys.argv[1]))
