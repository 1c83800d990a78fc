"""A made city for measurements: streets of 20,000 nodes in squares, and thousands of units in it.

Owns the drawing of it, the same for the same seed. Must not measure.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from app.dispatch.candidates import Member, Post
from app.dispatch.engaged import Work
from app.dispatch.work_times import WorkSpan
from app.domain.unit import Assignment, Unit
from app.geo.coordinates import LocalPlane
from app.geo.district import District, Grid, Travel, load_district
from app.geo.surface import Road, RoadClass, Surface
from app.journal.store import TrackPoint
from app.paths import bundled_data_dir

BLOCK_M: Final = 95.0
KINDS: Final = ("police", "joint_patrol", "grid_member", "urban_management", "medical", "fire", "volunteer")
TRAVELS: Final[tuple[Travel, ...]] = ("car", "ebike", "foot")
SKILLS: Final = ("first_aid", "crowd", "traffic", "fire", "rescue")


@lru_cache(maxsize=2)
def city(side: int, seed: int = 1) -> District:
    """`side` by `side` corners, every tenth street a main one, a tenth of the rest one-way; grids of ten blocks."""
    base = load_district(bundled_data_dir() / "districts" / "demo")
    surface = Surface(_streets(side, base, random.Random(seed)), (), ())
    return replace(base, grids=_grids(side, base), surface=lambda: surface)


def _streets(side: int, base: District, dice: random.Random) -> tuple[Road, ...]:
    plane = LocalPlane(base.centre_lat, base.centre_lon)
    half_m = side * BLOCK_M / 2
    spots = [(x * BLOCK_M - half_m + dice.uniform(-20, 20), y * BLOCK_M - half_m + dice.uniform(-20, 20))
             for y in range(side) for x in range(side)]  # fmt: skip
    places = [plane.to_lat_lon(*spot) for spot in spots]
    roads: list[Road] = []
    for here in range(side * side):
        for there, line in ((here + 1, here // side), (here + side, here % side)):
            if there >= side * side or (there == here + 1 and there % side == 0):
                continue
            road_class: RoadClass = "secondary" if line % 10 == 0 else "residential"
            oneway = road_class == "residential" and dice.random() < 0.1
            ends = (here, there) if dice.random() < 0.5 else (there, here)
            drawn = np.array([places[end][::-1] for end in ends])
            roads.append(Road(f"R{len(roads)}", "", "", road_class, oneway, False, *ends, drawn))
    return tuple(roads)


def _grids(side: int, base: District) -> tuple[Grid, ...]:
    """Squares of ten blocks."""
    plane = LocalPlane(base.centre_lat, base.centre_lon)
    count, half_m, size_m = max(1, side // 10), side * BLOCK_M / 2, 10 * BLOCK_M
    grids = []
    for number in range(count * count):
        west, south = number % count * size_m - half_m, number // count * size_m - half_m
        corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        ring = [plane.to_lat_lon(west + u * size_m, south + v * size_m)[::-1] for u, v in corners]
        grids.append(Grid(f"{base.code}{number:06d}", "", "", "", tuple(ring)))
    return tuple(grids)


def place(district: District, dice: random.Random, side: int) -> tuple[float, float]:
    """(lat, lon) somewhere in the city."""
    reach_m = side * BLOCK_M / 2 * 0.98
    plane = LocalPlane(district.centre_lat, district.centre_lon)
    return plane.to_lat_lon(dice.uniform(-reach_m, reach_m), dice.uniform(-reach_m, reach_m))


def at_work(units: list[Unit], places: list[tuple[float, float]], now: int) -> dict[str, Work]:
    """Where those who are busy work, and since when at most an hour; every second is still on the way."""
    busy = [unit for unit in units if unit.assignments]
    return {
        unit.id: Work(*places[n % len(places)], now - n % 60 * 60_000 if n % 2 else None, WorkSpan())
        for n, unit in enumerate(busy)
    }


def people(
    district: District, count: int, side: int, now: int, dice: random.Random
) -> tuple[dict[str, Member], list[Unit], dict[str, TrackPoint]]:
    """Units with their posts and newest fixes; one in ten is off duty and as many at work, one in thirty was last heard
    of long ago."""
    members, units, fixes = {}, [], {}
    for number in range(count):
        key, kind = f"u{number:05d}", KINDS[number % len(KINDS)]
        lat, lon = place(district, dice, side)
        skills = tuple(skill for skill in SKILLS if dice.random() < 0.3)
        grid = dice.choice(district.grids).code
        members[key] = Member(TRAVELS[number % 3], skills, Post(lat, lon, grid))
        share = dice.random()
        task = (Assignment(f"w{number}", "on_scene", now),) if 0.1 <= share < 0.2 else ()
        units.append(Unit(key, kind, key, "off_duty" if share < 0.1 else "available", task))
        age_ms = 3_000_000 if dice.random() < 0.03 else dice.randrange(60_000)
        fixes[key] = TrackPoint(key, now - age_ms, *place(district, dice, side))
    return members, units, fixes
