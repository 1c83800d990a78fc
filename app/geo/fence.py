"""Owns how far a position lies beyond the border of an area. Must not remember positions or judge them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.geojson import Ring


class Fence:
    """One or several closed rings of WGS-84 (lon, lat), in metres of a district's plane."""

    def __init__(self, rings: Sequence[Ring], plane: LocalPlane) -> None:
        self._plane = plane
        self._area = shapely.union_all([shapely.Polygon(_to_xy(ring, plane)) for ring in rings])
        shapely.prepare(self._area)

    def beyond_m(self, lat: float, lon: float) -> float:
        """Metres from the border of a position outside; 0 for one inside."""
        point = shapely.Point(self._plane.to_xy_m(lat, lon))
        if self._area.covers(point):
            return 0.0
        return float(self._area.distance(point))


def _to_xy(ring: Ring, plane: LocalPlane) -> np.ndarray:
    lon_lat = np.asarray(ring)
    return np.column_stack(plane.to_xy_m(lon_lat[:, 1], lon_lat[:, 0]))
