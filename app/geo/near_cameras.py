"""Owns which cameras help to see a place: first those that look at it, then the nearest. Must not open one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.geo.camera_view import distance_m, sees
from app.geo.district import Camera

NEAR_M: Final = 150.0
_FARTHEST_VIEW_M: Final = 500.0


@dataclass(frozen=True, slots=True)
class NearCamera:
    """`looks`: the place is in its field of view, unless a house stands between."""

    camera: Camera
    distance_m: float
    looks: bool


def cameras_near(
    cameras: Iterable[Camera], lat: float, lon: float, *, most: int, offline: frozenset[str] = frozenset()
) -> list[NearCamera]:
    """At most `most` of them. Those in `offline` do not look at anything, but stand there when they are near."""
    found = []
    for camera in cameras:
        away_m = distance_m(camera, lat, lon)
        if away_m > _FARTHEST_VIEW_M:
            continue
        looks = camera.id not in offline and sees(camera, lat, lon)
        if looks or away_m <= NEAR_M:
            found.append(NearCamera(camera, away_m, looks))
    return sorted(found, key=lambda near: (not near.looks, near.distance_m, near.camera.id))[:most]
