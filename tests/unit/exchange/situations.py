"""Situations for tests of documents. Owns believable and hostile incidents on the demo district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.config import default_district
from app.domain.alarm import Alarm
from app.domain.incident import Incident
from app.domain.instants import parse_iso
from app.domain.road import PlannedClosure, RoadClosure
from app.domain.sketch import SharedSketch
from app.domain.unit import ON_SCENE, Assignment, Unit
from app.exchange.situation import Situation
from app.geo.district import District, load_district

AT = parse_iso("2026-11-22T06:57:06Z")
MINUTE_MS = 60_000
PHONE, IDENTITY = "13800138000", "310101199003071234"
HOSTILE = (
    "<img src=http://evil.example/x onerror=alert(1)></script><script>alert(2)</script>{{7*7}}{% x %}\"'&"
)


@dataclass(frozen=True)
class Fix:
    at: int
    lat: float
    lon: float
    heading_deg: float | None = None


@cache
def district() -> District:
    return load_district(default_district())


def incident(number: int, title: str = "路口人群聚集", **facts: object) -> Incident:
    place = district().places[number % len(district().places)]
    given: dict[str, object] = {
        "id": f"{number:016x}",
        "source_ids": (f"110:{number}",),
        "incident_type": "crowd",
        "priority": 1 + number % 4,
        "title": title,
        "opened_at": AT - number * MINUTE_MS,
        "address": place.address_zh,
        "lat": place.lat,
        "lon": place.lon,
        "grid": district().grids[number % len(district().grids)].code,
        "number": f"20261122-{number:03d}",
        "person_ref": "secret-person",
    }
    return Incident(**{**given, **facts})  # type: ignore[arg-type]


def alarm(key: str, title: str = "一键报警", **facts: object) -> Alarm:
    place = district().places[3]
    given: dict[str, object] = {"lat": place.lat, "lon": place.lon, "grid": place.grid}
    return Alarm(key, "one_key", "security", 1, title, AT - MINUTE_MS, **{**given, **facts})  # type: ignore[arg-type]


def sketch(key: str, kind: str, text: str = "", **facts: object) -> SharedSketch:
    lat, lon = district().centre_lat, district().centre_lon
    points = {"line": 2, "area": 3}.get(kind, 1)
    given: dict[str, object] = {
        "points": ((lat, lon), (lat + 0.002, lon), (lat, lon + 0.002))[:points],
        "radii_m": (200.0, 500.0) if kind == "rings" else (),
    }
    ends = {"shared_at": AT - MINUTE_MS, "expires_at": AT + 60 * MINUTE_MS}
    return SharedSketch(key, kind, text=text, actor="officer", desk="desk-2", **{**ends, **given, **facts})  # type: ignore[arg-type]


def closure(road: str, name: str = "人民路", **facts: object) -> RoadClosure:
    ends = {"from_at": AT - MINUTE_MS, "until_at": AT + 60 * MINUTE_MS}
    given = {"reason": "火场", "actor": "officer", "desk": "desk-2", "closed_at": AT - MINUTE_MS}
    return RoadClosure(road, name, **{**ends, **given, **facts})  # type: ignore[arg-type]


def situation(
    *incidents: Incident,
    mode: str = "live",
    fixes: Mapping[str, Fix] | None = None,
    place: District | None = None,
    alarms: Sequence[Alarm] = (),
    sketches: Sequence[SharedSketch] = (),
    closures: Sequence[RoadClosure] = (),
    planned: Sequence[PlannedClosure] = (),
) -> Situation:
    """Every unit of the district at its post, the first one on the scene of the first incident."""
    units = [Unit(u.id, u.kind, u.call_sign_zh) for u in district().units]
    if incidents:
        first = units[0]
        task = Assignment(incidents[0].id, ON_SCENE, AT)
        units[0] = Unit(first.id, first.kind, first.call_sign, assignments=(task,))
    load: dict[str, int] = {}
    for one in incidents:
        if one.is_open and one.grid:
            load[one.grid] = load.get(one.grid, 0) + 1
    return Situation(
        place or district(),
        AT,
        mode,
        incidents,
        tuple(units),
        fixes or {},
        frozenset({district().cameras[0].id}),
        load,
        tuple(alarms),
        tuple(sketches),
        tuple(closures),
        tuple(planned),
    )
