"""Owns which points stand so close that their symbols would cover each other. Must not know marks or the screen.

Points are hashed into square cells of the plane; what is left alone in its cell is hashed once more into cells that lie
half a cell beside, so that a crowd on an edge is found too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIORITIES = 4
FEW = 60
"""With so few points two that stand apart stay apart, though they share a cell."""
_COVER_PART = 0.38
"""Two points nearer than this part of a cell cover each other whatever else stands there."""
_SAME_PART = 0.12
_CLAMP_PART = 0.2
_ROW_SHIFT = 32
_SECOND = np.int64(1) << 62


@dataclass(frozen=True, slots=True)
class Groups:
    """`keys` (n,) name a group for as long as its cell is one; `counts` (n, 4) by priority; `group_of` (points,) is -1
    for who stands alone. `spread_m` is the longer side of the box round the members."""

    keys: Ints
    x_m: Floats
    y_m: Floats
    spread_m: Floats
    counts: Ints
    group_of: Ints

    def __len__(self) -> int:
        return len(self.keys)


def grouped(x_m: Floats, y_m: Floats, priority: Ints, side_m: float) -> Groups:
    """Points (n,) with their priorities 1..4, in cells of `side_m`."""
    least_anywhere = 2 if len(x_m) > FEW else 3
    first = _hashed(x_m, y_m, priority, side_m, 0.0, least_anywhere)
    alone = np.flatnonzero(first.group_of < 0)
    second = _hashed(x_m[alone], y_m[alone], priority[alone], side_m, 0.5, least_anywhere)
    group_of = first.group_of
    group_of[alone] = np.where(second.group_of >= 0, second.group_of + len(first), -1)
    return Groups(
        np.concatenate([first.keys, second.keys | _SECOND]),
        np.concatenate([first.x_m, second.x_m]),
        np.concatenate([first.y_m, second.y_m]),
        np.concatenate([first.spread_m, second.spread_m]),
        np.concatenate([first.counts, second.counts]),
        group_of,
    )


def _hashed(x_m: Floats, y_m: Floats, priority: Ints, side_m: float, shift: float, least: int) -> Groups:
    if not len(x_m):
        return nobody(0)
    column = np.floor(x_m / side_m + shift).astype(np.int64)
    row = np.floor(y_m / side_m + shift).astype(np.int64)
    cell = ((row + (1 << 28)) << _ROW_SHIFT) + column + (1 << 28)
    order = np.argsort(cell)
    ordered = cell[order]
    starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
    counts = np.diff(np.append(starts, len(ordered)))
    x, y = x_m[order], y_m[order]
    spread_m = np.maximum(_spread(x, starts), _spread(y, starts))
    is_group = (counts >= least) | ((counts >= 2) & (spread_m < side_m * _COVER_PART))
    number = np.where(is_group, np.cumsum(is_group) - 1, -1)
    group_of = np.empty(len(x_m), dtype=np.int64)
    group_of[order] = np.repeat(number, counts)
    ones = (priority[order][:, None] == np.arange(1, PRIORITIES + 1)).astype(np.int64)
    at_x = _middle(x, starts, counts, (column[order][starts] + 0.5 - shift) * side_m, spread_m, side_m)
    at_y = _middle(y, starts, counts, (row[order][starts] + 0.5 - shift) * side_m, spread_m, side_m)
    by_priority = np.add.reduceat(ones, starts, axis=0)
    return Groups(
        ordered[starts][is_group],
        at_x[is_group],
        at_y[is_group],
        spread_m[is_group],
        by_priority[is_group],
        group_of,
    )


def _spread(values: Floats, starts: Ints) -> Floats:
    return np.asarray(np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts))


def _middle(
    values: Floats, starts: Ints, counts: Ints, centre: Floats, spread_m: Floats, side_m: float
) -> Floats:
    """The mean, not far from the middle of the cell so that neighbours keep apart; one spot is shown where it is."""
    mean = np.add.reduceat(values, starts) / counts
    near = np.clip(mean, centre - side_m * _CLAMP_PART, centre + side_m * _CLAMP_PART)
    return np.where(spread_m < side_m * _SAME_PART, mean, near)


def nobody(points: int) -> Groups:
    """No group among so many points."""
    none = np.zeros(0)
    return Groups(
        np.zeros(0, dtype=np.int64),
        none,
        none,
        none,
        np.zeros((0, PRIORITIES), dtype=np.int64),
        np.full(points, -1, dtype=np.int64),
    )
