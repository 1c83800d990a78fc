"""Presence ends when its desk does, whatever is news at that very moment."""

from __future__ import annotations

import asyncio

import pytest

from app.service.clock import SystemClock
from app.service.presence import Presence
from app.service.tasks import TaskOwner
from tests.patience import PATIENCE_S


@pytest.mark.parametrize("turns", range(5))
async def test_news_at_the_end_keeps_nobody(turns: int) -> None:
    """The cancellation meets the news on its way to the task."""
    presence, tasks = Presence("a", "an officer", "1", SystemClock(), lambda _incidents: None), TaskOwner()
    tasks.start(presence.run(), "presence")
    await asyncio.sleep(0)
    presence.look("i1")
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE_S):
        await tasks.close()
