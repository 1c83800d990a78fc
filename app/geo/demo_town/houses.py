"""Owns the ground plans of dwelling houses. Must not decide where they stand."""

import random

from shapely.geometry import Polygon


def house_shape(
    west: float, length_m: float, y: float, depth_m: float, is_new: bool, rng: random.Random
) -> Polygon:
    """A house whose long side faces south, its west end at `west`, its middle line at `y`."""
    if is_new and length_m < 44.0:
        return _winged(west, length_m, y, depth_m)
    if length_m > 28.0 and rng.random() < 0.5:
        return _with_stairs(west, length_m, y, depth_m, rng)
    if length_m > 30.0 and rng.random() < 0.5:
        return _stepped(west, length_m, y, depth_m, rng)
    low, high = y - depth_m / 2, y + depth_m / 2
    return Polygon([(west, low), (west + length_m, low), (west + length_m, high), (west, high)])


def _winged(west: float, length_m: float, y: float, depth_m: float) -> Polygon:
    """A tower with a core between two wings."""
    low, high, east = y - depth_m / 2, y + depth_m / 2, west + length_m
    notch_m, wing_m = depth_m * 0.2, length_m * 0.32
    a, b = west + wing_m, east - wing_m
    return Polygon(
        [
            (west, low + notch_m), (a, low + notch_m), (a, low), (b, low), (b, low + notch_m), (east, low + notch_m),
            (east, high), (b, high), (b, high - notch_m), (a, high - notch_m), (a, high), (west, high),
        ]
    )  # fmt: skip


def _stepped(west: float, length_m: float, y: float, depth_m: float, rng: random.Random) -> Polygon:
    """Two halves, one set forward by a metre and a half."""
    low, high, east = y - depth_m / 2, y + depth_m / 2, west + length_m
    half, step = west + length_m * rng.choice((0.33, 0.5, 0.67)), 1.5
    left, right = (step, 0.0) if rng.random() < 0.5 else (0.0, step)
    return Polygon(
        [
            (west, low + left), (half, low + left), (half, low + right), (east, low + right),
            (east, high - left), (half, high - left), (half, high - right), (west, high - right),
        ]
    )  # fmt: skip


def _with_stairs(west: float, length_m: float, y: float, depth_m: float, rng: random.Random) -> Polygon:
    """Stair wells stand out on the north side, one to each entrance."""
    low, high, east = y - depth_m / 2, y + depth_m / 2 - 1.2, west + length_m
    entrances = max(2, round(length_m / rng.uniform(14.0, 18.0)))
    bay_m = length_m / entrances
    rim = [(west, low), (east, low), (east, high)]
    for i in reversed(range(entrances)):
        middle = west + (i + 0.5) * bay_m
        rim += [
            (middle + 1.6, high),
            (middle + 1.6, high + 1.2),
            (middle - 1.6, high + 1.2),
            (middle - 1.6, high),
        ]
    return Polygon([*rim, (west, high)])
