"""Events of roads: closed until an instant, open again.

Owns their names and fields; events.py gathers them.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.event import Event
from app.domain.instants import Instant

# -- road/<id> -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RoadClosed(Event, type_name="road.closed"):
    """Nobody drives there from `from_at` to `until_at`. `road` is an id of roads.geojson, `name` what it was called."""

    road: str
    name: str
    reason: str
    from_at: Instant
    until_at: Instant


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RoadOpened(Event, type_name="road.opened"):
    """Open before its time."""

    road: str
    name: str
    reason: str = ""
