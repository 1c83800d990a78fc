"""Owns what the map is told about a unit, an incident or a camera. Must not know app or Qt.

Positions are WGS-84 degrees, bearings and headings degrees clockwise from north, instants UTC milliseconds.
"""

from collections.abc import Hashable
from dataclasses import dataclass

_TURN_STEP_DEG = 10
_URGENCY_STEP = 1 << 44  # more than any instant in milliseconds


def turn_step_deg(degrees: float | None) -> int | None:
    """A turn rounded to the steps in which symbols are painted, so that few pictures do for all."""
    return None if degrees is None else round(degrees / _TURN_STEP_DEG) * _TURN_STEP_DEG % 360


@dataclass(frozen=True, slots=True)
class UnitMark:
    """A unit at its newest fix; `stale` is decided by the sender, who knows each source's rhythm."""

    key: str
    kind: str
    call_sign: str
    lat: float
    lon: float
    status: str
    heading_deg: float | None = None
    fix_at: int | None = None
    stale: bool = False
    speed_mps: float | None = None
    outside: tuple[tuple[str, int], ...] = ()
    """The areas (district, grid) that it has left, and when."""

    @property
    def look(self) -> Hashable:
        """What of it decides its symbol."""
        return self.kind, self.status, self.stale, turn_step_deg(self.heading_deg)

    @property
    def order(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class IncidentMark:
    """An open incident; `label` is the short text beside its symbol, `is_new` makes a P1 or P2 pulse three times."""

    key: str
    incident_type: str
    priority: int
    label: str
    lat: float
    lon: float
    status: str
    opened_at: int | None = None
    is_new: bool = False
    number: str = ""

    @property
    def look(self) -> Hashable:
        """What of it decides its symbol."""
        return self.priority, self.incident_type

    @property
    def order(self) -> int:
        """The lower, the sooner it is named: the more urgent, of those the newest."""
        return self.priority * _URGENCY_STEP - (self.opened_at or 0)


@dataclass(frozen=True, slots=True)
class CameraMark:
    """A camera's place and view; the field of view is centred on the bearing."""

    key: str
    name: str
    lat: float
    lon: float
    bearing_deg: float
    fov_deg: float
    range_m: float
    online: bool = True

    @property
    def look(self) -> Hashable:
        """What of it decides its symbol."""
        return self.online, turn_step_deg(self.bearing_deg)

    @property
    def order(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A named place of the district; `rank` 0 is what everybody orients by, 2 the corner shop."""

    key: str
    kind: str
    name: str
    lat: float
    lon: float
    rank: int
