"""Owns the one question of the search box: what on this earth did the officer mean?

Coordinates first, then what is known by name or number, then the house that an address must be. Must not know Qt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import TYPE_CHECKING

from app.geo.coordinate_query import coordinates_in
from app.geo.coordinates import distance_m
from app.geo.house_numbers import HouseNumbers, address_in
from app.geo.pinyin import Readings
from app.geo.search import TOP, Entry, Found, SearchIndex
from app.geo.search_entries import district_entries
from app.geo.search_patterns import LONGEST_QUERY, folded

if TYPE_CHECKING:
    from app.geo.district import District

COORDINATE, ADDRESS = "coordinate", "address"


class Finder:
    """Answers from an index and from the house numbers that are known."""

    def __init__(self, index: SearchIndex, houses: HouseNumbers) -> None:
        self.index = index
        self._houses = houses

    @classmethod
    def of_district(cls, district: District, moving: Iterable[Entry] = ()) -> Finder:
        """Made off the Qt thread: it reads the dictionary of readings and the district's roads."""
        houses = HouseNumbers((p.address_zh, p.lat, p.lon) for p in district.places if p.address_zh)
        return cls(SearchIndex(chain(district_entries(district), moving), Readings()), houses)

    def find(
        self, query: str, lat: float, lon: float, limit: int = TOP, kinds: Collection[str] = ()
    ) -> list[Found]:
        """The best answers, of some kinds or of all, best first; nearness is measured from (lat, lon), WGS-84."""
        text = folded(query)[:LONGEST_QUERY]
        point = coordinates_in(text)
        if point is not None:
            key = f"{point[0]:.6f},{point[1]:.6f}"
            return [
                Found(Entry(COORDINATE, key, key, lat=point[0], lon=point[1]), distance_m(lat, lon, *point))
            ]
        found = self.index.find(text, lat, lon, limit, kinds)
        address = self._address(text, lat, lon)
        return [*found[: limit - 1], address] if address is not None else found

    def _address(self, text: str, lat: float, lon: float) -> Found | None:
        """A house that nobody has told yet, between those that are known on its road."""
        asked = address_in(text)
        roads = self.index.find(asked[0], lat, lon, kinds=("road",), limit=1) if asked else []
        house = self._houses.near(roads[0].entry.name_zh, asked[1]) if asked and roads else None
        if house is None or house.number == house.known:
            return None
        road = roads[0].entry
        entry = Entry(
            ADDRESS, f"{road.key} {house.number}", road.name_zh, road.name_en, lat=house.lat, lon=house.lon
        )
        return Found(entry, distance_m(lat, lon, house.lat, house.lon), house)
