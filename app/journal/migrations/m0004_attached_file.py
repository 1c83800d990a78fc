"""Schema 4: attached files that every desk of the database can read, erasable. Must not import anything."""

SQLITE = ("CREATE TABLE attached_file (id TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT",)

POSTGRESQL = (
    "CREATE TABLE attached_file (id TEXT PRIMARY KEY, data BYTEA NOT NULL)",
    # Photos and films are packed already.
    "ALTER TABLE attached_file ALTER COLUMN data SET STORAGE EXTERNAL",
)

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
