"""Owns what waits to be painted into the tiles: open load and camera views. Must not paint or run a timer.

Both may change many times a second, and a tile is dear: what comes within half a second is painted as one.
Times are seconds of a monotonic clock.
"""

from collections.abc import Iterable, Mapping

from widgets.map.ground import Ground
from widgets.map.marks import CameraMark

_EVERY_S = 0.5


class GroundChanges:
    """The newest load and camera views of one map. `next_s` says when they may be painted."""

    def __init__(self) -> None:
        self.next_s = 0.0
        self._load: Mapping[str, int] | None = None
        self._cameras: dict[str, CameraMark] = {}

    def __bool__(self) -> bool:
        return self._load is not None or bool(self._cameras)

    def put_load(self, load: Mapping[str, int]) -> None:
        self._load = load

    def put_cameras(self, marks: Iterable[CameraMark]) -> None:
        self._cameras.update((mark.key, mark) for mark in marks)

    def bring_to(self, ground: Ground, now_s: float) -> None:
        """Make the tiles under what waits out of date, when it is time."""
        if not self or now_s < self.next_s:
            return
        if self._load is not None:
            ground.set_load(self._load)
        ground.set_cameras(self._cameras.values())
        self._load, self._cameras, self.next_s = None, {}, now_s + _EVERY_S
