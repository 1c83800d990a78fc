"""Owns where each code unit stands in the settled part of a store of texts. Must not know texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.geo.pinyin import Mask

Ints = npt.NDArray[np.int64]


class Postings:
    """Made once for an array of code units; `size` is how much of the store it covers."""

    def __init__(self, units: npt.NDArray[Any]) -> None:
        self.size = len(units)
        self._order = np.argsort(units, kind="stable").astype(np.int32)
        self._values, self._starts = np.unique(units[self._order], return_index=True)
        self._ends = np.append(self._starts[1:], self.size)

    def positions(self, element: int | Mask) -> Ints:
        """Where a unit, or any of a set of them, stands; in no particular order."""
        if isinstance(element, int):
            chosen = np.flatnonzero(self._values == element)
        else:
            chosen = np.flatnonzero(np.take(element, self._values))
        runs = [self._order[self._starts[i] : self._ends[i]] for i in chosen.tolist()]
        return np.concatenate(runs).astype(np.int64) if runs else np.empty(0, dtype=np.int64)
