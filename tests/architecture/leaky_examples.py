"""Tests that misbehave, and some that only look so; run by test_leftovers.py alone."""

import asyncio
import logging
import multiprocessing
import threading
import time
import warnings
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QThread, QTimer, qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from widgets.loop import DeskLoop

KEPT: list[object] = []
LONG_S = 60
LONG_MS = 60_000


def test_bad_thread() -> None:
    threading.Thread(target=threading.Event().wait, args=(LONG_S,), daemon=True).start()


@pytest.fixture(scope="module")
def qt_threads_end_last() -> Iterator[None]:
    """The interpreter may not die with a running QThread: it ends, but only after its test was judged."""
    yield
    for thread in KEPT:
        if isinstance(thread, QThread):
            thread.quit()
            thread.wait()


def test_bad_qt_thread(qapp: object, qt_threads_end_last: None) -> None:
    thread = QThread()
    KEPT.append(thread)
    thread.start()


def test_bad_process() -> None:
    multiprocessing.get_context("spawn").Process(target=time.sleep, args=(LONG_S,), daemon=True).start()


def test_bad_timer_of_a_kept_widget(qapp: object) -> None:
    widget = QWidget()
    KEPT.append(widget)
    QTimer(widget).start(LONG_MS)


def test_bad_timer_without_parent(qapp: object) -> None:
    timer = QTimer()
    KEPT.append(timer)
    timer.start(LONG_MS)


def test_bad_window(qapp: object) -> None:
    window = QWidget()
    KEPT.append(window)
    window.show()


async def test_bad_task() -> None:
    KEPT.append(asyncio.get_running_loop().create_task(asyncio.sleep(LONG_S)))


async def forget_a_task() -> None:
    KEPT.append(asyncio.get_running_loop().create_task(asyncio.sleep(LONG_S)))
    await asyncio.sleep(0)


def test_bad_task_of_asyncio_run() -> None:
    asyncio.run(forget_a_task())


def test_bad_task_on_the_qt_loop(qt_loop: DeskLoop) -> None:
    qt_loop.run_until_complete(forget_a_task())


def test_bad_log_record() -> None:
    logging.getLogger("app.example").warning("the disk is full")


def test_bad_log_record_in_a_thread() -> None:
    thread = threading.Thread(target=logging.getLogger("app.example").error, args=("the disk is full",))
    thread.start()
    thread.join()


def test_bad_other_record_than_allowed(allow_log: Callable[[str], None]) -> None:
    allow_log("the disk is full")
    logging.getLogger("app.example").warning("the network is down")


def test_bad_qt_message(qapp: object) -> None:
    qWarning("QPainter::begin: already active")


@pytest.fixture
def warns_at_its_end(qapp: object) -> Iterator[None]:
    yield
    qWarning("QObject::disconnect: no such signal")


def test_bad_qt_message_in_teardown(warns_at_its_end: None) -> None:
    pass


def test_bad_python_warning() -> None:
    warnings.warn("this will go away", DeprecationWarning, stacklevel=1)


def test_good_allowed_record(allow_log: Callable[[str], None]) -> None:
    allow_log("app.example: WARNING: the disk is full")
    logging.getLogger("app.example").warning("the disk is full")


def test_good_thread_that_is_ending() -> None:
    threading.Thread(target=threading.Event().wait, args=(0.05,)).start()


async def test_good_task_that_is_ending() -> None:
    KEPT.append(asyncio.get_running_loop().create_task(asyncio.sleep(0.01)))


def test_good_timer_of_a_closed_widget(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QTimer(widget).start(LONG_MS)


@pytest.fixture(scope="module")
def server_of_the_module() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_good_thread_of_a_wider_fixture(server_of_the_module: None) -> None:
    pass
