"""Owns where the 120 cameras stand and which way they look. Must not place anything else."""

import math
import random
from collections.abc import Iterator
from typing import Any

from shapely.geometry import Point

from app.geo.demo_town.shape import XY, heading_deg
from app.geo.demo_town.survey import Crossing, Survey

COUNT = 120
OPTICS = {"street": (62.0, 90.0), "gate": (78.0, 45.0), "dome": (110.0, 120.0)}

Row = dict[str, Any]


def camera_rows(survey: Survey, seed: int) -> list[Row]:
    """120 cameras: crossings, then gates, plaza, park, lanes and the river front."""
    rng = random.Random(seed + 7)
    chosen: list[tuple[XY, float, str, str, tuple[str, str]]] = []
    for candidate in _candidates(survey, rng):
        at = candidate[0]
        if survey.land.contains(Point(at)) and all(math.dist(at, c[0]) > 6.0 for c in chosen):
            chosen.append(candidate)
        if len(chosen) == COUNT:
            break
    return [_row(survey, i, candidate, rng) for i, candidate in enumerate(chosen, start=1)]


def _candidates(survey: Survey, rng: random.Random) -> Iterator[tuple[XY, float, str, str, tuple[str, str]]]:
    crossings = survey.crossings()
    major = [c for c in crossings if c.best_class in ("primary", "secondary") and len(c.names) >= 2]
    minor = [c for c in crossings if c.best_class in ("tertiary", "residential") and len(c.names) >= 2]
    lanes = [c for c in crossings if c.best_class == "alley" or (c.names and c not in major and c not in minor)]
    rng.shuffle(minor)
    rng.shuffle(lanes)
    yield from _at_sites(survey)
    yield from _before_sites(survey)
    yield from (look for c in _apart(major, 90.0)[:24] for look in _looks(survey, c, 2))
    yield from _at_gates(survey)
    yield from (look for c in _apart(minor, 80.0)[:26] for look in _looks(survey, c, 1))
    yield from (look for c in _apart(lanes, 45.0)[:40] for look in _looks(survey, c, 1))


def _apart(crossings: list[Crossing], least_m: float) -> list[Crossing]:
    kept: list[Crossing] = []
    for crossing in crossings:
        if all(math.dist(crossing.at, other.at) >= least_m for other in kept):
            kept.append(crossing)
    return kept


def _looks(
    survey: Survey, crossing: Crossing, count: int
) -> Iterator[tuple[XY, float, str, str, tuple[str, str]]]:
    """Cameras on the corner masts, each looking along one of the streets across the crossing."""
    words = survey.names["words"]
    names = crossing.names or [("", "")]
    group = "crossing" if crossing.best_class != "alley" else "lane"
    bearings = survey.bearings_from(crossing)
    for bearing in (bearings[:: max(1, len(bearings) // 2)] if count == 2 else bearings[:1])[:count]:
        at = _corner(survey, crossing, bearing)
        side = round(bearing / 45) % 8
        zh = "".join(n[0] for n in names[:2]) + words["crossing_zh"] + words["toward_zh"][side]
        en = " / ".join(n[1] for n in names[:2]) + " " + words["toward_en"][side]
        yield at, bearing, "street" if group == "crossing" else "street", group, (zh, en)


def _corner(survey: Survey, crossing: Crossing, bearing: float) -> XY:
    off = {"primary": 17.0, "secondary": 13.0, "tertiary": 9.0, "residential": 5.5}.get(crossing.best_class, 2.2)
    angle = math.radians(bearing + 138.0)
    return (crossing.at[0] + off * math.sin(angle), crossing.at[1] + off * math.cos(angle))


def _at_gates(survey: Survey) -> Iterator[tuple[XY, float, str, str, tuple[str, str]]]:
    words = survey.names["words"]
    for gate in survey.town.gates:
        if gate.name_zh and survey.grid_at((gate.at.x, gate.at.y)):
            angle = math.radians(gate.bearing_deg + 90.0)
            at = (gate.at.x + 4.5 * math.sin(angle), gate.at.y + 4.5 * math.cos(angle))
            name = (gate.name_zh + words["gate_zh"], f"{gate.name_en} {words['gate_en']}")
            yield at, (gate.bearing_deg + 180.0) % 360, "gate", "compound", name


def _at_sites(survey: Survey) -> Iterator[tuple[XY, float, str, str, tuple[str, str]]]:
    for row in survey.plan.table["camera"]:
        at = (row["point"][0], row["point"][1])
        yield at, float(row["bearing_deg"]), row["mount"], row["group"], (row["name_zh"], row["name_en"])


def _before_sites(survey: Survey) -> Iterator[tuple[XY, float, str, str, tuple[str, str]]]:
    """One camera on the kerb before each block with one use, and one in its middle where that is open ground."""
    words = survey.names["words"]
    sites = {site.name_zh for site in survey.plan.sites}
    for spot in survey.town.spots:
        if spot.name_zh not in sites:
            continue
        middle = (spot.at.x, spot.at.y)
        at = survey.kerb_at(middle)
        bearing = heading_deg(at, middle)
        name = (spot.name_zh + words["front_zh"], f"{spot.name_en} {words['front_en']}")
        yield at, bearing, "gate", spot.kind, name
        if spot.kind in ("park", "station", "temple", "sports"):
            yield middle, bearing, "dome", spot.kind, (spot.name_zh, spot.name_en)


def _row(
    survey: Survey, number: int, candidate: tuple[XY, float, str, str, tuple[str, str]], rng: random.Random
) -> Row:
    at, bearing, mount, group, (name_zh, name_en) = candidate
    lat, lon = survey.lat_lon(at)
    fov_deg, range_m = OPTICS[mount]
    grid = survey.grid_at(at)
    return {
        "id": f"C{number:03d}",
        "name_zh": name_zh,
        "name_en": name_en,
        "lat": lat,
        "lon": lon,
        "bearing_deg": round(bearing),
        "fov_deg": round(fov_deg + rng.choice((-10, -4, 0, 0, 8))),
        "range_m": round(range_m * (0.5 if group == "lane" else 1.0) * rng.uniform(0.85, 1.2)),
        "mount": mount,
        "grid": grid.code if grid else "",
        "group": group,
    }
