"""Owns what the map is told about a unit, an incident or a camera. Must not know app or Qt.

Positions are WGS-84 degrees, bearings and headings degrees clockwise from north, instants UTC milliseconds.
"""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A named place of the district; `rank` 0 is what everybody orients by, 2 the corner shop."""

    key: str
    kind: str
    name: str
    lat: float
    lon: float
    rank: int
