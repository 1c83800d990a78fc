"""Owns the plane on which the map is drawn: metres east and south of a district's centre. Must not know the screen.

Equirectangular with the radii of WGS-84 at the centre: under 0.1 % off within 30 km, which is less than a fix.
South is positive, as rows of pixels are.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Metres = npt.NDArray[np.float64]

_EQUATOR_RADIUS_M = 6_378_137.0
_ECCENTRICITY_SQUARED = 6.694_379_990_14e-3


@dataclass(frozen=True, slots=True)
class Projection:
    """Between WGS-84 degrees and metres on the map's plane."""

    lat: float
    lon: float
    metres_per_degree_lat: float
    metres_per_degree_lon: float

    @classmethod
    def at(cls, lat: float, lon: float) -> "Projection":
        """The plane that touches the earth at this point."""
        sine = math.sin(math.radians(lat))
        shrink = 1 - _ECCENTRICITY_SQUARED * sine * sine
        meridian_m = _EQUATOR_RADIUS_M * (1 - _ECCENTRICITY_SQUARED) / shrink**1.5
        parallel_m = _EQUATOR_RADIUS_M / math.sqrt(shrink) * math.cos(math.radians(lat))
        return cls(lat, lon, math.radians(meridian_m), math.radians(parallel_m))

    def to_metres(self, lat: float, lon: float) -> tuple[float, float]:
        """(east, south) of a point."""
        return (lon - self.lon) * self.metres_per_degree_lon, (self.lat - lat) * self.metres_per_degree_lat

    def to_degrees(self, x_m: float, y_m: float) -> tuple[float, float]:
        """(lat, lon) of a point on the plane."""
        return self.lat - y_m / self.metres_per_degree_lat, self.lon + x_m / self.metres_per_degree_lon

    def from_other(self, other: "Projection", points: Metres) -> Metres:
        """(n, 2) metres of another plane as metres of this one."""
        factors = np.array([other.metres_per_degree_lon, -other.metres_per_degree_lat])
        return self.plane(points / factors + np.array([other.lon, other.lat]))

    def plane(self, lon_lat: Metres) -> Metres:
        """(n, 2) degrees, longitude first, as (n, 2) metres east and south."""
        factors = np.array([self.metres_per_degree_lon, -self.metres_per_degree_lat])
        return (lon_lat - np.array([self.lon, self.lat])) * factors
