"""What moves in the test picture: vehicles and people, as blobs of the right size in the right place.

Owns their shapes and ways. Must not read a clock: `seconds` comes from outside, the same seconds are the same picture.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.media.frames import Picture
from app.media.street_view import Street, View

Blob = tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]
"""(blue-green-red, opacity 0 to 256 with a last axis of 1)."""

NEAREST_M = 9.0
FARTHEST_M = 120.0
SMALLEST_PX = 3
_SIZES_PX = (3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 84, 100, 120, 144)
_STEPS_PX = tuple(math.sqrt(a * b) for a, b in pairwise(_SIZES_PX))
_SIZE_OF = {"car": (1.9, 1.5), "bus": (2.6, 3.1), "bike": (0.8, 1.75), "person": (0.62, 1.72)}
_PAINTS = ((60, 58, 56), (224, 226, 226), (150, 148, 144), (92, 70, 44), (54, 48, 132), (190, 186, 180))
_COATS = ((88, 68, 58), (74, 74, 128), (150, 132, 96), (60, 60, 60), (112, 138, 160), (130, 96, 128))


@dataclass(frozen=True, slots=True)
class Mover:
    """One thing on its way to and fro along the street; `speed_m_s` under 0 comes towards the camera."""

    kind: str
    across_m: float
    start_m: float
    speed_m_s: float
    tone: int

    def along_m(self, seconds: float) -> float:
        span = FARTHEST_M - NEAREST_M
        return NEAREST_M + (self.start_m + self.speed_m_s * seconds) % span


def movers_of(street: Street) -> tuple[Mover, ...]:
    """A few vehicles in their lanes, keeping to the right, and a few people beside them."""
    rng = np.random.default_rng(street.seed + 5)
    movers = [_vehicle(rng, lane) for lane in street.lanes_m for _ in range(int(rng.integers(1, 3)))]
    walkers = int(rng.integers(7, 12)) if street.tiled else int(rng.integers(2, 5))
    return (*movers, *(_walker(rng, street) for _ in range(walkers)))


def _vehicle(rng: np.random.Generator, lane_m: float) -> Mover:
    outer = abs(lane_m) > 3
    kind = str(rng.choice(["bus", "car", "bike"] if outer else ["car", "car", "car", "bike"]))
    speed = float(rng.uniform(4, 6) if kind == "bike" else rng.uniform(6.5, 10))
    return Mover(
        kind, lane_m, float(rng.uniform(0, 110)), speed if lane_m > 0 else -speed, int(rng.integers(0, 6))
    )


def _walker(rng: np.random.Generator, street: Street) -> Mover:
    room = street.half_width_m * 0.9 if street.tiled else street.half_width_m + 2.6
    across = float(rng.uniform(-room, room)) if street.tiled else room * float(rng.choice([-1, 1]))
    speed = float(rng.uniform(0.8, 1.5)) * float(rng.choice([-1, 1]))
    return Mover("person", across, float(rng.uniform(0, 60)), speed, int(rng.integers(0, 6)))


def draw_movers(
    picture: Picture,
    depth_m: npt.NDArray[np.float32],
    view: View,
    movers: Iterable[Mover],
    seconds: float,
    daylight: float,
) -> None:
    """Draws all movers into the picture, far ones first, hidden by what stands nearer."""
    night = daylight < 0.4
    placed = sorted(((mover.along_m(seconds), mover) for mover in movers), key=lambda pair: -pair[0])
    for along_m, mover in placed:
        x, foot, distance_m = view.project(along_m, mover.across_m, 0.0)
        width_m, height_m = _SIZE_OF[mover.kind]
        height_px = _nearest_size(height_m * view.focal_px / distance_m)
        if height_px:
            blob = _blob(mover.kind, mover.tone, height_px, width_m / height_m, mover.speed_m_s > 0, night)
            _blend(picture, depth_m, blob, round(x), round(foot), distance_m)


def _nearest_size(height_px: float) -> int:
    """One of the sizes that blobs are made in, 0 for what is too small to be seen or too near."""
    if not SMALLEST_PX <= height_px <= _SIZES_PX[-1] * 1.1:
        return 0
    return _SIZES_PX[bisect_left(_STEPS_PX, height_px)]


def _blend(
    picture: Picture, depth_m: npt.NDArray[np.float32], blob: Blob, x: int, foot: int, distance_m: float
) -> None:
    colors, opacity = blob
    rows, columns = opacity.shape[:2]
    top, left = foot - rows, x - columns // 2
    cut_top, cut_left = max(0, -top), max(0, -left)
    room = picture[top + cut_top : max(0, foot), left + cut_left : max(0, left + columns), :3]
    if not room.size:
        return
    behind = depth_m[top + cut_top : max(0, foot), left + cut_left : max(0, left + columns)]
    inside = (slice(cut_top, cut_top + room.shape[0]), slice(cut_left, cut_left + room.shape[1]))
    # The ground under a mover is about as far as the mover itself: a metre of grace keeps its feet.
    seen = opacity[inside] * (behind > distance_m - 3.0)[..., None]
    room += ((colors[inside] - room) * seen >> 8).astype(np.uint8)


@lru_cache(maxsize=512)
def _blob(kind: str, tone: int, height_px: int, aspect: float, away: bool, night: bool) -> Blob:
    """Painted four times as large and averaged; the shadow reaches a little beyond the body."""
    finer = 4
    columns = max(3, round(height_px * aspect * 1.25))
    y = 1 - (np.arange(height_px * finer) + 0.5)[:, None] / (height_px * finer)
    x = ((np.arange(columns * finer) + 0.5)[None, :] / (columns * finer) - 0.5) * 2 * 1.25
    x, y = np.broadcast_arrays(x, y)
    colors = np.zeros((*x.shape, 3))
    opacity = np.where((x / 1.2) ** 2 + ((y - 0.03) / 0.07) ** 2 < 1, 0.5, 0.0)
    for where, color in _shapes(kind, tone, x, y, away, night):
        colors[where] = color
        opacity[where] = 1.0
    weighed = _shrunk(colors * opacity[..., None], finer)
    thin = _shrunk(opacity[..., None], finer)
    straight = weighed / np.maximum(thin, 1e-3)
    dim = 0.5 if night else 1.0
    return (straight * dim).astype(np.int16), (thin * 256).astype(np.int16)


def _shrunk(large: npt.NDArray[np.float64], by: int) -> npt.NDArray[np.float64]:
    rows, columns, depth = large.shape
    return np.asarray(large.reshape(rows // by, by, columns // by, by, depth).mean(axis=(1, 3)))


Shapes = list[tuple[npt.NDArray[np.bool_], tuple[float, ...]]]


def _shapes(
    kind: str, tone: int, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], away: bool, night: bool
) -> Shapes:
    """Areas with their pigment, later over earlier; x is -1 to 1 over the width, y 0 to 1 from the ground up."""
    if kind in ("car", "bus"):
        return _vehicle_shapes(_PAINTS[tone], x, y, away, night, roof=0.5 if kind == "car" else 0.25)
    return _person_shapes(_COATS[tone], x, y, rides=kind == "bike")


def _vehicle_shapes(
    paint: tuple[int, int, int],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    away: bool,
    night: bool,
    roof: float,
) -> Shapes:
    waist = 1 - roof
    slope = np.abs(x) + 0.28 * (y - waist) / roof * (roof > 0.4)
    glow = 2.0 if night else 1.0
    lamp = (60 * glow, 60 * glow, 235 * glow) if away else (210 * glow, 235 * glow, 245 * glow)
    return [
        ((np.abs(np.abs(x) - 0.72) < 0.16) & (y < 0.2), (34, 32, 32)),
        ((np.abs(x) < 0.94) & (y > 0.12) & (y < waist + 0.04), paint),
        ((slope < 0.86) & (y >= waist) & (y < 0.99), tuple(0.86 * part for part in paint)),
        ((slope < 0.72) & (y > waist + 0.05) & (y < 0.93), (96, 84, 72)),
        ((np.abs(np.abs(x) - 0.76) < 0.13) & (np.abs(y - waist + 0.12) < 0.07), lamp),
        ((np.abs(x) < 0.24) & (np.abs(y - 0.27) < 0.05), (150, 96, 40)),
        ((np.abs(x) < 0.9) & (y > 0.12) & (y < 0.17), (40, 40, 40)),
    ]


def _person_shapes(
    coat: tuple[int, int, int], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], rides: bool
) -> Shapes:
    head = (x / 0.34) ** 2 + ((y - 0.91) / 0.085) ** 2 < 1
    torso = (np.abs(x) < 0.62 - 0.35 * (y - 0.5)) & (y > 0.42) & (y < 0.83)
    legs = (np.abs(np.abs(x) - 0.24) < 0.2) & (y <= 0.44)
    if rides:
        wheel = (np.abs(x) < 0.2) & (y < 0.42)
        frame = (np.abs(x) < 0.42) & (y > 0.26) & (y < 0.46)
        return [(wheel, (38, 36, 36)), (frame, (120, 112, 84)), (torso, coat), (head, (60, 66, 84))]
    return [(legs, (62, 56, 54)), (torso, coat), (head, (92, 112, 150))]
