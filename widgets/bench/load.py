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
FIX = b'"unit.position"'
NEW_ROW = (b'"incident.reported"', b'"order.placed"', b'"report.filed"')


class SimulatorChild:
    """`main.py simulate --stamp` at a rate, on a free port; a rate of 0 is the scenario's pace."""

    def __init__(self, rate: int, *words: str) -> None:
        self._words = [*(("--rate", str(rate)) if rate else ()), *words]
        self.url = ""

    def __enter__(self) -> Self:
        main_file = str(Path(__file__).resolve().parents[2] / "main.py")
        words = ["simulate", "--port", "0", *self._words, "--stamp", "--until-eof"]
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

    def silence(self) -> None:
        """Nothing more comes: what has been told can be counted without anything on its way."""
        self._child.kill()

    async def told(self) -> int:
        """How many messages it has told so far, to whoever listened."""
        import aiohttp

        health = self.url.replace("ws://", "http://").replace("/events", "/health")
        async with aiohttp.ClientSession(trust_env=False) as session, session.get(health) as answer:
            return int((await answer.json())["told"])


class SentStamps:
    """Counts what must become durable, and keeps when a row was sent.

    The bench must not be what it measures: a frame that makes no row is told apart by its bytes, not decoded.
    """

    def __init__(self) -> None:
        self.durable = 0
        self.unpainted: dict[str, int] = {}

    def noting(self, take: Take) -> Take:
        """The same inbox, with every frame noted on its way."""

        async def noted(feed: str, frames: Sequence[str | bytes]) -> None:
            for frame in frames:
                self._note(frame if isinstance(frame, bytes) else frame.encode())
            await take(feed, frames)

        return noted

    def _note(self, frame: bytes) -> None:
        if FIX in frame:
            return
        self.durable += 1
        if any(kind in frame for kind in NEW_ROW):
            message = msgspec.json.decode(frame)
            self.unpainted[incident_id(message["source"], message["id"])] = message["sent_monotonic_ns"]


async def enough(count: Callable[[], int], wanted: int, pause_s: float = 2.0) -> int:
    """The count once it is `wanted`, or has not grown for a pause."""
    before = -1
    while (now := count()) < wanted and now != before:
        before = now
        await asyncio.sleep(pause_s)
    return count()
