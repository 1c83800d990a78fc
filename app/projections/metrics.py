"""The desk's own figures: what is open, how fast it was accepted, sent and reached, how loud the alarms are.

Owns counts and response intervals; the incidents themselves are the desk's. Must not own limits or colours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

from app.domain.incident import CLOSED, Incident
from app.domain.instants import Instant
from app.domain.plain import Plain, plain

ALARM_WINDOW_MS = 600_000
"""ISA-18.2 counts alarms per ten minutes and operator."""

_INTERVALS = {
    "accept": "accepted_at",
    "dispatch": "dispatched_at",
    "arrive": "arrived_at",
    "close": "closed_at",
}


@plain
class Interval(Plain):
    """Seconds from report to a milestone; None while nothing has reached it."""

    count: int
    p50_s: float | None
    p90_s: float | None


class Metrics:
    """Figures over all incidents folded so far."""

    def __init__(self) -> None:
        self.by_status: Counter[str] = Counter()
        self.open_by_priority: Counter[int] = Counter()
        self._alarm_times: list[Instant] = []

    @property
    def total(self) -> int:
        return self.by_status.total()

    @property
    def open(self) -> int:
        return self.open_by_priority.total()

    def put(self, before: Incident | None, after: Incident) -> None:
        """An incident has become another one; `before` is None for a new one."""
        if before is not None:
            self._count(before, -1)
        self._count(after, +1)

    def restore(self, incidents: Sequence[Incident]) -> None:
        """Counts what a snapshot holds."""
        self.by_status.update([incident.status for incident in incidents])
        self.open_by_priority.update([incident.priority for incident in incidents if incident.is_open])

    def _count(self, incident: Incident, by: int) -> None:
        self.by_status[incident.status] += by
        if incident.is_open:
            self.open_by_priority[incident.priority] += by

    def alarm(self, at: Instant) -> None:
        """An alarm was raised; late ones are put where they belong."""
        self._alarm_times.insert(bisect_left(self._alarm_times, at), at)

    def alarm_times(self) -> list[Instant]:
        """When alarms were raised, ascending; a copy."""
        return list(self._alarm_times)

    def restore_alarms(self, times: list[Instant]) -> None:
        """`times` ascending, as `alarm_times` gave them."""
        self._alarm_times = times

    def alarms_in_window(self, now: Instant) -> int:
        """Alarms raised in the ten minutes before `now`."""
        first = bisect_left(self._alarm_times, now - ALARM_WINDOW_MS)
        return bisect_left(self._alarm_times, now + 1) - first


def response_interval(incidents: Iterable[Incident], milestone: str) -> Interval:
    """Report to accept, dispatch, arrive or close, over every one of `incidents` that got there.

    What was withdrawn or merged away has ended, but nobody has closed it: it would flatter the figure.
    """
    field = _INTERVALS[milestone]
    reached = sorted(
        (at - incident.counts_from) / 1000
        for incident in incidents
        if (at := getattr(incident, field)) is not None
        and not (milestone == "close" and incident.status != CLOSED)
    )
    return Interval(len(reached), _quantile(reached, 0.5), _quantile(reached, 0.9))


def _quantile(ordered: list[float], share: float) -> float | None:
    """Nearest rank, as response-time standards count: the value that `share` of the cases do not exceed."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else None
