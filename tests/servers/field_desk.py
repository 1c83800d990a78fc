"""A real desk with its field client, as a process of its own, told what to do line by line.

Owns its start, its kill and the few words that a test says to it: give a command, offer a code, show what is known.
As `python -m tests.servers.field_desk DB PORT` it is that desk.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.bench.own_port import own_port
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


class FieldDesk:
    """A running desk; `url` is its page."""

    def __init__(self, db: Path | str) -> None:
        self._db = db
        self.port = own_port()
        self.start()

    def start(self) -> None:
        """On the same database and the same port as before."""
        line = [sys.executable, "-m", "tests.servers.field_desk", str(self._db), str(self.port)]
        self._process = subprocess.Popen(
            line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._read()["port"])
        self.url = f"http://127.0.0.1:{self.port}/"

    def kill(self) -> None:
        """As a power cut does it."""
        self._process.kill()
        self._process.communicate(timeout=PATIENCE_S)

    def end(self) -> None:
        """As somebody who closes it: its tasks and sockets are gone, or it would hang."""
        self._process.communicate(timeout=PATIENCE_S)

    def do(self, name: str, **values: object) -> str | None:
        """Gives a command of app/domain/commands.py as the officer; the rule that refuses it, or None."""
        refused: str | None = self._ask({"do": name, "values": values})["refused"]
        return refused

    def code(self, unit: str) -> str:
        return str(self._ask({"code": unit})["code"])

    def unit(self, unit: str) -> dict[str, Any]:
        return dict(self._ask({"unit": unit})["unit"])

    def incident(self, incident: str) -> dict[str, Any]:
        return dict(self._ask({"incident": incident})["incident"])

    def alarms(self) -> list[dict[str, Any]]:
        return list(self._ask({"alarms": 1})["alarms"])

    def fix(self, unit: str) -> list[float] | None:
        found: list[float] | None = self._ask({"fix": unit})["fix"]
        return found

    def _ask(self, question: dict[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the desk has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def field_desk(db: Path | str) -> Iterator[FieldDesk]:
    """A desk on a file or a server's database that is gone at the end of the block."""
    running = FieldDesk(db)
    try:
        yield running
    finally:
        running.end()


# -- the process -----------------------------------------------------------------------------------------------------


async def _live(db: str, port: int) -> None:
    from app.bootstrap import App
    from app.config import Config, default_district

    app = App(Config(db=db, district_dir=default_district(), field_listen=("127.0.0.1", port)))
    await app.start()
    await app.connect()
    try:
        assert app.following is not None
        assert app.following.server is not None
        _say({"port": app.following.server.address[1]})
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=_listen, args=(loop, lines), daemon=True).start()
        while line := await lines.get():
            _say(await _answer(app, json.loads(line)))
    finally:
        await app.close()


def _listen(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    while line := sys.stdin.readline():
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, "")


async def _answer(app: Any, asked: dict[str, Any]) -> dict[str, Any]:
    from app.domain import commands as cmd
    from app.domain.errors import Refusal

    desk = app.projections.desk
    match asked:
        case {"do": name, "values": values}:
            values = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
            try:
                await app.bus.submit(getattr(cmd, name)(**values), app.context("test"))
            except Refusal as refusal:
                return {"refused": refusal.rule}
            return {"refused": None}
        case {"code": unit}:
            return {"code": app.following.codes.offer(unit, "officer", app.clock.now())}
        case {"unit": unit}:
            return {"unit": asdict(desk.units[unit])}
        case {"incident": incident}:
            return {"incident": asdict(desk.incidents[incident])}
        case {"fix": unit}:
            fix = app.positions.fixes.get(unit)
            return {"fix": [fix.lat, fix.lon] if fix else None}
    return {"alarms": [asdict(alarm) for alarm in desk.alarms.values()]}


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, default=list) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_live(sys.argv[1], int(sys.argv[2])))
