"""Alarms that belong together, as one row each: of one device, or of one type at one place, shortly after each other.

Owns the grouping of the alarms that are put in. Must not know which of them are shelved, shown or chattering. An
emergency stands alone: it must not be hidden behind another.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.alarm import RAISED, Alarm
from app.domain.alarm_limits import AlarmLimits
from app.domain.instants import Instant
from app.domain.shelf import DEVICE, TYPE_AT_PLACE, ShelfKey, key_of


class AlarmGroup:
    """One row of the lane, of one alarm or many. `id` is the id of the alarm that opened it, for as long as it stands.

    `first_at` and `last_at` are those of all that ever were in it; everything else is of the members it has.
    """

    __slots__ = ("_lead", "first_at", "id", "keys", "last_at", "members", "raised", "seen")

    def __init__(self, founder: Alarm) -> None:
        self.id = founder.id
        self.keys = _founded_on(founder)
        self.first_at = self.last_at = founder.raised_at
        self.members: dict[str, Alarm] = {}
        self.raised = 0
        """Members that nobody has acknowledged."""
        self.seen = 0
        """How many have ever been in it."""
        self._lead: Alarm | None = None

    def __len__(self) -> int:
        return len(self.members)

    @property
    def lead(self) -> Alarm:
        """The member that speaks for all: the most urgent, of these one that nobody has acknowledged, the oldest."""
        if self._lead is None:
            self._lead = min(self.members.values(), key=_speaks_first)
        return self._lead

    @property
    def priority(self) -> int:
        return self.lead.priority

    @property
    def emergency(self) -> bool:
        return self.lead.emergency

    @property
    def ids(self) -> tuple[str, ...]:
        """The lead first, then the others as they came."""
        lead = self.lead.id
        return (lead, *(key for key in self.members if key != lead))

    def put(self, alarm: Alarm) -> None:
        before = self.members.get(alarm.id)
        self.members[alarm.id] = alarm
        self.raised += (alarm.status == RAISED) - (before is not None and before.status == RAISED)
        if before is None:
            self.seen += 1
            self.first_at = min(self.first_at, alarm.raised_at)
            self.last_at = max(self.last_at, alarm.raised_at)
        if before is not None:
            self._lead = None
        elif self._lead is not None and _speaks_first(alarm) < _speaks_first(self._lead):
            self._lead = alarm

    def drop(self, alarm: str) -> None:
        before = self.members.pop(alarm)
        self.raised -= before.status == RAISED
        if before is self._lead:
            self._lead = None

    def has_room_for(self, at: Instant, limits: AlarmLimits) -> bool:
        near = self.first_at - limits.group_gap_ms <= at <= self.last_at + limits.group_gap_ms
        span_ms = max(self.last_at, at) - min(self.first_at, at)
        return near and span_ms <= limits.group_longest_ms


class AlarmGroups:
    """Groups by id. O(1) an alarm: a group is found by what it was founded on."""

    def __init__(self, limits: AlarmLimits) -> None:
        self._limits = limits
        self.groups: dict[str, AlarmGroup] = {}
        self.raised = 0
        """Alarms that nobody has acknowledged."""
        self._group_of: dict[str, AlarmGroup] = {}
        self._newest: dict[ShelfKey, AlarmGroup] = {}

    def __contains__(self, alarm: str) -> bool:
        return alarm in self._group_of

    def __len__(self) -> int:
        """Alarms, not groups."""
        return len(self._group_of)

    def of(self, alarm: str) -> AlarmGroup | None:
        return self._group_of.get(alarm)

    def alarms(self) -> Iterable[Alarm]:
        return (alarm for group in self.groups.values() for alarm in group.members.values())

    def put(self, alarm: Alarm) -> None:
        """Takes an alarm's newest state in; a new one joins a group or founds one."""
        group = self._group_of.get(alarm.id) or self._joinable(alarm) or self._founded(alarm)
        self._group_of[alarm.id] = group
        before = group.raised
        group.put(alarm)
        self.raised += group.raised - before

    def drop(self, alarm: str) -> None:
        """Forgets an alarm; an unknown one is passed over."""
        group = self._group_of.pop(alarm, None)
        if group is None:
            return
        before = group.raised
        group.drop(alarm)
        self.raised += group.raised - before
        if not group.members:
            del self.groups[group.id]
            self._forget(group)

    def _joinable(self, alarm: Alarm) -> AlarmGroup | None:
        for key in _founded_on(alarm):
            group = self._newest.get(key)
            if group is not None and group.members and group.has_room_for(alarm.raised_at, self._limits):
                return group
        return None

    def _founded(self, alarm: Alarm) -> AlarmGroup:
        group = AlarmGroup(alarm)
        while group.id in self.groups:  # the founder was dropped, its group goes on, and now it is back
            group.id += "+"
        self.groups[group.id] = group
        for key in group.keys:
            self._newest[key] = group
        return group

    def _forget(self, group: AlarmGroup) -> None:
        for key in group.keys:
            if self._newest.get(key) is group:
                del self._newest[key]


def _founded_on(alarm: Alarm) -> tuple[ShelfKey, ...]:
    if alarm.emergency:
        return ()
    return tuple(key for scope in (DEVICE, TYPE_AT_PLACE) if (key := key_of(alarm, scope)) is not None)


def _speaks_first(alarm: Alarm) -> tuple[int, bool, Instant]:
    return alarm.priority, alarm.status != RAISED, alarm.raised_at
