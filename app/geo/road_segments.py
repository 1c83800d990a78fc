"""Where positions meet the drawn lines of roads: the nearest point on an open segment, for one or for thousands.

Owns the search in metres of a local plane. Must not know modes of travel, nodes or time: which segments are open is
handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from app.geo.coordinate_arrays import LonLat

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

SAMPLE_M: Final = 20.0
"""Marks are set along each segment no further apart: the nearest segment has one among the nearest marks."""
_MARKS: Final = (8, 48)
"""So many of the nearest marks are looked at first, then for the few that could still be wrong."""


@dataclass(frozen=True, slots=True)
class Joints:
    """Where positions join the roads, in arrays of one length. `edge` is -1 for a position beyond the reach."""

    edge: Ints
    along_m: Floats
    off_m: Floats


class RoadSegments:
    """Every straight piece of every edge in flat arrays."""

    def __init__(self, lines: Sequence[LonLat], along: Sequence[Floats]) -> None:
        self._start = np.vstack([xy[:-1] for xy in lines])
        self._step = np.vstack([np.diff(xy, axis=0) for xy in lines])
        self._square = np.maximum(np.einsum("ij,ij->i", self._step, self._step), 1e-12)
        self._along = np.concatenate([distances[:-1] for distances in along])
        self.edge: Ints = np.repeat(np.arange(len(lines)), [len(xy) - 1 for xy in lines])

    def nearest(self, x_m: float, y_m: float, is_open: Bools) -> tuple[int, float, float, float, float]:
        """(edge, along_m, x_m, y_m, off_m) of the nearest point on an open segment."""
        offset = (x_m, y_m) - self._start
        share = np.clip(np.einsum("ij,ij->i", offset, self._step) / self._square, 0.0, 1.0)
        gap = offset - share[:, None] * self._step
        square = np.where(is_open, np.einsum("ij,ij->i", gap, gap), np.inf)
        best = int(square.argmin())
        at = self._start[best] + share[best] * self._step[best]
        along_m = self._along[best] + share[best] * np.sqrt(self._square[best])
        return int(self.edge[best]), float(along_m), float(at[0]), float(at[1]), float(np.sqrt(square[best]))

    def finder(self, is_open: Bools) -> JointFinder:
        """A search over the open segments for many positions at once; made once for each mode of travel."""
        return JointFinder(self, np.flatnonzero(is_open))

    def marks(self, segments: Ints) -> tuple[Floats, Ints]:
        """Points (n, 2) along these segments, SAMPLE_M apart at most, and the segment of each."""
        pieces = np.maximum(1, np.ceil(np.sqrt(self._square[segments]) / SAMPLE_M)).astype(np.intp)
        owner = np.repeat(segments, pieces)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        share = (nth + 0.5) / np.repeat(pieces, pieces)
        return self._start[owner] + share[:, None] * self._step[owner], owner

    def joined(self, xy: Floats, segments: Ints) -> tuple[Floats, Floats]:
        """(off_m, along_m) of the positions (n, 2) against candidate segments (n, k)."""
        offset = xy[:, None, :] - self._start[segments]
        share = np.einsum("nkj,nkj->nk", offset, self._step[segments]) / self._square[segments]
        share = np.clip(share, 0.0, 1.0)
        gap = offset - share[:, :, None] * self._step[segments]
        along_m = self._along[segments] + share * np.sqrt(self._square[segments])
        return np.hypot(gap[:, :, 0], gap[:, :, 1]), along_m


class JointFinder:
    """Looks for joints among some of the segments through a tree of marks along them."""

    def __init__(self, segments: RoadSegments, open_segments: Ints) -> None:
        self._segments, self._open = segments, open_segments
        marks, self._owner = segments.marks(open_segments)
        self._tree = cKDTree(marks) if len(marks) else None

    def joints(self, xy: Floats, reach_m: float) -> Joints:
        """The nearest point on the roads for each position (n, 2); nothing beyond `reach_m`."""
        found = Joints(np.full(len(xy), -1, dtype=np.intp), np.zeros(len(xy)), np.full(len(xy), np.inf))
        if self._tree is None or not len(xy):
            return found
        rows = np.arange(len(xy))
        for count in _MARKS:
            rows = self._look(self._tree, found, xy, rows, count, reach_m)
        for one in rows.tolist():
            self._settle(found, xy, np.array([one]), self._open[None, :])
        found.edge[found.off_m > reach_m] = -1
        return found

    def _look(self, tree: cKDTree, found: Joints, xy: Floats, rows: Ints, count: int, reach_m: float) -> Ints:
        """Settles by the nearest marks; returns the rows for which a segment with none among them could be nearer."""
        if not len(rows):
            return rows
        count = min(count, len(self._owner))
        away_m, marks = tree.query(xy[rows], k=list(range(1, count + 1)))
        near = np.flatnonzero(away_m[:, 0] <= reach_m + SAMPLE_M / 2)
        self._settle(found, xy, rows[near], self._owner[marks[near]])
        if count == len(self._owner):
            return rows[:0]
        return np.asarray(rows[near[found.off_m[rows[near]] > away_m[near, -1] - SAMPLE_M / 2]])

    def _settle(self, found: Joints, xy: Floats, rows: Ints, candidates: Ints) -> None:
        off_m, along_m = self._segments.joined(xy[rows], candidates)
        best = off_m.argmin(axis=1) if len(rows) else np.zeros(0, dtype=np.intp)
        row = np.arange(len(rows))
        found.edge[rows] = self._segments.edge[candidates[row, best]]
        found.along_m[rows] = along_m[row, best]
        found.off_m[rows] = off_m[row, best]
