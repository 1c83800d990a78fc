"""What stands in the alarm lane: every live alarm, either in a group that is shown or under a shelf.

Owns which of the two it is, which devices chatter, and which emergencies nobody has answered. Must not judge and must
not read a clock: it is told what time it is, and that never goes back. No live alarm is ever in neither or in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.domain.alarm import RAISED, Alarm
from app.domain.alarm_limits import AlarmLimits
from app.domain.instants import Instant
from app.domain.shelf import Shelf, can_be_shelved, keys_of
from app.projections.alarm_groups import AlarmGroup, AlarmGroups
from app.projections.chattering import Chattering


class AlarmLane:
    """Live alarms by where they stand. What a call changed comes back as ids of alarms, for whoever shows them."""

    def __init__(self, limits: AlarmLimits) -> None:
        self.limits = limits
        self.shown = AlarmGroups(limits)
        self.chattering = Chattering(limits)
        self.unanswered: dict[str, None] = {}
        """Emergencies that nobody has acknowledged."""
        self.held: Counter[str] = Counter()
        """By shelf that is in force: how many alarms it has ever kept out of the lane."""
        self.chatterers: dict[str, str] = {}
        """Device that chatters -> its newest alarm, which may have ended already."""
        self._shelves: dict[str, Shelf] = {}
        self._shelved: dict[str, Alarm] = {}
        self._shelf_of: dict[str, str] = {}
        self._of_device: dict[str, dict[str, None]] = {}

    # -- asking --------------------------------------------------------------------------------------------------------

    @property
    def groups(self) -> dict[str, AlarmGroup]:
        """What is shown, by id. Not a copy."""
        return self.shown.groups

    @property
    def shelved_count(self) -> int:
        """Live alarms that a shelf keeps out of the lane just now."""
        return len(self._shelved)

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        """Those in force, as of the last `advance`; the first to end first."""
        return tuple(sorted(self._shelves.values(), key=lambda shelf: (shelf.expires_at, shelf.id)))

    def group_of(self, alarm: str) -> AlarmGroup | None:
        """None for an alarm that is shelved or has ended."""
        return self.shown.of(alarm)

    def shelf_of(self, alarm: str) -> str | None:
        return self._shelf_of.get(alarm)

    def shelved_by(self, shelf: str) -> list[Alarm]:
        """What it keeps out of the lane just now."""
        return [alarm for alarm in self._shelved.values() if self._shelf_of[alarm.id] == shelf]

    def is_shelvable(self, alarm: Alarm) -> bool:
        """Whether a shelf could keep it out of the lane and none does."""
        return can_be_shelved(alarm) and not any(shelf.covers(alarm) for shelf in self._shelves.values())

    def stale_count(self, now: Instant) -> int:
        """Shown alarms that have stood too long to say anything."""
        before = now - self.limits.stale_ms
        return sum(alarm.raised_at < before for alarm in self.shown.alarms())

    # -- being told ----------------------------------------------------------------------------------------------------

    def put(self, alarm: Alarm, now: Instant, *, is_new: bool = False) -> set[str]:
        """Takes an alarm's newest state in. Returns which others changed with it."""
        changed = self.advance(now)
        if is_new and self._chatters_now(alarm):
            changed |= self._of_device.get(alarm.origin, {}).keys()
        if alarm.is_live:
            self._place(alarm, now)
        else:
            self._forget(alarm)
        return changed

    def put_shelf(self, shelf: Shelf, now: Instant) -> set[str]:
        """Takes a shelf's newest state in. Returns the alarms that went under it or came back."""
        changed = self.advance(now)
        before = self._shelves.pop(shelf.id, None)
        if shelf.is_active(now):
            self._shelves[shelf.id] = shelf
            return changed if before is not None else changed | self._fill(shelf, now)
        return changed | self._empty({shelf.id}, now)

    def advance(self, now: Instant) -> set[str]:
        """Time alone ends shelves and chattering. Returns the alarms that this changed."""
        changed: set[str] = set()
        for device in self.chattering.advance(now):
            self.chatterers.pop(device, None)
            changed |= self._of_device.get(device, {}).keys()
        over = {shelf.id for shelf in self._shelves.values() if not shelf.is_active(now)}
        if over:
            for shelf in over:
                del self._shelves[shelf]
            changed |= self._empty(over, now)
        return changed

    def restore(self, alarms: Iterable[Alarm], shelves: Iterable[Shelf], now: Instant) -> None:
        """Everything at once, as a snapshot has it."""
        self._shelves = {shelf.id: shelf for shelf in shelves if shelf.is_active(now)}
        # What still chatters has been quiet for one window at the most, and its run was one window long at the most.
        recent = now - 2 * self.limits.chattering_ms
        matters = [alarm for alarm in alarms if alarm.is_live or alarm.raised_at >= recent]
        for alarm in sorted(matters, key=lambda alarm: alarm.raised_at):
            if alarm.raised_at >= recent:
                self._chatters_now(alarm)
            if alarm.is_live:
                self._place(alarm, now)
        self.advance(now)

    # -- where an alarm goes -------------------------------------------------------------------------------------------

    def _chatters_now(self, alarm: Alarm) -> bool:
        """Whether its device has begun to chatter with it."""
        begins = self.chattering.raised(alarm.origin, alarm.raised_at)
        if alarm.origin in self.chattering:
            self.chatterers[alarm.origin] = alarm.id
        return begins

    def _place(self, alarm: Alarm, now: Instant) -> None:
        self._note_emergency(alarm)
        if alarm.origin:
            self._of_device.setdefault(alarm.origin, {})[alarm.id] = None
        shelf = self._shelf_for(alarm, now)
        if shelf is None:
            self._shelved.pop(alarm.id, None)
            self._shelf_of.pop(alarm.id, None)
            self.shown.put(alarm)
            return
        self.shown.drop(alarm.id)
        self._shelved[alarm.id] = alarm
        if self._shelf_of.get(alarm.id) != shelf.id:
            self._shelf_of[alarm.id] = shelf.id
            self.held[shelf.id] += 1

    def _forget(self, alarm: Alarm) -> None:
        self.unanswered.pop(alarm.id, None)
        self.shown.drop(alarm.id)
        self._shelved.pop(alarm.id, None)
        self._shelf_of.pop(alarm.id, None)
        of_device = self._of_device.get(alarm.origin)
        if of_device is not None:
            of_device.pop(alarm.id, None)
            if not of_device:
                del self._of_device[alarm.origin]

    def _note_emergency(self, alarm: Alarm) -> None:
        if alarm.emergency and alarm.status == RAISED:
            self.unanswered[alarm.id] = None
        else:
            self.unanswered.pop(alarm.id, None)

    def _shelf_for(self, alarm: Alarm, now: Instant) -> Shelf | None:
        """The narrowest that covers it."""
        if not self._shelves or not can_be_shelved(alarm):
            return None
        keys = keys_of(alarm)
        covering = [s for s in self._shelves.values() if s.is_active(now) and s.covers(alarm)]
        return min(covering, key=lambda shelf: (keys.index(shelf.key), shelf.id), default=None)

    def _fill(self, shelf: Shelf, now: Instant) -> set[str]:
        covered = [alarm for alarm in self.shown.alarms() if shelf.covers(alarm)]
        for alarm in covered:
            self._place(alarm, now)
        return {alarm.id for alarm in covered}

    def _empty(self, shelves: set[str], now: Instant) -> set[str]:
        """What they held goes to where it belongs without them: the lane, or another shelf."""
        freed = [alarm for alarm in self._shelved.values() if self._shelf_of[alarm.id] in shelves]
        for shelf in shelves:
            self.held.pop(shelf, None)
        for alarm in sorted(freed, key=lambda alarm: alarm.raised_at):
            self._place(alarm, now)
        return {alarm.id for alarm in freed}
