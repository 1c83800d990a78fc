"""Owns where the 120 cameras stand and which way they look. Must not place anything else."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.geo.demo_town.shape import XY, heading_deg
from app.geo.demo_town.survey import Crossing, Survey

COUNT = 120
FOV_AND_RANGE = {"street": (62.0, 90.0), "gate": (78.0, 45.0), "dome": (110.0, 120.0)}
MAST_OFF_M = {"primary": 17.0, "secondary": 13.0, "tertiary": 9.0, "residential": 5.5}
OPEN_GROUNDS = ("park", "station", "temple", "sports")


@dataclass(frozen=True, slots=True)
class Look:
    """One camera before it has a number."""

    at: XY
    bearing_deg: float
    mount: str
    group: str
    name_zh: str
    name_en: str


def camera_rows(survey: Survey, seed: int) -> list[dict[str, Any]]:
    """120 cameras: sites, main crossings, gates, then lesser crossings and lanes; one name each, none on another."""
    rng = random.Random(seed + 7)
    chosen: list[Look] = []
    names: set[str] = set()
    for look in _candidates(survey, rng):
        is_apart = all(math.dist(look.at, other.at) > 6.0 for other in chosen)
        if is_apart and look.name_zh not in names and survey.is_outdoors(look.at):
            chosen.append(look)
            names.add(look.name_zh)
        if len(chosen) == COUNT:
            break
    return [_row(survey, i, look, rng) for i, look in enumerate(chosen, start=1)]


def _candidates(survey: Survey, rng: random.Random) -> Iterator[Look]:
    crossings = [c for c in survey.crossings() if c.names]
    major = [c for c in crossings if c.best_class in ("primary", "secondary") and len(c.names) >= 2]
    minor = [
        c
        for c in crossings
        if c.best_class in ("tertiary", "residential") and len(c.names) >= 2 and not c.has_lane
    ]
    lanes = [c for c in crossings if c.has_lane]
    rng.shuffle(minor)
    rng.shuffle(lanes)
    yield from _by_hand(survey)
    yield from _before_sites(survey)
    yield from (look for c in _apart(major, 90.0)[:20] for look in _across(survey, c, 2))
    yield from islice(_apart_looks(_at_gates(survey), 150.0), 26)
    yield from (look for c in _apart(minor, 80.0)[:12] for look in _across(survey, c, 1))
    yield from (look for c in _apart(lanes, 45.0) for look in _across(survey, c, 1))


def _apart(crossings: list[Crossing], least_m: float) -> list[Crossing]:
    kept: list[Crossing] = []
    for crossing in crossings:
        if all(math.dist(crossing.at, other.at) >= least_m for other in kept):
            kept.append(crossing)
    return kept


def _apart_looks(looks: Iterator[Look], least_m: float) -> Iterator[Look]:
    kept: list[Look] = []
    for look in looks:
        if all(math.dist(look.at, other.at) >= least_m for other in kept):
            kept.append(look)
            yield look


def _across(survey: Survey, crossing: Crossing, count: int) -> Iterator[Look]:
    """Cameras on the corner masts, each looking along one of the streets across the crossing."""
    words = survey.names["words"]
    group = "lane" if crossing.has_lane else "crossing"
    bearings = survey.bearings_from(crossing)
    for bearing in bearings[:: max(1, len(bearings) // count)][:count]:
        side = round(bearing / 45) % 8
        zh = "".join(n[0] for n in crossing.names[:2]) + words["crossing_zh"] + words["toward_zh"][side]
        en = " / ".join(n[1] for n in crossing.names[:2]) + f" looking {words['toward_en'][side]}"
        yield Look(_mast(crossing, bearing), bearing, "street", group, zh, en)


def _mast(crossing: Crossing, bearing_deg: float) -> XY:
    """The corner behind the camera's left shoulder, clear of the carriageway."""
    off_m = MAST_OFF_M.get(crossing.best_class, 2.2)
    angle = math.radians(bearing_deg + 138.0)
    return (crossing.at[0] + off_m * math.sin(angle), crossing.at[1] + off_m * math.cos(angle))


def _at_gates(survey: Survey) -> Iterator[Look]:
    words = survey.names["words"]
    for gate in survey.town.gates:
        if gate.name_zh and survey.grid_at((gate.at.x, gate.at.y)):
            angle = math.radians(gate.bearing_deg + 90.0)
            at = (gate.at.x + 4.5 * math.sin(angle), gate.at.y + 4.5 * math.cos(angle))
            zh, en = gate.name_zh + words["gate_zh"], f"{gate.name_en} {words['gate_en']}"
            yield Look(at, (gate.bearing_deg + 180.0) % 360, "gate", "compound", zh, en)


def _by_hand(survey: Survey) -> Iterator[Look]:
    for row in survey.plan.table["camera"]:
        at = (row["point"][0], row["point"][1])
        yield Look(at, float(row["bearing_deg"]), row["mount"], row["group"], row["name_zh"], row["name_en"])


def _before_sites(survey: Survey) -> Iterator[Look]:
    """One camera on the kerb before each block with one use, and one in its middle where that is open ground."""
    words = survey.names["words"]
    sites = {site.name_zh for site in survey.plan.sites}
    for spot in (spot for spot in survey.town.spots if spot.name_zh in sites):
        middle = (spot.at.x, spot.at.y)
        at = survey.kerb_at(middle)
        bearing = heading_deg(at, middle)
        zh, en = spot.name_zh + words["front_zh"], f"{spot.name_en} {words['front_en']}"
        yield Look(at, bearing, "gate", spot.kind, zh, en)
        if spot.kind in OPEN_GROUNDS:
            inside = (0.5 * at[0] + 0.5 * middle[0], 0.5 * at[1] + 0.5 * middle[1])
            yield Look(inside, bearing, "dome", spot.kind, spot.name_zh, spot.name_en)


def _row(survey: Survey, number: int, look: Look, rng: random.Random) -> dict[str, Any]:
    lat, lon = survey.lat_lon(look.at)
    fov_deg, range_m = FOV_AND_RANGE[look.mount]
    grid = survey.grid_at(look.at)
    return {
        "id": f"C{number:03d}",
        "name_zh": look.name_zh,
        "name_en": look.name_en,
        "lat": lat,
        "lon": lon,
        "bearing_deg": round(look.bearing_deg) % 360,
        "fov_deg": round(fov_deg + rng.choice((-10, -4, 0, 0, 8))),
        "range_m": round(range_m * (0.5 if look.group == "lane" else 1.0) * rng.uniform(0.85, 1.2)),
        "mount": look.mount,
        "grid": grid.code if grid else "",
        "group": look.group,
    }
