"""asyncio goes on whenever Qt processes events, also while nobody runs the loop."""

import asyncio
import sys

import pytest
from pytestqt.qtbot import QtBot

from widgets.loop import TURN_S, DeskLoop


def test_a_task_goes_on_between_two_runs(qtbot: QtBot, qt_loop: DeskLoop) -> None:
    """With plain qasync it dies of `RuntimeError: no running event loop`."""
    gate, news, heard = qt_loop.create_future(), asyncio.Event(), asyncio.Event()

    async def listen() -> None:
        await gate
        await news.wait()
        heard.set()

    async def begin() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(listen())

    task = qt_loop.run_until_complete(begin())
    qt_loop.call_later(0.01, gate.set_result, None)
    qt_loop.call_later(0.03, news.set)
    qtbot.waitUntil(task.done)
    assert task.exception() is None
    assert heard.is_set()


def test_once_closed_it_is_nobodys_running_loop(qapp: object) -> None:
    loop = DeskLoop(qapp)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_threads_give_python_back_soon_while_it_is_open(qapp: object) -> None:
    """A thread that works aside, as the making of the search index, is waited for at every event of Qt."""
    before_s = sys.getswitchinterval()
    loop = DeskLoop(qapp)
    assert sys.getswitchinterval() == pytest.approx(TURN_S)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert sys.getswitchinterval() == pytest.approx(before_s)
