"""Owns which points stand so close that their symbols would cover each other. Must not know marks or the screen.

Points are hashed into square cells of the plane; groups of neighbouring cells whose rings would cover each other are
made one. Who is left alone in a cell joins a group whose ring would cover it. The others are hashed once more, into
cells that lie half a cell beside, so that two on an edge are found too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIORITIES = 4
_COVER_PART = 0.42
"""Two points nearer than this part of a cell cover each other; three in a cell do in any case."""
_JOIN_PART = 0.55
"""The ring of a group covers whoever is nearer than this part of a cell."""
_MERGE_PART = 0.6
"""Two rings whose middles are nearer than this part of a cell are one."""
_ROW_SHIFT, _OFFSET = 32, 1 << 28
_COLUMN_MASK = (1 << _ROW_SHIFT) - 1
_NEIGHBOURS = tuple((right, down) for right in (-1, 0, 1) for down in (-1, 0, 1) if right or down)
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
    first = _merged(_hashed(x_m, y_m, priority, side_m, 0.0), side_m)
    _join(first, x_m, y_m, priority, side_m)
    alone = np.flatnonzero(first.group_of < 0)
    second = _hashed(x_m[alone], y_m[alone], priority[alone], side_m, 0.5)
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


def with_singles(groups: Groups, singles: Ints, x_m: Floats, y_m: Floats, priority: Ints) -> Groups:
    """Points that are alone, by number, made groups of one; their keys are below 0 and name the point's number."""
    if not len(singles):
        return groups
    group_of = groups.group_of.copy()
    group_of[singles] = len(groups) + np.arange(len(singles))
    ones = (priority[singles][:, None] == np.arange(1, PRIORITIES + 1)).astype(np.int64)
    return Groups(
        np.concatenate([groups.keys, -1 - singles]),
        np.concatenate([groups.x_m, x_m[singles]]),
        np.concatenate([groups.y_m, y_m[singles]]),
        np.concatenate([groups.spread_m, np.zeros(len(singles))]),
        np.concatenate([groups.counts, ones]),
        group_of,
    )


def _hashed(x_m: Floats, y_m: Floats, priority: Ints, side_m: float, shift: float) -> Groups:
    if not len(x_m):
        return nobody(0)
    column, row = _cells(x_m, side_m, shift), _cells(y_m, side_m, shift)
    cell = _key(column, row)
    order = np.argsort(cell)
    ordered = cell[order]
    starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
    counts = np.diff(np.append(starts, len(ordered)))
    x, y = x_m[order], y_m[order]
    spread_m = np.maximum(_spread(x, starts), _spread(y, starts))
    is_group = (counts >= 3) | ((counts >= 2) & (spread_m < side_m * _COVER_PART))
    number = np.where(is_group, np.cumsum(is_group) - 1, -1)
    group_of = np.empty(len(x_m), dtype=np.int64)
    group_of[order] = np.repeat(number, counts)
    ones = (priority[order][:, None] == np.arange(1, PRIORITIES + 1)).astype(np.int64)
    at_x, at_y = np.add.reduceat(x, starts) / counts, np.add.reduceat(y, starts) / counts
    by_priority = np.add.reduceat(ones, starts, axis=0)
    return Groups(
        ordered[starts][is_group],
        at_x[is_group],
        at_y[is_group],
        spread_m[is_group],
        by_priority[is_group],
        group_of,
    )


def _join(groups: Groups, x_m: Floats, y_m: Floats, priority: Ints, side_m: float) -> None:
    """Put who stands alone into the nearest group whose ring would cover him; the group stays where it is."""
    alone = np.flatnonzero(groups.group_of < 0)
    if not len(groups) or not len(alone):
        return
    x, y = x_m[alone], y_m[alone]
    column, row = _cells(x, side_m, 0.0), _cells(y, side_m, 0.0)
    nearest_m = np.full(len(alone), side_m * _JOIN_PART)
    found = np.full(len(alone), -1, dtype=np.int64)
    for right, down in ((0, 0), *_NEIGHBOURS):
        key = _key(column + right, row + down)
        at = np.searchsorted(groups.keys, key).clip(0, len(groups) - 1)
        away_m = np.hypot(groups.x_m[at] - x, groups.y_m[at] - y)
        nearer = (groups.keys[at] == key) & (away_m < nearest_m)
        found[nearer], nearest_m[nearer] = at[nearer], away_m[nearer]
    joins = found >= 0
    groups.group_of[alone[joins]] = found[joins]
    np.add.at(groups.counts, (found[joins], priority[alone[joins]] - 1), 1)
    np.maximum.at(groups.spread_m, found[joins], nearest_m[joins])


def _cells(values: Floats, side_m: float, shift: float) -> Ints:
    return np.floor(values / side_m + shift).astype(np.int64)


def _key(column: Ints, row: Ints) -> Ints:
    """One number for a cell."""
    return ((row + _OFFSET) << _ROW_SHIFT) + column + _OFFSET


def _spread(values: Floats, starts: Ints) -> Floats:
    return np.asarray(np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts))


def _merged(groups: Groups, side_m: float) -> Groups:
    """Rings that would cover each other made one, the smaller into the larger; keys stay in order."""
    into = _larger_neighbour(groups, side_m)
    if bool((into < 0).all()):
        return groups
    roots, index = np.unique(np.where(into < 0, np.arange(len(groups)), into), return_inverse=True)
    counts = np.zeros((len(roots), PRIORITIES), dtype=np.int64)
    np.add.at(counts, index, groups.counts)
    size, total = groups.counts.sum(axis=1), counts.sum(axis=1)
    x_m = np.bincount(index, groups.x_m * size) / total
    y_m = np.bincount(index, groups.y_m * size) / total
    spread_m = groups.spread_m[roots]
    away_m = np.hypot(groups.x_m - x_m[index], groups.y_m - y_m[index])
    np.maximum.at(spread_m, index, groups.spread_m + away_m)
    group_of = np.where(groups.group_of >= 0, index[groups.group_of], -1)
    return Groups(groups.keys[roots], x_m, y_m, spread_m, counts, group_of)


def _larger_neighbour(groups: Groups, side_m: float) -> Ints:
    """For each group the nearest larger one that covers it and goes into no other; -1 for none."""
    count = len(groups)
    into, nearest_m = np.full(count, -1, dtype=np.int64), np.full(count, side_m * _MERGE_PART)
    if count < 2:
        return into
    column, row = (groups.keys & _COLUMN_MASK) - _OFFSET, (groups.keys >> _ROW_SHIFT) - _OFFSET
    size, number = groups.counts.sum(axis=1), np.arange(count)
    for right, down in _NEIGHBOURS:
        key = _key(column + right, row + down)
        at = np.searchsorted(groups.keys, key).clip(0, count - 1)
        away_m = np.hypot(groups.x_m[at] - groups.x_m, groups.y_m[at] - groups.y_m)
        larger = (size[at] > size) | ((size[at] == size) & (at < number))
        takes = (groups.keys[at] == key) & larger & (away_m < nearest_m)
        into[takes], nearest_m[takes] = at[takes], away_m[takes]
    stays = into < 0
    into[~stays & ~stays[into]] = -1
    return into


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
