"""Owns how far a place lies from a district. Must not know screens or what stands at the place."""

from __future__ import annotations

import shapely
from shapely.ops import nearest_points

from app.geo.coordinates import distance_m
from app.geo.geojson import Ring


def outside_m(boundary: Ring, lat: float, lon: float) -> float:
    """Metres from the boundary, whose corners are (lon, lat); 0 within it."""
    polygon, place = shapely.Polygon(boundary), shapely.Point(lon, lat)
    if polygon.intersects(place):
        return 0.0
    nearest, _ = nearest_points(polygon, place)
    return distance_m(lat, lon, nearest.y, nearest.x)
