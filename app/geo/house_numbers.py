"""Owns where the numbers of a road are, as far as known addresses tell. Must not guess past them by much.

An address is written "road, number, anything without a digit"; or number first, as in English.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_ROAD_FIRST = re.compile(r"(\D*\D)\s*(\d{1,5})\D{0,2}")
_NUMBER_FIRST = re.compile(r"(\d{1,5})\s+(\D+)")
_FAR = 60
"""House numbers further away than this say nothing about where a house is."""


@dataclass(frozen=True, slots=True, order=True)
class House:
    """A number with its place; `known` is the number that really stands there."""

    number: int
    lat: float
    lon: float
    known: int


def address_in(text: str) -> tuple[str, int] | None:
    """(road, number) that a text spells, or None."""
    if match := _ROAD_FIRST.fullmatch(text):
        return match[1].strip(), int(match[2])
    if match := _NUMBER_FIRST.fullmatch(text):
        return match[2].strip(), int(match[1])
    return None


class HouseNumbers:
    """Known houses by road. `addresses` gives (address, lat, lon)."""

    def __init__(self, addresses: Iterable[tuple[str, float, float]]) -> None:
        houses: dict[str, set[House]] = defaultdict(set)
        for text, lat, lon in addresses:
            if found := address_in(text):
                road, number = found
                houses[road].add(House(number, lat, lon, number))
        self._houses = {road: sorted(of_road) for road, of_road in houses.items()}

    def near(self, road: str, number: int) -> House | None:
        """Where a number must be: between its known neighbours, or at the only one near it; None for no idea."""
        houses = self._houses.get(road, [])
        after = bisect_left(houses, number, key=lambda house: house.number)
        around = [
            house for house in houses[max(0, after - 1) : after + 1] if abs(house.number - number) <= _FAR
        ]
        if not around:
            return None
        nearest = min(around, key=lambda house: abs(house.number - number))
        if len(around) < 2 or nearest.number == number:
            return House(number, nearest.lat, nearest.lon, nearest.number)
        low, high = around
        share = (number - low.number) / (high.number - low.number)
        return House(
            number,
            low.lat + share * (high.lat - low.lat),
            low.lon + share * (high.lon - low.lon),
            nearest.number,
        )
