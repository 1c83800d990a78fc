"""Owns the rule that a test leaves nothing running and says nothing unexpected. Must not know any part of the program.

A test fails when, after its own fixtures and windows are gone, there is still
    a thread, a Qt thread, a child process, an active QTimer or a visible window that was not there before it,
    an asyncio task that was pending when its loop was closed,
    a log record of WARNING or more that no `allow_log(pattern)` covers,
    a Qt message of WARNING or more during its teardown (before that pytest-qt watches).
What a fixture of a wider scope than "function" starts belongs to that fixture and is let alone.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QObject,
    QThread,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop
from shiboken6 import Shiboken

GRACE_S = float(os.environ.get("STREETDESK_TEST_GRACE_S", "20"))
"""How long something that is already ending may take to end, on a machine that is busy with something else."""

_SERIOUS_QT = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)


class LogWatch(logging.Handler):
    """Keeps every record of WARNING or more of one test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.allowed: list[re.Pattern[str]] = []
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{record.name}: {record.levelname}: {record.getMessage()}")

    def unexpected(self) -> list[str]:
        return [line for line in self._lines if not any(pattern.search(line) for pattern in self.allowed)]


@dataclass
class Watch:
    """One test: what ran before it, what it may log, and what it left so far."""

    running_before: dict[int, Any] = field(default_factory=dict)
    log: LogWatch = field(default_factory=LogWatch)
    pending_tasks: dict[int, asyncio.Task[Any]] = field(default_factory=dict)
    qt_messages: list[str] = field(default_factory=list)


_watch_key = pytest.StashKey[Watch]()
_current = Watch()


@pytest.fixture
def allow_log(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`allow_log(regex)`: records whose "logger: LEVEL: message" the regex finds are expected in this test."""
    watch = request.node.stash[_watch_key]

    def allow(pattern: str) -> None:
        watch.log.allowed.append(re.compile(pattern))

    return allow


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    global _current
    _current = item.stash[_watch_key] = Watch(_running())
    logging.getLogger().addHandler(_current.log)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    if fixturedef.scope == "function":
        return (yield)
    before = _running()
    result = yield
    _current.running_before |= {key: thing for key, thing in _running().items() if key not in before}
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    watch = item.stash[_watch_key]
    previous = qInstallMessageHandler(_keep_serious_qt_messages)
    try:
        result = yield
        complaints = _complaints(watch, ignored_qt=item.config.getini("qt_log_ignore"))
    finally:
        qInstallMessageHandler(previous)
        logging.getLogger().removeHandler(watch.log)
    if complaints:
        pytest.fail("the test left something behind:\n  " + "\n  ".join(complaints), pytrace=False)
    return result


@pytest.fixture(scope="session", autouse=True)
def _loops_report_pending_tasks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Runner, "close", _reporting(asyncio.Runner.close, asyncio.Runner.get_loop))
        patch.setattr(QEventLoop, "close", _reporting(QEventLoop.close, lambda loop: loop))
        # A loop that is closed by hand: too late to let it run on, so whatever is pending now counts.
        patch.setattr(asyncio.BaseEventLoop, "close", _reporting(asyncio.BaseEventLoop.close, None))
        yield


def _reporting(
    close: Callable[[Any], None], loop_of: Callable[[Any], asyncio.AbstractEventLoop] | None
) -> Callable[[Any], None]:
    def reporting_close(self: Any) -> None:
        loop = loop_of(self) if loop_of else self
        if not loop.is_closed() and not loop.is_running():
            pending = asyncio.all_tasks(loop)
            if pending and loop_of:
                loop.run_until_complete(asyncio.wait(pending, timeout=GRACE_S))
            _current.pending_tasks |= {id(task): task for task in pending if not task.done()}
        close(self)

    return reporting_close


def _keep_serious_qt_messages(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if kind in _SERIOUS_QT:
        _current.qt_messages.append(text)


def _complaints(watch: Watch, ignored_qt: list[str]) -> list[str]:
    _let_ending_things_end(watch)
    left = [_described(thing) for thing in _new(watch)]
    tasks = [
        f"task still pending when its loop was closed: {task!r}" for task in watch.pending_tasks.values()
    ]
    logged = [f"unexpected log record: {line}" for line in watch.log.unexpected()]
    said = [
        f"Qt message during teardown: {text}"
        for text in watch.qt_messages
        if not any(re.search(pattern, text) for pattern in ignored_qt)
    ]
    return left + tasks + logged + said


def _let_ending_things_end(watch: Watch) -> None:
    """Deletes what was given to deleteLater, then waits for threads and processes, but never longer than GRACE_S."""
    if QApplication.instance():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    _wait_for(_new(watch))
    if _new(watch):
        # A timer in a dead reference cycle is nobody's any more; only what is still held is a leak.
        gc.collect()


def _wait_for(things: list[Any]) -> None:
    deadline_s = time.monotonic() + GRACE_S
    for thing in things:
        remaining_s = max(0.0, deadline_s - time.monotonic())
        if isinstance(thing, QThread):
            thing.wait(int(remaining_s * 1000))
        elif isinstance(thing, threading.Thread | multiprocessing.Process):
            thing.join(remaining_s)


def _new(watch: Watch) -> list[Any]:
    return [thing for key, thing in _running().items() if key not in watch.running_before]


def _running() -> dict[int, Any]:
    """Everything alive that somebody must end, by id; the objects are kept because an id is reused after its object."""
    python = [thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)]
    return {id(thing): thing for thing in [*python, *multiprocessing.active_children(), *_running_qt()]}


def _running_qt() -> list[QObject]:
    if not QApplication.instance():
        return []
    return [
        thing for thing in Shiboken.getAllValidWrappers() if isinstance(thing, QObject) and _is_running(thing)
    ]


def _is_running(thing: QObject) -> bool:
    if isinstance(thing, QTimer):
        return thing.isActive()
    if isinstance(thing, QThread):
        return thing.isRunning() and thing is not thing.currentThread()
    return isinstance(thing, QWidget) and thing.isWindow() and thing.isVisible()


def _described(thing: Any) -> str:
    if isinstance(thing, QTimer):
        return f"active timer: every {thing.interval()} ms, name {thing.objectName()!r}, parent {thing.parent()!r}"
    if isinstance(thing, QWidget):
        return f"visible window: {thing!r}"
    return f"running thread or process: {thing!r}"
