"""The newest schema as SQLAlchemy Core tables, for queries.

Owns names of tables and columns. Must not make them: that is migrations/ (a test holds both together).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


meta = Table("meta", metadata, Column("name", Text, primary_key=True), *_texts("value"))

event = Table(
    "event",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    *_texts("actor", "desk", "cause_id", "correlation_id", "mode", "payload"),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

chain_head = Table(
    "chain_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_event", Text, primary_key=True),
)

feed_position = Table("feed_position", metadata, Column("feed", Text, primary_key=True), *_texts("last_id"))

person = Table("person", metadata, Column("ref", Text, primary_key=True), *_texts("name", "phone"))

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine", Text, primary_key=True),
    *_texts("source", "reason"),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("name", Text, primary_key=True),
    Column("schema", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

reference = Table(
    "reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("valid_from", BigInteger, primary_key=True),
    Column("valid_to", BigInteger),
    Column("data", LargeBinary, nullable=False),
)

track = Table(
    "track",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("heading_deg", Double),
    Column("speed_mps", Double),
)

unknown_fields = Table(
    "unknown_fields",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_event", Text, primary_key=True),
    Column("fields", LargeBinary, nullable=False),
)

attached_file = Table(
    "attached_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

EVENT_COLUMNS = tuple(column.name for column in event.columns)
HASHED_COLUMNS = EVENT_COLUMNS[:-2]
