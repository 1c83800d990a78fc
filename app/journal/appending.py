"""Judging a group of batches: which may be written, under which numbers and hashes.

Owns the rules of appending (next version, one receipt once, gapless seq, recorded_at never backwards, the chain). Must
not touch a database: it is given what the store holds and gives back rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.events import Recorded
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
from app.journal import chain, codec
from app.journal.errors import AlreadyReceived, JournalError
from app.journal.store import Batch, Entry, Receipt

Row: TypeAlias = tuple[int, str, int, str, int, int, int, str, str, str, str, str, str, bytes, bytes]
"""One event as stored: tables.EVENT_COLUMNS."""


@plain
class Head(Plain):
    """The last link of the chain."""

    seq: int
    recorded_at: Instant
    hash: bytes


@plain
class Overtaken(Plain):
    """`entry` wants a version that is not next: its stream stands at `actual`."""

    entry: Entry
    actual: int


@plain
class Encoded(Plain):
    """A batch with the stored text of each of its events."""

    batch: Batch
    payloads: tuple[str, ...]


def encode_batch(batch: Batch) -> Encoded | JournalError:
    try:
        return Encoded(batch, tuple(codec.encode(entry.event) for entry in batch.entries))
    except JournalError as error:
        return error


def streams_of(batches: Iterable[Encoded]) -> set[str]:
    return {entry.stream for encoded in batches for entry in encoded.batch.entries}


def receipts_of(batches: Iterable[Encoded]) -> set[Receipt]:
    return {receipt for encoded in batches for receipt in encoded.batch.receipts}


Judgement: TypeAlias = tuple[Recorded, ...] | AlreadyReceived | Overtaken


@dataclass(slots=True)
class Group:
    """Numbers the events of one transaction. `versions` and `received` are what the store holds of their streams."""

    head: Head
    versions: dict[str, int]
    received: set[Receipt]
    now: Instant
    mode: str
    rows: list[Row] = field(default_factory=list)
    accepted: list[Batch] = field(default_factory=list)

    def admit(self, batches: Sequence[Encoded]) -> list[Judgement]:
        self.now = max(self.now, self.head.recorded_at)
        return [self._admit_one(encoded) for encoded in batches]

    def _admit_one(self, encoded: Encoded) -> Judgement:
        batch = encoded.batch
        known = self.received.intersection(batch.receipts)
        if known:
            return AlreadyReceived(frozenset(known))
        moved: dict[str, int] = {}
        for entry in batch.entries:
            current = moved.get(entry.stream)
            if current is None:
                current = self.versions.get(entry.stream, 0)
            if entry.version != current + 1:
                return Overtaken(entry, current)
            moved[entry.stream] = entry.version
        self.versions.update(moved)
        self.received.update(batch.receipts)
        self.accepted.append(batch)
        return tuple(map(self._record, batch.entries, encoded.payloads))

    def _record(self, entry: Entry, payload: str) -> Recorded:
        head, event = self.head, entry.event
        seq = head.seq + 1
        columns = (
            seq,
            entry.stream,
            entry.version,
            event.TYPE,
            event.SCHEMA,
            entry.occurred_at,
            self.now,
            entry.actor,
            entry.desk,
            entry.cause_id,
            entry.correlation_id,
            self.mode,
            payload,
        )
        self.head = Head(seq, self.now, chain.link(head.hash, columns))
        self.rows.append((*columns, head.hash, self.head.hash))
        return Recorded(
            seq,
            entry.stream,
            entry.version,
            event,
            entry.occurred_at,
            self.now,
            entry.actor,
            entry.desk,
            entry.cause_id,
            entry.correlation_id,
            self.mode,
        )
