"""Which requests for more a party of units answers, and what becomes of them when incidents part again.

Owns these rules; the fold of a request is incident.py's. Must not send anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.ids import incident_stream
from app.domain.incident import MOVED, Incident
from app.domain.incident_parts import ForceRequest

Changes = list[tuple[str, ev.Event]]


def answered_by(desk: Desk, incident: Incident, units: Sequence[str]) -> Changes:
    """What is open and these units are sent for: each counts once, first where its kind is asked for by name."""
    left, changes = list(units), []
    for request in sorted(incident.open_requests, key=lambda one: not one.kinds):
        came = [unit for unit in left if _is_asked_for(desk, unit, request)][: request.missing]
        if came:
            left = [unit for unit in left if unit not in came]
            changes.append(_sent(incident, request, came))
    return changes


def _is_asked_for(desk: Desk, unit: str, request: ForceRequest) -> bool:
    return not request.kinds or desk.units[unit].kind in request.kinds


def _sent(incident: Incident, request: ForceRequest, came: Sequence[str]) -> tuple[str, ev.Event]:
    missing = request.missing - len(came)
    event = ev.IncidentForceSent(incident.id, request.id, request.unit, tuple(came), missing)
    return incident_stream(incident.id), event


def left_behind(incident: Incident, into: Incident) -> Changes:
    """What went on at the other incident while this one was merged into it stays there, with the units that asked."""
    gone_on = {request.id for request in into.requests}
    return [
        (incident_stream(incident.id), ev.IncidentForceRequestSettled(incident.id, request.id, False, MOVED))
        for request in incident.open_requests
        if request.id in gone_on
    ]
