"""Owns which grid a position of an import belongs to. Must not judge whether it should."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.importing.grids import GridArea
from app.geo.importing.outlines import plane_of, to_plane


class GridLocator:
    """Positions to grids, by metres of the local plane."""

    def __init__(self, grids: Sequence[GridArea]) -> None:
        shapes = [grid.shape for grid in grids]
        self.codes = [grid.code for grid in grids]
        self._plane = plane_of(shapes)
        self._shapes = to_plane(np.array(shapes, dtype=object), self._plane)
        self._tree = shapely.STRtree(self._shapes)

    def nearest(self, lon_lat: npt.NDArray[np.float64]) -> list[tuple[str, float]]:
        """The code of the covering or else the nearest grid of each position (n, 2), and the metres to its rim."""
        if not len(lon_lat):
            return []
        points = to_plane(shapely.points(lon_lat), self._plane)
        found = self._tree.nearest(points)
        off_m = shapely.distance(self._shapes[found], points)
        return [(self.codes[int(i)], float(m)) for i, m in zip(found, off_m, strict=True)]
