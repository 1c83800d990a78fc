"""Garbage that holds widgets ends on the Qt thread, whichever thread makes more of it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from widgets.garbage import YOUNG, GarbageCollector, collect_all_soon, keep_what_stands


class Cycle:
    """Garbage that only a collection finds; notes on which thread it ended."""

    def __init__(self, ended_on: list[int]) -> None:
        self.itself = self
        self._ended_on = ended_on

    def __del__(self) -> None:
        self._ended_on.append(threading.get_ident())


@pytest.fixture
def collector(qapp: QObject) -> Iterator[GarbageCollector]:
    was_on = gc.isenabled()
    collector = GarbageCollector()
    collector.begin()
    yield collector
    collector.close()
    collector.deleteLater()
    if not was_on:
        gc.disable()


def allocate() -> None:
    kept = [[number] for number in range(50_000)]
    assert kept


def test_another_thread_allocates_and_collects_nothing(collector: GarbageCollector) -> None:
    ended_on: list[int] = []
    Cycle(ended_on)
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert ended_on == []


def test_the_qt_thread_collects_when_enough_has_come_together(
    collector: GarbageCollector, qtbot: QtBot
) -> None:
    ended_on: list[int] = []
    Cycle(ended_on)
    held = [[] for _ in range(YOUNG + 1)]  # type: ignore[var-annotated]
    qtbot.waitUntil(lambda: len(ended_on) == 1)
    assert ended_on == [threading.get_ident()]
    assert held


def test_a_start_is_not_held_up_to_look_for_garbage(qapp: QObject, qtbot: QtBot) -> None:
    collector = GarbageCollector()
    ended_on: list[int] = []
    try:
        Cycle(ended_on)
        held = [[] for _ in range(YOUNG + 1)]  # type: ignore[var-annotated]
        (timer,) = collector.findChildren(QTimer)
        assert not timer.isActive()
        collector.begin()
        qtbot.waitUntil(lambda: len(ended_on) == 1)
        assert held
    finally:
        collector.close()
        collector.deleteLater()


def test_the_collector_is_given_back(qapp: QObject) -> None:
    collector = GarbageCollector()
    assert not gc.isenabled()
    collector.close()
    collector.deleteLater()
    assert gc.isenabled()


def test_what_stood_before_is_kept_and_what_came_after_is_looked_through_when_qt_comes_to_it(
    collector: GarbageCollector, qtbot: QtBot
) -> None:
    before: list[int] = []
    after: list[int] = []
    Cycle(before)
    keep_what_stands()
    Cycle(after)
    owner = QObject()
    try:
        collect_all_soon(owner)
        assert after == []
        qtbot.waitUntil(lambda: after == [threading.get_ident()])
        assert before == []
    finally:
        gc.unfreeze()
