"""A desk to drive in tests: decides, applies and hands back what happened."""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.unit import Unit

START_AT = 1_795_330_000_000

KINDS = {"p1": "police", "p2": "police", "u1": "urban_management", "m1": "mediator", "g1": "grid_member"}


class DeskDriver:
    """Time goes on by one second a command."""

    def __init__(self) -> None:
        self.desk = Desk(units={key: Unit(key, kind, key) for key, kind in KINDS.items()})
        self.now = START_AT

    def do(self, command: cmd.Command) -> list[ev.Event]:
        self.now += 1000
        changes = decide(self.desk, command)
        for stream, event in changes:
            self.desk.apply(stream, event, self.now, self.now)
        return [event for _, event in changes]

    def report(self, incident: str, priority: int = 2, **fields: object) -> list[ev.Event]:
        report = cmd.ReportIncident(
            incident,
            source="110",
            source_event=incident,
            incident_type="crowd",
            priority=priority,
            title="crowd in front of the plaza",
        )
        return self.do(_replace(report, **fields))


def _replace(command: cmd.ReportIncident, **fields: object) -> cmd.ReportIncident:
    from dataclasses import replace

    return replace(command, **fields)  # type: ignore[arg-type]
