"""Roads as people speak of them: streets of one name, and the piece between two crossings that a place lies on.

Owns how pieces belong together and which one is meant. Must not know what is closed. Making the index of a large
district takes a moment: make it aside.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.coordinates import LocalPlane
from app.geo.district import District
from app.geo.surface import Road


@dataclass(frozen=True, slots=True)
class Street:
    """All pieces of one name, in the order of their ids; a nameless piece is a street of its own."""

    name_zh: str
    name_en: str
    roads: tuple[str, ...]


class Streets:
    """The streets of one district."""

    def __init__(self, district: District) -> None:
        self._plane = LocalPlane(district.centre_lat, district.centre_lon)
        self._roads = list(district.roads)
        self.by_id = {road.id: road for road in self._roads}
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for road in self._roads:
            named[(road.name_zh, road.name_en) if road.name_zh or road.name_en else ("", road.id)].append(
                road.id
            )
        self.named = tuple(
            Street(zh, en, tuple(sorted(ids)))
            for (zh, en), ids in sorted(named.items())
            if zh or en not in self.by_id
        )
        self._of = {road: street for street in self.named for road in street.roads}
        self._tree = shapely.STRtree([shapely.LineString(self._xy(road.line)) for road in self._roads])

    def of(self, road: str) -> Street:
        """The street that a piece belongs to."""
        return self._of.get(road) or Street("", "", (road,))

    def piece_at(self, lat: float, lon: float, reach_m: float) -> Road | None:
        """The piece nearest to a place, within reach."""
        x_m, y_m = self._plane.to_xy_m(lat, lon)
        found = self._tree.query_nearest(
            shapely.Point(x_m, y_m), max_distance=max(reach_m, 0.1), all_matches=False
        )
        return self._roads[int(found[0])] if len(found) else None

    def _xy(self, line: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(self._plane.to_xy_m(line[:, 1], line[:, 0]))
