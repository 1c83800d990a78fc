"""Records as a journal would number them, from a desk that is driven by commands."""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.events import Recorded
from app.domain.unit import Unit
from app.projections.changes import Changes
from app.projections.projections import Projections

START_AT = 1_795_330_000_000
UNITS = (Unit("p1", "police", "P1"), Unit("p2", "police", "P2"))


class Folded:
    """Projections that are fed by commands; `records` is what the journal would hold."""

    def __init__(self) -> None:
        self.projections = Projections(UNITS)
        self.records: list[Recorded] = []
        self.now = START_AT

    def do(self, *commands: cmd.Command, late_ms: int = 0) -> Changes:
        """Each command a second later than the one before; the last command's changed keys."""
        changes = Changes()
        for command in commands:
            self.now += 1000
            changes = Changes()
            for stream, event in decide(self.projections.desk, command):
                record = self._record(stream, event, late_ms)
                self.records.append(record)
                self.projections.apply(record, changes)
        return changes

    def _record(self, stream: str, event: object, late_ms: int) -> Recorded:
        seq = len(self.records) + 1
        version = self.projections.desk.versions.get(stream, 0) + 1
        occurred_at = self.now - late_ms
        return Recorded(
            seq, stream, version, event, occurred_at, self.now, "officer", "desk-1", "", "", "live"
        )  # type: ignore[arg-type]


def report(incident: str, grid: str | None = "g1", priority: int = 2) -> cmd.ReportIncident:
    return cmd.ReportIncident(incident, "110", incident, "crowd", priority, "crowd", grid=grid)
