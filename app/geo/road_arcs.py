"""The arcs of a road graph for one mode of travel: by which edge one gets from a node to the next, and how soon.

Owns the choice among parallel edges. Must not know where nodes lie or what closes an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arrays of one length, sorted by (tail, head), each pair once. `is_back`: against the sense of the edge's line."""

    node_count: int
    tail: Ints
    head: Ints
    edge: Ints
    is_back: Bools
    seconds: Floats

    def between(self, tail: int, head: int) -> tuple[int, bool]:
        """(edge, against its sense) of an arc that there is."""
        place = int(np.searchsorted(self.tail * self.node_count + self.head, tail * self.node_count + head))
        return int(self.edge[place]), bool(self.is_back[place])


def quickest_arcs(ends: Ints, seconds: Floats, is_open: Bools, both_ways: Bools, node_count: int) -> Arcs:
    """For each ordered pair of nodes the quickest of its parallel edges; `ends` (n, 2) by edge."""
    ahead, back = np.flatnonzero(is_open), np.flatnonzero(is_open & both_ways)
    edge = np.concatenate((ahead, back))
    is_back = np.arange(len(edge)) >= len(ahead)
    tail = np.where(is_back, ends[edge, 1], ends[edge, 0])
    head = np.where(is_back, ends[edge, 0], ends[edge, 1])
    pair = tail * node_count + head
    order = np.lexsort((edge, seconds[edge], pair))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = pair[order][1:] != pair[order][:-1]
    kept = order[is_first]
    return Arcs(node_count, tail[kept], head[kept], edge[kept], is_back[kept], seconds[edge[kept]])
