"""Desks of one process on one database, and waiting for what one of them is to see. Must not hold scenarios."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from tests.patience import PATIENCE_S

LOOK_S = 0.02


@asynccontextmanager
async def desk(name: str, url: str, *, connected: bool = False) -> AsyncIterator[App]:
    """`connected`: with presence and all else that comes after the start."""
    app = App(Config(db=url, district_dir=default_district(), desk=name, actor=f"officer of {name}"))
    await app.start()
    try:
        if connected:
            await app.connect()
        yield app
    finally:
        await app.close()


async def seen(app: App, condition: Callable[[], bool]) -> None:
    """Waits until the desk has folded in what makes the condition true."""
    changed = asyncio.Event()
    app.on_changes = lambda _changes, _records: changed.set()
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        changed.clear()
        async with asyncio.timeout(until_s - time.monotonic()):
            await changed.wait()


async def comes_true(condition: Callable[[], bool], what: str) -> None:
    """For what no change tells of: trouble, and who is there."""
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s, f"never came: {what}"
        await asyncio.sleep(LOOK_S)


def report(incident: str) -> cmd.ReportIncident:
    return cmd.ReportIncident(incident, "110", incident, "crowd", 2, "crowd in front of the plaza")
