"""A report as the rule looks at it.

Owns what of a report can tell that it is about a matter already known. Must not hold who called: `caller` is a mark
that only says whether two reports came from one number.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.incident import Incident
from app.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Report:
    """WGS-84 degrees, both None while only words say where; an empty `caller` or `source` is not known."""

    id: str
    at: Instant
    incident_type: str
    title: str
    description: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    caller: str = ""
    source: str = ""


def report_of(incident: Incident, caller: str = "") -> Report:
    """What the desk knows of an incident now, as its report."""
    return Report(
        incident.id,
        incident.opened_at,
        incident.incident_type,
        incident.title,
        incident.description,
        incident.address,
        incident.lat,
        incident.lon,
        caller,
        incident.source_ids[0].partition(":")[0],
    )
