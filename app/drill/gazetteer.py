"""Where things happen: spots of a district by kind of place, each with the address a caller would give.

Owns the choice of spots. Must not know what happens there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import ConfigError
from app.geo.district import Camera, District
from app.geo.surface import Road
from app.i18n import tr

ROAD_SPOT_EVERY_M = 120.0
METRES_PER_DEGREE = 111_320.0
_CARRIAGEWAYS = ("primary", "secondary", "tertiary", "residential")


@dataclass(frozen=True, slots=True)
class Spot:
    """`name` is what people call it, `address` what stands on the door; WGS-84 degrees."""

    name: str
    address: str
    lat: float
    lon: float
    camera: str | None = None


class Gazetteer:
    """Spots of a district under the words that templates use: kinds of place, road, lane, junction, camera."""

    def __init__(self, district: District) -> None:
        found: dict[str, list[Spot]] = defaultdict(list)
        for place in district.places:
            found[place.kind].append(Spot(place.name_zh, place.address_zh, place.lat, place.lon))
        found["road"] = list(_along_roads(district, _CARRIAGEWAYS))
        found["lane"] = list(_along_roads(district, ("alley",)))
        found["junction"] = list(_junctions(district))
        found["camera"] = [_in_view(camera) for camera in district.cameras]
        self._spots = {kind: tuple(spots) for kind, spots in found.items() if spots}
        self._everywhere = tuple(spot for spots in self._spots.values() for spot in spots)
        if not self._everywhere:
            raise ConfigError(tr("feed.simulate.empty_district", district=district.name_zh))
        self.cameras = tuple(camera.id for camera in district.cameras)

    def spots(self, kinds: tuple[str, ...]) -> tuple[Spot, ...]:
        """Every spot of these kinds; all there are where the district has none of them."""
        return tuple(spot for kind in kinds for spot in self._spots.get(kind, ())) or self._everywhere

    def named(self, name: str) -> Spot | None:
        """The spot that people call so."""
        return next((spot for spot in self._everywhere if spot.name == name), None)


def _along_roads(district: District, classes: tuple[str, ...]) -> Iterator[Spot]:
    for road in district.roads:
        if road.name_zh and road.road_class in classes and not road.bridge:
            yield from _along(road)


def _along(road: Road) -> Iterator[Spot]:
    """The road's middle, and more of it where it is long; house numbers grow along it."""
    line = road.line
    step_lat, step_lon = line[1:, 1] - line[:-1, 1], line[1:, 0] - line[:-1, 0]
    length_m = (
        float(sum(map(math.hypot, step_lat, step_lon * math.cos(math.radians(line[0, 1])))))
        * METRES_PER_DEGREE
    )
    pieces = max(1, round(length_m / ROAD_SPOT_EVERY_M))
    for i in range(pieces):
        at = (i + 0.5) / pieces * (len(line) - 1)
        k, share = int(at), at - int(at)
        lon, lat = line[k] * (1 - share) + line[min(k + 1, len(line) - 1)] * share
        number = 2 * (road.from_node % 180) + 10 * i + 1
        yield Spot(
            road.name_zh, tr("feed.simulate.house", road=road.name_zh, number=number), float(lat), float(lon)
        )


def _junctions(district: District) -> Iterator[Spot]:
    meeting: dict[int, dict[str, Road]] = defaultdict(dict)
    for road in district.roads:
        if road.name_zh and road.road_class in _CARRIAGEWAYS:
            for node in (road.from_node, road.to_node):
                meeting[node].setdefault(road.name_zh, road)
    for node, roads in sorted(meeting.items()):
        if len(roads) >= 2:
            first, second = sorted(roads)[:2]
            road = roads[first]
            lon, lat = road.line[0] if road.from_node == node else road.line[-1]
            name = tr("feed.simulate.junction", first=first, second=second)
            yield Spot(name, name, float(lat), float(lon))


def _in_view(camera: Camera) -> Spot:
    """The middle of what the camera sees."""
    bearing = math.radians(camera.bearing_deg)
    away = camera.range_m / 2 / METRES_PER_DEGREE
    lat = camera.lat + away * math.cos(bearing)
    lon = camera.lon + away * math.sin(bearing) / math.cos(math.radians(camera.lat))
    return Spot(camera.name_zh, camera.name_zh, lat, lon, camera.id)
