"""Schema 1: events with their chain, and the erasable tables beside them. Must not import anything."""

SQLITE = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        schema INTEGER NOT NULL,
        occurred_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        desk TEXT NOT NULL,
        cause_id TEXT NOT NULL,
        correlation_id TEXT NOT NULL,
        mode TEXT NOT NULL,
        payload TEXT NOT NULL,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL,
        UNIQUE (stream, version)
    ) STRICT""",
    """CREATE TABLE chain_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        seq INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT""",
    "INSERT INTO chain_head (id, seq, recorded_at, hash) VALUES (1, 0, 0, zeroblob(32))",
    """CREATE TABLE receipt (
        source TEXT NOT NULL,
        source_event TEXT NOT NULL,
        PRIMARY KEY (source, source_event)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE feed_position (feed TEXT PRIMARY KEY, last_id TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE person (ref TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE quarantine (
        quarantine TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        raw BLOB NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE snapshot (
        name TEXT NOT NULL,
        schema INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (name, schema)
    ) STRICT""",
    """CREATE TABLE reference (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        valid_to INTEGER,
        data BLOB NOT NULL,
        PRIMARY KEY (kind, id, valid_from)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE track (
        unit TEXT NOT NULL,
        at INTEGER NOT NULL,
        lat REAL NOT NULL,
        lon REAL NOT NULL,
        heading_deg REAL,
        speed_mps REAL,
        PRIMARY KEY (unit, at)
    ) STRICT, WITHOUT ROWID""",
)

POSTGRESQL = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # COLLATE "C": a stream is found byte for byte, whatever language the server was set up in.
    """CREATE TABLE event (
        seq BIGINT PRIMARY KEY,
        stream TEXT COLLATE "C" NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        schema INTEGER NOT NULL,
        occurred_at BIGINT NOT NULL,
        recorded_at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        desk TEXT NOT NULL,
        cause_id TEXT NOT NULL,
        correlation_id TEXT NOT NULL,
        mode TEXT NOT NULL,
        payload TEXT NOT NULL,
        prev_hash BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        UNIQUE (stream, version)
    )""",
    """CREATE TABLE chain_head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        seq BIGINT NOT NULL,
        recorded_at BIGINT NOT NULL,
        hash BYTEA NOT NULL
    )""",
    """INSERT INTO chain_head (id, seq, recorded_at, hash)
       VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'))""",
    """CREATE TABLE receipt (
        source TEXT NOT NULL,
        source_event TEXT NOT NULL,
        PRIMARY KEY (source, source_event)
    )""",
    "CREATE TABLE feed_position (feed TEXT PRIMARY KEY, last_id TEXT NOT NULL)",
    "CREATE TABLE person (ref TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL)",
    """CREATE TABLE quarantine (
        quarantine TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        raw BYTEA NOT NULL,
        received_at BIGINT NOT NULL
    )""",
    """CREATE TABLE snapshot (
        name TEXT NOT NULL,
        schema INTEGER NOT NULL,
        seq BIGINT NOT NULL,
        data BYTEA NOT NULL,
        PRIMARY KEY (name, schema)
    )""",
    """CREATE TABLE reference (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        valid_from BIGINT NOT NULL,
        valid_to BIGINT,
        data BYTEA NOT NULL,
        PRIMARY KEY (kind, id, valid_from)
    )""",
    """CREATE TABLE track (
        unit TEXT COLLATE "C" NOT NULL,
        at BIGINT NOT NULL,
        lat DOUBLE PRECISION NOT NULL,
        lon DOUBLE PRECISION NOT NULL,
        heading_deg DOUBLE PRECISION,
        speed_mps DOUBLE PRECISION,
        PRIMARY KEY (unit, at)
    )""",
)

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
