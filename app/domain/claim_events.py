"""Events of claiming: which desk has an incident in hand.

Owns names, fields and schema versions, under the rules of events.py, which gathers them. Who claims and when stands in
the envelope.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.plain import plain


@plain
class IncidentClaimed(Event, type_name="incident.claimed"):
    incident: str


@plain
class IncidentTakenOver(Event, type_name="incident.taken_over"):
    """Another desk had claimed it: `from_desk` is which, `reason` why it is taken from there."""

    incident: str
    from_desk: str
    reason: str


@plain
class IncidentClaimReleased(Event, type_name="incident.claim_released"):
    incident: str
