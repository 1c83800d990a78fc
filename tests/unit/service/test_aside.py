"""Work aside: the loop goes on, the result or the failure comes back, and no thread outlives the task."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.service.aside import aside
from tests.patience import PATIENCE_S


async def test_the_loop_goes_on_while_work_is_done_aside() -> None:
    may_end = threading.Event()
    task = asyncio.ensure_future(aside(lambda: may_end.wait(PATIENCE_S), "work"))  # noqa: TID251 - the test is its owner
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    assert await task


async def test_a_failure_is_raised_where_the_work_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0, "work")


async def test_no_thread_outlives_a_cancelled_task() -> None:
    began, may_end = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(PATIENCE_S)

    task = asyncio.ensure_future(aside(work, "cancelled work"))  # noqa: TID251 - the test is its owner
    while not began.is_set():  # noqa: ASYNC110 - a thread tells it
        await asyncio.sleep(0)
    task.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "cancelled work" not in {thread.name for thread in threading.enumerate()}
