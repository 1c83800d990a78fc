"""Bringing a store to the newest schema.

Owns the meta table: schema, event kinds, and which mode (live or drill) the journal is of for ever. Must not know
what a migration does.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, inspect, select, update

from app.journal import vocabulary
from app.journal.errors import JournalDamaged, JournalUnavailable
from app.journal.migrations import MIGRATIONS
from app.journal.store import ANY_MODE
from app.journal.tables import meta

NEWEST_SCHEMA = len(MIGRATIONS)
_EVENTS = "events"
"""The name in the meta table under which stands which kinds of events there may be."""


def schema_of(connection: Connection) -> int:
    """The schema that the store has; 0 when it holds no journal."""
    if not inspect(connection).has_table(meta.name):
        return 0
    return int(_value(connection, "schema") or 0)


def is_newest(connection: Connection) -> bool:
    """Whether the store has all that this program knows."""
    schema = schema_of(connection)
    return schema == NEWEST_SCHEMA and not _is_older(schema, _vocabulary_of(connection, schema))


def migrate(
    connection: Connection, mode: str, where: str = "", others: Callable[[], int] = lambda: 0
) -> None:
    """Apply what is missing, inside the caller's transaction, and mark a new journal with `mode`.

    `others` counts the connections of other desks: what they know is not changed under them.
    Raises JournalDamaged when the store is newer than this program, JournalUnavailable when it is older and in use.
    """
    schema = schema_of(connection)
    stands = _vocabulary_of(connection, schema)
    _refuse_newer(schema, stands, where)
    if schema and _is_older(schema, stands) and (count := others()):
        versions = {"journal": vocabulary.version(schema, stands), "program": _own_version()}
        raise JournalUnavailable("others_older", where=where, count=count, **versions)
    if schema < NEWEST_SCHEMA:
        _bring_up(connection, schema, mode)
    if _is_older(NEWEST_SCHEMA, stands):
        connection.execute(delete(meta).where(meta.c.name == _EVENTS))
        note = vocabulary.note_of(vocabulary.together(stands, vocabulary.known()))
        connection.execute(insert(meta), {"name": _EVENTS, "value": note})


def _bring_up(connection: Connection, schema: int, mode: str) -> None:
    for number in range(schema, NEWEST_SCHEMA):
        for statement in MIGRATIONS[number][connection.dialect.name]:
            connection.exec_driver_sql(statement)
    if schema == 0:
        connection.execute(
            insert(meta), [{"name": "mode", "value": mode}, {"name": "schema", "value": str(NEWEST_SCHEMA)}]
        )
    else:
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=str(NEWEST_SCHEMA)))


def check(connection: Connection, where: str, mode: str) -> str:
    """The mode of the journal at `where`.

    Raises JournalDamaged when it is no journal, of a newer schema, or of another mode than the one asked for.
    """
    schema = schema_of(connection)
    if schema == 0:
        raise JournalDamaged("not_a_journal", where=where)
    _refuse_newer(schema, _vocabulary_of(connection, schema), where)
    stored = _value(connection, "mode") or ""
    if mode not in (stored, ANY_MODE):
        raise JournalDamaged(f"is_{stored}", where=where)
    return stored


def _refuse_newer(schema: int, stands: vocabulary.Vocabulary, where: str) -> None:
    if schema > NEWEST_SCHEMA:
        raise JournalDamaged("newer_schema", schema=schema, known=NEWEST_SCHEMA)
    strange = vocabulary.beyond(stands, vocabulary.known())
    if strange:
        versions = {"journal": vocabulary.version(schema, stands), "program": _own_version()}
        raise JournalDamaged("newer_events", where=where, types=", ".join(strange[:3]), **versions)


def _is_older(schema: int, stands: vocabulary.Vocabulary) -> bool:
    return schema < NEWEST_SCHEMA or bool(vocabulary.beyond(vocabulary.known(), stands))


def _own_version() -> str:
    return vocabulary.version(NEWEST_SCHEMA, vocabulary.known())


def _vocabulary_of(connection: Connection, schema: int) -> dict[str, int]:
    return vocabulary.stored(_value(connection, _EVENTS)) if schema else {}


def _value(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name))
