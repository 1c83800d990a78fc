"""Which devices chatter: alarm again and again within a few minutes (ISA-18.2).

Owns when each device alarmed lately. Must not know what an alarm says. Bounded: a device keeps its newest
KEPT instants, one that was quiet for the window is forgotten.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict

from app.domain.alarm_limits import AlarmLimits
from app.domain.instants import Instant

KEPT = 60


class Chattering:
    """Fed with every alarm of a device, in any order; `now` never goes back."""

    def __init__(self, limits: AlarmLimits) -> None:
        self._limits = limits
        self._times: OrderedDict[str, list[Instant]] = OrderedDict()
        self._ends_at: dict[str, Instant] = {}

    @property
    def devices(self) -> frozenset[str]:
        """Those that chatter, as of the last `raised` or `advance`."""
        return frozenset(self._ends_at)

    def __contains__(self, device: str) -> bool:
        return device in self._ends_at

    def count(self, device: str, now: Instant) -> int:
        """Alarms of the device within the window, KEPT at the most."""
        since = now - self._limits.chattering_ms
        return sum(at >= since for at in self._times.get(device, ()))

    def raised(self, device: str, at: Instant) -> bool:
        """Whether the device has begun to chatter with this alarm."""
        if not device:
            return False
        times = self._times.setdefault(device, [])
        insort(times, at)
        del times[:-KEPT]
        self._times.move_to_end(device)
        newest = times[-self._limits.chattering_count :]
        if len(newest) < self._limits.chattering_count or newest[-1] - newest[0] > self._limits.chattering_ms:
            return False
        is_new = device not in self._ends_at
        self._ends_at[device] = newest[-1] + self._limits.chattering_ms
        return is_new

    def advance(self, now: Instant) -> set[str]:
        """The devices that have been quiet for the whole window: they chatter no more."""
        ended = {device for device, ends_at in self._ends_at.items() if ends_at < now}
        for device in ended:
            del self._ends_at[device]
        self._forget(now - self._limits.chattering_ms)
        return ended

    def _forget(self, before: Instant) -> None:
        while self._times:
            device, times = next(iter(self._times.items()))
            if times[-1] >= before:
                return
            del self._times[device]
