"""From what feeds send to commands: acceptance at the gate.

Owns the translation of an envelope into commands, the lookup of grids, the person behind a report, skew of a source's
clock, and the quarantine for whatever cannot be taken in. Must not decide (domain) and must not drop anything silently.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.instants import Instant, format_iso
from app.domain.roles import FEED
from app.feeds.envelope import Envelope, Malformed, decode
from app.i18n import tr
from app.journal.store import FeedPosition, Person, QuarantinedMessage, Receipt, TrackPoint, UnknownFields
from app.service.bus import Bus, Submission
from app.service.clock import Clock
from app.service.positions import Positions
from app.service.refusals import refusal_text

log = logging.getLogger(__name__)

IN_FLIGHT: Final = 1_000
"""Messages that may wait for the journal at a time; beyond it a feed is read no further."""
SLICE_S: Final = 0.002
"""Longest stretch of reading messages before whoever else waits for the loop gets a turn."""
FUTURE_LIMIT_MS: Final = 86_400_000
"""A source's clock may run ahead by a day; a time beyond that is a wrong date, not a wrong clock."""
RAW_LIMIT = 65_536
"""Characters of a broken message that are kept for mending."""

GridOf = Callable[[float, float], str | None]


class Intake:
    """The inbox of every feed."""

    def __init__(
        self,
        bus: Bus,
        desk: Callable[[], Desk],
        positions: Positions,
        clock: Clock,
        desk_name: str,
        grid_of: GridOf,
        priority_of: Callable[[str], int] = lambda _type: 3,
    ) -> None:
        """`grid_of` a place (lat, lon); `priority_of` a type, where the source does not say how urgent it is."""
        self._bus = bus
        self._desk = desk
        self._positions = positions
        self._clock = clock
        self._desk_name = desk_name
        self._grid_of = grid_of
        self._priority_of = priority_of
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._unsaved: dict[str, str] = {}
        self.places: dict[str, str] = {}
        """By feed: the last id that is durable with everything before it; where a reconnect goes on."""
        self.skew_ms: dict[str, Instant] = {}
        """By source: how far its newest message lay in the future when it came in; 0 is a clock that agrees."""

    async def take(self, feed: str, frames: Sequence[str | bytes]) -> None:
        """Takes frames in, in order. Waits while too many are on their way to the journal."""
        until_s = time.monotonic() + SLICE_S
        for frame in frames:
            submission = self._submission(feed, frame)
            if submission is not None:
                await self._offer(submission)
            if time.monotonic() > until_s:
                await asyncio.sleep(0)
                until_s = time.monotonic() + SLICE_S

    async def _offer(self, submission: Submission) -> None:
        """Hands it to the bus as soon as there is room; does not wait for the answer."""
        await self._room.acquire()
        self._bus.post(submission, partial(self._answered, submission.position))

    async def save_positions(self) -> None:
        """Makes the place in each feed durable where only position fixes came in since the last event."""
        unsaved, self._unsaved = self._unsaved, {}
        for feed, last_id in unsaved.items():
            context = self._context(feed, self._clock.now(), "")
            await self._offer(Submission((), context, position=FeedPosition(feed, last_id)))

    async def readmit(self, held: QuarantinedMessage, mended: str, officer: cmd.Context) -> None:
        """Takes a mended message in, as its source would have sent it.

        Raises Malformed or Refusal when it still cannot be taken in; the message is then held as before.
        """
        envelope = decode(mended)
        now = self._clock.now()
        commands = (*self._commands(envelope, now), cmd.ReadmitMessage(held.quarantine, held.source))
        context = replace(officer, occurred_at=now, cause_id=f"{envelope.source}:{envelope.id}")
        receipt = Receipt(envelope.source, envelope.id)
        await self._bus.offer(Submission(commands, context, receipt=receipt, persons=_persons(envelope)))

    # -- one message -------------------------------------------------------------------------------------------------

    def _submission(self, feed: str, frame: str | bytes) -> Submission | None:
        """None when the message needs no record: a fix of a unit's position."""
        received_at = self._clock.now()
        try:
            envelope = decode(frame)
        except Malformed as fault:
            return self._quarantine(feed, fault.source or feed, frame, fault.sentence, received_at, None)
        self._note_skew(envelope, received_at)
        if envelope.kind == "unit.position":
            self._fix(feed, envelope, received_at)
            return None
        return self._event(feed, frame, envelope, received_at)

    def _event(self, feed: str, frame: str | bytes, envelope: Envelope, received_at: Instant) -> Submission:
        position = FeedPosition(feed, envelope.id)
        self._unsaved.pop(feed, None)

        def refused(refusal: Refusal) -> Submission:
            return self._quarantine(
                feed, envelope.source, frame, refusal_text(refusal), received_at, position
            )

        try:
            commands = self._commands(envelope, received_at)
        except Refusal as refusal:
            return refused(refusal)
        return Submission(
            commands,
            self._context(feed, min(envelope.occurred_at, received_at), f"{envelope.source}:{envelope.id}"),
            receipt=Receipt(envelope.source, envelope.id),
            position=position,
            persons=_persons(envelope),
            unknown_fields=_unknown_fields(envelope),
            otherwise=refused,
        )

    def _fix(self, feed: str, e: Envelope, received_at: Instant) -> None:
        assert e.unit is not None
        assert e.lat is not None
        assert e.lon is not None
        at = min(e.occurred_at, received_at)
        self._positions.put(TrackPoint(e.unit, at, e.lat, e.lon, e.heading_deg, e.speed_mps))
        self._unsaved[feed] = e.id

    def _quarantine(
        self,
        feed: str,
        source: str,
        frame: str | bytes,
        reason: str,
        received_at: Instant,
        position: FeedPosition | None,
    ) -> Submission:
        """The same broken message sent again gets the same id and is held once."""
        raw = frame if isinstance(frame, str) else frame.decode("utf-8", "backslashreplace")
        digest = hashlib.sha256(f"{source}\0{raw}".encode("utf-8", "backslashreplace")).hexdigest()[:20]
        held = QuarantinedMessage(digest, source, reason, raw[:RAW_LIMIT], received_at)
        return Submission(
            (cmd.QuarantineMessage(digest, source, reason),),
            self._context(feed, received_at, ""),
            receipt=Receipt("quarantine", digest),
            position=position,
            quarantined=(held,),
        )

    def _context(self, feed: str, occurred_at: Instant, cause_id: str) -> cmd.Context:
        return cmd.Context(f"feed:{feed}", FEED, self._desk_name, occurred_at, cause_id=cause_id)

    def _note_skew(self, envelope: Envelope, received_at: Instant) -> None:
        self.skew_ms[envelope.source] = max(0, envelope.occurred_at - received_at)

    def _answered(self, position: FeedPosition | None, failure: BaseException | None) -> None:
        """Answers come in the order of the feed, so everything before a durable place is durable too."""
        self._room.release()
        if isinstance(failure, asyncio.CancelledError):
            return
        if failure is not None:
            log.error("a message of a feed could not be taken in", exc_info=failure)
        elif position is not None:
            self.places[position.feed] = position.last_id

    # -- envelope -> commands ----------------------------------------------------------------------------------------

    def _commands(self, e: Envelope, received_at: Instant) -> tuple[cmd.Command, ...]:
        if e.occurred_at > received_at + FUTURE_LIMIT_MS:
            raise Refusal("occurred_in_future", e.id, occurred_at=format_iso(e.occurred_at))
        match e.kind:
            case "incident.reported" | "order.placed" | "report.filed":
                return (self._report(e),)
            case "incident.updated":
                return (self._update(e),)
            case "incident.withdrawn":
                reason = e.reason or e.description or tr("intake.withdrawn_by_source")
                return (cmd.WithdrawIncident(self._incident_of(e), reason),)
            case "unit.status":
                return self._unit_status(e)
            case "task.ack":
                accepted = e.accepted is not False
                return (cmd.AnswerTask(_needed(e, "unit"), self._incident_of(e), accepted, e.reason or ""),)
            case "camera.status":
                return (cmd.SetCameraStatus(_needed(e, "camera"), e.online is not False, e.reason or ""),)
            case "alarm.raised":
                return (self._alarm(e),)
            case "alarm.cleared":
                return (cmd.ClearAlarm(e.alarm or e.id),)
        raise Refusal("kind_unknown", e.id, kind=e.kind)

    def _report(self, e: Envelope) -> cmd.ReportIncident:
        kinds = {"order.placed": "order", "report.filed": "other"}
        incident_type = e.type or kinds.get(e.kind, "other")
        return cmd.ReportIncident(
            incident=incident_id(e.source, e.id),
            source=e.source,
            source_event=e.id,
            incident_type=incident_type,
            priority=e.priority or self._priority_of(incident_type),
            title=e.title or e.description[:60] or e.address or tr("intake.untitled"),
            description=e.description,
            address=e.address,
            lat=e.lat,
            lon=e.lon,
            grid=self._grid(e),
            person_ref=_person_ref(e),
            camera=e.camera,
            attachments=tuple(e.attachments),
        )

    def _update(self, e: Envelope) -> cmd.UpdateIncident:
        return cmd.UpdateIncident(
            self._incident_of(e),
            incident_type=e.type,
            priority=e.priority,
            title=e.title or None,
            description=e.description or None,
            address=e.address or None,
            lat=e.lat,
            lon=e.lon,
            grid=self._grid(e),
            camera=e.camera,
        )

    def _alarm(self, e: Envelope) -> cmd.RaiseAlarm:
        return cmd.RaiseAlarm(
            alarm=e.alarm or e.id,
            source=e.source,
            source_event=e.id,
            alarm_type=e.type or "alarm",
            priority=e.priority or self._priority_of(e.type or "alarm"),
            title=e.title or tr("intake.untitled"),
            lat=e.lat,
            lon=e.lon,
            grid=self._grid(e),
            camera=e.camera,
            device=e.device or e.unit or "",
        )

    def _unit_status(self, e: Envelope) -> tuple[cmd.Command, ...]:
        """A unit that the district does not know is a neighbour's: it is enrolled as it turns up."""
        unit = _needed(e, "unit")
        incident = self._incident_of(e) if e.incident else None
        observed = cmd.ObserveUnitStatus(unit, _needed(e, "status"), incident)
        if unit in self._desk().units:
            return (observed,)
        return cmd.EnrolUnit(unit, "external", unit, e.lat, e.lon), observed

    def _incident_of(self, e: Envelope) -> str:
        """The desk's id of the incident that a message is about; it may name ours, or 'source:id', or its own id."""
        reference = e.incident or e.id
        desk = self._desk()
        if reference in desk.incidents:
            return reference
        named = reference if ":" in reference else f"{e.source}:{reference}"
        found = desk.by_source.get(named)
        return found if found is not None else incident_id(*named.split(":", 1))

    def _grid(self, e: Envelope) -> str | None:
        if e.grid is not None or e.lat is None or e.lon is None:
            return e.grid
        return self._grid_of(e.lat, e.lon)


