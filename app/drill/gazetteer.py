"""Where things happen: spots of a district by kind of place, each with the address a caller would give.

Owns the choice of spots. Must not know what happens there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import ConfigError
from app.drill.ground import Ground
from app.drill.telling import told
from app.geo.district import Camera, District
from app.geo.surface import Road
from app.i18n import tr

ROAD_SPOT_EVERY_M = 120.0
METRES_PER_DEGREE = 111_320.0
SCATTER_DEG = 2e-4
SCATTER_M = math.hypot(SCATTER_DEG, SCATTER_DEG) * METRES_PER_DEGREE
_CARRIAGEWAYS = ("primary", "secondary", "tertiary", "residential")


@dataclass(frozen=True, slots=True)
class Spot:
    """`name` is what people call it, `address` what stands on the door; WGS-84 degrees.

    Callers are `scatter_deg` off at most, north or south and east or west.
    """

    name: str
    address: str
    lat: float
    lon: float
    camera: str | None = None
    scatter_deg: float = 0.0


class Gazetteer:
    """Spots of a district under the words that templates use: kinds of place, road, lane, junction, camera.

    All of them lie on the ground, inside the boundary.
    """

    def __init__(self, district: District, ground: Ground) -> None:
        found: dict[str, list[Spot]] = defaultdict(list)
        for place in district.places:
            found[place.kind].append(Spot(place.name_zh, place.address_zh, place.lat, place.lon))
        found["road"] = list(_along_roads(ground.roads, _CARRIAGEWAYS))
        found["lane"] = list(_along_roads(ground.roads, ("alley",)))
        found["junction"] = list(_junctions(ground.roads))
        found["camera"] = [_in_view(camera, ground) for camera in district.cameras]
        inside = {kind: tuple(_on(ground, spots)) for kind, spots in found.items()}
        self._spots = {kind: spots for kind, spots in inside.items() if spots}
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


def _on(ground: Ground, spots: Sequence[Spot]) -> Iterator[Spot]:
    """The spots inside the boundary, those at its rim without a scatter that could lead over it."""
    for spot in spots:
        if ground.covers(spot.lat, spot.lon):
            has_room = ground.covers(spot.lat, spot.lon, SCATTER_M)
            yield replace(spot, scatter_deg=SCATTER_DEG) if has_room else spot


def _along_roads(roads: Sequence[Road], classes: tuple[str, ...]) -> Iterator[Spot]:
    for road in roads:
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
            road.name_zh,
            told("feed.simulate.house", road=road.name_zh, number=number),
            float(lat),
            float(lon),
        )


def _junctions(roads: Sequence[Road]) -> Iterator[Spot]:
    meeting: dict[int, dict[str, Road]] = defaultdict(dict)
    for road in roads:
        if road.name_zh and road.road_class in _CARRIAGEWAYS:
            for node in (road.from_node, road.to_node):
                meeting[node].setdefault(road.name_zh, road)
    for node, named in sorted(meeting.items()):
        if len(named) >= 2:
            first, second = sorted(named)[:2]
            road = named[first]
            lon, lat = road.line[0] if road.from_node == node else road.line[-1]
            name = told("feed.simulate.junction", first=first, second=second)
            yield Spot(name, name, float(lat), float(lon))


def _in_view(camera: Camera, ground: Ground) -> Spot:
    """The middle of what the camera sees; at its foot when it looks out over the boundary."""
    bearing = math.radians(camera.bearing_deg)
    away = camera.range_m / 2 / METRES_PER_DEGREE
    lat = camera.lat + away * math.cos(bearing)
    lon = camera.lon + away * math.sin(bearing) / math.cos(math.radians(camera.lat))
    if not ground.covers(lat, lon):
        lat, lon = camera.lat, camera.lon
    return Spot(camera.name_zh, camera.name_zh, lat, lon, camera.id)
