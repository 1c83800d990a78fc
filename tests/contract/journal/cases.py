"""Short ways to say what the cases append."""

from app.domain.events import Event, IncidentNoted
from app.journal.store import Batch, Entry

INCIDENT = "incident/2026-1"


def entry(version: int, stream: str = INCIDENT, desk: str = "desk-1", event: Event | None = None) -> Entry:
    event = event or IncidentNoted("2026-1", f"note {version}")
    return Entry(
        stream, version, event, 500 + version, f"officer of {desk}", desk, f"cause {version}", "corr"
    )


def batch(*versions: int, stream: str = INCIDENT, desk: str = "desk-1") -> Batch:
    return Batch(tuple(entry(version, stream, desk) for version in versions))
