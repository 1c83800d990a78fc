"""The state of every projection as plain JSON values (contract.md, "State dump").

Owns field names and formats that outsiders rely on. Must not fold or read anything: it is handed a folded state.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.domain.alarm import Alarm
from app.domain.clocks import Limits, due_clocks
from app.domain.desk import Quarantined
from app.domain.incident import Incident
from app.domain.instants import Instant, format_iso
from app.domain.premise import PremiseNote
from app.domain.road import RoadClosure
from app.domain.shelf import Shelf
from app.domain.sketch import SharedSketch
from app.domain.unit import Unit
from app.projections.metrics import Interval, response_interval
from app.projections.projections import Projections

Place = tuple[float, float]
"""(lat, lon), WGS-84."""


def state_dump(
    projections: Projections,
    limits: Limits,
    places: Mapping[str, Place],
    cameras: Collection[str],
    at: Instant,
) -> dict[str, Any]:
    """The whole state; `places` are the units' last known positions, `cameras` all camera ids of the district."""
    desk = projections.desk
    heard_of = {*cameras, *desk.cameras}
    return {
        "at": format_iso(at),
        "seq": projections.seq,
        "incidents": [_incident(i, limits) for i in sorted(desk.incidents.values(), key=lambda i: i.number)],
        "units": [_unit(desk.units[key], places.get(key)) for key in sorted(desk.units)],
        "cameras": [_camera(key, projections) for key in sorted(heard_of)],
        "quarantine": [_held(q) for q in desk.quarantine.values() if q.status == "held"],
        "metrics": _metrics(projections, at),
        "sketches": [_sketch(s) for _, s in sorted(desk.sketches.items()) if s.is_shown(at)],
        "alarms": [_alarm(a, projections, at) for _, a in sorted(desk.alarms.items()) if a.is_live],
        "shelves": [_shelf(s) for _, s in sorted(desk.shelves.items()) if s.is_active(at)],
        "premises": [_premise(p) for _, p in sorted(desk.premises.items()) if p.holds(at)],
        "roads": [_road(r) for _, r in sorted(desk.roads.items()) if r.is_to_come(at)],
    }


def _incident(i: Incident, limits: Limits) -> dict[str, Any]:
    return {
        "id": i.id,
        "number": i.number,
        "source_ids": list(i.source_ids),
        "type": i.incident_type,
        "priority": i.priority,
        "status": i.status,
        "title": i.title,
        "grid": i.grid,
        "lat": i.lat,
        "lon": i.lon,
        "opened_at": format_iso(i.opened_at),
        "closed_at": _iso(i.closed_at),
        "clocks": {
            c.name: {"due_at": format_iso(c.due_at), "done_at": _iso(c.done_at)}
            for c in due_clocks(i, limits)
        },
        "units": list(i.units),
        "returned": i.returned,
        "ordered": list(i.ordered),
        "supervised_at": _iso(i.supervised_at),
        "claim": {"desk": i.claim.desk, "at": format_iso(i.claim.at)} if i.claim is not None else None,
        "contacted_at": _iso(i.contacted_at),
        "links": [{"incident": link.other, "relation": link.relation} for link in i.links],
        "files": [{"id": f.id, "media_type": f.media_type, "size_bytes": f.size_bytes} for f in i.files],
    }


def _unit(unit: Unit, place: Place | None) -> dict[str, Any]:
    lat, lon = place or (None, None)
    return {"id": unit.id, "status": unit.status, "lat": lat, "lon": lon, "incident": unit.incident}


def _camera(key: str, projections: Projections) -> dict[str, Any]:
    state = projections.desk.cameras.get(key)
    return {"id": key, "online": state.online if state else True}


def _held(q: Quarantined) -> dict[str, Any]:
    return {"id": q.id, "source": q.source, "reason": q.reason, "received_at": format_iso(q.received_at)}


def _sketch(s: SharedSketch) -> dict[str, Any]:
    return {
        "id": s.id,
        "kind": s.kind,
        "points": [list(point) for point in s.points],
        "text": s.text,
        "radii_m": list(s.radii_m),
        "desk": s.desk,
        "shared_at": format_iso(s.shared_at),
        "expires_at": format_iso(s.expires_at),
    }


def _alarm(a: Alarm, projections: Projections, at: Instant) -> dict[str, Any]:
    shelf = projections.desk.shelves.get(projections.alarm_lane.shelf_of(a.id) or "")
    return {
        "id": a.id,
        "source": a.source,
        "type": a.alarm_type,
        "priority": a.priority,
        "status": a.status,
        "title": a.title,
        "raised_at": format_iso(a.raised_at),
        "returned_at": _iso(a.returned_at),
        "emergency": a.emergency,
        "device": a.origin or None,
        "grid": a.grid,
        "shelf": shelf.id if shelf is not None and shelf.is_active(at) else None,
    }


def _shelf(s: Shelf) -> dict[str, Any]:
    return {
        "id": s.id,
        "scope": s.scope,
        "alarm": s.alarm,
        "device": s.device or None,
        "type": s.alarm_type,
        "grid": s.place or None,
        "reason": s.reason,
        "shelved_at": format_iso(s.shelved_at),
        "expires_at": format_iso(s.expires_at),
        "reviewed_at": _iso(s.reviewed_at),
    }


def _premise(p: PremiseNote) -> dict[str, Any]:
    return {
        "id": p.id,
        "text": p.text,
        "hazard": p.hazard,
        "address": p.address,
        "grid": p.grid,
        "lat": p.lat,
        "lon": p.lon,
        "expires_at": format_iso(p.expires_at),
    }


def _road(r: RoadClosure) -> dict[str, Any]:
    return {
        "id": r.road,
        "name": r.name,
        "reason": r.reason,
        "desk": r.desk,
        "from_at": format_iso(r.from_at),
        "until_at": format_iso(r.until_at),
        "emergency_passes": r.emergency_passes,
    }


def _metrics(projections: Projections, at: Instant) -> dict[str, Any]:
    metrics = projections.metrics
    return {
        "incidents": metrics.total,
        "open": metrics.open,
        "open_by_priority": {str(p): n for p, n in sorted(metrics.open_by_priority.items()) if n},
        "by_status": {status: n for status, n in sorted(metrics.by_status.items()) if n},
        "open_by_grid": dict(sorted(projections.grid_load.open_by_grid.items())),
        "alarms_10_min": metrics.alarms_in_window(at),
        "response_s": {
            step: _interval(response_interval(projections.desk.incidents.values(), step))
            for step in ("accept", "dispatch", "arrive", "close")
        },
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {"count": interval.count, "p50": interval.p50_s, "p90": interval.p90_s}


def _iso(at: Instant | None) -> str | None:
    return None if at is None else format_iso(at)
