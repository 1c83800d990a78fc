"""The tables beside the events: receipts, feed positions, persons, quarantine, snapshots, reference data, tracks.

Owns their queries. Must not touch events. Rows that come with a batch are written by BatchSideRows inside the append
transaction; everything else has a transaction of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Insert,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    or_,
    select,
    text,
    tuple_,
    update,
)

from app.domain.instants import Instant
from app.journal.store import (
    Batch,
    FeedPosition,
    Person,
    QuarantinedMessage,
    Receipt,
    TrackPoint,
    UnknownFields,
)
from app.journal.tables import (
    attached_file,
    feed_position,
    person,
    quarantine,
    receipt,
    reference,
    snapshot,
    track,
    unknown_fields,
)

_SCHEMAS_KEPT = 2
"""Desks of two versions may take turns; what a program of long ago has saved is megabytes for nobody."""
_CHUNK = 500
"""Rows named in one IN list: far below the number of parameters that either database takes."""

# Jumps from unit to unit over the primary key: over a shift of one-second tracks GROUP BY would read millions of rows.
_NEWEST_POINT_OF_EACH_UNIT = text(
    """
    WITH RECURSIVE tracked(unit) AS (
        SELECT min(unit) FROM track
        UNION ALL
        SELECT (SELECT min(track.unit) FROM track WHERE track.unit > tracked.unit) FROM tracked
        WHERE tracked.unit IS NOT NULL
    )
    SELECT track.unit, track.at, lat, lon, heading_deg, speed_mps
    FROM tracked
    JOIN track ON track.unit = tracked.unit
        AND track.at = (SELECT max(point.at) FROM track AS point WHERE point.unit = tracked.unit AND point.at <= :at)
    """
)

# One unit at a time runs along the primary key; all of them at once would read every point of thirty days.
_TRACK_OF_A_UNIT = text(
    """
    SELECT unit, at, lat, lon, heading_deg, speed_mps
    FROM track
    WHERE unit = :unit AND at IN (
        SELECT max(at) FROM track WHERE unit = :unit AND at >= :since GROUP BY at / :step_ms
    )
    ORDER BY at
    """
)

# Word for word the expression of the index person_phone: any other one reads every person.
_PERSONS_OF_A_NUMBER = text(
    """
    SELECT ref FROM person
    WHERE replace(replace(replace(phone, ' ', ''), '-', ''), '+', '') IN :written
    ORDER BY ref
    """
)


def upsert(dialect_name: str, table: Table) -> Insert:
    """INSERT that replaces what stands under the same primary key."""
    # Only the dialect in use is imported: the other one would cost every start 40 ms.
    insert_into: Callable[[Table], Any] = import_module(f"sqlalchemy.dialects.{dialect_name}").insert
    statement = insert_into(table)
    keys = list(table.primary_key.columns)
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column not in keys}
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)  # type: ignore[no-any-return]


class BatchSideRows:
    """Writes what comes with batches, through the driver's cursor of the append transaction.

    The dialect must take named parameters (sqlite3 `:name`, psycopg `%(name)s`).
    """

    def __init__(self, dialect: Dialect) -> None:
        self._sql = {
            table.name: str(upsert(dialect.name, table).compile(dialect=dialect))
            for table in (receipt, feed_position, person, quarantine, unknown_fields)
        }

    def write(self, cursor: Any, batches: Sequence[Batch]) -> None:
        """Write the side rows of `batches`; of two under one key the later stands."""
        for table, rows in (
            ("receipt", [_receipt_row(row) for batch in batches for row in batch.receipts]),
            ("feed_position", [_position_row(row) for batch in batches for row in batch.positions]),
            ("person", [_person_row(row) for batch in batches for row in batch.persons]),
            ("quarantine", [_quarantine_row(row) for batch in batches for row in batch.quarantined]),
            ("unknown_fields", [_unknown_row(row) for batch in batches for row in batch.unknown_fields]),
        ):
            if rows:
                cursor.executemany(self._sql[table], rows)


def _receipt_row(row: Receipt) -> dict[str, object]:
    return {"source": row.source, "source_event": row.source_event}


def _position_row(row: FeedPosition) -> dict[str, object]:
    return {"feed": row.feed, "last_id": row.last_id}


def _person_row(row: Person) -> dict[str, object]:
    return {"ref": row.ref, "name": row.name, "phone": row.phone}


def _quarantine_row(row: QuarantinedMessage) -> dict[str, object]:
    # As bytes: a broken message may hold what no text column takes (NUL, half of a surrogate pair).
    raw = row.raw.encode("utf-8", "surrogatepass")
    return {
        "quarantine": row.quarantine,
        "source": row.source,
        "reason": row.reason,
        "raw": raw,
        "received_at": row.received_at,
    }


def _unknown_row(row: UnknownFields) -> dict[str, object]:
    return {"source": row.source, "source_event": row.source_event, "fields": row.fields}


class SideTables(ABC):
    """The part of the Journal port that is not about events."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection in a read transaction; its errors come out as JournalError."""

    @abstractmethod
    def _changing(self) -> AbstractContextManager[Connection]:
        """A connection in a write transaction that is committed at the end; its errors come out as JournalError."""

    def known_receipts(self, receipts: Collection[Receipt]) -> set[Receipt]:
        known: set[Receipt] = set()
        key = tuple_(receipt.c.source, receipt.c.source_event)
        with self._reading() as connection:
            for chunk in _chunks([(row.source, row.source_event) for row in receipts]):
                found = connection.execute(select(receipt).where(key.in_(chunk)))
                known.update(Receipt(*row) for row in found)
        return known

    def feed_positions(self) -> dict[str, str]:
        with self._reading() as connection:
            return {row.feed: row.last_id for row in connection.execute(select(feed_position))}

    def person(self, ref: str) -> Person | None:
        with self._reading() as connection:
            row = connection.execute(select(person).where(person.c.ref == ref)).one_or_none()
        return Person(*row) if row else None

    def refs_of_phone(self, written: Collection[str]) -> list[str]:
        query = _PERSONS_OF_A_NUMBER.bindparams(bindparam("written", type_=Text, expanding=True))
        with self._reading() as connection:
            return list(connection.scalars(query, {"written": list(written)}))

    def erase_person(self, ref: str) -> None:
        with self._changing() as connection:
            connection.execute(delete(person).where(person.c.ref == ref))
        self._scrub()

    @abstractmethod
    def _scrub(self) -> None:
        """Get deleted rows out of the store's files, where that needs doing."""

    def unknown_fields(self, source: str, source_event: str) -> bytes | None:
        stands = and_(unknown_fields.c.source == source, unknown_fields.c.source_event == source_event)
        with self._reading() as connection:
            found = connection.scalar(select(unknown_fields.c.fields).where(stands))
        return None if found is None else bytes(found)

    def quarantined(self, quarantine_id: str) -> QuarantinedMessage | None:
        with self._reading() as connection:
            row = connection.execute(
                select(quarantine).where(quarantine.c.quarantine == quarantine_id)
            ).one_or_none()
        if row is None:
            return None
        raw = bytes(row.raw).decode("utf-8", "surrogatepass")
        return QuarantinedMessage(row.quarantine, row.source, row.reason, raw, row.received_at)

    def put_file(self, file: str, data: bytes) -> None:
        with self._changing() as connection:
            connection.execute(upsert(connection.dialect.name, attached_file), {"id": file, "data": data})

    def file(self, file: str) -> bytes | None:
        with self._reading() as connection:
            found = connection.scalar(select(attached_file.c.data).where(attached_file.c.id == file))
        return None if found is None else bytes(found)

    def erase_file(self, file: str) -> None:
        with self._changing() as connection:
            connection.execute(delete(attached_file).where(attached_file.c.id == file))
        self._scrub()

    def save_snapshot(self, name: str, seq: int, schema: int, data: bytes) -> None:
        row = {"name": name, "schema": schema, "seq": seq, "data": data}
        with self._changing() as connection:
            connection.execute(upsert(connection.dialect.name, snapshot), row)
            of_name = snapshot.c.name == name
            newest = (
                select(snapshot.c.schema).where(of_name).order_by(snapshot.c.seq.desc()).limit(_SCHEMAS_KEPT)
            )
            kept = [schema, *connection.scalars(newest)]
            connection.execute(delete(snapshot).where(of_name, snapshot.c.schema.not_in(kept)))

    def load_snapshot(self, name: str, schema: int) -> tuple[int, bytes] | None:
        wanted = and_(snapshot.c.name == name, snapshot.c.schema == schema)
        with self._reading() as connection:
            row = connection.execute(select(snapshot.c.seq, snapshot.c.data).where(wanted)).one_or_none()
        return (row.seq, bytes(row.data)) if row else None

    def sync_reference(self, kind: str, rows: Mapping[str, bytes], at: Instant) -> None:
        with self._changing() as connection:
            stored = {row.id: row for row in connection.execute(_current_reference(kind))}
            outdated = [row for row in stored.values() if rows.get(row.id) != bytes(row.data)]
            for row in outdated:
                _end_validity(connection, kind, row.id, row.valid_from, at)
            ended = {row.id for row in outdated}
            added = [
                {"kind": kind, "id": key, "valid_from": at, "valid_to": None, "data": data}
                for key, data in rows.items()
                if key in ended or key not in stored
            ]
            if added:
                connection.execute(upsert(connection.dialect.name, reference), added)

    def reference(self, kind: str, at: Instant | None = None) -> dict[str, bytes]:
        query = _current_reference(kind) if at is None else _reference_at(kind, at)
        with self._reading() as connection:
            return {row.id: bytes(row.data) for row in connection.execute(query)}

    def record_positions(self, rows: Sequence[TrackPoint]) -> None:
        if not rows:
            return
        values = [(row.unit, row.at, row.lat, row.lon, row.heading_deg, row.speed_mps) for row in rows]
        names = track.columns.keys()
        with self._changing() as connection:
            statement = upsert(connection.dialect.name, track)
            connection.execute(statement, [dict(zip(names, value, strict=True)) for value in values])

    def positions_at(self, at: Instant) -> dict[str, TrackPoint]:
        with self._reading() as connection:
            found = connection.execute(_NEWEST_POINT_OF_EACH_UNIT, {"at": at})
            return {row.unit: TrackPoint(*row) for row in found}

    def tracks_since(self, units: Sequence[str], since: Instant, step_ms: int) -> list[TrackPoint]:
        with self._reading() as connection:
            return [
                TrackPoint(*row)
                for unit in units
                for row in connection.execute(
                    _TRACK_OF_A_UNIT, {"unit": unit, "since": since, "step_ms": step_ms}
                )
            ]

    def prune_tracks(self, before: Instant) -> int:
        with self._changing() as connection:
            return int(connection.execute(delete(track).where(track.c.at < before)).rowcount)


def _current_reference(kind: str) -> Any:
    return select(reference.c.id, reference.c.valid_from, reference.c.data).where(
        reference.c.kind == kind, reference.c.valid_to.is_(None)
    )


def _reference_at(kind: str, at: Instant) -> Any:
    return select(reference.c.id, reference.c.data).where(
        reference.c.kind == kind,
        reference.c.valid_from <= at,
        or_(reference.c.valid_to.is_(None), reference.c.valid_to > at),
    )


def _end_validity(connection: Connection, kind: str, key: str, valid_from: Instant, at: Instant) -> None:
    """A row that would have been valid for no time (two syncs at one instant, a clock set back) is taken out."""
    this = and_(reference.c.kind == kind, reference.c.id == key, reference.c.valid_from == valid_from)
    if at <= valid_from:
        connection.execute(delete(reference).where(this))
    else:
        connection.execute(update(reference).where(this).values(valid_to=at))


def _chunks(rows: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
