"""What the journal takes and gives.

Owns the port `Journal` and the records that cross it. Must not import a database: the adapters are chosen, and their
drivers imported, in `open_journal`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from app.domain.events import Event, Recorded
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
from app.journal.errors import JournalError

MODES = ("live", "drill")
ANY_MODE = "any"
"""Accepted by `open_journal(readonly=True)` only: whoever cannot write may look at both kinds."""


@plain
class Entry(Plain):
    """One event about to be appended. `version` is the one that it gets: the stream must stand at `version - 1`."""

    stream: str
    version: int
    event: Event
    occurred_at: Instant
    actor: str
    desk: str
    cause_id: str
    correlation_id: str


@plain
class Receipt(Plain):
    """`source_event` of `source` was taken in. Unique for ever."""

    source: str
    source_event: str


@plain
class FeedPosition(Plain):
    """Everything of `feed` up to `last_id` is durable."""

    feed: str
    last_id: str


@plain
class Person(Plain):
    """Erasable personal data that events point to by `ref`."""

    ref: str
    name: str
    phone: str


@plain
class QuarantinedMessage(Plain):
    """A message that could not be understood, as it came (`raw`); undecodable bytes may stand as surrogates."""

    quarantine: str
    source: str
    reason: str
    raw: str
    received_at: Instant


@plain
class UnknownFields(Plain):
    """What a message carried beyond the fields that the desk knows: a JSON object. It may name people: erasable."""

    source: str
    source_event: str
    fields: bytes


@plain
class Batch(Plain):
    """What is written together or not at all."""

    entries: tuple[Entry, ...]
    receipts: tuple[Receipt, ...] = ()
    positions: tuple[FeedPosition, ...] = ()
    persons: tuple[Person, ...] = ()
    quarantined: tuple[QuarantinedMessage, ...] = ()
    unknown_fields: tuple[UnknownFields, ...] = ()


@plain
class TrackPoint(Plain):
    """Where a unit was: WGS-84 degrees, heading clockwise from north."""

    unit: str
    at: Instant
    lat: float
    lon: float
    heading_deg: float | None = None
    speed_mps: float | None = None


@plain
class Verdict(Plain):
    """Outcome of `verify`: `events` were checked; `first_bad_seq` and `reason` are set when `ok` is False."""

    ok: bool
    events: int
    first_bad_seq: int | None = None
    reason: str = ""


Outcome = tuple[Recorded, ...] | JournalError
"""Of one batch of a group: what was recorded, or why nothing of it was."""


class Journal(Protocol):
    """One journal on one store. Safe to call from several threads; every method may raise JournalError."""

    mode: str

    def append(self, batch: Batch) -> tuple[Recorded, ...]:
        """Write `batch` in one transaction; durable on return.

        Raises VersionConflict, AlreadyReceived, or JournalUnavailable. After a lost connection the outcome may be
        unknown: the same batch sent again is then refused by VersionConflict or AlreadyReceived.
        """
        ...

    def append_group(self, batches: Sequence[Batch]) -> tuple[Outcome, ...]:
        """Write all batches in one transaction, each for itself all or nothing, in the given order.

        Returns one outcome a batch; raises JournalUnavailable when none was written.
        """
        ...

    def read(
        self, after_seq: int = 0, limit: int = 10_000, until: Instant | None = None, tolerant: bool = False
    ) -> tuple[Recorded, ...]:
        """At most `limit` events with seq > `after_seq` and recorded_at <= `until`, in the order of seq.

        Raises JournalDamaged at what a newer program wrote; `tolerant` gets a StrangeEvent in its place.
        """
        ...

    def read_stream(self, stream: str, after_version: int = 0, after_seq: int = 0) -> tuple[Recorded, ...]:
        """The events of one stream beyond both, in the order of version."""
        ...

    def head(self) -> int:
        """The last seq; 0 when empty."""
        ...

    def wait_for_news(self, after_seq: int, timeout_s: float) -> bool:
        """Block until an event with seq > `after_seq` is there (True), `timeout_s` has passed or `close` (False)."""
        ...

    def verify(self) -> Verdict:
        """Recompute the whole hash chain, in bounded memory."""
        ...

    def known_receipts(self, receipts: Collection[Receipt]) -> set[Receipt]: ...

    def feed_positions(self) -> dict[str, str]: ...

    def person(self, ref: str) -> Person | None: ...

    def refs_of_phone(self, written: Collection[str]) -> list[str]:
        """Persons whose number has one of these figures; stored spaces, hyphens and plus signs do not count."""
        ...

    def erase_person(self, ref: str) -> None:
        """Remove the person's data from the store's files; events keep pointing to nobody."""
        ...

    def quarantined(self, quarantine: str) -> QuarantinedMessage | None: ...

    def unknown_fields(self, source: str, source_event: str) -> bytes | None: ...

    def put_file(self, file: str, data: bytes) -> None:
        """Keep the bytes of an attached file, under their own hash, for every desk."""
        ...

    def file(self, file: str) -> bytes | None: ...

    def erase_file(self, file: str) -> None:
        """Remove an attached file from the store's files."""
        ...

    def save_snapshot(self, name: str, seq: int, schema: int, data: bytes) -> None:
        """Keep it, and the newest of one other schema of this name."""
        ...

    def load_snapshot(self, name: str, schema: int) -> tuple[int, bytes] | None:
        """(seq, data) as last saved under the same `schema`."""
        ...

    def sync_reference(self, kind: str, rows: Mapping[str, bytes], at: Instant) -> None:
        """Make `rows` the reference data of `kind` from `at` on; what did not change is not written."""
        ...

    def reference(self, kind: str, at: Instant | None = None) -> dict[str, bytes]:
        """The reference data of `kind` that was valid at `at`; None means the newest."""
        ...

    def record_positions(self, rows: Sequence[TrackPoint]) -> None: ...

    def positions_at(self, at: Instant) -> dict[str, TrackPoint]:
        """Each unit's newest track point that is not after `at`."""
        ...

    def tracks_since(self, units: Sequence[str], since: Instant, step_ms: int) -> list[TrackPoint]:
        """The track points of some units from `since` on, the newest of every `step_ms`; unit by unit, oldest first."""
        ...

    def prune_tracks(self, before: Instant) -> int:
        """Delete track points older than `before`; returns how many."""
        ...

    def close(self) -> None:
        """Wake `wait_for_news` and let go of the store. May be called twice."""
        ...


def open_journal(
    url_or_path: str, *, clock: Callable[[], Instant], mode: str = "live", readonly: bool = False
) -> Journal:
    """Open the journal at a SQLAlchemy URL or a plain path to a SQLite file, making it if it is not there.

    `readonly` makes nothing, migrates nothing and cannot append: replay and verify look at a journal that way.
    Raises JournalUnavailable or JournalDamaged (also when the journal is of the other `mode`).
    """
    if mode not in MODES and not (readonly and mode == ANY_MODE):
        raise ValueError(f"mode {mode!r} is neither of {', '.join(MODES)}")
    scheme = url_or_path.partition("://")[0] if "://" in url_or_path else "sqlite"
    if scheme.startswith("sqlite"):
        from app.journal.sqlite import open_sqlite

        return open_sqlite(url_or_path, clock, mode, readonly)
    if scheme.startswith("postgresql"):
        from app.journal.postgresql import open_postgresql

        return open_postgresql(url_or_path, clock, mode, readonly)
    raise JournalError("unknown_store", scheme=scheme)
