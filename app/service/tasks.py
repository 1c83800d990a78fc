"""The one owner of asyncio tasks.

Owns every task from start to end: a task that dies is logged and told to `on_failure`, none is left at shutdown.
Must not know what the tasks do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)


class TaskOwner:
    """Starts tasks, keeps them alive and ends them."""

    def __init__(self, on_failure: Callable[[str, BaseException], None] | None = None) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_failure = on_failure
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on tasks may be started from outside the loop's own callbacks too, such as from a Qt event."""
        self._loop = loop

    def start(self, coro: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Runs `coro` as a task. Raises RuntimeError after `close`, and without a loop."""
        if self._closing:
            coro.close()
            raise RuntimeError(f"task {name!r} was started during shutdown")
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(coro, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    @property
    def is_closing(self) -> bool:
        """Nothing can be started any more."""
        return self._closing

    def names(self) -> list[str]:
        return sorted(task.get_name() for task in self._tasks)

    async def close(self) -> None:
        """Cancels what still runs and waits for it."""
        self._closing = True
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        failure = task.exception()
        if failure is None:
            return
        log.error("task %s ended with an error", task.get_name(), exc_info=failure)
        if self._on_failure is not None:
            self._on_failure(task.get_name(), failure)
