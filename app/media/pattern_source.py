"""Test pictures instead of cameras: a believable street per camera, marked as a test picture.

Owns one thread that draws every open camera at its own rate, and three buffers per camera. Must not be taken for real:
`notice_key` names the text that each tile has to carry.
"""

from __future__ import annotations

import math
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.domain.instants import DAY_MS, Instant
from app.media.frames import Frame, FrameState, Picture
from app.media.movers import Mover, draw_movers, movers_of
from app.media.seven_segment import burn_in
from app.media.street_view import Street, View, paint_still, street_of, view_of

DAYLIGHT_STEPS = 12
"""A still is painted anew when the daylight has moved by one step: about every ten minutes at dawn and dusk."""


@dataclass(slots=True)
class _Open:
    """An open camera. `shown` is with the reader, `ready` waits for it, the third buffer is drawn on."""

    camera: str
    street: Street
    view: View
    movers: tuple[Mover, ...]
    every_s: float
    due_s: float
    buffers: list[Picture]
    still: Picture | None = None
    depth_m: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    daylight: float = -1.0
    ready: Frame | None = None
    shown: Frame | None = None


class TestPatternSource:
    """A FrameSource of synthetic streets.

    `now` is the desk's clock, `is_online` is asked on the source's thread, `groups` (camera id -> group of the
    district) chooses between plaza, gate and crossing.
    """

    __test__ = False
    notice_key = "wall.test_pattern"

    def __init__(
        self,
        now: Callable[[], Instant],
        utc_offset_min: int = 480,
        is_online: Callable[[str], bool] = lambda _camera: True,
        groups: Mapping[str, str] | None = None,
    ) -> None:
        self._now = now
        self._utc_offset_ms = utc_offset_min * 60_000
        self._is_online = is_online
        self._groups = groups or {}
        self._open: dict[str, _Open] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._seq = 0
        self._thread: threading.Thread | None = None

    # -- the reader's side -------------------------------------------------------------------------------------------

    def open(self, camera_id: str, width_px: int, height_px: int, fps: float) -> None:
        seed = zlib.crc32(camera_id.encode())
        street = street_of(seed, self._groups.get(camera_id, "crossing"))
        size = max(16, width_px), max(16, height_px)
        opened = _Open(
            camera_id,
            street,
            view_of(seed, *size),
            movers_of(street),
            1 / fps,
            time.monotonic(),
            [np.zeros((size[1], size[0], 4), dtype=np.uint8) for _ in range(3)],
        )
        with self._changed:
            if self._closing:
                raise RuntimeError("the source of frames is closed")
            self._open[camera_id] = opened
            self._changed.notify()
        self._start()

    def close(self, camera_id: str) -> None:
        with self._changed:
            self._open.pop(camera_id, None)

    def latest(self, camera_id: str) -> Frame | None:
        with self._changed:
            opened = self._open.get(camera_id)
            if opened is None:
                return None
            opened.shown = opened.ready
            return opened.shown

    def close_all(self) -> None:
        with self._changed:
            self._closing = True
            self._open.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="test pattern", daemon=True)
            self._thread.start()

    # -- the source's own thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (opened := self._next_due()) is not None:
            frame = self._drawn(opened)
            with self._changed:
                opened.ready = frame

    def _next_due(self) -> _Open | None:
        """Waits until a camera is due; None when it is time to go."""
        with self._changed:
            while not self._closing:
                opened = min(self._open.values(), key=lambda each: each.due_s, default=None)
                wait_s = None if opened is None else opened.due_s - time.monotonic()
                if opened is not None and wait_s is not None and wait_s <= 0:
                    self._set_next_due(opened)
                    return opened
                self._changed.wait(wait_s)
        return None

    def _set_next_due(self, opened: _Open) -> None:
        """Cameras of one rate come one after the other, not all at once; what was missed is not caught up."""
        after = opened.due_s + opened.every_s
        opened.due_s = after if after > time.monotonic() else time.monotonic() + opened.every_s

    def _drawn(self, opened: _Open) -> Frame | None:
        now = self._now()
        state: FrameState = "live" if self._is_online(opened.camera) else "offline"
        if state == "offline" and opened.ready is not None:
            return self._gone(opened, opened.ready)
        buffer = self._free_buffer(opened)
        if state == "live":
            self._draw(opened, buffer, now)
        self._seq += 1
        return Frame(self._seq, buffer, now, state)

    def _gone(self, opened: _Open, last: Frame) -> Frame:
        """The last picture stays, with the time when it was taken."""
        if last.state == "offline":
            return last
        self._seq += 1
        return Frame(self._seq, last.bgra, last.captured_at, "offline")

    def _free_buffer(self, opened: _Open) -> Picture:
        with self._changed:
            taken = {id(frame.bgra) for frame in (opened.ready, opened.shown) if frame is not None}
        return next(buffer for buffer in opened.buffers if id(buffer) not in taken)

    def _draw(self, opened: _Open, buffer: Picture, now: Instant) -> None:
        local_ms = (now + self._utc_offset_ms) % DAY_MS
        daylight = round(_daylight(local_ms / 3_600_000) * DAYLIGHT_STEPS) / DAYLIGHT_STEPS
        if opened.still is None or opened.daylight != daylight:
            opened.still, opened.depth_m = paint_still(opened.street, opened.view, daylight)
            opened.daylight = daylight
        np.copyto(buffer, opened.still)
        draw_movers(buffer, opened.depth_m, opened.view, opened.movers, local_ms / 1000, daylight)
        self._burn_in_time(buffer, local_ms)

    def _burn_in_time(self, buffer: Picture, local_ms: int) -> None:
        height_px = max(9, buffer.shape[0] // 15)
        seconds = local_ms // 1000
        text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        burn_in(buffer, text, height_px // 2, height_px // 2, height_px)


def _daylight(hour: float) -> float:
    """1 by day, 0 by night, with an hour and a half of dawn and of dusk."""
    morning = _smooth((hour - 5.5) / 1.5)
    evening = _smooth((hour - 17.0) / 1.5)
    return morning - evening


def _smooth(share: float) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, share)))
