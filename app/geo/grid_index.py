"""Owns the question which management grid covers a position. Must not guess: outside every grid the answer is None."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.geo.coordinate_arrays import LonLat
from app.geo.coordinates import LocalPlane
from app.geo.district import District, Grid
from app.geo.geojson import Ring

if TYPE_CHECKING:
    pass


NEIGHBOUR_GAP_M = 2.0
"""Surveyed borders of two grids seldom meet to the centimetre."""


class GridIndex:
    """Point in polygon over a district's grids, in metres of the local plane so that "nearest" means nearest.

    shapely is imported on construction, not on import of this module: a start-up without lookups never pays for it.
    """

    def __init__(self, district: District) -> None:
        import shapely

        self._plane = LocalPlane(district.centre_lat, district.centre_lon)
        self._grids = district.grids
        self._numbers = {grid.code: number for number, grid in enumerate(district.grids)}
        self._point = shapely.Point
        shapes = [shapely.Polygon(self._to_xy(grid.ring)) for grid in district.grids]
        shapely.prepare(shapes)
        self._shapes = shapes
        self._tree: shapely.STRtree = shapely.STRtree(shapes)

    def grid_at(self, lat: float, lon: float) -> Grid | None:
        """The grid that covers the WGS-84 position; on a shared border the one with the lower code; None outside."""
        point = self._point(self._plane.to_xy_m(lat, lon))
        found = self._tree.query(point, predicate="intersects")
        return min((self._grids[i] for i in found), key=_code, default=None)

    def nearest_grid(self, lat: float, lon: float) -> Grid | None:
        """The covering grid, or else the one whose rim is nearest; None for a district without grids."""
        inside = self.grid_at(lat, lon)
        if inside is not None or not self._grids:
            return inside
        return self._grids[int(self._tree.nearest(self._point(self._plane.to_xy_m(lat, lon))))]

    def grids_of(self, positions: Sequence[tuple[float, float]]) -> list[Grid | None]:
        """`grid_at` of many (lat, lon) in one go."""
        import shapely

        lat_lon = np.asarray(positions, dtype=np.float64).reshape(-1, 2)
        points = shapely.points(np.column_stack(self._plane.to_xy_m(lat_lon[:, 0], lat_lon[:, 1])))
        found: list[Grid | None] = [None] * len(lat_lon)
        for point, index in zip(*self._tree.query(points, predicate="intersects").tolist(), strict=True):
            before, grid = found[point], self._grids[index]
            if before is None or grid.code < before.code:
                found[point] = grid
        return found

    def neighbours(self, code: str, gap_m: float = NEIGHBOUR_GAP_M) -> tuple[Grid, ...]:
        """The grids that border on one, the longest shared border first; drawn borders may gape by `gap_m`.

        Raises KeyError for a code that the district does not have.
        """
        own = self._numbers[code]
        near = self._tree.query(self._shapes[own], predicate="dwithin", distance=gap_m).tolist()
        rim = self._shapes[own].buffer(gap_m)
        shared_m = {index: self._shapes[index].boundary.intersection(rim).length for index in near}
        others = sorted(
            (index for index in near if index != own), key=lambda i: (-shared_m[i], self._grids[i].code)
        )
        return tuple(self._grids[index] for index in others)

    def _to_xy(self, ring: Ring) -> LonLat:
        lon_lat = np.asarray(ring)
        return np.column_stack(self._plane.to_xy_m(lon_lat[:, 1], lon_lat[:, 0]))


def _code(grid: Grid) -> str:
    return grid.code
