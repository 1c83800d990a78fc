"""Bringing a store to the newest schema.

Owns the meta table: schema, and which mode (live or drill) the journal is of for ever. Must not know what a migration
does.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, update

from app.journal.errors import JournalDamaged
from app.journal.migrations import MIGRATIONS
from app.journal.store import ANY_MODE
from app.journal.tables import meta

NEWEST_SCHEMA = len(MIGRATIONS)


def schema_of(connection: Connection) -> int:
    """The schema that the store has; 0 when it holds no journal."""
    if not inspect(connection).has_table(meta.name):
        return 0
    return int(_value(connection, "schema") or 0)


def migrate(connection: Connection, mode: str) -> None:
    """Apply what is missing, inside the caller's transaction, and mark a new journal with `mode`.

    Raises JournalDamaged when the store is newer than this program.
    """
    schema = schema_of(connection)
    _refuse_newer(schema)
    for number in range(schema, NEWEST_SCHEMA):
        for statement in MIGRATIONS[number][connection.dialect.name]:
            connection.exec_driver_sql(statement)
    if schema == 0:
        connection.execute(
            insert(meta), [{"name": "mode", "value": mode}, {"name": "schema", "value": str(NEWEST_SCHEMA)}]
        )
    elif schema < NEWEST_SCHEMA:
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=str(NEWEST_SCHEMA)))


def check(connection: Connection, where: str, mode: str) -> str:
    """The mode of the journal at `where`.

    Raises JournalDamaged when it is no journal, of a newer schema, or of another mode than the one asked for.
    """
    schema = schema_of(connection)
    if schema == 0:
        raise JournalDamaged("not_a_journal", where=where)
    _refuse_newer(schema)
    stored = _value(connection, "mode") or ""
    if mode not in (stored, ANY_MODE):
        raise JournalDamaged(f"is_{stored}", where=where)
    return stored


def _refuse_newer(schema: int) -> None:
    if schema > NEWEST_SCHEMA:
        raise JournalDamaged("newer_schema", schema=schema, known=NEWEST_SCHEMA)


def _value(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name))
