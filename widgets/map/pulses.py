"""Owns how far each new incident's pulse has come. Must not paint or know the clock."""

from widgets.style import tokens

_MOST = 20


class Pulses:
    """Three rings for a new incident, then none; while many pulse the next ones do not: nobody could follow them.

    Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._started_s: dict[str, float] = {}

    @property
    def active(self) -> bool:
        return bool(self._started_s)

    def start(self, key: str, now_s: float) -> None:
        if len(self._started_s) < _MOST:
            self._started_s[key] = now_s

    def stop(self, key: str) -> None:
        self._started_s.pop(key, None)

    def clear(self) -> None:
        self._started_s.clear()

    def phases(self, now_s: float) -> dict[str, float]:
        """How far the ring of each incident is out, 0..1; those that are over are forgotten."""
        period_s, count = tokens().motion_pulse_ms / 1000, tokens().motion_pulse_count
        over = [key for key, started_s in self._started_s.items() if now_s - started_s >= period_s * count]
        for key in over:
            del self._started_s[key]
        return {key: (now_s - started_s) % period_s / period_s for key, started_s in self._started_s.items()}
