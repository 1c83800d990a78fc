"""Owns when the map may make its next frame. Must not know what is on it or run a timer.

What the officer's hand does is shown at once; a glide runs at the screen's pace; what streams in from outside has a
frame a few dozen times a second and never more than its share of the time, so that the rest of the console keeps its
beat. Times are seconds of a monotonic clock.
"""

import math

_HAND_S, _GLIDE_S, _CHANGE_S, _AGE_S = 0.008, 0.016, 0.04, 1.0
_SHARE = 8


class Pace:
    """The rhythm of one map's frames."""

    def __init__(self) -> None:
        self._began_s = -1.0
        self._cost_s = 0.0
        self._change_wanted = False
        self._latest_s = math.inf

    @property
    def wanted(self) -> bool:
        """Whether a frame is wanted at all."""
        return self._change_wanted or self._latest_s < math.inf

    def want(self) -> None:
        """Something has changed: a frame at its time."""
        self._change_wanted = True

    def want_glide(self) -> None:
        self.want_at(self._began_s + _GLIDE_S)

    def want_now(self) -> None:
        """The officer's hand: the next frame, at once."""
        self.want_at(self._began_s + _HAND_S)

    def want_age(self) -> None:
        """Ages are shown: they count up once a second."""
        self.want_at(self._began_s + _AGE_S)

    def want_at(self, when_s: float) -> None:
        self._latest_s = min(self._latest_s, when_s)

    def due(self, now_s: float) -> bool:
        """Whether the next frame is to be made now."""
        return self.wanted and self.wait_s(now_s) <= 0.0

    def wait_s(self, now_s: float) -> float:
        """How long until the wanted frame, of which there must be one."""
        next_s = self._latest_s
        if self._change_wanted:
            next_s = min(next_s, self._began_s + max(_CHANGE_S, self._cost_s * _SHARE))
        return max(0.0, next_s - now_s)

    def begin(self, now_s: float) -> None:
        """The frame is being made."""
        self._began_s, self._cost_s = now_s, 0.0
        self._change_wanted, self._latest_s = False, math.inf

    def paid(self, cost_s: float) -> None:
        """What the frame has cost so far: placing and, a moment later, painting."""
        self._cost_s += cost_s
