"""What feeds a bench: the simulator in another process, and the record of what it sent.

Owns the child process and the stamps. Must not touch the console.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from app.service.intake import incident_id

STOP_S = 5.0
Take = Callable[[str, Sequence[str | bytes]], Coroutine[Any, Any, None]]
NEW_INCIDENT = frozenset({"incident.reported", "order.placed", "report.filed"})


class SimulatorChild:
    """`main.py simulate --stamp` at a rate, on a free port."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.url = ""

    def __enter__(self) -> Self:
        main_file = str(Path(__file__).resolve().parents[2] / "main.py")
        words = ["simulate", "--port", "0", "--rate", str(self._rate), "--stamp", "--until-eof"]
        self._child = subprocess.Popen(
            [sys.executable, main_file, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._child.stdout is not None
        self.url = self._child.stdout.readline().split()[-1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            self._child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    async def told(self) -> int:
        """How many messages it has told so far, to whoever listened."""
        import aiohttp

        health = self.url.replace("ws://", "http://").replace("/events", "/health")
        async with aiohttp.ClientSession(trust_env=False) as session, session.get(health) as answer:
            return int((await answer.json())["told"])


class SentStamps:
    """What came in: every (source, id) that must become durable, and when those that make a row were sent."""

    def __init__(self) -> None:
        self.received = 0
        self.events: set[tuple[str, str]] = set()
        self.unpainted: dict[str, int] = {}

    def noting(self, take: Take) -> Take:
        """The same inbox, with every frame noted on its way."""

        async def noted(feed: str, frames: Sequence[str | bytes]) -> None:
            for frame in frames:
                self._note(msgspec.json.decode(frame))
            await take(feed, frames)

        return noted

    def _note(self, message: dict[str, Any]) -> None:
        self.received += 1
        if message["kind"] == "unit.position":
            return
        self.events.add((message["source"], message["id"]))
        if message["kind"] in NEW_INCIDENT:
            key = incident_id(message["source"], message["id"])
            self.unpainted[key] = message["sent_monotonic_ns"]


async def enough(count: Callable[[], int], wanted: int, pause_s: float = 2.0) -> int:
    """The count once it is `wanted`, or has not grown for a pause."""
    before = -1
    while (now := count()) < wanted and now != before:
        before = now
        await asyncio.sleep(pause_s)
    return count()
