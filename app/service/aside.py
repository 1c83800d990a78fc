"""Owns work that would hold the loop: it runs in a thread of its own that ends with the task that waits for it.

Must not be used for the database, which has a thread of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T], name: str, stop: Callable[[], None] | None = None) -> T:
    """What `work` returns or raises. When the waiting task is cancelled it still ends after the thread has.

    `stop` makes work that waits for something else end soon; it is called when nobody waits for it any more.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, failure: BaseException | None) -> None:
        if ended.done():
            return
        if failure is not None:
            ended.set_exception(failure)
        else:
            ended.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            result = work()
        except BaseException as failure:  # noqa: BLE001 - it is raised where the work is waited for
            loop.call_soon_threadsafe(settle, None, failure)
        else:
            loop.call_soon_threadsafe(settle, result, None)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    try:
        return await ended
    except asyncio.CancelledError:
        if stop is not None:
            stop()
        raise
    finally:
        thread.join()
