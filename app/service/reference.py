"""The district's fixed facts as reference data of the journal.

Owns which facts of units and cameras a state dump needs without the district's files. Must not keep what changes: that
is in events.
"""

from __future__ import annotations

from typing import TypedDict

import msgspec

from app.domain.unit import Unit
from app.geo.district import District

UNIT = "unit"
CAMERA = "camera"


class UnitFacts(TypedDict):
    kind: str
    call_sign: str
    lat: float
    lon: float


class CameraFacts(TypedDict):
    name: str
    lat: float
    lon: float


def reference_rows(district: District) -> dict[str, dict[str, bytes]]:
    """Kind -> id -> canonical JSON, for `Journal.sync_reference`."""
    units = {
        u.id: UnitFacts(kind=u.kind, call_sign=u.call_sign_zh, lat=u.home_lat, lon=u.home_lon)
        for u in district.units
    }
    cameras = {c.id: CameraFacts(name=c.name_zh, lat=c.lat, lon=c.lon) for c in district.cameras}
    return {UNIT: _encoded(units), CAMERA: _encoded(cameras)}


def _encoded(rows: dict[str, UnitFacts] | dict[str, CameraFacts]) -> dict[str, bytes]:
    return {key: msgspec.json.encode(facts, order="deterministic") for key, facts in rows.items()}


def unit_facts(rows: dict[str, bytes]) -> dict[str, UnitFacts]:
    return {key: msgspec.json.decode(row, type=UnitFacts) for key, row in rows.items()}


def units_of(facts: dict[str, UnitFacts]) -> tuple[Unit, ...]:
    """The units as they are before their first event."""
    return tuple(Unit(key, fact["kind"], fact["call_sign"]) for key, fact in facts.items())
