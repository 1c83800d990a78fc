"""How long units have to work on each incident of a drill.

Owns the drawing of it, from the span that the centre declares for the type, the same for the same seed and report. The
desk does not know it: it goes by the span. Must not know units.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from app.dispatch.work_times import WorkTimes
from app.domain.desk import Desk


class Works:
    """Seconds by incident."""

    def __init__(self, times: WorkTimes, seed: int, desk: Callable[[], Desk]) -> None:
        self._times, self._seed, self._desk = times, seed, desk

    def seconds(self, incident: str) -> float:
        """Every unit that comes works so long, from when it is there."""
        known = self._desk().incidents.get(incident)
        span = self._times.of(known.incident_type if known is not None else "")
        return random.Random(f"{self._seed}/work/{incident}").uniform(span.least_s, span.most_s)
