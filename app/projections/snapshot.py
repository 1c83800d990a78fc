"""Projections as bytes and back, so that a start does not fold years.

Owns the form of a snapshot. It is a cache: whatever is wrong with one, the journal alone says what is true. Must not
read or write a store.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import fields
from itertools import islice
from typing import Any, Final, TypeVar

import msgspec

from app.domain.alarm import Alarm
from app.domain.desk import CameraState, Quarantined
from app.domain.duty import DutyTurn
from app.domain.field_link import Decline, Delivery, FieldMessage, Phone, RollCall
from app.domain.incident import Incident
from app.domain.incident_parts import Attachment, Claim, ForceRequest, Link, Receipt, Tick
from app.domain.plain import Plain, plain
from app.domain.premise import PremiseNote
from app.domain.road import RoadClosure
from app.domain.shelf import Shelf
from app.domain.shift import Officer, PatrolMark, PatrolRecord, Shift, ShiftNote, Signature
from app.domain.sketch import SharedSketch
from app.domain.unit import Assignment, PostDecline, PostOrder, Unit
from app.projections.alarm_load import LoadCounts
from app.projections.case_handling import Handling
from app.projections.projections import Projections

T = TypeVar("T")

CHUNK = 500
"""Records encoded at a stretch: well under a millisecond in which no other thread runs."""


@plain
class ShiftState(Plain):
    """All that stands about shifts."""

    shifts: list[Shift]
    officers: list[Officer]
    patrols: list[PatrolRecord]
    duty: tuple[DutyTurn, ...]


FOLDS: Final = 2
"""Raised when the same events come to mean another state of the same fields."""


def _schema() -> int:
    """Other fields in any of the classes, or other folds, are another schema: an older snapshot is never misread.

    31 bits: what an INTEGER of PostgreSQL takes.
    """
    shapes = [
        (cls.__name__, [(f.name, str(f.type)) for f in fields(cls)])
        for cls in (
            Incident, Link, Attachment, Unit, Assignment, CameraState, Alarm, Quarantined, SharedSketch, PremiseNote,
            Shelf, LoadCounts, Handling, Shift, ShiftNote, Signature, Officer, PatrolRecord, PatrolMark, DutyTurn,
            RoadClosure, ShiftState, Tick, ForceRequest, Receipt, Delivery, RollCall, FieldMessage, Phone, Claim,
            Decline, PostOrder, PostDecline,
        )
    ]  # fmt: skip
    return zlib.crc32(repr((FOLDS, shapes)).encode()) & 0x7FFFFFFF


SCHEMA = _schema()


@plain
class Picture(Plain):
    """The state at `seq`, copied: everything in it is immutable, so the copy is a matter of microseconds."""

    seq: int
    at: int
    incidents: list[Incident]
    units: list[Unit]
    cameras: list[CameraState]
    alarms: list[Alarm]
    quarantine: list[Quarantined]
    versions: dict[str, int]
    numbers: dict[str, int]
    alarm_times: list[int]
    sketches: list[SharedSketch]
    premises: list[PremiseNote]
    shelves: list[Shelf]
    alarm_load: LoadCounts
    handling: list[Handling]
    shift: ShiftState
    roads: list[RoadClosure]


class _Small(msgspec.Struct, array_like=True):
    seq: int
    at: int
    units: list[Unit]
    cameras: list[CameraState]
    quarantine: list[Quarantined]
    numbers: dict[str, int]
    alarm_times: list[int]
    sketches: list[SharedSketch]
    premises: list[PremiseNote]
    shelves: list[Shelf]
    alarm_load: LoadCounts
    shift: ShiftState
    roads: list[RoadClosure]


_INCIDENTS = msgspec.msgpack.Decoder(list[Incident])
_ALARMS = msgspec.msgpack.Decoder(list[Alarm])
_HANDLING = msgspec.msgpack.Decoder(list[Handling])
_VERSIONS = msgspec.msgpack.Decoder(list[tuple[str, int]])
_SMALL = msgspec.msgpack.Decoder(_Small)
_PARTS = msgspec.msgpack.Decoder(tuple[bytes, list[bytes], list[bytes], list[bytes], list[bytes]])


def picture_of(projections: Projections) -> Picture:
    """Copies the state where it is folded; encode it elsewhere."""
    desk = projections.desk
    return Picture(
        projections.seq,
        projections.at,
        list(desk.incidents.values()),
        list(desk.units.values()),
        list(desk.cameras.values()),
        list(desk.alarms.values()),
        list(desk.quarantine.values()),
        dict(desk.versions),
        dict(desk.numbers),
        projections.metrics.alarm_times(),
        list(desk.sketches.values()),
        list(desk.premises.values()),
        list(desk.shelves.values()),
        projections.alarm_load.counts.copy(),
        projections.handling.all(),
        ShiftState(
            list(desk.shifts.values()), list(desk.officers.values()), list(desk.patrols.values()), desk.duty
        ),
        list(desk.roads.values()),
    )


def encode(picture: Picture) -> bytes:
    """For a thread of its own: lets other threads run between chunks."""
    small = _Small(
        picture.seq,
        picture.at,
        picture.units,
        picture.cameras,
        picture.quarantine,
        picture.numbers,
        picture.alarm_times,
        picture.sketches,
        picture.premises,
        picture.shelves,
        picture.alarm_load,
        picture.shift,
        picture.roads,
    )
    many: tuple[list[Any], ...] = (
        picture.incidents,
        picture.alarms,
        list(picture.versions.items()),
        picture.handling,
    )
    chunked = [_chunks(part) for part in many]
    return msgspec.msgpack.encode((msgspec.msgpack.encode(small), *chunked))


def restore(data: bytes, projections: Projections) -> None:
    """Puts a snapshot's state into fresh projections. Raises ValueError when it is none; they are unusable then."""
    small_part, incident_parts, alarm_parts, version_parts, handling_parts = _PARTS.decode(data)
    small = _SMALL.decode(small_part)
    desk = projections.desk
    for part in incident_parts:
        projections.restore_incidents(_INCIDENTS.decode(part))
    for part in alarm_parts:
        desk.alarms.update((alarm.id, alarm) for alarm in _ALARMS.decode(part))
    for part in version_parts:
        desk.versions.update(_VERSIONS.decode(part))
    for part in handling_parts:
        projections.handling.restore(_HANDLING.decode(part))
    desk.units.update((unit.id, unit) for unit in small.units)
    desk.cameras.update((camera.id, camera) for camera in small.cameras)
    desk.quarantine.update((held.id, held) for held in small.quarantine)
    desk.numbers.update(small.numbers)
    desk.sketches.update((sketch.id, sketch) for sketch in small.sketches)
    desk.premises.update((note.id, note) for note in small.premises)
    desk.shelves.update((shelf.id, shelf) for shelf in small.shelves)
    desk.shifts.update((shift.id, shift) for shift in small.shift.shifts)
    desk.officers.update((officer.ref, officer) for officer in small.shift.officers)
    desk.patrols.update((record.round, record) for record in small.shift.patrols)
    desk.duty = small.shift.duty
    desk.roads.update((closure.road, closure) for closure in small.roads)
    projections.alarm_load.counts = small.alarm_load
    projections.alarm_lane.restore(desk.alarms.values(), desk.shelves.values(), small.at)
    projections.metrics.restore_alarms(small.alarm_times)
    projections.seq, projections.at = small.seq, small.at


def _chunks(records: list[Any]) -> list[bytes]:
    parts = []
    for chunk in _batched(records, CHUNK):
        parts.append(msgspec.msgpack.encode(chunk))
        time.sleep(0)  # gives the interpreter to whoever waits for it, such as the Qt thread
    return parts


def _batched(records: list[T], size: int) -> Iterator[list[T]]:
    remaining = iter(records)
    while chunk := list(islice(remaining, size)):
        yield chunk
