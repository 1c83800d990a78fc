"""Events of the alarm lane: emergencies that return, cancelling, shelving, groups that become one incident.

Owns names, fields and schema versions, under the rules of events.py, which gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.instants import Instant
from app.domain.plain import plain

# -- incident/<id> ---------------------------------------------------------------------------------------------------


@plain
class IncidentSourcesJoined(Event, type_name="incident.sources_joined"):
    """More reports of the same matter, as 'source:id'."""

    incident: str
    source_ids: tuple[str, ...]
    count: int


# -- alarm/<id> ------------------------------------------------------------------------------------------------------


@plain
class AlarmReturned(Event, type_name="alarm.returned"):
    """The source of an emergency says that all is well; it stays until a person says so."""

    alarm: str


@plain
class AlarmCancelled(Event, type_name="alarm.cancelled"):
    """An officer found that nothing came of it."""

    alarm: str
    reason: str


# -- shelf/<id> ------------------------------------------------------------------------------------------------------


@plain
class AlarmShelved(Event, type_name="shelf.shelved"):
    """`scope` says what of the named alarm is put aside until `expires_at`; who did so stands in the envelope."""

    shelf: str
    scope: str
    alarm: str
    device: str
    alarm_type: str
    place: str
    priority: int
    title: str
    reason: str
    expires_at: Instant


@plain
class AlarmUnshelved(Event, type_name="shelf.unshelved"):
    """By hand; a shelf that has run out needs no event."""

    shelf: str


@plain
class ShelfReviewed(Event, type_name="shelf.reviewed"):
    """An officer looked at it at the end of the shift and left it as it is."""

    shelf: str
