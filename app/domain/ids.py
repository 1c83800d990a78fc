"""Names of streams.

Owns how a stream of the journal is called. Must not make ids: those come from the edge (service/handlers.py).
"""

from __future__ import annotations


def incident_stream(incident: str) -> str:
    return f"incident/{incident}"


def unit_stream(unit: str) -> str:
    return f"unit/{unit}"


def camera_stream(camera: str) -> str:
    return f"camera/{camera}"


def alarm_stream(alarm: str) -> str:
    return f"alarm/{alarm}"


def shelf_stream(shelf: str) -> str:
    return f"shelf/{shelf}"


def feed_stream(source: str) -> str:
    return f"feed/{source}"


def sketch_stream(sketch: str) -> str:
    return f"sketch/{sketch}"


def grid_stream(grid: str) -> str:
    return f"grid/{grid}"


def export_stream(export: str) -> str:
    return f"export/{export}"


def premise_stream(premise: str) -> str:
    return f"premise/{premise}"


def road_stream(road: str) -> str:
    return f"road/{road}"


def shift_stream(shift: str) -> str:
    return f"shift/{shift}"


def roster_stream(roster: str) -> str:
    return f"roster/{roster}"


def officer_stream(officer: str) -> str:
    return f"officer/{officer}"


def patrol_stream(patrol_round: str) -> str:
    return f"patrol/{patrol_round}"
