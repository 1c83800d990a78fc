"""Watches what the desk awaits from units, and what they await: orders, refusals, roll calls, requests for more.

Owns the alarms that follow, raised once and taken back when the cause is gone. It keeps nothing of its own: an alarm's
id says what it is about, so a restart and a second desk raise the same one. Must not decide what is overdue
(domain/field_clocks.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import Recorded
from app.domain.field_causes import (
    DECLINED,
    MESSAGE,
    REQUEST,
    ROLL,
    SOURCE,
    UNHEARD,
    Cause,
    awaited_messages,
    cause_of,
    stands,
)
from app.domain.field_clocks import is_post_unfilled, is_unreplaced, overdue, post_overdue, roll
from app.domain.field_limits import FieldLimits
from app.domain.field_link import first_unread
from app.domain.incident import Incident
from app.domain.roles import SYSTEM
from app.domain.unit import Assignment, PostDecline, PostOrder, Unit
from app.i18n import tr
from app.projections.changes import Changes
from app.service.bus import Submission, Told
from app.service.clock import Clock

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
ROLL_OVERDUE: Final = "roll_overdue"
ORDER_OVERDUE: Final = "order_overdue"
ORDER_DECLINED: Final = "order_declined"
FORCE_REQUESTED: Final = "force_requested"
MESSAGE_UNREAD: Final = "message_unread"
ROLL_PRIORITY: Final = 1
POST_PRIORITY: Final = 3
"""Of what is about no incident: nobody waits for help yet."""
MOST_SAID: Final = 80
"""So much of what a unit said stands in the title of an alarm."""

_OWN: Final = (ROLL_OVERDUE, ORDER_OVERDUE, ORDER_DECLINED, FORCE_REQUESTED, MESSAGE_UNREAD)

Post = Callable[[Submission, Told], None]


@dataclass(frozen=True, slots=True)
class _Work:
    unit: Unit
    held: Assignment
    incident: Incident


class FieldWatch:
    """`ask(unit, incident)` is told once for each roll call that is due."""

    def __init__(
        self,
        limits: FieldLimits,
        desk: Callable[[], Desk],
        post: Post,
        clock: Clock,
        desk_name: str,
        ask: Callable[[str, str], None] = lambda _unit, _incident: None,
    ) -> None:
        self._limits = limits
        self._desk = desk
        self._post = post
        self._clock = clock
        self._desk_name = desk_name
        self._ask = ask
        self._busy: set[str] = set()
        self._moving: set[str] = set()
        """Units with an order to a post, or that would not take one."""
        self._declined: set[str] = set()
        self._unread: set[str] = set()
        self._unheard: set[str] = set()
        """Units that the desk wants to have read something."""
        self._asking: set[str] = set()
        self._raised: set[str] = set()
        """What this desk has raised, until it is folded in."""
        self._live: set[str] = set()
        self._ending: set[str] = set()
        self._asked: dict[tuple[str, str], int] = {}

    def resume(self) -> None:
        """Takes up what was awaited before this start."""
        desk = self._desk()
        self._look_at(desk.units, desk.incidents)
        self._look_at_alarms(desk.alarms)

    def on_changes(self, changes: Changes, _records: Sequence[Recorded]) -> None:
        self._look_at(changes.units, changes.incidents)
        self._look_at_alarms(changes.alarms)

    def _look_at_alarms(self, alarms: Iterable[str]) -> None:
        """Those of any desk: whoever sees that a cause is gone takes the alarm back."""
        known = self._desk().alarms
        for key in alarms:
            self._raised.discard(key)
            is_ours = known[key].alarm_type in _OWN and cause_of(known[key]) is not None
            _keep(self._live, key, is_ours and known[key].is_live)
        self._ending &= self._live

    def _look_at(self, units: Iterable[str], incidents: Iterable[str]) -> None:
        """Takes down whose units and which incidents have something that may want an alarm."""
        desk = self._desk()
        for key in units:
            unit = desk.units[key]
            _keep(self._busy, key, bool(unit.assignments))
            _keep(self._moving, key, unit.post_order is not None or unit.post_decline is not None)
            _keep(self._declined, key, bool(unit.declines))
            _keep(self._unread, key, first_unread(unit.messages) is not None)
            _keep(self._unheard, key, any(message.is_awaited for message in unit.messages))
        for key in incidents:
            incident = desk.incidents[key]
            _keep(self._asking, key, incident.is_open and bool(incident.open_requests))

    async def run(self) -> None:
        """Looks every second; runs until it is cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Raises what is overdue by the limits of this desk, and takes back whatever is no longer so.

        Whether it is no longer so does not hang on limits: another desk may have had other ones.
        """
        now, desk = self._clock.now(), self._desk()
        for alarm in self._wanted(now):
            if alarm.alarm not in self._raised and alarm.alarm not in desk.alarms:
                self._raised.add(alarm.alarm)
                self._submit(alarm, now)
        for key in self._live - self._ending:
            cause = cause_of(desk.alarms[key])
            if cause is None or not stands(desk, cause):
                self._ending.add(key)
                self._submit(cmd.ClearAlarm(key), now)
        self._ask_who_is_due(now)

    def _wanted(self, now: int) -> list[cmd.RaiseAlarm]:
        written = (self._messages(now), self._unheard_messages(now))
        ours = (self._overdue(now), self._posts(now), *written, self._declines(), self._requests())
        return [alarm for each in ours for alarm in each]

    def _work(self) -> Iterator[_Work]:
        desk = self._desk()
        for key in self._busy:
            unit = desk.units[key]
            for held in unit.assignments:
                yield _Work(unit, held, desk.incidents[held.incident])

    def _overdue(self, now: int) -> Iterator[cmd.RaiseAlarm]:
        for work in self._work():
            unit, incident, held = work.unit, work.incident, work.held
            late = overdue(held, incident, self._limits, now)
            if late is not None and self._limits.task(incident.priority).alarms:
                cause = Cause(unit.id, incident.id, late.awaited, str(held.delivery.sent_at))
                yield _alarm(unit, incident, cause, ORDER_OVERDUE)
            called = roll(held, incident, self._limits, now)
            if called is not None and called.state == "overdue":
                cause = Cause(unit.id, incident.id, ROLL, str(held.roll.heard_at))
                yield _alarm(unit, incident, cause, ROLL_OVERDUE, priority=ROLL_PRIORITY)

    def _posts(self, now: int) -> Iterator[cmd.RaiseAlarm]:
        """Orders to a post that nobody takes, and such as a unit would not take until another one goes there."""
        desk, allowed = self._desk(), self._limits.post
        for unit in (desk.units[key] for key in self._moving):
            order, decline = unit.post_order, unit.post_decline
            late = post_overdue(order, self._limits, now) if order is not None else None
            if order is not None and late is not None and allowed.alarms:
                cause = Cause(unit.id, "", late.awaited, str(order.delivery.sent_at))
                yield _post_alarm(unit, order, cause, ORDER_OVERDUE)
            if decline is not None and allowed.decline_alarms and is_post_unfilled(desk, decline):
                cause = Cause(unit.id, "", DECLINED, str(decline.at))
                yield _post_alarm(unit, decline, cause, ORDER_DECLINED, decline.reason)

    def _messages(self, now: int) -> Iterator[cmd.RaiseAlarm]:
        """What units wrote and nobody at any desk has read for too long; the oldest of each unit stands for all."""
        desk, unread_ms = self._desk(), self._limits.unread_ms
        for unit in (desk.units[key] for key in self._unread if unread_ms):
            message = first_unread(unit.messages)
            if message is not None and now > message.at + unread_ms:
                incident = desk.incidents.get(message.incident)
                cause = Cause(unit.id, incident.id if incident is not None else "", MESSAGE, message.id)
                yield _message_alarm(unit, incident, cause)

    def _unheard_messages(self, now: int) -> Iterator[cmd.RaiseAlarm]:
        """What the desk wrote and a unit has not read for too long: the newest, unless an older one is raised still."""
        desk, reading_ms = self._desk(), self._limits.reading_ms
        for unit in (desk.units[key] for key in self._unheard if reading_ms):
            late = [m for m in awaited_messages(desk, unit) if now > m.at + reading_ms]
            causes = [Cause(unit.id, m.incident, UNHEARD, m.id) for m in late]
            if late and not any(self._is_raised(cause.key) for cause in causes):
                yield _message_alarm(unit, desk.incidents.get(late[-1].incident), causes[-1])

    def _is_raised(self, key: str) -> bool:
        known = self._desk().alarms.get(key)
        return key in self._raised if known is None else known.is_live

    def _declines(self) -> Iterator[cmd.RaiseAlarm]:
        """Orders that a unit would not take, until another was sent instead."""
        desk = self._desk()
        for unit in (desk.units[key] for key in self._declined):
            for decline in unit.declines:
                incident = desk.incidents[decline.incident]
                raises = self._limits.task(incident.priority).decline_alarms
                if raises and is_unreplaced(desk, incident, decline):
                    cause = Cause(unit.id, incident.id, DECLINED, str(decline.at))
                    yield _alarm(unit, incident, cause, ORDER_DECLINED, decline.reason)

    def _requests(self) -> Iterator[cmd.RaiseAlarm]:
        """What is asked for stands until it is met or turned down, wherever the unit is by then."""
        desk = self._desk()
        for incident in (desk.incidents[key] for key in self._asking):
            for asked in incident.open_requests:
                if asked.unit in desk.units:
                    cause = Cause(asked.unit, incident.id, REQUEST, asked.id)
                    yield _alarm(desk.units[asked.unit], incident, cause, FORCE_REQUESTED)

    def _ask_who_is_due(self, now: int) -> None:
        due: dict[tuple[str, str], int] = {}
        for work in self._work():
            called = roll(work.held, work.incident, self._limits, now)
            if called is not None and called.state in ("due", "overdue"):
                due[work.unit.id, work.incident.id] = called.due_at
        for key, due_at in due.items():
            if self._asked.get(key) != due_at:
                self._ask(*key)
        self._asked = due

    def _submit(self, command: cmd.RaiseAlarm | cmd.ClearAlarm, now: int) -> None:
        context = cmd.Context(SOURCE, SYSTEM, self._desk_name, now)
        self._post(Submission((command,), context), lambda failure: self._told(command.alarm, failure))

    def _told(self, alarm: str, failure: BaseException | None) -> None:
        """What could not be written is tried again at the next look; a person may have ended it meanwhile."""
        if failure is None or isinstance(failure, asyncio.CancelledError | Refusal):
            return
        log.warning("alarm %s was not written: %s", alarm, failure)
        self._raised.discard(alarm)
        self._ending.discard(alarm)


def _keep(keys: set[str], key: str, wanted: bool) -> None:
    (keys.add if wanted else keys.discard)(key)


def _alarm(
    unit: Unit,
    incident: Incident,
    cause: Cause,
    alarm_type: str,
    reason: str = "",
    *,
    priority: int | None = None,
) -> cmd.RaiseAlarm:
    return _raise(
        unit,
        cause,
        alarm_type,
        priority or incident.priority,
        incident.number.rpartition("-")[2],
        reason,
        (incident.lat, incident.lon, incident.grid),
    )


def _message_alarm(unit: Unit, incident: Incident | None, cause: Cause) -> cmd.RaiseAlarm:
    if incident is not None:
        return _alarm(unit, incident, cause, MESSAGE_UNREAD)
    return _raise(unit, cause, MESSAGE_UNREAD, POST_PRIORITY, "", "", (None, None, None))


def _post_alarm(
    unit: Unit, post: PostOrder | PostDecline, cause: Cause, alarm_type: str, reason: str = ""
) -> cmd.RaiseAlarm:
    place = (post.lat, post.lon, post.code or None)
    return _raise(unit, cause, alarm_type, POST_PRIORITY, tr("post.number"), reason, place)


def _raise(
    unit: Unit,
    cause: Cause,
    alarm_type: str,
    priority: int,
    number: str,
    reason: str,
    place: tuple[float | None, float | None, str | None],
) -> cmd.RaiseAlarm:
    """`number` says what the order is to, `place` is its (lat, lon, grid)."""
    key = cause.key
    text = f"{cause.what}.unsaid" if cause.what == DECLINED and not reason else cause.what
    text = f"{text}.alone" if cause.what in (MESSAGE, UNHEARD) and not number else text
    lat, lon, grid = place
    return cmd.RaiseAlarm(
        alarm=key,
        source=SOURCE,
        source_event=key,
        alarm_type=alarm_type,
        priority=priority,
        title=tr(f"field.alarm.{text}", unit=unit.call_sign, number=number, reason=reason[:MOST_SAID]),
        lat=lat,
        lon=lon,
        grid=grid,
        device=cause.device,
    )
