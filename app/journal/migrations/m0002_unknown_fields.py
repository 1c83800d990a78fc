"""Schema 2: what messages carried beyond the fields that the desk knows, erasable. Must not import anything."""

SQLITE = (
    """CREATE TABLE unknown_fields (
        source TEXT NOT NULL,
        source_event TEXT NOT NULL,
        fields BLOB NOT NULL,
        PRIMARY KEY (source, source_event)
    ) STRICT, WITHOUT ROWID""",
)

POSTGRESQL = (
    """CREATE TABLE unknown_fields (
        source TEXT NOT NULL,
        source_event TEXT NOT NULL,
        fields BYTEA NOT NULL,
        PRIMARY KEY (source, source_event)
    )""",
)

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
