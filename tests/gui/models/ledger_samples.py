"""Incidents and rows for tests of the ledger, in a small made-up centre."""

from __future__ import annotations

from typing import Any

from app.centre.types_in_force import incident_types
from app.domain.incident import Incident
from app.domain.instants import parse_iso
from app.projections.case_handling import CaseHandling, Handling
from widgets.models.civil_days import CivilDays
from widgets.models.ledger_rows import LedgerNames, LedgerRow, LedgerRows

NOW = parse_iso("2026-11-18T04:00:00Z")
"""Wednesday noon in the centre's time."""
HOUR, DAY = 3_600_000, 86_400_000
DAYS = CivilDays(NOW, 480)


def names() -> LedgerNames:
    return LedgerNames(
        incident_types().limits,
        {"g1": "东一网格", "g2": "西一网格"},
        {"c1": "东社区"},
        {"g1": "c1"},
        {"p1": "警01", "p2": "警02"},
        480,
    )


def incident(key: str, **fields: Any) -> Incident:
    made: dict[str, Any] = {
        "source_ids": (f"110:{key}",), "incident_type": "crowd", "priority": 2, "title": f"事件 {key}",
        "opened_at": NOW - HOUR, "number": f"20261118-{key}",
    }  # fmt: skip
    return Incident(id=key, **(made | fields))


def closed(key: str, opened_at: int, minutes: int, **fields: Any) -> Incident:
    at = opened_at + minutes * 60_000
    steps = dict.fromkeys(
        ("accepted_at", "dispatched_at", "arrived_at", "reported_back_at", "verified_at"), at
    )
    made: dict[str, Any] = {
        "status": "closed",
        "opened_at": opened_at,
        "closed_at": at,
        "outcome": "resolved",
    }
    return incident(key, **(steps | made | fields))


def rows(*incidents: Incident, handlings: tuple[Handling, ...] = ()) -> dict[str, LedgerRow]:
    handling = CaseHandling()
    handling.restore(list(handlings))
    return LedgerRows(names(), handling).of(incidents)