async def readmit(intake: Intake, held: QuarantinedMessage, mended: str, officer: cmd.Context) -> str | None:
    """As Intake.readmit; the sentence that says why not, or None."""
    try:
        await intake.readmit(held, mended, officer)
    except Malformed as fault:
        return fault.sentence
    except Refusal as refusal:
        return refusal_text(refusal)
    return None


def incident_id(source: str, source_event: str) -> str:
    """The same report gets the same id on every desk and after every restart."""
    return hashlib.sha256(f"{source}:{source_event}".encode()).hexdigest()[:16]


def _needed(e: Envelope, field: str) -> str:
    value = getattr(e, field)
    if not value:
        raise Refusal("field_missing", e.id, field=field, kind=e.kind)
    return str(value)


def _person_ref(e: Envelope) -> str | None:
    return f"{e.source}:{e.id}" if e.reporter is not None else None


def _persons(e: Envelope) -> tuple[Person, ...]:
    if e.reporter is None:
        return ()
    return (Person(f"{e.source}:{e.id}", e.reporter.name or "", e.reporter.phone or ""),)


def _unknown_fields(e: Envelope) -> tuple[UnknownFields, ...]:
    if not e.extra:
        return ()
    return (UnknownFields(e.source, e.id, msgspec.json.encode(e.extra)),)
