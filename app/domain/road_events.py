"""Events of roads: closed until an instant, open again.

Owns their names and fields; events.py gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.instants import Instant
from app.domain.plain import plain

# -- road/<id> -------------------------------------------------------------------------------------------------------


@plain
class RoadClosed(Event, type_name="road.closed", schema=2):
    """Nobody drives there from `from_at` to `until_at`. `road` is an id of roads.geojson, `name` what it was called.

    With `emergency_passes` nobody but emergency vehicles.
    """

    road: str
    name: str
    reason: str
    from_at: Instant
    until_at: Instant
    emergency_passes: bool = False


@plain
class RoadOpened(Event, type_name="road.opened"):
    """Open before its time."""

    road: str
    name: str
    reason: str = ""
