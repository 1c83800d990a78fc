"""Owns what of a district, its units and its incidents can be searched for, and under which names and numbers.

Must not search. Kinds: incident, unit, camera, grid, community, place, road.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from app.geo.house_numbers import address_in
from app.geo.search import Entry

if TYPE_CHECKING:
    from app.domain.incident import Incident
    from app.domain.unit import Unit
    from app.geo.coordinates import Floats
    from app.geo.district import Camera, District, Grid, Place, UnitSpec
    from app.geo.surface import Road


def district_entries(district: District) -> Iterator[Entry]:
    """Everything of a district that stands still; reads its roads and buildings when nobody has."""
    roads = _roads_by_name(district.roads)
    road_en = {name_zh: of_name[0].name_en for name_zh, of_name in roads.items()}
    yield from (_place(place, road_en) for place in district.places)
    yield from map(_camera, district.cameras)
    yield from map(_grid, district.grids)
    for community in district.communities:
        lat, lon = _middle(np.asarray(community.ring))
        yield Entry(
            "community", community.code, community.name_zh, community.name_en,
            code=community.code, lat=lat, lon=lon,
        )  # fmt: skip
    yield from (_road(name_zh, of_name) for name_zh, of_name in roads.items())
    yield from _unlisted_grounds(district)


def unit_entry(unit: Unit, home: UnitSpec | None) -> Entry:
    """A unit by call sign and id; it stands at its post until it is told to be elsewhere."""
    if home is None:
        return Entry("unit", unit.id, unit.call_sign, code=unit.id, live=True)
    return Entry(
        "unit", unit.id, unit.call_sign, home.call_sign_en,
        code=unit.id, lat=home.home_lat, lon=home.home_lon, grid=home.grid, live=True,
    )  # fmt: skip


def incident_entry(incident: Incident, also: str = "") -> Entry:
    """An incident by title, address and number; the number's end alone, without zeros, is enough.

    `also` is its title as it is said here, where that is not as it was recorded.
    """
    tail = incident.number.rpartition("-")[2].lstrip("0")
    return Entry(
        "incident", incident.id, incident.title, also,
        address_zh=incident.address, code=incident.number, lat=incident.lat, lon=incident.lon,
        grid=incident.grid or "", aliases=(tail,) if tail else (), live=incident.is_open,
    )  # fmt: skip


def _place(place: Place, road_en: dict[str, str]) -> Entry:
    return Entry(
        "place", place.id, place.name_zh, place.name_en, place.address_zh,
        _english(place.address_zh, road_en), lat=place.lat, lon=place.lon, grid=place.grid,
    )  # fmt: skip


def _english(address_zh: str, road_en: dict[str, str]) -> str:
    """ "348 Jiefang Road"; "" where the road has no English name."""
    found = address_in(address_zh)
    name_en = road_en.get(found[0], "") if found else ""
    return f"{found[1]} {name_en}" if found and name_en else ""


def _camera(camera: Camera) -> Entry:
    digits = "".join(filter(str.isdigit, camera.id)).lstrip("0")
    return Entry(
        "camera", camera.id, camera.name_zh, camera.name_en,
        code=camera.id, lat=camera.lat, lon=camera.lon, grid=camera.grid, aliases=(digits,) if digits else (),
    )  # fmt: skip


def _grid(grid: Grid) -> Entry:
    """Besides its 15 digits a grid is called by its community and its own number: 0203, 2-3."""
    community, own = grid.code[-6:-3], grid.code[-3:]
    short = (f"{community[-2:]}{own[-2:]}", f"{community.lstrip('0')}-{own.lstrip('0')}")
    lat, lon = _middle(np.asarray(grid.ring))
    return Entry(
        "grid", grid.code, grid.name_zh, grid.name_en, code=grid.code, lat=lat, lon=lon, aliases=short
    )


def _roads_by_name(roads: Iterable[Road]) -> dict[str, list[Road]]:
    named: dict[str, list[Road]] = defaultdict(list)
    for road in roads:
        if name := road.name_zh or road.name_en:
            named[name].append(road)
    return named


def _road(name: str, pieces: list[Road]) -> Entry:
    """One answer a road, at the piece of it that is nearest to its middle."""
    points = np.concatenate([piece.line for piece in pieces])
    nearest = np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1))
    lon, lat = points[nearest].tolist()
    return Entry("road", name, pieces[0].name_zh, pieces[0].name_en, lat=lat, lon=lon)


def _unlisted_grounds(district: District) -> Iterator[Entry]:
    """Named water, parks and buildings that are no place of their own, once each."""
    known = {place.name_zh for place in district.places}
    grounds = [(area.name_zh, area.name_en, area.ring) for area in district.areas]
    grounds += [(building.name_zh, "", building.ring) for building in district.buildings]
    for name_zh, name_en, ring in grounds:
        name = name_zh or name_en
        if name and name not in known:
            known.add(name)
            lat, lon = _middle(ring)
            yield Entry("place", name, name_zh, name_en, lat=lat, lon=lon)


def _middle(ring: Floats) -> tuple[float, float]:
    """(lat, lon) of the centroid of a closed (n, 2) ring; of its box where it has no area."""
    x, y = (ring - ring[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    twice_area = cross.sum()
    if abs(twice_area) < 1e-14:
        middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
        return float(middle[1]), float(middle[0])
    east = ((x[:-1] + x[1:]) * cross).sum() / (3 * twice_area)
    north = ((y[:-1] + y[1:]) * cross).sum() / (3 * twice_area)
    return float(ring[0, 1] + north), float(ring[0, 0] + east)
