"""The test pictures: right size, steady while shown, honest about their camera, and gone when closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from app.domain.instants import parse_iso
from app.media.frames import Frame
from app.media.pattern_source import TestPatternSource
from tests.patience import PATIENCE_S

NOON = parse_iso("2026-11-22T12:00:00+08:00")
MIDNIGHT = parse_iso("2026-11-22T00:30:00+08:00")
FPS = 200.0


class Desk:
    """The two things that a source asks of the desk."""

    def __init__(self) -> None:
        self.now = NOON
        self.offline: set[str] = set()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def source(desk: Desk) -> Iterator[TestPatternSource]:
    source = TestPatternSource(
        lambda: desk.now, is_online=lambda camera: camera not in desk.offline, groups={"P1": "plaza"}
    )
    yield source
    source.close_all()


def frame_of(
    source: TestPatternSource, camera: str, wanted: Callable[[Frame], bool] = lambda _frame: True
) -> Frame:
    """The first frame that is as wanted; fails when none comes."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        frame = source.latest(camera)
        if frame is not None and wanted(frame):
            return frame
        time.sleep(0.002)
    raise AssertionError(f"no such frame of {camera} within {PATIENCE_S} s")


def test_a_frame_is_just_as_large_as_the_tile_and_can_be_drawn_without_copying(
    source: TestPatternSource,
) -> None:
    source.open("C1", 231, 129, FPS)
    frame = frame_of(source, "C1")
    assert frame.bgra.shape == (129, 231, 4)
    assert frame.bgra.dtype == np.uint8
    assert frame.bgra.strides[1:] == (4, 1)
    assert (frame.state, frame.captured_at) == ("live", NOON)


def test_a_picture_does_not_change_while_the_reader_holds_it(source: TestPatternSource, desk: Desk) -> None:
    source.open("C1", 160, 90, FPS)
    held = frame_of(source, "C1")
    before = held.bgra.copy()
    for _ in range(5):
        desk.now += 700
        newer = frame_of(source, "C1", lambda frame, seq=held.seq: frame.seq > seq)
        assert np.array_equal(held.bgra, before)
        held, before = newer, newer.bgra.copy()


def test_seq_grows_with_every_picture_and_what_moves_has_moved(source: TestPatternSource, desk: Desk) -> None:
    source.open("C1", 160, 90, FPS)
    first = frame_of(source, "C1")
    before = first.bgra.copy()
    desk.now += 1_000
    later = frame_of(source, "C1", lambda frame: frame.captured_at == desk.now)
    assert later.seq > first.seq
    assert not np.array_equal(later.bgra[40:], before[40:])


def test_the_same_instant_is_the_same_picture_whoever_makes_it(source: TestPatternSource) -> None:
    other = TestPatternSource(lambda: NOON)
    try:
        for each in (source, other):
            each.open("C7", 120, 68, FPS)
        assert np.array_equal(frame_of(source, "C7").bgra, frame_of(other, "C7").bgra)
    finally:
        other.close_all()


def test_cameras_look_at_different_streets(source: TestPatternSource) -> None:
    pictures = []
    for camera in ("C1", "C2", "P1"):
        source.open(camera, 120, 68, FPS)
        pictures.append(frame_of(source, camera).bgra.astype(int))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(pictures[one] - pictures[other]).mean() > 3


def test_the_night_is_darker_than_the_day(source: TestPatternSource, desk: Desk) -> None:
    source.open("C1", 120, 68, FPS)
    day = frame_of(source, "C1").bgra[..., :3].mean()
    desk.now = MIDNIGHT
    night = frame_of(source, "C1", lambda frame: frame.captured_at == MIDNIGHT).bgra[..., :3].mean()
    assert night < day / 2


def test_a_camera_that_goes_offline_keeps_its_last_time_and_comes_back(
    source: TestPatternSource, desk: Desk
) -> None:
    source.open("C1", 120, 68, FPS)
    frame_of(source, "C1")
    desk.offline.add("C1")
    gone = frame_of(source, "C1", lambda frame: frame.state == "offline")
    desk.now += 60_000
    assert frame_of(source, "C1").captured_at == gone.captured_at == NOON
    desk.offline.clear()
    back = frame_of(source, "C1", lambda frame: frame.state == "live")
    assert back.seq > gone.seq


def test_opening_anew_gives_the_new_size_and_closing_gives_nothing(source: TestPatternSource) -> None:
    source.open("C1", 120, 68, FPS)
    first = frame_of(source, "C1")
    source.open("C1", 200, 110, FPS)
    larger = frame_of(source, "C1", lambda frame: frame.bgra.shape[1] == 200)
    assert larger.seq > first.seq
    source.close("C1")
    source.close("never opened")
    assert source.latest("C1") is None


def test_after_the_end_nothing_can_be_opened(desk: Desk) -> None:
    source = TestPatternSource(lambda: desk.now)
    source.open("C1", 120, 68, FPS)
    source.close_all()
    source.close_all()
    assert source.latest("C1") is None
    with pytest.raises(RuntimeError):
        source.open("C1", 120, 68, FPS)


def test_it_says_that_it_is_no_real_camera(source: TestPatternSource) -> None:
    from app.i18n import has_text

    assert has_text(source.notice_key)
