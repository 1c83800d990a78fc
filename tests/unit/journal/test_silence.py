"""The watch over silent connections: it cuts off who is silent and outlives whoever ends on his own just then."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from app.journal.silence import SilenceWatch
from tests.patience import PATIENCE_S


class Line:
    """What the watch asks of a driver's connection."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.closed = False

    def fileno(self) -> int:
        return self._line.fileno()


class Ended(Line):
    """Still open when it was asked, gone a moment later."""

    def fileno(self) -> int:
        raise RuntimeError("the connection is lost")


@pytest.fixture
def watch() -> Iterator[SilenceWatch]:
    watch = SilenceWatch()
    yield watch
    watch.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE_S)
    with ours, theirs:
        yield ours, theirs


def test_who_is_silent_is_cut_off(watch: SilenceWatch, pair: tuple[socket.socket, socket.socket]) -> None:
    with watch.over(Line(pair[0]), 0.01):
        assert pair[0].recv(1) == b""


def test_one_that_has_just_ended_does_not_end_the_watch(
    watch: SilenceWatch, pair: tuple[socket.socket, socket.socket]
) -> None:
    with watch.over(Ended(pair[0]), 0.0), watch.over(Line(pair[0]), 0.01):
        assert pair[0].recv(1) == b""


def test_who_answers_in_time_is_let_alone(
    watch: SilenceWatch, pair: tuple[socket.socket, socket.socket]
) -> None:
    with watch.over(Line(pair[0]), PATIENCE_S):
        pair[1].send(b"x")
        assert pair[0].recv(1) == b"x"
    pair[1].send(b"y")
    assert pair[0].recv(1) == b"y"
